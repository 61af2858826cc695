/* Gopher request lines, plain and Gopher+, cut into their fields. Internal to proto/. */
#ifndef PROTO_GOPHER_LINE_H
#define PROTO_GOPHER_LINE_H

#include "base/arena.h"
#include "base/str.h"

enum {
	GOPHER_LINE_MAX = 1024,
	GOPHER_SELECTOR_MAX = 255, /* RFC 1436, appendix */
	GOPHER_WORDS_MAX = 512,
};

/* What is asked about a selector. */
enum gopher_ask {
	ASK_PLAIN, /* itself, as RFC 1436 has it */
	ASK_FETCH, /* "+": itself, with a header; detail is the view, or empty */
	ASK_ITEM,  /* "!": what is known of it; detail names the blocks wanted, or is empty: all */
	ASK_MENU,  /* "$": the same of every item of a menu */
};

struct gopher_line {
	struct str selector;
	struct str words;
	bool has_words;
	enum gopher_ask ask;
	struct str detail; /* "text/plain En", "+VIEWS+ABSTRACT" */
	bool has_data;	   /* the client wants to send more */
};

/*
 * Cuts line at its TABs. The second field is search words unless it is "+", "!" or
 * "$", begins with "$+" or "!+", or is "+" and a view; behind words
 * the Gopher+ field comes third. Nothing is cleaned or bounded.
 */
void gopher_line_split(struct str line, struct gopher_line *ret_line);

/*
 * The clean path of a selector: with or without its first slash, with slashes
 * doubled, or behind an item type that the client repeats ("0/robots.txt").
 * Selectors are opaque, so "%" means nothing in them. False for "." and ".." and the like.
 */
bool gopher_path(struct arena *arena, struct str selector, struct str *ret_path);

/* Whether the line is the first one of an HTTP request. */
bool gopher_is_http(struct str line);

#endif
