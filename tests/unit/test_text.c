/* base/text, wrap, slug: what people see of UTF-8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = arena_new(1 << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void assert_str(struct str got, const char *want)
{
	assert_string_equal(arena_str(arena, got).data, want);
}

static void good_utf8_is_valid_and_overlong_forms_surrogates_and_cut_ends_are_not(void **state)
{
	(void)state;
	assert_true(text_valid(STR("")));
	assert_true(text_valid(STR("a\xC3\xA9\xF0\x9F\x98\x80")));
	assert_false(text_valid(STR("\xC0\xAF")));
	assert_false(text_valid(STR("\xED\xA0\x80")));
	assert_false(text_valid(STR("\xE2\x82")));
	assert_false(text_valid(STR("\xFF")));
}

static void a_character_cut_off_at_the_end_is_dropped_and_a_whole_one_stays(void **state)
{
	(void)state;
	assert_str(text_whole(STR("aé")), "aé");
	assert_str(text_whole(STR("a\xC3")), "a");
	assert_str(text_whole(STR("a\xF0\x9F\x98")), "a");
	assert_str(text_whole(STR("\xE2\x82")), "");
	assert_str(text_whole(STR("abc")), "abc");
	assert_str(text_whole(STR("")), "");
}

static void controls_become_blanks_and_bidi_marks_vanish(void **state)
{
	(void)state;
	assert_str(text_line(arena, STR("  a\tb\r\nc\x1B[1m ")), "a b  c [1m");
	assert_str(text_line(arena, STR("a\xE2\x80\xAE"
					"b\xEF\xBB\xBF"
					"c")),
		   "abc");
	assert_str(text_line(arena, STR("x\xC2\x85y")), "x y");
	assert_str(text_line(arena, STR("x\xFFy")), "x\xEF\xBF\xBDy");
}

static void clean_text_is_returned_as_it_is(void **state)
{
	struct str clean = STR("Ånd og lys");

	(void)state;
	assert_ptr_equal(text_line(arena, clean).data, clean.data);
}

static void width_counts_cells_and_not_bytes(void **state)
{
	(void)state;
	assert_int_equal(text_width(STR("abc")), 3);
	assert_int_equal(text_width(STR("中文")), 4);
	assert_int_equal(text_width(STR("e\xCC\x81")), 1);
	assert_int_equal(text_width(STR("سلام")), 4);
	assert_int_equal(text_width(STR("\xF0\x9F\x98\x80")), 2);
}

static void cutting_keeps_what_fits_and_ends_with_an_ellipsis(void **state)
{
	(void)state;
	assert_str(text_cut(arena, STR("abcdef"), 6), "abcdef");
	assert_str(text_cut(arena, STR("abcdefg"), 6), "abcde…");
	assert_str(text_cut(arena, STR("中文中文"), 6), "中文…");
	assert_str(text_cut(arena, STR("ab cdefg"), 4), "ab…");
	assert_true(text_width(text_cut(arena,
					STR("e\xCC\x81"
					    "e\xCC\x81"
					    "e\xCC\x81"),
					2)) <= 2);
}

static void wrapping_breaks_at_blanks_and_drops_them(void **state)
{
	struct str rest = STR("one two  three");
	struct str line;

	(void)state;
	assert_true(text_wrap(&rest, 7, &line));
	assert_str(line, "one two");
	assert_true(text_wrap(&rest, 7, &line));
	assert_str(line, "three");
	assert_false(text_wrap(&rest, 7, &line));
}

static void a_word_that_ends_exactly_at_the_edge_stays_on_the_line(void **state)
{
	struct str rest = STR("abc def ghi");
	struct str line;

	(void)state;
	assert_true(text_wrap(&rest, 7, &line));
	assert_str(line, "abc def");
	assert_true(text_wrap(&rest, 7, &line));
	assert_str(line, "ghi");
}

static void a_word_too_wide_for_the_line_is_broken_by_force(void **state)
{
	struct str rest = STR("abcdefghij");
	struct str line;

	(void)state;
	assert_true(text_wrap(&rest, 4, &line));
	assert_str(line, "abcd");
	assert_true(text_wrap(&rest, 4, &line));
	assert_str(line, "efgh");
	assert_true(text_wrap(&rest, 4, &line));
	assert_str(line, "ij");
	assert_false(text_wrap(&rest, 4, &line));
}

static void chinese_breaks_between_characters(void **state)
{
	struct str rest = STR("中文中文中");
	struct str line;

	(void)state;
	assert_true(text_wrap(&rest, 5, &line));
	assert_str(line, "中文");
	assert_true(text_wrap(&rest, 5, &line));
	assert_str(line, "中文");
}

static void no_line_is_ever_wider_than_asked_and_nothing_is_lost(void **state)
{
	static const char *const texts[] = {
		"The quick brown fox jumps over the lazy dog, again and again and again.",
		"النص العربي يجب أن يلتف أيضا دون أن يقطع حرفا من كلمة في وسطها أبدا",
		"zażółć gęślą jaźń — ångström naïve café e\xCC\x81\xCC\x82\xCC\x83 end",
		"日本語の文章は空白なしで書かれるので、どこでも折り返せます。",
		"👩‍🚀 👩‍🚀 👩‍🚀",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		for (size_t columns = 4; columns < 40; columns++) {
			struct str rest = str_from(texts[i]);
			struct str line;
			size_t letters = 0;
			size_t all = 0;

			for (const char *c = texts[i]; *c; c++)
				all += *c != ' ';
			while (text_wrap(&rest, columns, &line)) {
				assert_true(text_width(line) <= columns);
				assert_true(text_valid(line));
				for (size_t k = 0; k < line.len; k++)
					letters += line.data[k] != ' ';
			}
			assert_int_equal(letters, all);
		}
	}
}

static void marks_piled_on_one_letter_do_not_hang_the_wrapping(void **state)
{
	static char text[60001];
	struct str rest = { text, 1 };
	struct str line;
	size_t lines = 0;

	(void)state;
	text[0] = 'a';
	while (rest.len + 2 < sizeof(text)) {
		memcpy(text + rest.len, "\xCC\x81", 2);
		rest.len += 2;
	}
	while (text_wrap(&rest, 10, &line))
		assert_true(lines++ < 100);
}

static void direction_is_that_of_the_first_letter(void **state)
{
	(void)state;
	assert_true(text_is_rtl(STR("2026-10-03 سلام abc")));
	assert_false(text_is_rtl(STR("2026-10-03 abc سلام")));
	assert_false(text_is_rtl(STR("123")));
}

static void slugs_are_plain_letters_digits_and_dashes(void **state)
{
	(void)state;
	assert_str(text_slug(arena, STR("Arts & Culture")), "arts-culture");
	assert_str(text_slug(arena, STR("Ærø's Café, Łódź")), "aeros-cafe-lodz");
	assert_str(text_slug(arena, STR("مكتبات")), "mktbat");
	assert_str(text_slug(arena, STR("Москва")), "moskva");
	assert_str(text_slug(arena, STR("中")), "u4e2d");
	assert_str(text_slug(arena, STR("!!!")), "x");
}

static void slugs_have_at_most_sixty_bytes(void **state)
{
	struct str slug = text_slug(
		arena,
		STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));

	(void)state;
	assert_int_equal(slug.len, 60);
}

static void sizes_read_as_people_say_them(void **state)
{
	(void)state;
	assert_str(text_size(arena, 0), "0 B");
	assert_str(text_size(arena, 1023), "1023 B");
	assert_str(text_size(arena, 1024), "1.0 KB");
	assert_str(text_size(arena, 3174), "3.0 KB");
	assert_str(text_size(arena, 86016), "84 KB");
	assert_str(text_size(arena, 1300000), "1.2 MB");
}

static void words_are_counted_in_scripts_with_and_without_blanks(void **state)
{
	(void)state;
	assert_int_equal(text_words(STR("one two\nthree")), 3);
	assert_int_equal(text_words(STR("中文中文")), 2);
	assert_int_equal(text_words(STR("")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			good_utf8_is_valid_and_overlong_forms_surrogates_and_cut_ends_are_not),
		cmocka_unit_test(a_character_cut_off_at_the_end_is_dropped_and_a_whole_one_stays),
		cmocka_unit_test(controls_become_blanks_and_bidi_marks_vanish),
		cmocka_unit_test(clean_text_is_returned_as_it_is),
		cmocka_unit_test(width_counts_cells_and_not_bytes),
		cmocka_unit_test(cutting_keeps_what_fits_and_ends_with_an_ellipsis),
		cmocka_unit_test(wrapping_breaks_at_blanks_and_drops_them),
		cmocka_unit_test(a_word_that_ends_exactly_at_the_edge_stays_on_the_line),
		cmocka_unit_test(a_word_too_wide_for_the_line_is_broken_by_force),
		cmocka_unit_test(chinese_breaks_between_characters),
		cmocka_unit_test(no_line_is_ever_wider_than_asked_and_nothing_is_lost),
		cmocka_unit_test(marks_piled_on_one_letter_do_not_hang_the_wrapping),
		cmocka_unit_test(direction_is_that_of_the_first_letter),
		cmocka_unit_test(slugs_are_plain_letters_digits_and_dashes),
		cmocka_unit_test(slugs_have_at_most_sixty_bytes),
		cmocka_unit_test(sizes_read_as_people_say_them),
		cmocka_unit_test(words_are_counted_in_scripts_with_and_without_blanks),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
