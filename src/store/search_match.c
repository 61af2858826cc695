/* FTS5's side of the search: every term in quotes, so that nothing in it is syntax. */
#include "store/search.h"

#include <string.h>

/* What one expression needs at most: the words, and around each term quotes, operators and brackets. */
enum { MATCH_MAX = SEARCH_WORDS_MAX + 24 * SEARCH_TERMS_MAX };

struct expression {
	char *text;
	size_t len;
};

static void append(struct expression *expression, struct str part)
{
	memcpy(expression->text + expression->len, part.data, part.len);
	expression->len += part.len;
}

/* Quotes and controls separate words anyway: as blanks they can do nothing else. */
static void append_quoted(struct expression *expression, const struct search_term *term)
{
	append(expression, STR("\""));
	for (size_t i = 0; i < term->text.len; i++) {
		char c = term->text.data[i];

		if (c == '"' || (unsigned char)c < ' ')
			c = ' ';
		append(expression, (struct str){ &c, 1 });
	}
	append(expression, term->prefix ? STR("\"*") : STR("\""));
}

/* The text terms, wanted or not, with an operator between them. */
static struct str join(struct arena *arena, const struct search_query *query, bool excluded,
		       struct str operator)
{
	struct expression expression = { arena_alloc(arena, MATCH_MAX, 1), 0 };

	for (size_t i = 0; i < query->count; i++) {
		const struct search_term *term = &query->terms[i];

		if (!search_in_text(term->field) || term->excluded != excluded)
			continue;
		if (expression.len != 0)
			append(&expression, operator);
		if (term->field == SEARCH_BYLINE)
			append(&expression, STR("authors : "));
		append_quoted(&expression, term);
	}
	return (struct str){ expression.text, expression.len };
}

struct str search_unwanted(struct arena *arena, const struct search_query *query)
{
	return join(arena, query, true, STR(" OR "));
}

struct str search_match(struct arena *arena, const struct search_query *query)
{
	struct str wanted = join(arena, query, false, STR(" AND "));
	struct str unwanted = search_unwanted(arena, query);

	if (wanted.len == 0 || unwanted.len == 0)
		return wanted;
	return arena_format(arena, "(" STR_FMT ") NOT (" STR_FMT ")", STR_ARG(wanted),
			    STR_ARG(unwanted));
}
