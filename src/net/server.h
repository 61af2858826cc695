/* What a worker does with its sockets: accepts within its limits and looks after the connections. */
#ifndef NET_SERVER_H
#define NET_SERVER_H

#include "net/counts.h"
#include "net/limit.h"
#include "net/loop.h"
#include "net/network.h"
#include "net/service.h"

struct server;

struct server_limits {
	size_t connections; /* of this process; at this mark it stops accepting */
	unsigned
		per_address; /* of a network over all workers; more are refused, twice as many are closed */
	struct rate_limit
		rate; /* of a network over all workers; what is asked past it is refused */
	struct rate_limit
		robot_rate; /* the same of one that has read robots.txt; no requests: rate */
	const struct networks *exempt; /* those are neither counted nor refused; NULL: nobody */
	struct limit *limit;
	size_t seat;		    /* ours in limit */
	struct conn_counts *counts; /* NULL: nobody wants to know */
};

/*
 * A server without sockets. trouble (a sentence) is called when accepting had
 * to pause, at most once in ten seconds.
 */
struct server *server_new(struct loop *loop, const struct server_limits *limits,
			  void (*trouble)(void *context, const char *text), void *context);

/* Ends all connections; the listening sockets stay the caller's. */
void server_free(struct server *server);

/* Accepts on a listening socket from now on. */
void server_listen(struct server *server, int fd, const struct service *service);

/*
 * Takes what is queued, accepts no more, and calls idle (at the latest from the loop)
 * when the last connection has ended.
 */
void server_drain(struct server *server, loop_handler *idle, void *context);

/*
 * Whether descriptors have run out and a few that were kept back have just been set free: what
 * failed for want of one may be tried again. New clients wait until they are kept back again.
 */
bool server_spare(struct server *server);

size_t server_count(const struct server *server);

#endif
