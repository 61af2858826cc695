/*
 * Connections by network: for each seat an open-addressing table with linear
 * probing, at most half full. Only the seat's own worker writes in it. Others may
 * read in the middle of a change and miss an entry by one move; a limit can
 * bear that.
 */
#include "net/limit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>

#include "base/mem.h"

/* network 0: free. */
struct slot {
	uint64_t network;
	uint64_t count;
};

struct limit {
	struct slot *slots; /* of all seats, one seat after the other; shared memory */
	size_t seats;
	size_t size;	 /* slots of a seat, a power of two */
	uint64_t secret; /* so that nobody can choose networks that collide */
	struct rate *rate;
	struct rate *robots;
};

static size_t bytes_of(const struct limit *limit)
{
	return limit->seats * limit->size * sizeof(struct slot);
}

struct limit *limit_new(size_t seats, size_t connections, struct err *err)
{
	struct limit *limit = mem_alloc(1, sizeof(*limit));

	limit->seats = seats;
	limit->size = 16;
	while (limit->size < 2 * connections)
		limit->size *= 2;
	limit->slots = mmap(NULL, bytes_of(limit), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (limit->slots == MAP_FAILED ||
	    getrandom(&limit->secret, sizeof(limit->secret), 0) != sizeof(limit->secret)) {
		err_set(err, "the table of connections: %s", strerror(errno));
		if (limit->slots != MAP_FAILED)
			munmap(limit->slots, bytes_of(limit));
		free(limit);
		return NULL;
	}
	limit->rate = rate_new(err);
	limit->robots = limit->rate ? rate_new(err) : NULL;
	if (!limit->robots) {
		limit_free(limit);
		return NULL;
	}
	return limit;
}

void limit_free(struct limit *limit)
{
	if (!limit)
		return;
	munmap(limit->slots, bytes_of(limit));
	rate_free(limit->rate);
	rate_free(limit->robots);
	free(limit);
}

static struct slot *seat_slots(const struct limit *limit, size_t seat)
{
	return limit->slots + seat * limit->size;
}

void limit_clear(struct limit *limit, size_t seat)
{
	memset(seat_slots(limit, seat), 0, limit->size * sizeof(struct slot));
}

/* Where the search for a network starts. */
static size_t home_of(const struct limit *limit, uint64_t network)
{
	uint64_t hash = (network ^ limit->secret) * 0x9E3779B97F4A7C15u;

	hash = (hash ^ hash >> 32) * 0xD6E8FEB86659FD93u;
	return (size_t)(hash ^ hash >> 32) & (limit->size - 1);
}

/* The network's slot, or the free one where it belongs; NULL when the table is full. */
static struct slot *find(const struct limit *limit, size_t seat, uint64_t network)
{
	struct slot *slots = seat_slots(limit, seat);
	size_t at = home_of(limit, network);

	for (size_t i = 0; i < limit->size; i++) {
		uint64_t found = __atomic_load_n(&slots[at].network, __ATOMIC_RELAXED);

		if (found == network || found == 0)
			return &slots[at];
		at = (at + 1) & (limit->size - 1);
	}
	return NULL;
}

static void set(struct slot *slot, uint64_t network, uint64_t count)
{
	__atomic_store_n(&slot->count, count, __ATOMIC_RELAXED);
	__atomic_store_n(&slot->network, network, __ATOMIC_RELAXED);
}

void limit_enter(struct limit *limit, size_t seat, uint64_t network)
{
	struct slot *slot = find(limit, seat, network);

	if (slot)
		set(slot, network, slot->count + 1);
}

/* Frees a slot and moves up what a search would no longer find behind the gap. */
static void vacate(struct limit *limit, size_t seat, size_t gap)
{
	struct slot *slots = seat_slots(limit, seat);
	size_t mask = limit->size - 1;

	for (size_t at = (gap + 1) & mask; slots[at].network != 0; at = (at + 1) & mask) {
		size_t home = home_of(limit, slots[at].network);

		if (((at - home) & mask) < ((at - gap) & mask))
			continue;
		set(&slots[gap], slots[at].network, slots[at].count);
		gap = at;
	}
	set(&slots[gap], 0, 0);
}

void limit_leave(struct limit *limit, size_t seat, uint64_t network)
{
	struct slot *slot = find(limit, seat, network);

	if (!slot || slot->network == 0)
		return;
	if (slot->count > 1)
		set(slot, network, slot->count - 1);
	else
		vacate(limit, seat, (size_t)(slot - seat_slots(limit, seat)));
}

size_t limit_count(const struct limit *limit, uint64_t network)
{
	size_t count = 0;

	for (size_t seat = 0; seat < limit->seats; seat++) {
		const struct slot *slot = find(limit, seat, network);

		if (slot && __atomic_load_n(&slot->network, __ATOMIC_RELAXED) == network)
			count += __atomic_load_n(&slot->count, __ATOMIC_RELAXED);
	}
	return count;
}

struct rate *limit_rate(const struct limit *limit)
{
	return limit->rate;
}

struct rate *limit_robots(const struct limit *limit)
{
	return limit->robots;
}
