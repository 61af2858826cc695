/*
 * Feeds of every kind as one struct: RSS 0.9x to 2.0, RDF (RSS 1.0), Atom 0.3 and 1.0,
 * JSON Feed 1.x, OPML, gemtext feeds (gemsub) and gophermaps.
 */
#ifndef IMPORT_FEED_H
#define IMPORT_FEED_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "store/article.h"

enum feed_format {
	FEED_RSS,
	FEED_RDF,
	FEED_ATOM,
	FEED_JSON,
	FEED_OPML,
	FEED_GEMTEXT,
	FEED_GOPHERMAP,
};

enum {
	FEED_ENTRIES_MAX = 2000,   /* further ones are left out */
	FEED_BYTES_MAX = 16 << 20, /* of the document, decompressed */
	FEED_TEXT_BYTES_MAX =
		1 << 20, /* of one element's content; longer ones are cut at a character */
};

/* A picture, sound or film that comes with an entry. */
struct feed_media {
	struct str url;	 /* absolute */
	struct str type; /* MIME, lower-case; empty when not said */
	struct str title;
	struct str credit;
	struct str alt;
	int64_t bytes;	 /* 0: not said */
	int64_t seconds; /* 0: not said */
};

/*
 * An entry as its feed says it. Lines (id, title, names) are cleaned: one printable line of
 * plain text without markup or entities. URLs are absolute where a base is known. What is missing
 * is empty or 0.
 */
struct feed_entry {
	struct str id;	/* guid, atom:id, rdf:about as written */
	struct str url; /* of the page: link, rel=alternate, or a guid that is a permalink */
	struct str title;
	struct texts authors; /* names */
	int64_t published;
	int64_t updated;
	struct str language;
	struct str summary; /* HTML, as a fragment */
	struct str
		content; /* HTML, as a fragment; empty when the feed has none beside the summary */
	struct str base; /* URL that links in the two are relative to */
	struct texts tags;
	struct feed_media
		*media; /* enclosures, media:content, thumbnails, images; best picture first */
	size_t media_count;
	struct str source; /* another paper's name and URL, where the entry names one */
	struct str source_url;
	struct str license;
};

/* One feed that an OPML list names. */
struct feed_outline {
	struct str title;
	struct str url;
	struct str category; /* of the outlines above it, joined by "/" */
};

struct feed {
	enum feed_format format;
	struct str title;
	struct str url; /* of the site */
	struct str description;
	struct str language;
	struct str license; /* or copyright line */
	struct str image;
	int64_t updated;
	struct feed_entry *entries;
	size_t entry_count;
	struct feed_outline *outlines;
	size_t outline_count;
};

/*
 * Reads a feed. type is the Content-Type it came with (may be empty), base the URL it was
 * fetched from (may be empty). Bytes are in any charset (import/charset.h). What is returned lives in arena. now bounds
 * dates: none later than a day after it is believed. False with err set when it is no feed at all; a broken one gives
 * what can be read of it.
 */
bool feed_read(struct arena *arena, struct str bytes, struct str type, struct str base, int64_t now,
	       struct feed *ret_feed, struct err *err);

/* Whether the bytes look like a feed of any kind (and not like a web page). Looks at the first kilobytes only. */
bool feed_looks_like(struct str bytes, struct str type);

#endif
