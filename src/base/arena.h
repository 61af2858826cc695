/*
 * Memory for one request: everything a page needs is taken from the arena and
 * is gone, all at once, when the reply is. There is nothing to free singly.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>

#include "base/str.h"

struct arena;

/*
 * An arena that may hold at most max bytes. Callers bound what they ask for
 * (list lengths, article size), so passing max is a broken promise of ours and
 * ends the process.
 */
struct arena *arena_new(size_t max);
void arena_free(struct arena *arena);

/* Forgets everything; keeps the first block of memory for the next request. */
void arena_reset(struct arena *arena);

/* Bytes of memory that it holds. */
size_t arena_total(const struct arena *arena);

/* Zeroed memory for count things of size bytes, aligned for anything. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);

/* A copy of s; its bytes are followed by a NUL, so .data is a C string too. */
struct str arena_str(struct arena *arena, struct str s);

/* Formatted text, NUL-terminated likewise. */
struct str arena_format(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* a, b and c one after the other. */
struct str arena_join(struct arena *arena, struct str a, struct str b, struct str c);

#define ARENA_NEW(arena, type)		((type *)arena_alloc(arena, 1, sizeof(type)))
#define ARENA_ARRAY(arena, count, type) ((type *)arena_alloc(arena, count, sizeof(type)))

#endif
