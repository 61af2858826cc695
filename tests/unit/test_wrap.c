/* Wrapping against UAX #14 itself: short cuts for plain words must break where the algorithm does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unilbrk.h>
#include <uniwidth.h>

#include "base/text.h"

enum { TEXTS = 20000, PIECES = 40, TEXT_MAX = PIECES * 8, COLUMNS = 24 };

/* Words, marks of every class that matters, and letters of other scripts; some twice, so that they are frequent. */
static const char *const pieces[] = {
	" ",	  " ",	    " ",      " ",	 "a",  "be", "tide", "letters", "7",	  "42",
	",",	  ".",	    ":",      ";",	 "!",  "?",  "-",    "--",	"/",	  "(",
	")",	  "[",	    "]",      "'",	 "\"", "%",  "$",    "é",	"ñ",	  "Ž",
	"×",	  "÷",	    "ـ",      "سلام",	 "ب",  "ً",   "،",    "؟",	"٣",	  "«",
	"»",	  "“",	    "”",      "–",	 "—",  "…",  "中",   "文",	"\u00A0", "\u00AD",
	"\u2060", "\u200B", "\u200D", "e\u0301", "😀",  "α",  "ж",
};

/* Writes a text of random pieces that begins with no blank; returns its length. */
static size_t make_text(char text[TEXT_MAX])
{
	size_t len = 0;

	for (int i = 0; i < PIECES; i++) {
		const char *piece = pieces[(size_t)rand() % (sizeof(pieces) / sizeof(pieces[0]))];
		size_t more = strlen(piece);

		if ((len == 0 && piece[0] == ' ') || len + more > TEXT_MAX)
			continue;
		memcpy(text + len, piece, more);
		len += more;
	}
	return len;
}

/* The last place of text where UAX #14 allows a break so that what is before it fits; 0: there is none. */
static size_t expected_break(struct str text)
{
	char kinds[TEXT_MAX];
	size_t best = 0;

	u8_possible_linebreaks((const uint8_t *)text.data, text.len, "UTF-8", kinds);
	for (size_t at = 1; at < text.len; at++)
		if ((kinds[at] == UC_BREAK_POSSIBLE || kinds[at] == UC_BREAK_MANDATORY) &&
		    text_width(str_trim(str_head(text, at))) <= COLUMNS)
			best = at;
	return best;
}

static void every_line_ends_where_the_algorithm_says(void **state)
{
	size_t compared = 0;

	(void)state;
	srand(14);
	for (int i = 0; i < TEXTS; i++) {
		char text[TEXT_MAX];
		struct str rest = { text, make_text(text) };
		struct str line;
		size_t at;

		if (text_width(rest) <= COLUMNS)
			continue;
		at = expected_break(rest);
		assert_true(text_wrap(&rest, COLUMNS, &line));
		if (at == 0)
			continue; /* one word: broken by force */
		compared++;
		if ((size_t)(rest.data - text) != at)
			print_error("text %d: \"%.*s\"\n", i, (int)at, text);
		assert_int_equal(rest.data - text, at);
	}
	assert_true(compared > TEXTS / 2);
}

static void plain_bytes_are_counted_up_to_the_first_other(void **state)
{
	char text[40];

	(void)state;
	for (size_t at = 0; at < sizeof(text); at++) {
		for (int byte = 0; byte < 256; byte++) {
			bool is_plain = byte >= 0x20 && byte <= 0x7E;

			memset(text, 'm', sizeof(text));
			text[at] = (char)byte;
			assert_int_equal(text_plain((struct str){ text, sizeof(text) }),
					 is_plain ? sizeof(text) : at);
		}
	}
	assert_int_equal(text_plain(STR("")), 0);
}

static void characters_of_two_bytes_are_as_the_tables_say(void **state)
{
	(void)state;
	for (uint32_t rune = 0x80; rune < 0x800; rune++) {
		char bytes[4];
		struct str text = { bytes, text_encode(rune, bytes) };
		int width = uc_width(rune, "UTF-8");
		uint32_t decoded;

		assert_int_equal(text.len, 2);
		assert_int_equal(text_rune(text, &decoded), 2);
		assert_int_equal(decoded, rune);
		assert_int_equal(text_width(text), width < 0 ? 1 : width);
	}
}

static void what_is_no_character_is_one_bad_byte(void **state)
{
	static const char *const bad[] = {
		"\xC0\x80", "\xC1\xBF", "\xC3", "\xC3(", "\x80", "\xFF"
	};
	uint32_t rune;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(text_rune(str_from(bad[i]), &rune), 1);
		assert_int_equal(rune, 0xFFFD);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line_ends_where_the_algorithm_says),
		cmocka_unit_test(plain_bytes_are_counted_up_to_the_first_other),
		cmocka_unit_test(characters_of_two_bytes_are_as_the_tables_say),
		cmocka_unit_test(what_is_no_character_is_one_bad_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
