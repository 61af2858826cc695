/* Cutting text into tokens: words, and pairs of characters where words cannot be told. */
#include "store/tokens.h"

#include <string.h>

#include "base/text.h"
#include "store/arabic.h"
#include "store/fold.h"

/* A scan under way. */
struct scanner {
	struct str text;
	bool is_document;
	token_handler *handler;
	void *context;
};

/* Bytes at the start of text that are ASCII letters and digits. */
static size_t plain_letters(struct str text)
{
	size_t len = 0;

	while (len < text.len && ((text.data[len] >= 'a' && text.data[len] <= 'z') ||
				  (text.data[len] >= 'A' && text.data[len] <= 'Z') ||
				  (text.data[len] >= '0' && text.data[len] <= '9')))
		len++;
	return len;
}

static enum fold_class class_at(struct str text, size_t at, size_t *ret_used)
{
	uint32_t rune = 0;

	*ret_used = text_rune(str_skip(text, at), &rune);
	return *ret_used == 0 ? FOLD_BREAK : fold_class(rune);
}

/* Where the marks end that follow the character before at. */
static size_t skip_marks(struct str text, size_t at)
{
	size_t used;

	while (class_at(text, at, &used) == FOLD_EXTEND)
		at += used;
	return at;
}

static struct str between(const struct scanner *scanner, size_t start, size_t end)
{
	return (struct str){ scanner->text.data + start, end - start };
}

/* The word that starts at *at, with its forms without article. */
static bool scan_word(const struct scanner *scanner, size_t *at)
{
	char room[FOLD_BYTES_MAX];
	struct str stems[ARABIC_STEMS_MAX];
	struct token token = { .start = *at };
	enum fold_class class;
	size_t used;
	size_t count;

	do {
		*at += plain_letters(str_skip(scanner->text, *at));
		class = class_at(scanner->text, *at, &used);
		if (class == FOLD_WORD || class == FOLD_EXTEND)
			*at += used;
	} while (class == FOLD_WORD || class == FOLD_EXTEND);
	token.end = *at;
	token.text = (struct str){ room, fold(between(scanner, token.start, token.end), room) };
	if (token.text.len == 0)
		return true;
	if (!scanner->handler(scanner->context, &token))
		return false;
	count = arabic_stems(token.text, stems);
	token.colocated = true;
	for (size_t i = 0; i < count; i++) {
		token.text = stems[i];
		if (!scanner->handler(scanner->context, &token))
			return false;
	}
	return true;
}

/* A character with its marks, folded. */
struct gram {
	size_t start;
	size_t end;
	size_t len;
	char text[FOLD_BYTES_MAX];
};

/* The next character of a run; false at its end. */
static bool next_gram(const struct scanner *scanner, size_t *at, struct gram *ret_gram)
{
	size_t used;

	while (class_at(scanner->text, *at, &used) == FOLD_GRAM) {
		ret_gram->start = *at;
		ret_gram->end = skip_marks(scanner->text, *at + used);
		*at = ret_gram->end;
		ret_gram->len = fold(between(scanner, ret_gram->start, ret_gram->end),
				     ret_gram->text);
		if (ret_gram->len != 0)
			return true;
	}
	return false;
}

/*
 * A pair stands for its first character only: FTS5's snippet() garbles text
 * when the tokens of adjacent hits overlap.
 */
static bool give_pair(const struct scanner *scanner, const struct gram *first,
		      const struct gram *second)
{
	char room[2 * FOLD_BYTES_MAX];
	struct token token = { .start = first->start, .end = first->end };

	memcpy(room, first->text, first->len);
	memcpy(room + first->len, second->text, second->len);
	token.text = (struct str){ room, first->len + second->len };
	return scanner->handler(scanner->context, &token);
}

static bool give_single(const struct scanner *scanner, const struct gram *gram, bool colocated)
{
	struct token token = { .text = { gram->text, gram->len },
			       .start = gram->start,
			       .end = gram->end,
			       .colocated = colocated };

	return scanner->handler(scanner->context, &token);
}

static bool scan_grams(const struct scanner *scanner, size_t *at)
{
	struct gram grams[2];
	size_t count = 0;

	while (next_gram(scanner, at, &grams[count % 2])) {
		count++;
		if (count > 1 && !give_pair(scanner, &grams[count % 2], &grams[(count - 1) % 2]))
			return false;
	}
	if (count == 0)
		return true;
	if (count > 1 && !scanner->is_document)
		return true;
	return give_single(scanner, &grams[(count - 1) % 2], count > 1);
}

bool tokens_each(struct str text, bool is_document, token_handler *handler, void *context)
{
	const struct scanner scanner = { text, is_document, handler, context };
	size_t at = 0;

	while (at < text.len) {
		size_t used;
		enum fold_class class = class_at(text, at, &used);

		if (class == FOLD_WORD && !scan_word(&scanner, &at))
			return false;
		if (class == FOLD_GRAM && !scan_grams(&scanner, &at))
			return false;
		if (class == FOLD_BREAK || class == FOLD_EXTEND)
			at += used;
	}
	return true;
}
