/*
 * The import's own records, in the state folder: what is known of feeds between two looks, and which
 * story became which file, so that none comes twice or comes back.
 */
#ifndef STORE_LEDGER_H
#define STORE_LEDGER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "store/article.h"

#define LEDGER_FILE "import.db" /* in the state folder */

struct ledger;

/* Opens or makes the records; with state NULL they are in memory and empty. NULL with err set. */
struct ledger *ledger_open(const char *state, struct err *err);
void ledger_close(struct ledger *ledger);

/* Everything between the two is there afterwards, or none of it. False when it could not be written. */
bool ledger_begin(struct ledger *ledger);
bool ledger_commit(struct ledger *ledger, struct err *err);

/* Undoes what was done since the beginning. */
void ledger_undo(struct ledger *ledger);

/* One feed of a source: most sources have one, an OPML list has many. Times are seconds; 0: never. */
struct ledger_feed {
	struct str source;
	struct str url; /* as configured, or as the list has it: the key, with the source */
	struct str
		found; /* where it is fetched from: a permanent redirect's or a page's word; empty: url */
	struct str etag; /* byte for byte */
	struct str last_modified;
	struct str title; /* the feed's own */
	struct str site;  /* URL of the site that it is of */
	int64_t next_check;
	int64_t last_try;
	int64_t last_success;
	int64_t failures; /* in a row */
	struct str error; /* of the last try; empty when it went well */
	int64_t stories;  /* that it has brought in all */
};

/* What is known of a feed; false (and all empty) when nothing is. Texts are in arena. */
bool ledger_feed(struct ledger *ledger, struct str source, struct str url, struct arena *arena,
		 struct ledger_feed *ret_feed);

/* Addresses of all feeds of a source that there are records of. */
struct texts ledger_feeds(struct ledger *ledger, struct str source, struct arena *arena);
void ledger_put_feed(struct ledger *ledger, const struct ledger_feed *feed);

/* The feed of a source that was tried last; of several the one with the worst news. False when none was ever. */
bool ledger_source(struct ledger *ledger, struct str source, struct arena *arena,
		   struct ledger_feed *ret_feed);

/* The earliest next_check of all feeds of the source; 0 when it has none. */
int64_t ledger_next(struct ledger *ledger, struct str source);

enum ledger_state {
	LEDGER_HERE,   /* its file is in content/ */
	LEDGER_GONE,   /* was removed or has expired: never to come again */
	LEDGER_OTHERS, /* somebody has edited the file: left alone */
};

/* A story. Hashes are of 64 bits; 0: none. */
struct ledger_story {
	int64_t id;
	struct str source;   /* that brought it first */
	struct str path;     /* of its file below content/, "news/world/river.gmi" */
	struct str sections; /* further ones that it was put into: "news/tech,culture" */
	struct str image;    /* file beside it, below content/; empty: none */
	enum ledger_state state;
	int64_t published;
	int64_t updated;
	int64_t entry; /* hash of what the feed said */
	int64_t text;  /* hash of its words */
	int64_t file;  /* hash of the file as it was written */
};

/* The story that has one of the keys; false when there is none. */
bool ledger_find(struct ledger *ledger, const struct str *keys, size_t count, struct arena *arena,
		 struct ledger_story *ret_story);

/* Adds a story (its id is set) or changes it. */
bool ledger_add(struct ledger *ledger, struct ledger_story *story);
void ledger_change(struct ledger *ledger, const struct ledger_story *story);

/* Adds keys; those that another story has stay that one's. */
void ledger_put_keys(struct ledger *ledger, int64_t story, const struct str *keys, size_t count);

/*
 * Calls on_story for the stories of a source that are here, the newest first. It may change the story. False from it ends
 * the walk.
 */
void ledger_walk(struct ledger *ledger, struct str source,
		 bool (*on_story)(void *context, const struct ledger_story *story), void *context);

/* How many stories of a source are here. */
int64_t ledger_count(struct ledger *ledger, struct str source);

#endif
