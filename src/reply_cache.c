/* Replies that were just made: a table in which each key has one place. */
#include "reply_cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	PLACES = 256, /* a power of two */
	SHARE = 16,   /* one reply may take this part of the room */
};

struct kept {
	struct reply_key key;
	struct reply_moment moment;
	struct str head;
	struct reply facts; /* the reply's, less its head */
	char *bytes;	    /* owned: of the key and the head; NULL: the place is free */
	size_t size;	    /* of those bytes */
};

struct reply_cache {
	struct kept places[PLACES];
	size_t bytes;
	size_t bytes_max;
};

struct reply_cache *reply_cache_new(size_t bytes_max)
{
	struct reply_cache *cache = mem_alloc(1, sizeof(*cache));

	cache->bytes_max = bytes_max;
	return cache;
}

static void drop(struct reply_cache *cache, struct kept *kept)
{
	cache->bytes -= kept->size;
	free(kept->bytes);
	*kept = (struct kept){ 0 };
}

static void drop_all(struct reply_cache *cache)
{
	for (size_t i = 0; i < PLACES; i++)
		drop(cache, &cache->places[i]);
}

void reply_cache_free(struct reply_cache *cache)
{
	if (!cache)
		return;
	drop_all(cache);
	free(cache);
}

/* FNV-1a, 32 bits. */
static uint32_t hash(uint32_t sum, struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		sum = (sum ^ (unsigned char)text.data[i]) * 16777619u;
	return sum;
}

static size_t place_of(const struct reply_key *key)
{
	uint32_t sum = 2166136261u ^ (uint32_t)((uintptr_t)key->asker >> 4);

	return hash(hash(sum, key->server_name), key->line) & (PLACES - 1);
}

static bool is_same(const struct reply_key *a, const struct reply_key *b)
{
	return a->asker == b->asker && str_eq(a->line, b->line) &&
	       str_eq(a->server_name, b->server_name);
}

bool reply_cache_find(const struct reply_cache *cache, const struct reply_key *key,
		      struct reply_moment moment, struct reply *reply)
{
	const struct kept *kept = &cache->places[place_of(key)];
	struct buf head = reply->head;

	if (!kept->bytes || moment.version == 0 || kept->moment.now != moment.now ||
	    kept->moment.version != moment.version || !is_same(&kept->key, key))
		return false;
	buf_str(&head, kept->head);
	if (head.full) { /* no memory for it; whoever makes one will see */
		buf_done(&head);
		return false;
	}
	*reply = kept->facts;
	reply->head = head;
	return true;
}

/* Copies text to *at, which moves on. */
static struct str put(char **at, struct str text)
{
	struct str copy = { *at, text.len };

	if (text.len)
		memcpy(*at, text.data, text.len);
	*at += text.len;
	return copy;
}

void reply_cache_keep(struct reply_cache *cache, const struct reply_key *key,
		      struct reply_moment moment, const struct reply *reply)
{
	struct kept *kept = &cache->places[place_of(key)];
	size_t size = key->server_name.len + key->line.len + reply->head.len;
	char *at;

	if (moment.version == 0 || reply->file != -1 || reply->head.full || size == 0 ||
	    size > cache->bytes_max / SHARE)
		return;
	drop(cache, kept);
	if (cache->bytes + size > cache->bytes_max)
		drop_all(cache);
	at = malloc(size);
	if (!at)
		return; /* memory is short: pages need it more */
	*kept = (struct kept){ .moment = moment, .facts = *reply, .bytes = at, .size = size };
	kept->key = (struct reply_key){ key->asker, put(&at, key->server_name),
					put(&at, key->line) };
	kept->head = put(&at, buf_view(&reply->head));
	kept->facts.head = (struct buf){ 0 };
	cache->bytes += size;
}
