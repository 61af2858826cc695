/* One request of the load generator: connect, handshake, ask, compare every byte of the reply, close. */
#ifndef BENCH_SHARED_VISIT_H
#define BENCH_SHARED_VISIT_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

#include "bench/shared_pages.h"
#include "bench/shared_tally.h"

/* Where requests go and how. */
struct aim {
	struct sockaddr_in address;
	SSL_CTX *context; /* NULL: Gopher */
	bool resumes;	  /* handshakes go on with the visitor's last session */
};

/* Makes visits, one after the other. Zeroed at first. */
struct visitor {
	const struct aim *aim;
	const struct page *page; /* NULL: idle */
	int64_t since;		 /* when the request was to begin, clock_now() */
	int fd;
	bool is_asked; /* the request is sent */
	bool is_wrong; /* a byte differs */
	size_t got;    /* bytes of the reply */
	SSL *ssl;
	SSL_SESSION *session; /* the newest */
};

/* A context for aim->context. */
SSL_CTX *visit_context(void);

/* Connects, and adds the socket to the epoll set, edge-triggered, with the visitor as its data. False: that failed. */
bool visit_start(struct visitor *visitor, int epoll, const struct page *page, int64_t since);

/* Goes on with a visit when its socket is ready. True when it is over; then the outcome is set. */
bool visit_step(struct visitor *visitor, enum outcome *ret_outcome);

/* Closes the connection; idle again. */
void visit_end(struct visitor *visitor);

#endif
