/*
 * Rules of sites: which XPath 1.0 expressions find title, text, author and date on the
 * pages of a host. The format is that of fivefilters' ftr-site-config: a file a host, "name: value" lines.
 */
#ifndef IMPORT_RULE_H
#define IMPORT_RULE_H

#include <libxml/xpath.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { RULE_LINES_MAX = 200, RULE_FILE_MAX = 64 << 10 };

/* A folder of rule files. */
struct rules {
	const char *folder;
};

enum rule_kind {
	RULE_TITLE,
	RULE_BODY,
	RULE_AUTHOR,
	RULE_DATE,
	RULE_STRIP,		/* elements that go */
	RULE_STRIP_ID_OR_CLASS, /* a part of an id or class */
	RULE_STRIP_IMAGE_SRC,
	RULE_NEXT_PAGE,
	RULE_SINGLE_PAGE,
	RULE_TEST_URL,
	RULE_FIND,
	RULE_REPLACE,
	RULE_PRUNE,
	RULE_TIDY,
	RULE_AUTODETECT,
	RULE_COUNT
};

struct rule_line {
	enum rule_kind kind;
	struct str value;
	struct str with; /* of replace_string(find): with */
};

/* The rules for one host, in the order of their file. */
struct rule {
	struct rule_line lines[RULE_LINES_MAX];
	size_t count;
};

/* Parses a file's text. Lines that are not understood are passed over: the format has grown for years. */
void rule_parse(struct arena *arena, struct str text, struct rule *ret_rule);

/*
 * Finds the rules of a host: "www.paper.example.txt", without "www.", then ".paper.example.txt" for
 * all hosts below it. False when there are none.
 */
bool rule_find(struct arena *arena, const struct rules *rules, struct str host,
	       struct rule *ret_rule);

/* The text with its find_string and replace_string done; the same when there are none. */
struct str rule_replace(struct arena *arena, const struct rule *rule, struct str html);

/* Takes out what the rules strip. */
void rule_strip(const struct rule *rule, xmlDoc *page);

/* The first text that an expression of the kind finds; empty. */
struct str rule_text(struct arena *arena, const struct rule *rule, enum rule_kind kind,
		     xmlDoc *page);

/* The elements of the first body expression that finds any, copied into a new document with one root; NULL. */
xmlDoc *rule_body(const struct rule *rule, xmlDoc *page);

/* Whether a switch ("prune: no") says yes; preset when it is not there. */
bool rule_says(const struct rule *rule, enum rule_kind kind, bool preset);

#endif
