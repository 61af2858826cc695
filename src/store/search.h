/*
 * What a reader can ask for, and what comes of it. Words mean AND; a "phrase"
 * stands together; -word and -"phrase" must not occur; word* (three letters or
 * more) is the beginning of a word. tag:, author: and section: take a name or
 * a path's last part, section: a path too; all three can be negated. Where
 * nobody is called just that, author: takes a part of a name.
 * after:DATE is that year, month or day (YYYY, YYYY-MM, YYYY-MM-DD) and what
 * came later, before:DATE what came earlier. Everything else is a word: no
 * sign in it means anything to SQLite or FTS5.
 */
#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H

#include "base/arena.h"
#include "store/store.h"

enum {
	SEARCH_TERMS_MAX = 8,	   /* later ones are left aside; dates do not count */
	SEARCH_WORDS_MAX = 1024,   /* bytes that are looked at */
	SEARCH_PREFIX_LETTERS = 3, /* that a word* must have */
	SEARCH_MILLISECONDS = 100, /* that one search may take */
	SEARCH_SNIPPET_MAX = 200,  /* bytes */
	SEARCH_FORMS_MAX =
		128, /* words that a word* stands for; in a long paper others are left aside */
	SEARCH_SHORT = 20000, /* articles of a paper that is not long */
};

enum search_field { SEARCH_TEXT, SEARCH_TAG, SEARCH_AUTHOR, SEARCH_SECTION, SEARCH_BYLINE };

/* Whether the full text answers for it, not a list. */
static inline bool search_in_text(enum search_field field)
{
	return field == SEARCH_TEXT || field == SEARCH_BYLINE;
}

/* One thing wanted, or not wanted. */
struct search_term {
	enum search_field field; /* SEARCH_BYLINE: words that the authors' names have to have */
	struct str text;	 /* holds at least one letter or digit */
	bool excluded;
	bool prefix; /* of text: its last word may go on */
	const struct texts
		*forms;	   /* what that word may be, as the index has it; NULL: not looked up */
	size_t form_start; /* where that word begins in text */
};

/* Words, taken apart. */
struct search_query {
	struct search_term terms[SEARCH_TERMS_MAX];
	size_t count;
	int64_t from;	/* published at or after; 0: no bound */
	int64_t before; /* published before; INT64_MAX: no bound */
};

/* Takes words apart; texts share their bytes. False when there is nothing in them to look for. */
bool search_parse(struct str words, struct search_query *ret_query);

/*
 * Looks up what the prefixes among the text terms stand for. False when that is more than
 * SEARCH_FORMS_MAX words, in a long paper: then some of what there is will not be found.
 */
bool search_find_forms(struct store *store, struct search_query *query, struct arena *arena);

/*
 * The FTS5 expression for the text terms: those wanted, without those that are
 * not. Empty when no text is wanted.
 */
struct str search_match(struct arena *arena, const struct search_query *query);

/* The expression that finds any of the text terms not wanted; empty when there is none. */
struct str search_unwanted(struct arena *arena, const struct search_query *query);

enum { SEARCH_MARK = 2 }; /* the byte that FTS5 puts before hits; no text of ours has it */

/*
 * A passage around the first hit as one line of at most SEARCH_SNIPPET_MAX
 * bytes, marks taken out; empty when there is no mark.
 */
struct str search_snippet(struct arena *arena, struct str marked);

/* store_search() with another time budget. */
enum search_outcome search_within(struct store *store, const struct search *search,
				  int milliseconds, struct arena *arena,
				  struct headlines *ret_list);

#endif
