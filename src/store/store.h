/*
 * The store for readers: content/ through its catalogue. The files are the
 * truth, the catalogue a card index made from them (store/scan.h). Everything
 * returned is copied into the caller's arena; nothing of the catalogue outlives
 * its call, except editions, which live until the next store_begin().
 *
 * "Visible" everywhere means: published, its Date not after now, not expired.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "page/page.h"
#include "store/article.h"
#include "store/edition.h"

struct store;

enum store_mode {
	STORE_READ, /* the catalogue in the state folder, read-only (workers) */
	STORE_COPY, /* a copy in memory, brought up to date by a scan of content; the state folder is not touched (get, check) */
};

/*
 * Opens a paper. content and state are folders; state may be NULL with
 * STORE_COPY (everything is read afresh). STORE_READ waits up to 10 s for the
 * editor to have made the catalogue. NULL with err set when it cannot be.
 * With STORE_COPY problems found by the scan go to handler (may be NULL).
 */
struct store *store_open(const char *content, const char *state, enum store_mode mode,
			 problem_handler *handler, void *context, struct err *err);

/* The same with STORE_COPY, and with zones (store/scan.h; only for the call). */
struct store *store_copy(const char *content, const char *state, const struct texts *zones,
			 problem_handler *handler, void *context, struct err *err);
void store_free(struct store *store);

/*
 * Begins and ends the reading for one request: all queries between the two
 * see the same catalogue, and editions are reloaded when it has changed. False when
 * the catalogue cannot be read at the moment; the answer is then PAGE_UNAVAILABLE. So it is
 * when the end is false: a query has failed, and what looked like nothing may be something.
 */
bool store_begin(struct store *store);
bool store_end(struct store *store);

/*
 * A number that is another one 10 ms after anything in the catalogue has changed, or
 * at once when this store has seen the change; 0 when it cannot be told. Not between store_begin() and store_end(): that sees one catalogue.
 */
int64_t store_version(struct store *store);

/* All editions, the default one first. At least one, or the store would not have opened. */
const struct edition *store_editions(struct store *store, size_t *ret_count);

/* The edition a clean path belongs to ("/ar/news/" is in "ar"). Never NULL. */
const struct edition *store_edition_of(struct store *store, struct str path);

/* What lists show of an article. */
struct headline {
	int64_t id; /* (published << 20) | tie-break: newest first is highest first */
	const struct edition *edition;
	struct str path;     /* full: "/ar/news/politics/river-treaty" */
	struct str section;  /* full path of its section, or the edition's root */
	struct str uid;	     /* its Id, or its path below the edition without the first slash */
	struct str short_id; /* of /s/<short id> */
	struct str title;
	struct str kicker; /* never empty: the section's name when the file has none */
	struct str summary;
	struct str author;  /* names joined by ", " ; may be empty */
	struct str snippet; /* of a search hit, matched words as written; else empty */
	enum article_type type;
	int urgency;
	int64_t published;
	int64_t updated;  /* equals published when never updated */
	uint64_t size;	  /* bytes of the body */
	unsigned minutes; /* reading time, at least 1 */
};

struct headlines {
	struct headline *items;
	size_t count;
	bool has_more; /* the query's limit cut the list */
};

enum listing {
	LISTING_ALL,	 /* every article of the edition */
	LISTING_SECTION, /* key: full section path; a first-level section includes its subsections */
	LISTING_TAG,	 /* key: slug */
	LISTING_AUTHOR,	 /* key: slug */
	LISTING_TYPE,	 /* key: type name, such as "live" */
	LISTING_PICKS,	 /* Pick: yes and edition.ini's picks (those first) */
	LISTING_CORRECTED, /* with a Correction; newest correction first */
	LISTING_TRENDING,  /* ranked by the editor process; filled up with the newest */
	LISTING_MOST_READ,
};

struct query {
	const struct edition *edition;
	enum listing listing;
	struct str key;
	int64_t now;
	int64_t from;	/* published at or after; 0: no bound */
	int64_t before; /* published before; 0: no bound */
	size_t offset;
	size_t limit; /* at most STORE_LIMIT_MAX */
	bool by_title;
};

enum { STORE_LIMIT_MAX = 200 };

/* The visible articles of a listing, newest first (or by_title). An empty list is no error. */
void store_list(struct store *store, const struct query *query, struct arena *arena,
		struct headlines *ret_list);

/* How many there are, offset and limit left aside. */
size_t store_count(struct store *store, const struct query *query);

/* One bucket of an overview: a tag, an author, a year, a month, a day. */
struct bucket {
	struct str name; /* "Climate", "2026", "09" */
	struct str slug; /* path segment */
	size_t count;
};
struct buckets {
	struct bucket *items;
	size_t count;
};

/* Tags with visible articles, most articles first, then by name. */
void store_tags(struct store *store, const struct edition *edition, int64_t now,
		struct arena *arena, struct buckets *ret_buckets);
/* Authors with a biography or visible articles, by name. */
void store_authors(struct store *store, const struct edition *edition, int64_t now,
		   struct arena *arena, struct buckets *ret_buckets);
/*
 * Years (from = before = 0), months or days that have visible articles within
 * [from, before), newest first; the bounds are midnights (UTC). width is 4, 7
 * or 10: the length of "YYYY-MM-DD" that makes a bucket; name has that length,
 * slug is its last part.
 */
