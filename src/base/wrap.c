/* Display width, and cutting and wrapping text to columns. */
#include <string.h>
#include <unigbrk.h>
#include <unilbrk.h>
#include <uniwidth.h>

#include "base/text.h"

/* Text without a break for this long is broken by force; keeps marks piled on one letter from costing memory. */
enum { RUN_MAX = 4096 };

static size_t rune_width(uint32_t rune)
{
	int width;

	/* ASCII, Latin and Arabic letters, which uc_width() takes long for. */
	if ((rune >= 0x20 && rune < 0x7F) || (rune >= 0xC0 && rune < 0x300) ||
	    (rune >= 0x620 && rune <= 0x64A))
		return 1;
	width = uc_width(rune, "UTF-8");
	return width < 0 ? 1 : (size_t)width;
}

size_t text_width(struct str s)
{
	size_t width = 0;
	uint32_t rune;
	size_t used;

	for (;;) {
		size_t plain = text_plain(s);

		width += plain;
		s = str_skip(s, plain);
		used = text_rune(s, &rune);
		if (used == 0)
			return width;
		width += rune_width(rune);
		s = str_skip(s, used);
	}
}

/* Bytes at the start of s that fit columns and RUN_MAX. */
static size_t fitting(struct str s, size_t columns)
{
	size_t max = columns < RUN_MAX ? columns : RUN_MAX;
	size_t len = text_plain(str_head(s, max));
	size_t width = len;
	uint32_t rune;
	size_t used;

	while ((used = text_rune(str_skip(s, len), &rune)) != 0) {
		width += rune_width(rune);
		if (width > columns || len + used > RUN_MAX)
			break;
		len += used;
	}
	return len;
}

/* The last grapheme boundary at or before len; the end of the first grapheme when there is none, so that wrapping always gets on. */
static size_t grapheme_floor(struct str s, size_t len)
{
	const uint8_t *start = (const uint8_t *)s.data;
	const uint8_t *end = start + s.len;
	const uint8_t *at = start;

	while (at < end) {
		const uint8_t *next = u8_grapheme_next(at, end);

		if (!next || (size_t)(next - start) > len)
			break;
		at = next;
	}
	if (at == start && len == 0) {
		const uint8_t *next = u8_grapheme_next(start, end);

		return next && (size_t)(next - start) <= RUN_MAX ? (size_t)(next - start) : len;
	}
	return at == start ? len : (size_t)(at - start);
}

struct str text_cut(struct arena *arena, struct str s, size_t columns)
{
	size_t len = fitting(s, columns);

	if (len == s.len)
		return s;
	len = fitting(s, columns > 0 ? columns - 1 : 0);
	if (len > 0)
		len = grapheme_floor(s, len);
	while (len > 0 && s.data[len - 1] == ' ')
		len--;
	return arena_join(arena, str_head(s, len), STR("…"), STR(""));
}

static bool is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/*
 * Bytes of the letter or digit of UAX #14's classes AL and NU that s ends with, in the
 * scripts that papers are written in most: ASCII, the other Latin letters to U+024F (x7 are
 * the signs of multiplication and division), Arabic from U+0620 to U+064A. 0: of no such.
 */
static size_t letter_before(struct str s)
{
	unsigned char last = s.len ? (unsigned char)s.data[s.len - 1] : 0;
	unsigned char lead = s.len > 1 ? (unsigned char)s.data[s.len - 2] : 0;
	bool is_letter = false;

	if (last < 0x80)
		return is_alphanumeric((char)last) ? 1 : 0;
	if (last > 0xBF)
		return 0;
	if (lead == 0xC3)
		is_letter = last != 0x97 && last != 0xB7;
	else if (lead >= 0xC4 && lead <= 0xC8)
		is_letter = true;
	else if (lead == 0xD8)
		is_letter = last >= 0xA0;
	else if (lead == 0xD9)
		is_letter = last <= 0x8A;
	return is_letter ? 2 : 0;
}

/* Bytes of the character at the start of s, as its first byte says. */
static size_t rune_bytes(struct str s)
{
	return (unsigned char)s.data[0] < 0xC0 ? 1 : 2;
}

/*
 * The same as break_before() where it is plain: a word of letters only crosses the edge or
 * begins there, and before it are blanks and another word, perhaps with a mark at its end. No
 * break is allowed within such a word, and one is behind such blanks (LB 18, 23, 25, 28). 0: look it up.
 */
static size_t plain_break(struct str s, size_t fit)
{
	struct str word = str_head(s, fit + rune_bytes(str_skip(s, fit)));
	struct str before;
	size_t used;
	size_t at;

	while ((used = letter_before(word)) != 0)
		word.len -= used;
	at = word.len;
	before = word;
	while (before.len && before.data[before.len - 1] == ' ')
		before.len--;
	if (at > fit || before.len == at || before.len == 0)
		return 0;
	if (strchr(",.;:!?", before.data[before.len - 1]) || letter_before(before))
		return at;
	return 0;
}

/* Where to break s, of which fit bytes fit on the line: the last place UAX #14 allows, or 0. */
static size_t break_before(struct str s, size_t fit)
{
	char kinds[RUN_MAX + 64];
	size_t look = fit + 8 < s.len ? fit + 8 : s.len;
	size_t at = plain_break(s, fit);

	if (at)
		return at;
	while (look < s.len && ((unsigned char)s.data[look] & 0xC0) == 0x80)
		look++;
	u8_possible_linebreaks((const uint8_t *)s.data, look, "UTF-8", kinds);
	for (at = fit < look ? fit : look - 1; at > 0; at--)
		if (kinds[at] == UC_BREAK_POSSIBLE || kinds[at] == UC_BREAK_MANDATORY)
			return at;
	return 0;
}

bool text_wrap(struct str *rest, size_t columns, struct str *ret_line)
{
	struct str s = *rest;
	size_t fit;
	size_t at;

	while (s.len && s.data[0] == ' ')
		s = str_skip(s, 1);
	if (s.len == 0)
		return false;
	fit = fitting(s, columns);
	if (fit < s.len) {
		/* Blanks that hang over the edge do not show, so a word may end exactly there. */
		while (fit < s.len && s.data[fit] == ' ' && fit < RUN_MAX)
			fit++;
		at = fit < s.len ? break_before(s, fit) : fit;
		if (at == 0)
			at = grapheme_floor(s, fit);
	} else {
		at = s.len;
	}
	if (at == 0) { /* one character wider than the line */
		uint32_t rune;

		at = text_rune(s, &rune);
	}
	*ret_line = str_trim(str_head(s, at));
	*rest = str_skip(s, at);
	return true;
}
