/* What a process counts of its connections, where others may read it: one writer, no lock. */
#ifndef NET_COUNTS_H
#define NET_COUNTS_H

#include <stdint.h>

struct conn_counts {
	uint64_t open; /* at the moment */
	uint64_t accepted;
	uint64_t handshakes; /* of TLS, done in full */
	uint64_t resumed;    /* the same with a ticket */
};

/* For the one process that writes there; a reader sees the old number or the new one. */
static inline void count_set(uint64_t *count, uint64_t value)
{
	__atomic_store_n(count, value, __ATOMIC_RELAXED);
}

static inline void count_up(uint64_t *count)
{
	count_set(count, *count + 1);
}

/* For everybody else. */
static inline uint64_t count_get(const uint64_t *count)
{
	return __atomic_load_n(count, __ATOMIC_RELAXED);
}

#endif
