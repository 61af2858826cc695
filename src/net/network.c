/* Networks in CIDR notation. */
#include "net/network.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "net/peer.h"

enum { IPV4_BITS = 32, IPV6_BITS = 128 };

/* The literal in the one form; how many bits it has, 0 when it is none. */
static unsigned literal_parse(struct str text, struct in6_addr *address)
{
	struct sockaddr_in ipv4 = { .sin_family = AF_INET };
	char literal[INET6_ADDRSTRLEN];

	if (text.len >= sizeof(literal))
		return 0;
	memcpy(literal, text.data, text.len);
	literal[text.len] = '\0';
	if (inet_pton(AF_INET6, literal, address) == 1)
		return IPV6_BITS;
	if (inet_pton(AF_INET, literal, &ipv4.sin_addr) != 1)
		return 0;
	*address = peer_address((const struct sockaddr *)&ipv4);
	return IPV4_BITS;
}

/* Whether a and b have the same first bits. */
static bool is_same(const struct in6_addr *a, const struct in6_addr *b, unsigned bits)
{
	unsigned bytes = bits / 8;
	unsigned rest = bits % 8;

	if (memcmp(a->s6_addr, b->s6_addr, bytes) != 0)
		return false;
	return rest == 0 || ((a->s6_addr[bytes] ^ b->s6_addr[bytes]) >> (8 - rest)) == 0;
}

static bool ends_in_zeros(const struct network *network)
{
	for (unsigned bit = network->bits; bit < IPV6_BITS; bit++)
		if (network->address.s6_addr[bit / 8] >> (7 - bit % 8) & 1)
			return false;
	return true;
}

bool network_parse(const char *text, struct network *ret_network, struct err *err)
{
	struct str whole = str_from(text);
	size_t slash = str_find(whole, '/');
	struct network network;
	unsigned most = literal_parse(str_head(whole, slash), &network.address);
	uint64_t bits = most;

	if (most == 0 ||
	    (slash < whole.len && !str_number(str_skip(whole, slash + 1), most, &bits)))
		return err_set(err,
			       "\"%s\" is not a network such as 192.0.2.0/24 or 2001:db8::/32, "
			       "nor an address",
			       text);
	network.bits = (unsigned)bits + IPV6_BITS - most;
	if (!ends_in_zeros(&network))
		return err_set(err, "\"%s\" has bits behind its prefix", text);
	*ret_network = network;
	return true;
}

void networks_add(struct networks *networks, const struct network *network)
{
	networks->items = mem_grow(networks->items, networks->count + 1, sizeof(*networks->items));
	networks->items[networks->count++] = *network;
}

void networks_done(struct networks *networks)
{
	free(networks->items);
	*networks = (struct networks){ 0 };
}

static bool is_ipv4(const struct network *network)
{
	return network->bits >= IPV6_BITS - IPV4_BITS && IN6_IS_ADDR_V4MAPPED(&network->address);
}

bool networks_have(const struct networks *networks, const struct in6_addr *address)
{
	bool wants_ipv4 = IN6_IS_ADDR_V4MAPPED(address);

	for (size_t i = 0; i < networks->count; i++) {
		const struct network *network = &networks->items[i];

		if (is_ipv4(network) == wants_ipv4 &&
		    is_same(&network->address, address, network->bits))
			return true;
	}
	return false;
}
