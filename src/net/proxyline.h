/*
 * The PROXY protocol, versions 1 and 2: what a load balancer says of its client before
 * the client's own first byte (haproxy.org, proxy-protocol.txt).
 */
#ifndef NET_PROXYLINE_H
#define NET_PROXYLINE_H

#include <netinet/in.h>

#include "base/str.h"

enum {
	PROXYLINE_V1_MAX = 107, /* bytes of a line with its CRLF (2.1) */
	PROXYLINE_V2_BODY =
		1024, /* bytes behind the fixed 16: addresses and TLVs; the format could say 65535 */
	PROXYLINE_MAX = 16 + PROXYLINE_V2_BODY,
};

enum proxyline_state {
	PROXYLINE_PART, /* more must come */
	PROXYLINE_WHOLE,
	PROXYLINE_BAD, /* whatever comes, it is no header that we take */
};

struct proxyline {
	size_t len;	  /* bytes of the header; what follows is the client's */
	bool has_address; /* no: the connection is the proxy's own, or it cannot tell (LOCAL, UNKNOWN) */
	struct in6_addr address; /* the client's, in the form of peer_address() */
};

/* Looks at the bytes that a connection began with. ret_line is set when the header is whole. */
enum proxyline_state proxyline_scan(struct str bytes, struct proxyline *ret_line);

#endif
