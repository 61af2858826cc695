/*
 * What readers of the catalogue have just looked up and will again: the boxes that stand
 * on every page, what the links of every footer lead to. It holds for one state of the
 * catalogue and one second, so nothing in it can be old. Internal to store/.
 */
#ifndef STORE_MEMO_H
#define STORE_MEMO_H

#include "base/arena.h"
#include "base/str.h"

enum memo_kind { MEMO_FOUND, MEMO_LIST, MEMO_RANKED };

struct memo;

struct memo *memo_new(void);
void memo_free(struct memo *memo);

/* Which catalogue is read from now on, and when. What was known of another one, or of another second, is forgotten. Version 0: nothing is kept. */
void memo_set_version(struct memo *memo, int64_t version);
void memo_set_now(struct memo *memo, int64_t now);

/* The value that was put under kind, number and key; NULL: none. */
const void *memo_find(const struct memo *memo, enum memo_kind kind, int64_t number, struct str key);

/* Where a value is to be made, with all that it points to; NULL: there is no room for one. */
struct arena *memo_arena(struct memo *memo);

/* Keeps a value out of that arena until it is forgotten. The key is copied. */
void memo_put(struct memo *memo, enum memo_kind kind, int64_t number, struct str key,
	      const void *value);

#endif
