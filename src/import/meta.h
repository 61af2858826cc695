/*
 * What a page says about its article: JSON-LD, meta elements (Open Graph, Dublin Core and
 * others), microdata, and what readers see: title, byline, times. For each fact the places are
 * asked in an order that was measured.
 */
#ifndef IMPORT_META_H
#define IMPORT_META_H

#include "import/dom.h"
#include "store/article.h"

enum { META_TAGS_MAX = 12, META_AUTHORS_MAX = 8, META_LINE_MAX = 1000, META_SUMMARY_MAX = 2000 };

struct meta {
	struct str title;
	struct str site;
	struct texts authors;
	int64_t published; /* 0: not said */
	int64_t updated;
	struct str language; /* BCP 47 */
	struct str summary;
	struct str section;
	struct texts tags;
	struct str image; /* absolute URL */
	struct str image_caption;
	struct str image_credit;
	struct str image_alt;
	struct str url; /* canonical, absolute */
	struct str license;
	struct str
		body; /* articleBody of JSON-LD, plain text with line ends; empty when there is none */
	bool is_locked; /* says that it is not free to read */
	bool is_film;	/* a film is what it is about */
};

/*
 * Reads them. base is the URL of the page, now bounds dates (import/when.h). All that is
 * returned is in arena.
 */
void meta_read(struct arena *arena, xmlDoc *page, struct str base, int64_t now,
	       struct meta *ret_meta);

#endif
