/*
 * Requests by network: a table of small sets, one cache line each. A slot remembers when its
 * network will have paid off what it asked (the generic cell rate algorithm: one number
 * in place of a counter and a clock). Workers change slots with compare-and-swap;
 * what a race over a slot can lose is a request's count, which a limit can bear.
 */
#include "net/rate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>

#include "base/mem.h"

enum {
	SETS = 1 << 14, /* of WAYS slots: 64 Ki networks in 1 MiB */
	WAYS = 4,
	MICRO = 1000, /* of a millisecond */
	SECOND = 1000 * MICRO,
};

/* network 0: never used. A slot whose time has passed is as good as free. */
struct slot {
	uint64_t network;
	int64_t paid; /* microseconds */
};

struct rate {
	struct slot (*sets)[WAYS]; /* shared memory */
	uint64_t secret;	   /* so that nobody can choose networks that share a set */
};

size_t rate_bytes(const struct rate *rate)
{
	return SETS * sizeof(*rate->sets);
}

struct rate *rate_new(struct err *err)
{
	struct rate *rate = mem_alloc(1, sizeof(*rate));

	rate->sets = mmap(NULL, rate_bytes(rate), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (rate->sets == MAP_FAILED ||
	    getrandom(&rate->secret, sizeof(rate->secret), 0) != sizeof(rate->secret)) {
		err_set(err, "the table of requests: %s", strerror(errno));
		if (rate->sets != MAP_FAILED)
			munmap(rate->sets, rate_bytes(rate));
		free(rate);
		return NULL;
	}
	return rate;
}

void rate_free(struct rate *rate)
{
	if (!rate)
		return;
	munmap(rate->sets, rate_bytes(rate));
	free(rate);
}

static struct slot *set_of(const struct rate *rate, uint64_t network)
{
	uint64_t hash = (network ^ rate->secret) * 0x9E3779B97F4A7C15u;

	hash = (hash ^ hash >> 32) * 0xD6E8FEB86659FD93u;
	return rate->sets[(hash ^ hash >> 32) & (SETS - 1)];
}

static int64_t paid_at(const struct slot *slot)
{
	return __atomic_load_n(&slot->paid, __ATOMIC_RELAXED);
}

static uint64_t network_of(const struct slot *slot)
{
	return __atomic_load_n(&slot->network, __ATOMIC_RELAXED);
}

static bool swap_network(struct slot *slot, uint64_t old, uint64_t network)
{
	return __atomic_compare_exchange_n(&slot->network, &old, network, false, __ATOMIC_RELAXED,
					   __ATOMIC_RELAXED);
}

/* The network's slot in set; the one that remembers the least when there is none. */
static struct slot *choose(struct slot *set, uint64_t network)
{
	struct slot *least = set;

	for (size_t i = 0; i < WAYS; i++) {
		if (network_of(&set[i]) == network)
			return &set[i];
		if (paid_at(&set[i]) < paid_at(least))
			least = &set[i];
	}
	return least;
}

/* The network's slot, which may have been another's until now; then it starts without debts. */
static struct slot *find(struct rate *rate, uint64_t network, int64_t now)
{
	struct slot *set = set_of(rate, network);

	for (;;) {
		struct slot *slot = choose(set, network);
		uint64_t old = network_of(slot);
		int64_t paid = paid_at(slot);

		if (old == network)
			return slot;
		if (!swap_network(slot, old, network))
			continue; /* another worker was faster, perhaps with the same network */
		if (paid > now)
			__atomic_compare_exchange_n(&slot->paid, &paid, now, false,
						    __ATOMIC_RELAXED, __ATOMIC_RELAXED);
		return slot;
	}
}

int64_t rate_ask(struct rate *rate, uint64_t network, const struct rate_limit *limit, int64_t now)
{
	int64_t price = limit->requests ? SECOND / limit->requests : 0;
	int64_t credit = price * limit->burst;
	int64_t time = now * MICRO;
	struct slot *slot;
	int64_t before;
	int64_t debt;

	if (price == 0)
		return 0;
	slot = find(rate, network, time);
	before = paid_at(slot);
	do {
		debt = before > time ? before - time : 0;
		if (debt > credit) /* made under another limit, before a reload */
			debt = credit;
		if (debt + price > credit)
			return (debt + price - credit + MICRO - 1) / MICRO;
	} while (!__atomic_compare_exchange_n(&slot->paid, &before, time + debt + price, false,
					      __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	return 0;
}

void rate_note(struct rate *rate, uint64_t network, int64_t milliseconds, int64_t now)
{
	struct slot *slot = find(rate, network, now * MICRO);

	__atomic_store_n(&slot->paid, (now + milliseconds) * MICRO, __ATOMIC_RELAXED);
}

bool rate_has(const struct rate *rate, uint64_t network, int64_t now)
{
	const struct slot *slot = choose(set_of(rate, network), network);

	return network_of(slot) == network && paid_at(slot) > now * MICRO;
}
