/* Networks as operators write them (CIDR), and whether an address lies in one of them. */
#ifndef NET_NETWORK_H
#define NET_NETWORK_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Those who share the first bits of address; IPv4 is in ::ffff:0:0/96, as in peer_address(). */
struct network {
	struct in6_addr address;
	unsigned bits; /* 0 to 128 */
};

struct networks {
	struct network *items;
	size_t count;
};

/*
 * Takes "192.0.2.0/24", "2001:db8::/32", or an address alone, which is a network of one.
 * Bits behind the prefix must be 0. False with err set (a sentence with the text in it).
 */
bool network_parse(const char *text, struct network *ret_network, struct err *err);

void networks_add(struct networks *networks, const struct network *network);
void networks_done(struct networks *networks);

/* Whether one of them has the address. Networks of IPv6, ::/0 too, have no IPv4 addresses. */
bool networks_have(const struct networks *networks, const struct in6_addr *address);

#endif
