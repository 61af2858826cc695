/* FTS5's side of the search: every term in quotes, so that nothing in it is syntax. */
#include "store/search.h"

#include "base/buf.h"

enum { MATCH_MAX = 1 << 20 }; /* bytes; all terms with all their forms need half of it */

/* Quotes and controls separate words anyway: as blanks they can do nothing else. */
static void put_words(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		buf_char(out, c == '"' || (unsigned char)c < ' ' ? ' ' : c);
	}
}

static void put_quoted(struct buf *out, struct str text, struct str last)
{
	buf_char(out, '"');
	put_words(out, text);
	put_words(out, last);
	buf_char(out, '"');
}

/* Any of the words that a prefix stands for, behind what comes before it in a phrase. */
static void put_forms(struct buf *out, const struct search_term *term)
{
	struct str before = str_head(term->text, term->form_start);

	buf_char(out, '(');
	for (size_t i = 0; i < term->forms->count; i++) {
		if (i)
			buf_str(out, STR(" OR "));
		put_quoted(out, before, term->forms->items[i]);
	}
	buf_char(out, ')');
}

static void put_term(struct buf *out, const struct search_term *term)
{
	if (term->field == SEARCH_BYLINE)
		buf_str(out, STR("authors : "));
	if (term->forms && term->forms->count) {
		put_forms(out, term);
		return;
	}
	put_quoted(out, term->text, STR(""));
	if (term->prefix && !term->forms)
		buf_char(out, '*');
}

/* The text terms, wanted or not, with an operator between them. */
static struct str join(struct arena *arena, const struct search_query *query, bool excluded,
		       struct str operator)
{
	struct buf expression;
	struct str text;

	buf_init(&expression, MATCH_MAX);
	for (size_t i = 0; i < query->count; i++) {
		const struct search_term *term = &query->terms[i];

		if (!search_in_text(term->field) || term->excluded != excluded)
			continue;
		if (expression.len != 0)
			buf_str(&expression, operator);
		put_term(&expression, term);
	}
	text = arena_str(arena, buf_view(&expression));
	buf_done(&expression);
	return text;
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
