/* What the network needs to know of a protocol in order to serve it without knowing it. */
#ifndef NET_SERVICE_H
#define NET_SERVICE_H

#include "base/reply.h"
#include "net/network.h"
#include "net/peer.h"

struct tls_sites;

/* When TLS begins on a connection. */
enum security {
	SECURITY_NONE,
	SECURITY_ALWAYS,
	SECURITY_SNIFFED, /* when the first byte is that of a TLS handshake (0x16) */
};

/* Seconds. The first two and the last count from accept, on a clock that never jumps. */
struct deadlines {
	unsigned handshake; /* the TLS handshake is done */
	unsigned request;   /* the request line is whole */
	unsigned progress;  /* longest time in which the client takes no byte of its reply */
	unsigned total;	    /* the reply is sent */
};

/* What became of a reply. */
struct visit {
	struct str line; /* the request as it came, without its end; cut when it was too long */
	uint64_t bytes;	 /* of the reply, without TLS */
	int64_t milliseconds;	 /* since accept */
	bool is_complete;	 /* all of it was written, close_notify included */
	const char *tls_version; /* "TLSv1.3"; NULL: plain */
	bool is_resumed;
};

/*
 * A line protocol: one line in, one reply out, close. The callbacks must not block.
 * Everything must outlive the connections.
 */
struct service {
	size_t request_max; /* bytes of a line without its end; a longer one comes cut to one more */
	bool ends_with_lf;  /* a bare LF ends a line too */
	size_t reply_max;   /* ceiling of a reply's head */
	enum security security;
	const struct tls_sites *tls; /* NULL with SECURITY_NONE only */
	struct deadlines deadlines;
	/* When there are any, all connections come from them and begin with a PROXY header, or are closed. */
	const struct networks *proxies;

	/* Fills an initialised reply. line and peer are borrowed. */
	void (*answer)(void *context, const struct peer *peer, struct str line,
		       struct reply *reply);
	/* Fills the reply for a client that has to wait for some seconds, whatever it asked. */
	void (*refuse)(void *context, unsigned seconds, struct reply *reply);
	/* Called once for each reply that was begun, when its last byte was written or it was given up. */
	void (*done)(void *context, const struct peer *peer, const struct visit *visit,
		     const struct reply *reply);
	void *context;
};

#endif
