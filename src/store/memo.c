/* What was just looked up: a table in which each key has one place. */
#include "store/memo.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	PLACES = 512, /* place_of() makes 9 bits */
	BYTES_MAX = 256 * 1024,
	ARENA_MAX = 64 << 20, /* one value, whatever it is, fits */
};

struct note {
	enum memo_kind kind;
	int64_t number;
	struct str key;
	const void *value; /* NULL: the place is free */
};

struct memo {
	int64_t version;
	int64_t now;
	struct arena *arena;
	struct note places[PLACES];
};

struct memo *memo_new(void)
{
	struct memo *memo = mem_alloc(1, sizeof(*memo));

	memo->arena = arena_new(ARENA_MAX);
	return memo;
}

void memo_free(struct memo *memo)
{
	if (!memo)
		return;
	arena_free(memo->arena);
	free(memo);
}

static void forget(struct memo *memo)
{
	memset(memo->places, 0, sizeof(memo->places));
	arena_reset(memo->arena);
}

void memo_set_version(struct memo *memo, int64_t version)
{
	if (memo->version != version)
		forget(memo);
	memo->version = version;
}

void memo_set_now(struct memo *memo, int64_t now)
{
	if (memo->now != now)
		forget(memo);
	memo->now = now;
}

static size_t place_of(enum memo_kind kind, int64_t number, struct str key)
{
	uint64_t sum = str_hash(key) + (uint64_t)number * 31 + kind;

	/* Short keys that differ in the last byte differ in few bits of that: Fibonacci hashing spreads them. */
	return (sum * UINT64_C(0x9E3779B97F4A7C15)) >> 55;
}

const void *memo_find(const struct memo *memo, enum memo_kind kind, int64_t number, struct str key)
{
	const struct note *note = &memo->places[place_of(kind, number, key)];

	if (note->value && note->kind == kind && note->number == number && str_eq(note->key, key))
		return note->value;
	return NULL;
}

struct arena *memo_arena(struct memo *memo)
{
	return memo->version && arena_total(memo->arena) <= BYTES_MAX ? memo->arena : NULL;
}

void memo_put(struct memo *memo, enum memo_kind kind, int64_t number, struct str key,
	      const void *value)
{
	memo->places[place_of(kind, number, key)] =
		(struct note){ kind, number, arena_str(memo->arena, key), value };
}
