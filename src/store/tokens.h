/* Text cut into the words that the search compares. */
#ifndef STORE_TOKENS_H
#define STORE_TOKENS_H

#include "base/str.h"

/* A word, folded, and the bytes of the text that it stands for. */
struct token {
	struct str text; /* valid during the call only */
	size_t start;
	size_t end;
	bool colocated; /* another form of the token before, at the same place */
};

/* Is given each token in order; false ends the scan. */
typedef bool token_handler(void *context, const struct token *token);

/*
 * Calls handler for every token. Scripts without blanks between words give
 * overlapping pairs of characters, a lone character itself. In a document the
 * last character of such a run is a token too, so that a prefix search for one
 * character finds it anywhere. Any bytes will do; malformed ones end words.
 * False when the handler ended the scan.
 */
bool tokens_each(struct str text, bool is_document, token_handler *handler, void *context);

#endif