void store_calendar(struct store *store, const struct edition *edition, int64_t now, int64_t from,
		    int64_t before, int width, struct arena *arena, struct buckets *ret_buckets);

/*
 * The name as written of a tag or author slug with visible articles or a biography; false
 * when there is none.
 */
bool store_tag_name(struct store *store, const struct edition *edition, struct str slug,
		    int64_t now, struct arena *arena, struct str *ret_name);
bool store_author_name(struct store *store, const struct edition *edition, struct str slug,
		       int64_t now, struct arena *arena, struct str *ret_name);

enum found {
	FOUND_NOTHING, /* also embargoed, expired and draft articles: their existence is not revealed */
	FOUND_ARTICLE,
	FOUND_MOVED,	/* an article that used to be here; ret_path says where it is */
	FOUND_GONE,	/* retracted */
	FOUND_DOCUMENT, /* a page at an edition's root, or a biography */
	FOUND_SECTION,
	FOUND_EDITION,
	FOUND_FILE,
};

/*
 * What is at a clean path, by the catalogue only. A folder matches with and
 * without its slash; without, a page of that name comes first. ret_path (may be
 * NULL) gets its canonical path.
 */
enum found store_find(struct store *store, struct str path, int64_t now, struct arena *arena,
		      struct str *ret_path);

/*
 * An article whole. FOUND_ARTICLE, FOUND_MOVED, FOUND_GONE (then headline and article are
 * filled in as well, for the notice) or FOUND_NOTHING.
 */
enum found store_article(struct store *store, struct str path, int64_t now, struct arena *arena,
			 struct headline *ret_headline, struct article *ret_article);

/* The visible article of a short id within the edition; false when there is none. */
bool store_short(struct store *store, const struct edition *edition, struct str short_id,
		 int64_t now, struct arena *arena, struct headline *ret_headline);

/* Visits of the article's short link, without the carried-over count of its header. */
uint64_t store_shares(struct store *store, const struct headline *headline);

/*
 * A page at the root or a biography: parsed like an article, Date not needed. False when
 * there is none.
 */
bool store_document(struct store *store, struct str path, struct arena *arena,
		    struct article *ret_article);

/* Neighbours in the same section by date; false when there is none on that side. */
bool store_newer(struct store *store, const struct headline *of, int64_t now, struct arena *arena,
		 struct headline *ret_headline);
bool store_older(struct store *store, const struct headline *of, int64_t now, struct arena *arena,
		 struct headline *ret_headline);

/*
 * Visible articles that share one of its tags: those that share most, then the newest; not the
 * article itself.
 */
void store_related(struct store *store, const struct headline *of, const struct texts *tags,
		   int64_t now, size_t limit, struct arena *arena, struct headlines *ret_list);

/* The same Id in other editions (visible ones). */
void store_translations(struct store *store, const struct headline *of, int64_t now,
			struct arena *arena, struct headlines *ret_list);

/*
 * What readers do not get yet. Only zones may show it: nothing above this line
 * finds or counts any of it.
 */
enum preview {
	PREVIEW_NOTHING,
	PREVIEW_DRAFT,	   /* Status: draft */
	PREVIEW_EMBARGOED, /* its Date is to come */
};

/*
 * All of one kind in all editions, at most STORE_LIMIT_MAX: the embargoed ones, those
 * that are due first in front; the drafts, newest first and those without a
 * Date (published is 0) behind. A section is empty for pages at an edition's
 * root and biographies; there are no short ids.
 */
void store_previews(struct store *store, enum preview kind, int64_t now, struct arena *arena,
		    struct headlines *ret_list);

/* What is to be at a path. Headline and article (both may be NULL) as above. */
enum preview store_preview(struct store *store, struct str path, int64_t now, struct arena *arena,
			   struct headline *ret_headline, struct article *ret_article);

/* Search; see store/search.h for the words. */
struct search {
	const struct edition *edition;
	struct str words; /* as the reader typed them, one printable line */
	int64_t now;
	size_t offset;
	size_t limit;
};
enum search_outcome {
	SEARCH_DONE,
	SEARCH_EMPTY, /* nothing in it to look for */
	SEARCH_CUT,   /* ran out of time: list holds what was found by then */
};
enum search_outcome store_search(struct store *store, const struct search *search,
				 struct arena *arena, struct headlines *ret_list);

/* A file of content/ opened for sending. */
struct store_file {
	int descriptor;
	uint64_t size;
	int64_t modified;
	struct str mime; /* static text */
};

/*
 * Opens a file below content/: openat2 with RESOLVE_BENEATH, no links out, no
 * hidden names, regular files only, never .ini. Article and page files are not opened this way. The
 * caller closes the descriptor.
 */
enum store_opening {
	STORE_OPENED,
	STORE_NO_SUCH_FILE,
	STORE_OPENS_NOTHING, /* at the moment: descriptors or memory have run out, the disk fails */
};
enum store_opening store_open_file(struct store *store, struct str path,
				   struct store_file *ret_file);

/* Bytes of a file as the catalogue knows it; false when it knows of none that is sent as it is. */
bool store_file_size(struct store *store, struct str path, uint64_t *ret_size);

/* MIME type and link form by the name's extension. */
struct str store_mime(struct str path);
enum link_form store_form(struct str path);

/* When the catalogue last changed, seconds; for feeds without entries. */
int64_t store_changed(struct store *store);

#endif
