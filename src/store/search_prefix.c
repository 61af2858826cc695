/*
 * The words that a prefix stands for. FTS5 would gather all places of all of them before
 * it gives the first; asked for each by its name it begins with the newest article at once.
 */
#include <string.h>

#include "store/catalogue.h"
#include "store/fold.h"
#include "store/search.h"
#include "store/tokens.h"

#include "base/text.h"

enum { VARIANTS_MAX = 4 }; /* of one word: with and without its article */

/* The last word of a text as the index has it. */
struct last_word {
	struct arena *arena;
	struct str variants[VARIANTS_MAX];
	size_t count;
	size_t start; /* in the text */
};

static bool on_token(void *context, const struct token *token)
{
	struct last_word *last = context;

	if (!token->colocated)
		last->count = 0;
	if (last->count < VARIANTS_MAX)
		last->variants[last->count++] = arena_str(last->arena, token->text);
	last->start = token->start;
	return true;
}

/* Scripts without blanks are searched by pairs of characters, of which too many begin alike. */
static bool is_of_words(struct str text)
{
	uint32_t rune;

	return text_rune(text, &rune) != 0 && fold_class(rune) == FOLD_WORD;
}

/* The first word of the index that is not before text; empty when there is none. */
static struct str word_from(struct store *store, struct str text, struct arena *arena)
{
	sqlite3_stmt *statement = catalogue_statement(
		&store->catalogue, "SELECT term FROM search_words WHERE term >= ?1 LIMIT 1");
	struct str word = STR("");

	bind_str(statement, 1, text);
	while (catalogue_row(&store->catalogue, statement))
		word = column_copy(statement, 0, arena);
	return word;
}

/* Adds the words that begin with a variant. False when there are more than fit. */
static bool add_words(struct store *store, struct str variant, struct arena *arena,
		      struct texts *words)
{
	struct str word = word_from(store, variant, arena);

	while (word.len && str_starts(word, variant)) {
		if (words->count == SEARCH_FORMS_MAX)
			return false;
		words->items[words->count++] = word;
		/* No word has this byte: the next one is behind all that this one is the whole of. */
		word = word_from(store, arena_join(arena, word, STR("\x01"), STR("")), arena);
	}
	return true;
}

static bool is_short(struct store *store)
{
	sqlite3_stmt *statement = catalogue_statement(
		&store->catalogue, "SELECT coalesce(sum(total), 0) FROM edition AS e JOIN list AS l"
				   " ON l.edition = e.id AND l.kind = ?1 AND l.key = ''");
	int64_t total = 0;

	sqlite3_bind_int(statement, 1, LIST_ALL);
	while (catalogue_row(&store->catalogue, statement))
		total = sqlite3_column_int64(statement, 0);
	return total <= SEARCH_SHORT;
}

bool search_find_forms(struct store *store, struct search_query *query, struct arena *arena)
{
	bool is_complete = true;

	for (size_t i = 0; i < query->count; i++) {
		struct search_term *term = &query->terms[i];
		struct last_word last = { .arena = arena };
		struct texts *forms;
		bool all = true;

		if (!term->prefix || !search_in_text(term->field))
			continue;
		tokens_each(term->text, false, on_token, &last);
		if (last.count == 0 || !is_of_words(str_skip(term->text, last.start)))
			continue;
		forms = ARENA_NEW(arena, struct texts);
		forms->items = ARENA_ARRAY(arena, SEARCH_FORMS_MAX, struct str);
		for (size_t j = 0; j < last.count && all; j++)
			all = add_words(store, last.variants[j], arena, forms);
		if (!all && is_short(store))
			continue; /* FTS5 has them soon */
		term->forms = forms;
		term->form_start = last.start;
		is_complete &= all;
	}
	return is_complete;
}
