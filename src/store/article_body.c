/* The body of an article: gemtext, cleaned of what no page may carry. */
#include <string.h>

#include "base/text.h"
#include "store/article_parse.h"

enum { TAB_STOP = 8, TAB_GROWTH = 16384 }; /* a file of TABs must not multiply its size */

/* A body being rewritten. */
struct cleaning {
	char *out;
	size_t len;
	size_t line_start; /* in out */
	size_t grown;	   /* bytes that TABs have added */
	bool preformatted;
};

static bool is_clean(struct str text)
{
	uint32_t rune;

	for (;;) {
		size_t used;

		text = str_skip(text, text_plain(text));
		used = text_rune(text, &rune);
		if (used == 0)
			return true;
		if (rune != '\n' && text_is_control(rune))
			return false;
		text = str_skip(text, used);
	}
}

/* In a table a TAB means a column; elsewhere it is a blank. */
static void put_tab(struct cleaning *cleaning)
{
	size_t column = cleaning->len - cleaning->line_start;
	size_t width = TAB_STOP - column % TAB_STOP;

	if (!cleaning->preformatted || cleaning->grown + width > TAB_GROWTH)
		width = 1;
	memset(cleaning->out + cleaning->len, ' ', width);
	cleaning->len += width;
	cleaning->grown += width - 1;
}

/* Takes one character. False when it had to go. */
static bool put_rune(struct cleaning *cleaning, struct str bytes, uint32_t rune)
{
	if (rune == '\t') {
		put_tab(cleaning);
	} else if (!text_is_control(rune)) {
		memcpy(cleaning->out + cleaning->len, bytes.data, bytes.len);
		cleaning->len += bytes.len;
	} else {
		/* The marks of direction and the BOM vanish, as in text_line(). */
		if (rune <= 0x2029)
			cleaning->out[cleaning->len++] = ' ';
		return false;
	}
	return true;
}

/* Takes one line. False when something other than its end had to go. */
static bool put_line(struct cleaning *cleaning, struct str line)
{
	bool is_whole = true;
	uint32_t rune;
	size_t used;

	cleaning->line_start = cleaning->len;
	if (str_starts(line, STR("```")))
		cleaning->preformatted = !cleaning->preformatted;
	for (; (used = text_rune(line, &rune)) != 0; line = str_skip(line, used))
		is_whole &= put_rune(cleaning, str_head(line, used), rune);
	cleaning->out[cleaning->len++] = '\n';
	return is_whole;
}

static struct str clean(struct parse *parse, struct str text)
{
	struct cleaning cleaning = { 0 };
	unsigned first_line = parse->line;
	bool told = false;
	struct str line;

	if (is_clean(text))
		return text;
	cleaning.out = arena_alloc(parse->arena, text.len + TAB_GROWTH + 1, 1);
	for (; str_next_line(&text, &line); parse->line++) {
		if (put_line(&cleaning, line) || told)
			continue;
		parse_warning(parse, "a control character in the text was left out");
		told = true;
	}
	parse->line = first_line;
	/* Without the last line end, like a text that was clean. */
	return (struct str){ cleaning.out, cleaning.len ? cleaning.len - 1 : 0 };
}

struct str parse_body(struct parse *parse, struct str text)
{
	struct str rest = text;
	struct str line;

	while (str_next_line(&rest, &line) && str_trim(line).len == 0) {
		text = rest;
		parse->line++;
	}
	while (text.len && strchr(" \t\r\n", text.data[text.len - 1]))
		text.len--;
	return clean(parse, text);
}
