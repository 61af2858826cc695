/* Addresses of clients. */
#include "net/peer.h"

#include <arpa/inet.h>
#include <string.h>

enum { MAPPED = 12 }; /* bytes of ::ffff:0:0/96 in front of an IPv4 address */

struct in6_addr peer_address(const struct sockaddr *socket)
{
	struct in6_addr address = { 0 };

	if (socket->sa_family == AF_INET6) {
		address = ((const struct sockaddr_in6 *)socket)->sin6_addr;
	} else if (socket->sa_family == AF_INET) {
		address.s6_addr[10] = 0xff;
		address.s6_addr[11] = 0xff;
		memcpy(address.s6_addr + MAPPED, &((const struct sockaddr_in *)socket)->sin_addr,
		       4);
	}
	return address;
}

uint64_t peer_network(const struct in6_addr *address)
{
	size_t from = IN6_IS_ADDR_V4MAPPED(address) ? 8 : 0;
	uint64_t network = 0;

	for (size_t i = from; i < from + 8; i++)
		network = network << 8 | address->s6_addr[i];
	return network ? network : 1;
}

const char *peer_text(const struct in6_addr *address, bool masked, char out[PEER_TEXT])
{
	struct in6_addr shown = *address;
	bool is_ipv4 = IN6_IS_ADDR_V4MAPPED(address);

	if (masked && is_ipv4)
		shown.s6_addr[15] = 0;
	else if (masked)
		memset(shown.s6_addr + 6, 0, 10);
	if (is_ipv4)
		inet_ntop(AF_INET, shown.s6_addr + MAPPED, out, PEER_TEXT);
	else
		inet_ntop(AF_INET6, &shown, out, PEER_TEXT);
	return out;
}
