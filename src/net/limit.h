/*
 * How many connections each network (an IPv4 address, a /64 of IPv6) holds, over
 * all workers of the server. The counts live in memory that the workers share:
 * each writes in a part of its own, its seat, and reads the others'. There is
 * nothing to lock, and a worker that dies leaves nothing behind once its seat
 * is cleared. How fast they ask is counted beside it, see net/rate.h.
 */
#ifndef NET_LIMIT_H
#define NET_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "net/rate.h"

struct limit;

/*
 * Seats for that many workers, each of which never holds more than connections
 * at a time. Make it before forking. NULL with err set.
 */
struct limit *limit_new(size_t seats, size_t connections, struct err *err);
void limit_free(struct limit *limit);

/* Forgets what the seat's last worker held; before a new one sits down. */
void limit_clear(struct limit *limit, size_t seat);

/* Counts one connection of network (peer_network()) in or out. */
void limit_enter(struct limit *limit, size_t seat, uint64_t network);
void limit_leave(struct limit *limit, size_t seat, uint64_t network);

/* What network holds at the moment. */
size_t limit_count(const struct limit *limit, uint64_t network);

/* The tables of requests, and of networks that have read robots.txt; clearing a seat leaves both alone. */
struct rate *limit_rate(const struct limit *limit);
struct rate *limit_robots(const struct limit *limit);

#endif
