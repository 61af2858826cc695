/* Article files as bytes: line ends, fences, control characters, limits. */
#include <stdio.h>
#include <stdlib.h>

#include "unit/parsing.h"

static void line_ends_of_windows_and_a_byte_order_mark_do_not_matter(void **state)
{
	(void)state;
	assert_true(
		parse_text("\xEF\xBB\xBFTitle: T\r\nDate: 2026-10-03\r\n\r\nOne\r\n\r\nTwo\r\n"));
	assert_string_equal(paper_told, "");
	assert_text(paper_text.title, "T");
	assert_text(paper_text.body, "One\n\nTwo");
	assert_int_equal(paper_text.body_line, 4);
}

static void fences_around_the_header_are_accepted(void **state)
{
	(void)state;
	assert_true(parse_text("---\nTitle: T\n\nDate: 2026-10-03\n---\n\nText\n---\nMore\n"));
	assert_text(paper_text.title, "T");
	assert_text(paper_text.body, "Text\n---\nMore");
	assert_int_equal(paper_text.body_line, 7);
	assert_true(parse_text("---\nTitle: T\nDate: 2026-10-03\n---\nText\n"));
	assert_text(paper_text.body, "Text");
	assert_false(parse_text("---\nTitle: T\nDate: 2026-10-03\n\nText: no fence\n"));
	assert_told("closing --- is missing");
	assert_false(parse_text("---\nTitle: T\nDate: 2026-10-03\n\nText without a fence\n"));
	assert_told("error news/a.gmi:5: not a \"Name: value\" line (is the closing --- before");
}

static void a_body_without_the_empty_line_before_it_is_an_error(void **state)
{
	(void)state;
	assert_false(parse_text("Title: T\nDate: 2026-10-03\nThe text begins.\nAnd goes on.\n"));
	assert_told("error news/a.gmi:3: not a \"Name: value\" line");
	assert_int_equal(parse_errors, 1);
	assert_false(parse_text("Title: T\n=> gemini://a.example/ x\n"));
	assert_told("error news/a.gmi:2: not a");
}

static void values_are_cleaned_of_control_characters(void **state)
{
	(void)state;
	assert_true(parse_text("Title: A\x1B[2J\tB\xE2\x80\xAE\n"
			       "Date: 2026-10-03\nTag: a\x7F"
			       "b\n\nx"));
	assert_text(paper_text.title, "A [2J B");
	assert_text(paper_text.tags.items[0], "a b");
}

static void the_body_is_cleaned_of_control_characters(void **state)
{
	(void)state;
	assert_true(parse_text("Title: T\nDate: 2026-10-03\n\na\x1B"
			       "b\xC2\x85"
			       "c\xE2\x80\xAE"
			       "d\n\x07\n"));
	assert_text(paper_text.body, "a b cd\n ");
	assert_told("warning news/a.gmi:4: a control character");
	assert_int_equal(parse_warnings, 1);
}

static void a_tab_is_a_blank_and_in_tables_a_column(void **state)
{
	(void)state;
	assert_true(parse_text("Title: T\nDate: 2026-10-03\n\na\tb\n```\nab\tc\n\td\n```\n\te"));
	assert_text(paper_text.body, "a b\n```\nab      c\n        d\n```\n e");
	assert_string_equal(paper_told, "");
}

static void tabs_cannot_multiply_the_size_of_a_file(void **state)
{
	size_t len = 1 << 19;
	char *text = malloc(len + 64);
	size_t head;

	(void)state;
	head = (size_t)sprintf(text, "Title: T\nDate: 2026-10-03\n\n```\n");
	memset(text + head, '\t', len);
	strcpy(text + head + len, "x\n");
	assert_true(parse_text(text));
	assert_true(paper_text.body.len > len);
	assert_true(paper_text.body.len < len + 20000);
	free(text);
}

static void empty_lines_at_both_ends_of_the_body_go(void **state)
{
	(void)state;
	assert_true(parse_text("Title: T\nDate: 2026-10-03\n\n\n \n  First\n\n\nLast \n\n\t\n"));
	assert_text(paper_text.body, "  First\n\n\nLast");
	assert_int_equal(paper_text.body_line, 6);
}

