/* Memory for one request, in a chain of blocks that is dropped at once. */
#include "base/arena.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"

enum { BLOCK_BYTES = 64 * 1024, ALIGNMENT = 16 };

struct block {
	struct block *next;
	size_t cap;
	size_t len;
	_Alignas(max_align_t) char bytes[];
};

struct arena {
	struct block *first; /* the newest; the oldest is kept by a reset */
	size_t total;	     /* bytes of all blocks */
	size_t max;
};

static void add_block(struct arena *arena, size_t need)
{
	size_t cap = need > BLOCK_BYTES ? need : BLOCK_BYTES;
	struct block *block;

	if (cap > arena->max - arena->total) {
		log_error("a request asked for more than its %zu bytes of memory", arena->max);
		exit(1);
	}
	block = mem_alloc(1, sizeof(*block) + cap);
	block->cap = cap;
	block->next = arena->first;
	arena->first = block;
	arena->total += cap;
}

struct arena *arena_new(size_t max)
{
	struct arena *arena = mem_alloc(1, sizeof(*arena));

	arena->max = max > BLOCK_BYTES ? max : BLOCK_BYTES;
	add_block(arena, BLOCK_BYTES);
	return arena;
}

void arena_reset(struct arena *arena)
{
	struct block *block = arena->first;

	while (block->next) {
		struct block *next = block->next;

		free(block);
		block = next;
	}
	block->len = 0;
	arena->first = block;
	arena->total = block->cap;
}

size_t arena_total(const struct arena *arena)
{
	return arena->total;
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	arena_reset(arena);
	free(arena->first);
	free(arena);
}

/* Memory that is not zeroed: a block may have been used before. */
static void *take(struct arena *arena, size_t len)
{
	void *memory;

	if (len > arena->max)
		len = arena->max;
	len = (len + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (len > arena->first->cap - arena->first->len)
		add_block(arena, len);
	memory = arena->first->bytes + arena->first->len;
	arena->first->len += len;
	return memory;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
	size_t len;

	if (__builtin_mul_overflow(count, size, &len) || len > arena->max)
		len = arena->max;
	return memset(take(arena, len), 0, len);
}

struct str arena_str(struct arena *arena, struct str s)
{
	return arena_join(arena, s, STR(""), STR(""));
}

struct str arena_format(struct arena *arena, const char *format, ...)
{
	char text[256];
	va_list args;
	char *memory;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (len < 0)
		text[len = 0] = '\0';
	memory = take(arena, (size_t)len + 1);
	if ((size_t)len < sizeof(text)) {
		memcpy(memory, text, (size_t)len + 1);
	} else {
		va_start(args, format);
		vsnprintf(memory, (size_t)len + 1, format, args);
		va_end(args);
	}
	return (struct str){ memory, (size_t)len };
}

struct str arena_join(struct arena *arena, struct str a, struct str b, struct str c)
{
	size_t len = a.len + b.len + c.len;
	char *memory = take(arena, len + 1);

	memory[len] = '\0';
	if (a.len)
		memcpy(memory, a.data, a.len);
	if (b.len)
		memcpy(memory + a.len, b.data, b.len);
	if (c.len)
		memcpy(memory + a.len + b.len, c.data, c.len);
	return (struct str){ memory, len };
}
