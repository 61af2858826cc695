/* One connection, from accept to close: handshake, request, reply, closing. */
#ifndef NET_CONN_H
#define NET_CONN_H

#include "net/counts.h"
#include "net/service.h"

struct conn;
struct event_base;

/* What is to be done with a client. */
enum admission {
	ADMIT,
	ADMIT_REFUSED, /* its answer will be service->refuse */
	ADMIT_NOT,     /* it is closed, and was not counted */
};

/* All connections of a process. */
struct conns {
	struct event_base *base;
	struct conn *first;
	size_t count;
	size_t in_memory;	    /* bytes of replies that wait to be read, files not counted */
	int64_t drain_since;	    /* when the end of the process was asked for; 0: it was not */
	struct conn_counts *counts; /* kept up to date; NULL: nobody wants to know */
	/* Called once the client's address is known: at once, or behind a PROXY header. */
	enum admission (*on_known)(void *context, const struct in6_addr *address);
	/* Called with each request of one that is not refused: 0, or the seconds that it has to wait. */
	unsigned (*on_request)(void *context, const struct in6_addr *address);
	/* Called when one is about to go. address is NULL when it was not counted in. */
	void (*on_gone)(void *context, const struct in6_addr *address);
	void *context;
};

/*
 * Takes over an accepted non-blocking socket and serves it as far as it goes at
 * once; the rest is done from the event loop. address is that of the socket.
 */
void conn_start(struct conns *conns, const struct service *service, int fd,
		const struct in6_addr *address);

/* Ends connections whose time is over. Call it every half second or so. */
void conns_check(struct conns *conns, int64_t now);

/* Ends all at once. */
void conns_end(struct conns *conns);

#endif
