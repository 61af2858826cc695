/* Addresses of clients: one form for IPv4 and IPv6, what counts as one neighbour, and how logs show them. */
#ifndef NET_PEER_H
#define NET_PEER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum { PEER_KEY_BYTES = 32 }; /* SHA-256 */

/* What a client's certificate says. Whoever it is, the client holds its key; nothing else is checked. */
struct peer_certificate {
	unsigned char key[PEER_KEY_BYTES]; /* digest of the public key (SPKI) */
	int64_t not_before;		   /* seconds */
	int64_t not_after;
};

/* Who asks. An IPv4 address is kept as ::ffff:a.b.c.d. */
struct peer {
	struct in6_addr address;
	bool is_tls;
	struct str
		server_name; /* what the client named in TLS (SNI), unchecked bytes; empty: none */
	const struct peer_certificate *certificate; /* NULL: it showed none, or was not asked */
};

enum { PEER_TEXT = INET6_ADDRSTRLEN };

/* The one form of a socket's address; all zero for a family that has none. */
struct in6_addr peer_address(const struct sockaddr *socket);

/* What limits count: an IPv4 address, or a /64 of IPv6. Never 0. */
uint64_t peer_network(const struct in6_addr *address);

/* "192.0.2.7", "2001:db8::1"; masked to /24 and /48: "192.0.2.0", "2001:db8::". */
const char *peer_text(const struct in6_addr *address, bool masked, char out[PEER_TEXT]);

#endif
