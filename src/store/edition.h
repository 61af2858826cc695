/* Editions and their sections: what edition.ini and section.ini say. */
#ifndef STORE_EDITION_H
#define STORE_EDITION_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "page/page.h"
#include "store/article.h"
#include "store/label.h"

struct section {
	struct str path; /* full, with its slash: "/ar/news/politics/" */
	struct str name;
	struct str description; /* may be empty */
	bool is_declared;	/* has a section.ini; else it is only there while it has articles */
	bool by_title;		/* order = title; else newest first */
	int depth;		/* 1 or 2 */
	int parent;		/* index in the edition's sections; -1 at depth 1 */
};

struct edition {
	int64_t id;
	struct str prefix; /* "" or "ar" */
	struct str root;   /* "/" or "/ar/" */
	struct str name;
	struct str slogan;
	struct str language;
	struct str contact;
	struct str license;
	unsigned front;			/* stories per section on the front page */
	unsigned lead;			/* stories at the top of the front page */
	unsigned boxes;			/* entries of each box (trending, most read, read this) */
	bool summaries;			/* the front page shows summaries of its lead stories */
	bool subsections;		/* the front page lists the second level of sections too */
	struct str labels[LABEL_COUNT]; /* built in for the language, overridden by [labels] */
	struct link *links;		/* [links]: app links of the footer */
	size_t link_count;
	struct texts picks;	  /* full paths named in edition.ini, in their order */
	struct section *sections; /* in order of display, each followed by its subsections */
	size_t section_count;
	struct link *
		pages; /* about, contact, ...: pages at the edition's root, by file name; label is the title */
	size_t page_count;
};

/* The label of this edition. */
static inline struct str edition_label(const struct edition *edition, enum label label)
{
	return edition->labels[label];
}

/* The section with that full path ("/news/europe/"); NULL when there is none. */
const struct section *edition_section(const struct edition *edition, struct str path);

#endif
