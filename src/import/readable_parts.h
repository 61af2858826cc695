/* The parts of the Readability algorithm; for readable*.c only. */
#ifndef IMPORT_READABLE_PARTS_H
#define IMPORT_READABLE_PARTS_H

#include "import/dom.h"

/* What is tried first and given up, one after the other, when it leaves too little text. */
enum {
	READABLE_DROPS_UNLIKELY = 1,
	READABLE_WEIGHS_NAMES = 2,
	READABLE_CLEANS = 4,
};

/* What a subtree is made of. Lengths are characters, blanks in a row counted once. */
struct census {
	size_t text;
	size_t link_text; /* links within the page count a third */
	size_t heading_text;
	size_t prose_text; /* within p, span, li, td, quotes */
	size_t commas;	   /* in all scripts that have one */
	size_t paragraphs;
	size_t pictures;
	size_t items;
	size_t inputs;
	size_t embeds; /* frames and objects that are no films of well-known places */
	size_t films;
};

struct census census_of(const xmlNode *top);

/* Share of the text that is links, 0 to 1. */
double census_link_density(const struct census *census);

/* What the names of an element (class and id) let expect: -50 to 50. */
int names_weight(const xmlNode *node);

/* Whether its names or its role are those of furniture. */
bool names_are_unlikely(const xmlNode *node);

/* Whether its names are those of buttons for sharing. */
bool names_are_sharing(const xmlNode *node);

/* Whether its names are those of a box beside the text: related stories, newsletters, promotions, comments. */
bool names_are_aside(const xmlNode *node);

/* Whether an element is not shown: by attribute or by style. */
bool is_out_of_sight(const xmlNode *node);

/* Whether a frame, embed or object shows a film of a well-known place. */
bool is_film(const xmlNode *node);

/* Takes out what is never text, and makes paragraphs of bare text in boxes. */
void readable_prepare(xmlNode *body);

/* Gives points and returns the article's element with its neighbours as a new element of the same document; NULL. */
xmlNode *readable_choose(xmlNode *body, unsigned flags);

/* Takes furniture out of what was chosen. */
void readable_tidy(xmlNode *article, unsigned flags, struct str title);

/* Whether a table holds data, not layout. */
bool is_data_table(const xmlNode *table);

#endif