static void what_is_not_utf8_is_an_error_with_its_line(void **state)
{
	(void)state;
	assert_false(parse_text("Title: T\nDate: 2026-10-03\n\nGood\nB\xE4"
				"d\n"));
	assert_told("error news/a.gmi:5: not UTF-8");
	assert_false(parse_str((struct str){ "Title: T\0x\n\n", 12 }, true));
	assert_told("error news/a.gmi:1: not UTF-8");
	assert_false(parse_text("Title: \xED\xA0\x80\n\n"));
}

static void a_value_may_have_4096_bytes_and_not_one_more(void **state)
{
	(void)state;
	assert_true(parse_with(arena_format(paper_arena, "Summary: %s", letters(4096)).data));
	assert_int_equal(paper_text.summary.len, ARTICLE_VALUE_MAX);
	assert_false(parse_with(arena_format(paper_arena, "Summary: %s", letters(4097)).data));
	assert_told("error news/a.gmi:3: Summary: the value has more than 4096 bytes");
	assert_true(parse_with(
		arena_format(paper_arena, "Summary: %s\n %s", letters(2048), letters(2047)).data));
	assert_int_equal(paper_text.summary.len, ARTICLE_VALUE_MAX);
	assert_false(parse_with(
		arena_format(paper_arena, "Summary: %s\n %s", letters(2048), letters(2048)).data));
}

static void a_header_may_have_256_lines_and_not_one_more(void **state)
{
	static char text[16384];

	(void)state;
	for (size_t tags = 254; tags <= 255; tags++) {
		size_t len = (size_t)sprintf(text, "Title: T\nDate: 2026-10-03\n");

		for (size_t i = 0; i < tags; i++)
			len += (size_t)sprintf(text + len, "Tag: t%zu\n", i);
		strcpy(text + len, "\nText");
		assert_int_equal(parse_text(text), tags == 254);
	}
	assert_told("error news/a.gmi:257: the header has more than 256 lines");
}

static void a_file_may_have_a_mebibyte_and_not_one_byte_more(void **state)
{
	const char *head = "Title: T\nDate: 2026-10-03\n\n";
	char *text = malloc(ARTICLE_BYTES_MAX + 2);

	(void)state;
	memset(text, 'a', ARTICLE_BYTES_MAX + 1);
	memcpy(text, head, strlen(head));
	assert_true(parse_str((struct str){ text, ARTICLE_BYTES_MAX }, true));
	assert_int_equal(paper_text.body.len, ARTICLE_BYTES_MAX - strlen(head));
	assert_false(parse_str((struct str){ text, ARTICLE_BYTES_MAX + 1 }, true));
	assert_told("error news/a.gmi:0: the file has 1048577 bytes, more than 1048576");
	free(text);
}

static void a_failed_parse_leaves_the_result_alone(void **state)
{
	struct article before;

	(void)state;
	memset(&paper_text, 0x5A, sizeof(paper_text));
	memcpy(&before, &paper_text, sizeof(paper_text));
	assert_false(article_parse(paper_arena, STR("Title: T\n\n"), STR("news/a.gmi"), true,
				   &paper_text, NULL, NULL));
	assert_memory_equal(&before, &paper_text, sizeof(paper_text));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, paper_set_up, paper_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(line_ends_of_windows_and_a_byte_order_mark_do_not_matter),
		TEST(fences_around_the_header_are_accepted),
		TEST(a_body_without_the_empty_line_before_it_is_an_error),
		TEST(values_are_cleaned_of_control_characters),
		TEST(the_body_is_cleaned_of_control_characters),
		TEST(a_tab_is_a_blank_and_in_tables_a_column),
		TEST(tabs_cannot_multiply_the_size_of_a_file),
		TEST(empty_lines_at_both_ends_of_the_body_go),
		TEST(what_is_not_utf8_is_an_error_with_its_line),
		TEST(a_value_may_have_4096_bytes_and_not_one_more),
		TEST(a_header_may_have_256_lines_and_not_one_more),
		TEST(a_file_may_have_a_mebibyte_and_not_one_byte_more),
		TEST(a_failed_parse_leaves_the_result_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
