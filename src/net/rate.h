/*
 * How fast each network (an IPv4 address, a /64 of IPv6) may ask, over all workers of
 * the server. The table has a fixed size, whatever the number of networks: those with nothing
 * to remember make room first, then those with the least.
 */
#ifndef NET_RATE_H
#define NET_RATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct rate;

struct rate_limit {
	unsigned requests; /* a second, in the long run; 0: no limit */
	unsigned burst;	   /* at once, after a while of silence; at least 1 */
};

/* In memory that forked processes share. NULL with err set. */
struct rate *rate_new(struct err *err);
void rate_free(struct rate *rate);

/* Bytes of the table; the same for ever. */
size_t rate_bytes(const struct rate *rate);

/*
 * Counts a request of network (peer_network()) at now (milliseconds of a clock that never
 * jumps). 0, or how many milliseconds it has to wait; then it was not counted.
 */
int64_t rate_ask(struct rate *rate, uint64_t network, const struct rate_limit *limit, int64_t now);

/*
 * A table can also remember networks for a while, without asking: from now on for so many
 * milliseconds. Use one for either.
 */
void rate_note(struct rate *rate, uint64_t network, int64_t milliseconds, int64_t now);
bool rate_has(const struct rate *rate, uint64_t network, int64_t now);

#endif
