/* Web pages as trees: libxml2's HTML parser, and how the tree is walked and read. */
#ifndef IMPORT_DOM_H
#define IMPORT_DOM_H

#include <libxml/HTMLparser.h>
#include <libxml/tree.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

enum {
	DOM_BYTES_MAX = 6 << 20, /* of a page, decompressed */
	DOM_DEPTH_MAX =
		200, /* elements in each other; what is deeper is plain text of the last one */
};

/*
 * Parses a page or a fragment of one, in UTF-8. Nothing is fetched. The caller frees it with
 * xmlFreeDoc(). NULL when there is not a single element in it.
 */
xmlDoc *dom_parse(struct str html);

/* What an element is to a reader (HTML Standard 15.3). */
enum dom_class {
	DOM_INLINE,
	DOM_BLOCK,    /* text in it stands apart from what is around it */
	DOM_HEADING,  /* a block too */
	DOM_HIDDEN,   /* its text is not for reading: script, style, form fields */
	DOM_REPLACED, /* img, video and the like */
};

struct dom_tag {
	const char *name;
	enum dom_class class;
};

/* The row of an element; unknown ones are inline. Never NULL. */
const struct dom_tag *dom_tag(const xmlNode *node);

/* Whether node is the element of that name (lower-case). NULL is none. */
bool dom_is(const xmlNode *node, const char *name);

/* Whether node is an element of one of the names: "p div td". */
bool dom_is_one(const xmlNode *node, const char *names);

bool dom_is_block(const xmlNode *node); /* DOM_BLOCK or DOM_HEADING */

/* An attribute's value, borrowed from the tree; empty when it has none. */
struct str dom_attribute(const xmlNode *node, const char *name);

/* The next node in document order within top, or NULL; with dom_next_beside() what is in node is passed over. */
xmlNode *dom_next(const xmlNode *node, const xmlNode *top);
xmlNode *dom_next_beside(const xmlNode *node, const xmlNode *top);

/* The first element of a name in top, itself included; NULL. */
xmlNode *dom_find(xmlNode *top, const char *name);

/* The first element whose attribute contains a word among its blank-separated ones, whatever the case. */
xmlNode *dom_find_word(xmlNode *top, const char *attribute, const char *word);

/* Whether the attribute has that word. */
bool dom_has_word(const xmlNode *node, const char *attribute, const char *word);

/* Appends all text below top, hidden elements left out, with a blank where a block begins or ends. Blanks in a row become one space. */
void dom_text(const xmlNode *top, struct buf *out);

/* The same as one printable line in arena, at most max bytes. */
struct str dom_line(struct arena *arena, const xmlNode *top, size_t max);

/* Takes node out of its tree and frees it. */
void dom_remove(xmlNode *node);

/* The content of a text node; empty for others. */
struct str dom_content(const xmlNode *node);

/* One printable line: blanks of all kinds in a row become one space, soft hyphens and zero-width spaces go. */
struct str dom_clean_line(struct arena *arena, struct str text, size_t max);

/* A fragment of HTML, or text with character references, as one printable line of plain text. */
struct str dom_plain(struct arena *arena, struct str html, size_t max);

#endif
