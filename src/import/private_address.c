/* Networks that are not the Internet. */
#include "import/private_address.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

struct network {
	uint8_t prefix[16];
	unsigned bits;
};

static const struct network networks4[] = {
	{ { 0 }, 8 },
	{ { 10 }, 8 },
	{ { 100, 64 }, 10 },
	{ { 127 }, 8 },
	{ { 169, 254 }, 16 },
	{ { 172, 16 }, 12 },
	{ { 192, 0, 0 }, 24 },
	{ { 192, 0, 2 }, 24 },
	{ { 192, 88, 99 }, 24 },
	{ { 192, 168 }, 16 },
	{ { 198, 18 }, 15 },
	{ { 198, 51, 100 }, 24 },
	{ { 203, 0, 113 }, 24 },
	{ { 224 }, 4 },
	{ { 240 }, 4 },
};

static const struct network networks6[] = {
	{ { 0 }, 8 }, /* unspecified, loopback, IPv4-mapped and -compatible (judged before) */
	{ { 0x01, 0x00 }, 64 },		    /* discard */
	{ { 0x20, 0x01, 0x00, 0x00 }, 23 }, /* protocol assignments, Teredo */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
	{ { 0xfc }, 7 },		    /* unique local */
	{ { 0xfe, 0x80 }, 10 },		    /* link-local */
	{ { 0xfe, 0xc0 }, 10 },		    /* site-local, of old */
	{ { 0xff }, 8 },		    /* multicast */
};

static bool is_in(const uint8_t *address, const struct network *network)
{
	unsigned whole = network->bits / 8;
	unsigned rest = network->bits % 8;
	uint8_t mask = (uint8_t)(0xFF00u >> rest);

	return memcmp(address, network->prefix, whole) == 0 &&
	       (rest == 0 || (address[whole] & mask) == (network->prefix[whole] & mask));
}

static bool is_private4(const uint8_t *address)
{
	for (size_t i = 0; i < sizeof(networks4) / sizeof(networks4[0]); i++)
		if (is_in(address, &networks4[i]))
			return true;
	return false;
}

/* The IPv4 address within one of the forms that carry it; NULL. */
static const uint8_t *carried(const uint8_t *address)
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF };
	static const uint8_t nat64[12] = { 0x00, 0x64, 0xFF, 0x9B };

	if (memcmp(address, mapped, 12) == 0 || memcmp(address, nat64, 12) == 0)
		return address + 12;
	return address[0] == 0x20 && address[1] == 0x02 ? address + 2 : NULL; /* 6to4 */
}

static bool is_private6(const uint8_t *address)
{
	const uint8_t *inner = carried(address);

	if (inner)
		return is_private4(inner);
	for (size_t i = 0; i < sizeof(networks6) / sizeof(networks6[0]); i++)
		if (is_in(address, &networks6[i]))
			return true;
	return false;
}

bool address_is_private(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return is_private4(
			(const uint8_t *)&((const struct sockaddr_in *)address)->sin_addr);
	if (address->sa_family == AF_INET6)
		return is_private6(((const struct sockaddr_in6 *)address)->sin6_addr.s6_addr);
	return true;
}
