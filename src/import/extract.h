/*
 * A web page becomes an article: which part of it is the text, by which rule it was found,
 * and what the page says of it.
 */
#ifndef IMPORT_EXTRACT_H
#define IMPORT_EXTRACT_H

#include "import/meta.h"
#include "import/prose.h"
#include "import/rule.h"

/* What has found the text, in the order in which it is tried. */
enum extract_by {
	EXTRACT_RULE,	/* a rule of the site */
	EXTRACT_JSONLD, /* articleBody */
	EXTRACT_READABILITY,
	EXTRACT_ARTICLE, /* the paragraphs of an article element */
	EXTRACT_FEED,	 /* the feed's own text */
	EXTRACT_NOTHING,
};

/* "rule", "jsonld" and so on. */
const char *extract_name(enum extract_by by);

struct extract_plan {
	struct str url; /* of the page */
	int64_t now;
	const struct rules *rules; /* may be NULL */
	struct prose_plan prose;
};

struct extract {
	struct meta meta;
	struct prose prose;
	enum extract_by by;
	struct str next_page; /* by a rule; empty */
};

/* Extracts from a page in UTF-8. What is returned lives in arena. False when there is no text in it. */
bool extract_page(struct arena *arena, struct str html, const struct extract_plan *plan,
		  struct extract *ret_extract);

#endif
