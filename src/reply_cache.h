/*
 * Replies that were just made, for whoever asks for the same within the second. A
 * page is made of the catalogue and the time in whole seconds, of nothing else; so as
 * long as neither has changed the reply is the one that would be made again, to the
 * byte, whatever falls due in the next second.
 */
#ifndef REPLY_CACHE_H
#define REPLY_CACHE_H

#include "base/reply.h"
#include "base/str.h"

struct reply_cache;

/* What a reply was asked for with. Everything is borrowed. */
struct reply_key {
	const void *asker;	/* the outlet: its protocol, names and port are in the reply */
	struct str server_name; /* SNI; empty: none */
	struct str line;
};

/* What a reply was made from. */
struct reply_moment {
	int64_t now;	 /* seconds */
	int64_t version; /* of the catalogue (store_version()); 0: unknown, and nothing is kept */
};

/* Holds at most bytes_max bytes of keys and replies. */
struct reply_cache *reply_cache_new(size_t bytes_max);
void reply_cache_free(struct reply_cache *cache);

/* Appends the kept bytes to reply, which is empty, and says what it counts as. False: make one. */
bool reply_cache_find(const struct reply_cache *cache, const struct reply_key *key,
		      struct reply_moment moment, struct reply *reply);

/*
 * Keeps a copy of a reply without a file that was made of no older catalogue than moment's
 * and no earlier. One that is too large is not kept; one of the same place goes.
 */
void reply_cache_keep(struct reply_cache *cache, const struct reply_key *key,
		      struct reply_moment moment, const struct reply *reply);

#endif
