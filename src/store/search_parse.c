/* The reader's side of the search: words taken apart. */
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "store/fold.h"
#include "store/search.h"
#include "store/tokens.h"

/* What stands between blanks, or in quotes. */
struct piece {
	struct str text;
	bool quoted;
};

static bool is_blank(uint32_t rune)
{
	return rune <= ' ' || rune == 0x7F || rune == 0xA0 || rune == 0x3000;
}

static bool is_quote(uint32_t rune)
{
	return rune == '"' || rune == 0xAB || rune == 0xBB || (rune >= 0x201C && rune <= 0x201F) ||
	       rune == 0xFF02;
}

static struct str skip_blanks(struct str s)
{
	uint32_t rune;
	size_t used;

	while ((used = text_rune(s, &rune)) != 0 && is_blank(rune))
		s = str_skip(s, used);
	return s;
}

/* Bytes up to the next quote, or to the next blank as well. */
static size_t reach(struct str s, bool quoted)
{
	size_t len = 0;
	uint32_t rune;
	size_t used;

	while ((used = text_rune(str_skip(s, len), &rune)) != 0) {
		if (is_quote(rune) || (!quoted && is_blank(rune)))
			break;
		len += used;
	}
	return len;
}

/* Takes a word or a quoted phrase, whose second quote may be missing. */
static struct piece take_piece(struct str *rest)
{
	struct piece piece = { .text = STR("") };
	uint32_t rune = 0;
	size_t used = text_rune(*rest, &rune);
	size_t len;

	if (used != 0 && is_quote(rune)) {
		piece.quoted = true;
		*rest = str_skip(*rest, used);
	}
	len = reach(*rest, piece.quoted);
	piece.text = str_head(*rest, len);
	*rest = str_skip(*rest, len);
	if (piece.quoted)
		*rest = str_skip(*rest, text_rune(*rest, &rune));
	return piece;
}

/* What a text comes down to when it is looked up. */
struct measure {
	size_t letters; /* of the last token */
	size_t grams;	/* likewise, of scripts without blanks */
	bool found;
};

static bool measure_token(void *context, const struct token *token)
{
	struct measure *measure = context;
	struct str rest = token->text;
	uint32_t rune;
	size_t used;

	if (token->colocated)
		return true;
	*measure = (struct measure){ .found = true };
	for (; (used = text_rune(rest, &rune)) != 0; rest = str_skip(rest, used)) {
		enum fold_class class = fold_class(rune);

		measure->letters += class == FOLD_WORD;
		measure->grams += class == FOLD_GRAM;
	}
	return true;
}

static void add_term(struct search_query *query, struct search_term term, bool wants_prefix)
{
	struct measure measure = { 0 };

	tokens_each(term.text, false, measure_token, &measure);
	if (!measure.found || query->count == SEARCH_TERMS_MAX)
		return;
	/* A lone character is in the index only as the beginning of pairs. */
	term.prefix = (wants_prefix && measure.letters >= SEARCH_PREFIX_LETTERS) ||
		      (measure.grams == 1 && measure.letters == 0);
	query->terms[query->count++] = term;
}

/* YYYY, YYYY-MM or YYYY-MM-DD: the second with which it begins. */
static bool read_date(struct str text, int64_t *ret_seconds)
{
	char full[] = "0000-01-01";

	if (text.len != 4 && text.len != 7 && text.len != 10)
		return false;
	memcpy(full, text.data, text.len);
	return date_parse(str_from(full), ret_seconds);
}

/* after: is before: turned round, and either may be negated. False when the date is none. */
static bool add_date(struct search_query *query, struct str text, bool is_after)
{
	int64_t date;

	if (!read_date(text, &date))
		return false;
	if (is_after && date > query->from)
		query->from = date;
	if (!is_after && date < query->before)
		query->before = date;
	return true;
}

enum key { KEY_NONE, KEY_TAG, KEY_AUTHOR, KEY_SECTION, KEY_BEFORE, KEY_AFTER };

/* Takes "tag:" and the like. */
static enum key take_key(struct str *rest)
{
	static const struct {
		struct str name;
		enum key key;
	} keys[] = {
		{ { "tag:", 4 }, KEY_TAG },	    { { "author:", 7 }, KEY_AUTHOR },
		{ { "section:", 8 }, KEY_SECTION }, { { "before:", 7 }, KEY_BEFORE },
		{ { "after:", 6 }, KEY_AFTER },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!str_eq_nocase(str_head(*rest, keys[i].name.len), keys[i].name))
			continue;
		*rest = str_skip(*rest, keys[i].name.len);
		return keys[i].key;
	}
	return KEY_NONE;
}

static enum search_field field_of(enum key key)
{
	switch (key) {
	case KEY_TAG:
		return SEARCH_TAG;
	case KEY_AUTHOR:
		return SEARCH_AUTHOR;
	case KEY_SECTION:
		return SEARCH_SECTION;
	default:
		return SEARCH_TEXT;
	}
}

static bool ends_with_star(struct piece piece)
{
	return !piece.quoted && str_ends(piece.text, STR("*"));
}

/* Takes one thing asked for; rest starts with no blank. */
static void parse_one(struct search_query *query, struct str *rest)
{
	struct search_term term = { 0 };
	struct str whole;
	struct piece piece;
	enum key key;

	while (str_starts(*rest, STR("-"))) {
		term.excluded = true;
		*rest = str_skip(*rest, 1);
	}
	whole = *rest;
	key = take_key(rest);
	if (key != KEY_NONE)
		*rest = skip_blanks(*rest); /* "tag: x" is what the prompt seems to ask for */
	piece = take_piece(rest);
	if (key >= KEY_BEFORE && add_date(query, piece.text, (key == KEY_AFTER) != term.excluded))
		return;
	term.field = field_of(key);
	term.text = piece.text;
	if (key >= KEY_BEFORE) /* no date: words like any others */
		term.text = str_head(whole,
				     (size_t)(piece.text.data + piece.text.len - whole.data));
	add_term(query, term, term.field == SEARCH_TEXT && ends_with_star(piece));
}

bool search_parse(struct str words, struct search_query *ret_query)
{
	struct str rest = skip_blanks(str_head(words, SEARCH_WORDS_MAX));

	*ret_query = (struct search_query){ .before = INT64_MAX };
	for (; rest.len != 0; rest = skip_blanks(rest))
		parse_one(ret_query, &rest);
	return ret_query->count != 0 || ret_query->from != 0 || ret_query->before != INT64_MAX;
}
