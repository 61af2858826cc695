/* A feed in the making: values with ranks, resolved at the end; for feed*.c only. */
#ifndef IMPORT_FEED_DRAFT_H
#define IMPORT_FEED_DRAFT_H

#include "base/buf.h"
#include "import/feed.h"

enum {
	FEED_TAGS_MAX = 20,
	FEED_AUTHORS_MAX = 10,
	FEED_MEDIA_MAX = 20,
	FEED_OUTLINES_MAX = 2000,
	FEED_LINE_MAX = 2000, /* bytes of titles, names and addresses */
};

/* A value and how good its place is; 0 is the best. */
struct feed_value {
	struct str text;
	int rank;
	struct str base; /* what a URL in it is relative to */
};

/* What an entry, or the feed itself, has said so far. Texts are in the arena. */
struct feed_part {
	struct feed_value id;
	struct feed_value url;
	struct feed_value title; /* plain text */
	struct feed_value summary;
	struct feed_value content;
	struct feed_value published;
	struct feed_value updated;
	struct feed_value language;
	struct feed_value license;
	struct feed_value source;
	struct feed_value source_url;
	struct feed_value image; /* of the feed */
	struct str authors[FEED_AUTHORS_MAX];
	size_t author_count;
	int author_rank; /* all of them are from places of this rank */
	struct str tags[FEED_TAGS_MAX];
	size_t tag_count;
	struct feed_media media[FEED_MEDIA_MAX];
	size_t media_count;
};

struct feed_draft {
	struct arena *arena;
	struct feed *feed;
	struct str base; /* URL of the feed */
	int64_t now;
	size_t room; /* entries that there is memory for */
};

/* Empties a part: ranks of what was not said are the worst. */
void feed_part_init(struct feed_part *part);

/* Takes a value unless a better place has given one. Empty ones are none. */
void feed_put(struct feed_draft *draft, struct feed_value *value, int rank, struct str text,
	      struct str base);

/* The same for a line of text: with_markup says that HTML in it is markup, not text. */
void feed_put_line(struct feed_draft *draft, struct feed_value *value, int rank, struct str text,
		   bool with_markup);

/* "desk@paper.example (A. Name)", "A. Name <desk@paper.example>", "A. Name": the name. */
void feed_put_author(struct feed_draft *draft, struct feed_part *part, int rank, struct str text);

void feed_put_tag(struct feed_draft *draft, struct feed_part *part, struct str text);

/* A new medium; NULL when there are too many, or one of that URL is there already, which is returned then. */
struct feed_media *feed_put_media(struct feed_draft *draft, struct feed_part *part, struct str url,
				  struct str base);

/* Finishes an entry: dates are read, URLs resolved. */
void feed_finish_entry(struct feed_draft *draft, const struct feed_part *part);

/* Finishes the feed's own facts, on which its entries fall back. */
void feed_finish(struct feed_draft *draft, const struct feed_part *part);

void feed_add_outline(struct feed_draft *draft, struct str title, struct str url,
		      struct str category);

/* Text as HTML that shows it as it is: lines are paragraphs. */
struct str feed_escape(struct arena *arena, struct str text);

/* HTML without markup of its own whose line ends are meant: lines are told apart, blank ones part paragraphs. */
struct str feed_lines(struct arena *arena, struct str html);

/* The formats. False with err set when the bytes, in UTF-8, are not of that kind. */
bool feed_read_xml(struct feed_draft *draft, struct str text, struct err *err);
bool feed_read_json(struct feed_draft *draft, struct str text, struct err *err);
void feed_read_gemtext(struct feed_draft *draft, struct str text);
void feed_read_gophermap(struct feed_draft *draft, struct str text);

/*
 * What feeds contain that is no XML, made harmless: the declaration and DOCTYPE go (with them all entities of their own),
 * HTML's named characters become characters, stray "&" and "<" are escaped.
 */
struct str feed_mend_xml(struct arena *arena, struct str text);

#endif
