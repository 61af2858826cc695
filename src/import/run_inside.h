/* A run of the importer: papers, feeds, stories under way; for run*.c only. */
#ifndef IMPORT_RUN_INSIDE_H
#define IMPORT_RUN_INSIDE_H

#include "import/fetch.h"
#include "import/file.h"
#include "import/import.h"
#include "store/ledger.h"

enum {
	RUN_ARENA_BYTES = 1 << 30, /* for one feed with its stories: a bound, not what it takes */
	RUN_KEYS_MAX = 4,
	RUN_FEEDS_MAX = 300, /* of one OPML list */
	DAY = 24 * 3600,
};

/* A paper of the run. */
struct paper_run {
	struct run *run;
	const struct import_site *site;
	struct ledger *ledger;
	int lock;
};

struct run {
	const struct import_plan *plan;
	struct fetcher *fetcher;
	struct paper_run *papers;
	struct rules rules;
	struct import_counts counts;
	int64_t now;
	size_t feeds; /* under way */
};

/* One look at one feed. */
struct feed_run {
	struct paper_run *paper;
	const struct source *source;
	struct arena *arena;
	struct ledger_feed record;
	struct feed feed;
	bool followed_page; /* a web page has named the feed */
	size_t waiting;	    /* stories whose pages or pictures are being fetched */
	struct import_counts counts;
	struct str language; /* of the edition */
	const char *format;  /* for people */
};

/* One story on its way. */
struct story_run {
	struct feed_run *feed;
	struct story story;
	struct str section;
	struct str keys[RUN_KEYS_MAX];
	size_t key_count;
	struct ledger_story record; /* id 0: a new one */
	int64_t entry;
	struct buf picture;	 /* scaled; empty: none */
	const char *picture_end; /* ".jpg" */
};

/* Takes a story that the feed names: nothing is to be done, or it is written at last, when its page and picture have come. */
void story_begin(struct feed_run *feed, const struct feed_entry *entry, size_t place);

/* Whether what is known of the story settles it, so that nothing is to be written. */
bool story_is_settled(struct story_run *story);

/* Writes a story that is complete into the paper and into the records. */
void story_write(struct story_run *story);

/* Takes out what is too old or too much, and notes what people have removed. */
void paper_expire(struct paper_run *paper, const struct source *source,
		  struct import_counts *counts);

/* Writes the pages that tell of the sources. */
void paper_write_sources(struct paper_run *paper);

/* A story of the feed is done with; when it was the last one, the feed is. */
void feed_release(struct feed_run *feed);

/* A file of the paper: its bytes in arena. False when it is not there or cannot be read. */
bool content_read(struct paper_run *paper, struct str path, struct arena *arena,
		  struct str *ret_bytes);

/* Writes a file of the paper, making folders. */
bool content_put(struct paper_run *paper, struct str path, struct str bytes, bool replace,
		 struct err *err);

bool content_remove(struct paper_run *paper, struct str path);

/* The language of an edition as its file says it, for the few words that are ours. */
struct str paper_language(struct paper_run *paper, const char *edition, struct arena *arena);

/* Tells a line about a source. */
__attribute__((format(printf, 4, 5))) void run_tell(struct run *run, enum import_level level,
						    const char *source, const char *format, ...);

#endif
