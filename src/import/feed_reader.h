/* The reader of XML feeds and what it does with a text; for feed_xml.c and feed_take.c only. */
#ifndef IMPORT_FEED_READER_H
#define IMPORT_FEED_READER_H

#include <libxml/parser.h>

#include "import/feed_draft.h"
#include "import/feed_names.h"

enum { DEPTH_MAX = 64 };

/* How the text of an element is meant (RFC 4287 3.1.1, Atom 0.3 and RSS's habits). */
enum text_type { TEXT_HTML, TEXT_PLAIN, TEXT_MARKUP, TEXT_BASE64, TEXT_ELSEWHERE };

/* An open element. */
struct level {
	enum feed_context context;    /* of what is in it */
	const struct feed_name *name; /* NULL: says nothing to us */
	struct str base;
	struct str language;
};

struct reader {
	struct feed_draft *draft;
	struct level levels[DEPTH_MAX];
	size_t depth;	/* of open elements; those beyond DEPTH_MAX are only counted */
	size_t capture; /* depth of the element whose text is taken; 0: none */
	enum text_type type;
	struct buf text;
	struct feed_part feed;
	struct feed_part entry;
	struct feed_media *media;	  /* that is open, or the last one of the entry */
	struct str categories[DEPTH_MAX]; /* of OPML's outlines */
	struct str attribute; /* href, rdf:resource or isPermaLink of what is captured */
	struct str relation;
	bool in_entry;
	bool is_feed; /* a root that feeds have was seen */
	bool has_format;
};

/* What is being said of: the entry that is open, else the feed. */
static inline struct feed_part *reader_part(struct reader *reader)
{
	return reader->in_entry ? &reader->entry : &reader->feed;
}

/* The innermost open element. */
static inline struct level *reader_top(struct reader *reader)
{
	return &reader->levels[reader->depth < DEPTH_MAX ? reader->depth : DEPTH_MAX - 1];
}

/* SAX2's attributes: five pointers each. */
struct attributes {
	const xmlChar **items;
	int count;
};

/* The value of an attribute, whatever its prefix; borrowed until the element's end. */
struct str reader_attribute(const struct attributes *attributes, const char *name);

/* A medium by its attributes, as enclosures, media:content and Atom's links have them; NULL. */
struct feed_media *reader_note_media(struct reader *reader, const struct attributes *attributes,
				     const char *url);

/* The same for a picture. */
void reader_note_picture(struct reader *reader, const struct attributes *attributes,
			 const char *url);

/* A feed of an OPML list, or a group of them. */
void reader_note_outline(struct reader *reader, const struct attributes *attributes);

/* A decimal number; 0 for anything else. */
int64_t reader_number(struct str text);

/* Takes the captured text as its element means it. */
void reader_take(struct reader *reader, const struct level *level);

#endif
