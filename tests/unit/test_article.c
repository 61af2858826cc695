/* Article files: every field, every limit, and what is said of what is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "store/article.h"

static struct arena *arena;
static struct article article;
static char told[65536]; /* "error 3 what" lines */
static size_t errors;
static size_t warnings;

static void on_problem(void *context, enum problem problem, struct str path, unsigned line,
		       const char *text)
{
	size_t len = strlen(told);

	(void)context;
	assert_true(str_eq(path, STR("news/a.gmi")));
	assert_true(text_valid(str_from(text)) || strlen(text) == 255);
	snprintf(told + len, sizeof(told) - len, "%s %u %s\n",
		 problem == PROBLEM_ERROR ? "error" : "warning", line, text);
	*(problem == PROBLEM_ERROR ? &errors : &warnings) += 1;
}

static bool parse_str(struct str source, bool needs_date)
{
	told[0] = '\0';
	errors = warnings = 0;
	memset(&article, 0, sizeof(article));
	return article_parse(arena, source, STR("news/a.gmi"), needs_date, &article, on_problem,
			     NULL);
}

static bool parse_text(const char *source)
{
	bool ok = parse_str(str_from(source), true);

	assert_int_equal(ok, errors == 0);
	return ok;
}

/* Parses a good header with one more line in it. */
static bool parse_with(const char *field)
{
	return parse_str(
		arena_format(arena, "Title: T\nDate: 2026-10-03T08:40:00Z\n%s\n\nText.\n", field),
		true);
}

static void assert_text(struct str have, const char *want)
{
	if (!str_eq(have, str_from(want)))
		print_error("\"" STR_FMT "\" is not \"%s\"\n", STR_ARG(have), want);
	assert_true(str_eq(have, str_from(want)));
}

static void assert_told(const char *part)
{
	if (!strstr(told, part))
		print_error("\"%s\" is not in:\n%s", part, told);
	assert_non_null(strstr(told, part));
}

/* Some text of exactly len bytes. */
static const char *letters(size_t len)
{
	char *text = arena_alloc(arena, len + 1, 1);

	memset(text, 'a', len);
	return text;
}

static int set_up(void **state)
{
	(void)state;
	arena = arena_new(64 << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void every_field_is_read(void **state)
{
	(void)state;
	assert_true(parse_text("Title: River towns agree\n"
			       "Date: 2026-10-03T08:40:00+02:00\n"
			       "Id: river-2026\n"
			       "Updated: 2026-10-04T00:00:00Z\n"
			       "Expires: 2027-01-01\n"
			       "Type: Video\n"
			       "Kicker: Europe\n"
			       "Summary: One sentence.\n"
			       "Author: Lina Haddad\n"
			       "Author: Jonas Vik\n"
			       "Source: Wire\n"
			       "Source-Url: https://example.org/wire\n"
			       "Tag: Ferries\n"
			       "Tag: Tides\n"
			       "Image: ferry.png | The ferry. | Photo: M | A ferry | at a pier\n"
			       "Media: https://example.org/a.webm | Watch | 3:12 | 18 MB\n"
			       "Related: /news/other\n"
			       "Translation: ar /ar/news/x\n"
			       "Correction: 2026-10-05 | It was Tuesday.\n"
			       "Pick: yes\n"
			       "Urgency: 1\n"
			       "Status: retracted\n"
			       "Shares: 83\n"
			       "Canonical: https://example.org/first\n"
			       "Language: en-GB\n"
			       "License: CC BY 4.0\n"
			       "X-Desk: night\n"
			       "\n"
			       "The text.\n"));
	assert_string_equal(told, "");
	assert_text(article.title, "River towns agree");
	assert_int_equal(article.published, 1791009600);
	assert_text(article.uid, "river-2026");
	assert_true(article.updated > article.published);
	assert_true(article.expires > article.updated);
	assert_int_equal(article.type, TYPE_VIDEO);
	assert_text(article.kicker, "Europe");
	assert_text(article.summary, "One sentence.");
	assert_int_equal(article.authors.count, 2);
	assert_text(article.authors.items[1], "Jonas Vik");
	assert_text(article.source, "Wire");
	assert_text(article.source_url, "https://example.org/wire");
	assert_int_equal(article.tags.count, 2);
	assert_text(article.tags.items[0], "Ferries");
	assert_int_equal(article.image_count, 1);
	assert_text(article.images[0].target, "ferry.png");
	assert_text(article.images[0].caption, "The ferry.");
	assert_text(article.images[0].credit, "Photo: M");
	assert_text(article.images[0].alt, "A ferry | at a pier");
	assert_int_equal(article.media_count, 1);
	assert_text(article.media[0].target, "https://example.org/a.webm");
	assert_text(article.media[0].label, "Watch");
	assert_text(article.media[0].duration, "3:12");
	assert_text(article.media[0].size, "18 MB");
	assert_int_equal(article.related.count, 1);
	assert_text(article.related.items[0], "/news/other");
	assert_int_equal(article.translation_count, 1);
	assert_text(article.translations[0].language, "ar");
	assert_text(article.translations[0].path, "/ar/news/x");
	assert_int_equal(article.correction_count, 1);
	assert_text(article.corrections[0].text, "It was Tuesday.");
	assert_true(article.pick);
	assert_int_equal(article.urgency, 1);
	assert_int_equal(article.status, STATUS_RETRACTED);
	assert_int_equal(article.shares, 83);
	assert_text(article.canonical, "https://example.org/first");
	assert_text(article.language, "en-GB");
	assert_text(article.license, "CC BY 4.0");
	assert_text(article.body, "The text.");
	assert_int_equal(article.body_line, 29);
}

static void what_is_not_said_has_its_default(void **state)
{
	(void)state;
	assert_true(parse_text("Title: T\nDate: 2026-10-03\n\nText"));
	assert_int_equal(article.type, TYPE_ARTICLE);
	assert_int_equal(article.status, STATUS_PUBLISHED);
	assert_int_equal(article.urgency, 5);
	assert_int_equal(article.updated, 0);
	assert_int_equal(article.expires, 0);
	assert_int_equal(article.shares, 0);
	assert_false(article.pick);
	assert_int_equal(article.uid.len, 0);
	assert_int_equal(article.authors.count, 0);
}

static void title_and_date_are_required(void **state)
{
	(void)state;
	assert_false(parse_text("Date: 2026-10-03\n\nText\n"));
	assert_told("error 0 Title is missing");
	assert_false(parse_text("Title: T\n\nText\n"));
	assert_told("error 0 Date is missing");
	assert_false(parse_text(""));
	assert_false(parse_text("\n\n"));
	assert_false(parse_text("Title:\nDate: 2026-10-03\n\nText\n"));
	assert_told("warning 1 Title is empty");
}

static void documents_and_drafts_need_no_date(void **state)
{
	(void)state;
	assert_true(parse_str(STR("Title: About\n\nText\n"), false));
	assert_true(parse_text("Title: T\nStatus: draft\n\nText\n"));
	assert_int_equal(article.status, STATUS_DRAFT);
}

static void field_names_ignore_case_and_blanks_around(void **state)
{
	(void)state;
	assert_true(
		parse_text("TITLE :  T  \ndate:2026-10-03\nsource-URL: https://a.example/\n\n"));
	assert_text(article.title, "T");
	assert_text(article.source_url, "https://a.example/");
	assert_text(article.body, "");
}

static void a_line_that_starts_with_a_blank_continues_the_one_before(void **state)
{
	(void)state;
	assert_true(
		parse_text("Title: One\n two\n\tthree\nDate: 2026-10-03\nSummary:\n later\n\nx"));
	assert_text(article.title, "One two three");
	assert_text(article.summary, "later");
	assert_false(parse_text(" Title: One\nDate: 2026-10-03\n\nText"));
	assert_told("error 1 a continuation line");
}

static void line_ends_of_windows_and_a_byte_order_mark_do_not_matter(void **state)
{
	(void)state;
	assert_true(
		parse_text("\xEF\xBB\xBFTitle: T\r\nDate: 2026-10-03\r\n\r\nOne\r\n\r\nTwo\r\n"));
	assert_string_equal(told, "");
	assert_text(article.title, "T");
	assert_text(article.body, "One\n\nTwo");
	assert_int_equal(article.body_line, 4);
}

static void fences_around_the_header_are_accepted(void **state)
{
	(void)state;
	assert_true(parse_text("---\nTitle: T\n\nDate: 2026-10-03\n---\n\nText\n---\nMore\n"));
	assert_text(article.title, "T");
	assert_text(article.body, "Text\n---\nMore");
	assert_int_equal(article.body_line, 7);
	assert_true(parse_text("---\nTitle: T\nDate: 2026-10-03\n---\nText\n"));
	assert_text(article.body, "Text");
	assert_false(parse_text("---\nTitle: T\nDate: 2026-10-03\n\nText: no fence\n"));
	assert_told("closing --- is missing");
}

static void a_body_without_the_empty_line_before_it_is_an_error(void **state)
{
	(void)state;
	assert_false(parse_text("Title: T\nDate: 2026-10-03\nThe text begins.\nAnd goes on.\n"));
	assert_told("error 3 not a \"Name: value\" line");
	assert_int_equal(errors, 1);
	assert_false(parse_text("Title: T\n=> gemini://a.example/ x\n"));
	assert_told("error 2 not a");
}

static void unknown_fields_are_warned_of_unless_they_begin_with_x(void **state)
{
	(void)state;
	assert_true(parse_with("Titel: T"));
	assert_told("warning 3 the field Titel is not known");
	assert_true(parse_with("x-anything: T"));
	assert_string_equal(told, "");
}

static void the_first_of_a_doubled_field_counts(void **state)
{
	(void)state;
	assert_true(parse_text("Title: One\nDate: 2026-10-03\nTitle: Two\n\nText"));
	assert_text(article.title, "One");
	assert_told("warning 3 Title stands here twice");
	assert_true(parse_with("Tag: a\nTag: b\nTag: a"));
	assert_int_equal(article.tags.count, 2);
	assert_string_equal(told, "");
}

static void a_bad_date_of_publication_or_expiry_is_an_error(void **state)
{
	(void)state;
	assert_false(parse_text("Title: T\nDate: 3 October\n\nText"));
	assert_told("error 2 Date: \"3 October\" is no RFC 3339 date");
	assert_int_equal(errors, 1);
	assert_false(parse_with("Expires: soon"));
	assert_told("error 3 Expires");
	assert_false(parse_text("Title: T\nDate: 1970-01-01T00:00:00Z\n\nText"));
	assert_false(parse_text("Title: T\nDate: 2026-02-30\n\nText"));
}

static void a_bad_status_is_an_error_because_it_may_have_meant_draft(void **state)
{
	(void)state;
	assert_false(parse_with("Status: drat"));
	assert_told("error 3 Status: \"drat\"");
	assert_true(parse_with("Status: Draft"));
	assert_int_equal(article.status, STATUS_DRAFT);
}

static void lesser_mistakes_cost_only_their_field(void **state)
{
	static const char *const fields[] = {
		"Updated: x",
		"Type: x",
		"Pick: x",
		"Urgency: 0",
		"Urgency: 10",
		"Shares: -1",
		"Shares: 1000000001",
		"Source-Url: x",
		"Canonical: a b",
		"Language: x",
		"Image: a b.png | c | d | e",
		"Media: | x",
		"Related: a b",
		"Translation: ar",
		"Translation: x /a",
		"Correction: 2026-10-05",
		"Tag:",
		"Updated: 2020-01-01",
		"Expires: 2020-01-01",
		"Language: english_american",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (!parse_with(fields[i]) || warnings != 1)
			print_error("%s: %s", fields[i], told);
		assert_int_equal(errors, 0);
		assert_int_equal(warnings, 1);
	}
	assert_int_equal(article.urgency, 5);
	assert_true(parse_with("Shares: 1000000000"));
	assert_int_equal(article.shares, 1000000000);
	assert_true(parse_with("Urgency: 9"));
	assert_int_equal(article.urgency, 9);
}

static void an_image_without_alt_text_is_warned_of_and_kept(void **state)
{
	(void)state;
	assert_true(parse_with("Image: a.png | Caption"));
	assert_told("warning 3 Image: a.png has no alt text");
	assert_int_equal(article.image_count, 1);
	assert_text(article.images[0].credit, "");
}

static void a_correction_without_a_good_date_has_the_date_of_the_article(void **state)
{
	(void)state;
	assert_true(parse_with("Correction: Tuesday | It was Monday."));
	assert_int_equal(warnings, 1);
	assert_int_equal(article.correction_count, 1);
	assert_int_equal(article.corrections[0].date, article.published);
}

static void an_id_is_made_of_harmless_characters_only(void **state)
{
	(void)state;
	assert_true(parse_with("Id: urn:uuid:1-2_3.4~5/6@7+8"));
	assert_false(parse_with("Id: two words"));
	assert_false(parse_with("Id: <x>"));
	assert_true(parse_with(arena_format(arena, "Id: %s", letters(128)).data));
	assert_false(parse_with(arena_format(arena, "Id: %s", letters(129)).data));
}

static void values_are_cleaned_of_control_characters(void **state)
{
	(void)state;
	assert_true(parse_text("Title: A\x1B[2J\tB\xE2\x80\xAE\n"
			       "Date: 2026-10-03\nTag: a\x7F"
			       "b\n\nx"));
	assert_text(article.title, "A [2J B");
	assert_text(article.tags.items[0], "a b");
}

static void the_body_is_cleaned_of_control_characters(void **state)
{
	(void)state;
	assert_true(parse_text("Title: T\nDate: 2026-10-03\n\na\x1B"
			       "b\xC2\x85"
			       "c\xE2\x80\xAE"
			       "d\n\x07\n"));
	assert_text(article.body, "a b cd\n ");
	assert_told("warning 4 a control character");
	assert_int_equal(warnings, 1);
}

static void a_tab_is_a_blank_and_in_tables_a_column(void **state)
{
	(void)state;
	assert_true(parse_text("Title: T\nDate: 2026-10-03\n\na\tb\n```\nab\tc\n\td\n```\n\te"));
	assert_text(article.body, "a b\n```\nab      c\n        d\n```\n e");
	assert_string_equal(told, "");
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
	assert_true(article.body.len > len);
	assert_true(article.body.len < len + 20000);
	free(text);
}

static void empty_lines_at_both_ends_of_the_body_go(void **state)
{
	(void)state;
	assert_true(parse_text("Title: T\nDate: 2026-10-03\n\n\n \n  First\n\n\nLast \n\n\t\n"));
	assert_text(article.body, "  First\n\n\nLast");
	assert_int_equal(article.body_line, 6);
}

static void what_is_not_utf8_is_an_error_with_its_line(void **state)
{
	(void)state;
	assert_false(parse_text("Title: T\nDate: 2026-10-03\n\nGood\nB\xE4"
				"d\n"));
	assert_told("error 5 not UTF-8");
	assert_false(parse_str((struct str){ "Title: T\0x\n\n", 12 }, true));
	assert_told("error 1 not UTF-8");
	assert_false(parse_text("Title: \xED\xA0\x80\n\n"));
}

static void a_value_may_have_4096_bytes_and_not_one_more(void **state)
{
	(void)state;
	assert_true(parse_with(arena_format(arena, "Summary: %s", letters(4096)).data));
	assert_int_equal(article.summary.len, ARTICLE_VALUE_MAX);
	assert_false(parse_with(arena_format(arena, "Summary: %s", letters(4097)).data));
	assert_told("error 3 Summary: the value has more than 4096 bytes");
	assert_true(parse_with(
		arena_format(arena, "Summary: %s\n %s", letters(2048), letters(2047)).data));
	assert_int_equal(article.summary.len, ARTICLE_VALUE_MAX);
	assert_false(parse_with(
		arena_format(arena, "Summary: %s\n %s", letters(2048), letters(2048)).data));
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
	assert_told("error 257 the header has more than 256 lines");
}

static void a_file_may_have_a_mebibyte_and_not_one_byte_more(void **state)
{
	const char *head = "Title: T\nDate: 2026-10-03\n\n";
	char *text = malloc(ARTICLE_BYTES_MAX + 2);

	(void)state;
	memset(text, 'a', ARTICLE_BYTES_MAX + 1);
	memcpy(text, head, strlen(head));
	assert_true(parse_str((struct str){ text, ARTICLE_BYTES_MAX }, true));
	assert_int_equal(article.body.len, ARTICLE_BYTES_MAX - strlen(head));
	assert_false(parse_str((struct str){ text, ARTICLE_BYTES_MAX + 1 }, true));
	assert_told("error 0 the file has 1048577 bytes, more than 1048576");
	free(text);
}

static void all_mistakes_of_a_header_are_told_together(void **state)
{
	(void)state;
	assert_false(parse_text("Title: T\nDate: x\nExpires: y\nStatus: z\nFoo: 1\n\nText"));
	assert_int_equal(errors, 3);
	assert_int_equal(warnings, 1);
}

static void a_failed_parse_leaves_the_result_alone(void **state)
{
	struct article before;

	(void)state;
	memset(&article, 0x5A, sizeof(article));
	memcpy(&before, &article, sizeof(article));
	assert_false(article_parse(arena, STR("Title: T\n\n"), STR("news/a.gmi"), true, &article,
				   NULL, NULL));
	assert_memory_equal(&before, &article, sizeof(article));
}

static void every_type_has_a_name_that_finds_it(void **state)
{
	(void)state;
	for (int i = 0; i < TYPE_COUNT; i++) {
		enum article_type type = TYPE_COUNT;

		assert_true(article_type_find(article_type_name((enum article_type)i), &type));
		assert_int_equal(type, i);
	}
	assert_text(article_type_name(TYPE_LIVE), "live");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_is_read),
		cmocka_unit_test(what_is_not_said_has_its_default),
		cmocka_unit_test(title_and_date_are_required),
		cmocka_unit_test(documents_and_drafts_need_no_date),
		cmocka_unit_test(field_names_ignore_case_and_blanks_around),
		cmocka_unit_test(a_line_that_starts_with_a_blank_continues_the_one_before),
		cmocka_unit_test(line_ends_of_windows_and_a_byte_order_mark_do_not_matter),
		cmocka_unit_test(fences_around_the_header_are_accepted),
		cmocka_unit_test(a_body_without_the_empty_line_before_it_is_an_error),
		cmocka_unit_test(unknown_fields_are_warned_of_unless_they_begin_with_x),
		cmocka_unit_test(the_first_of_a_doubled_field_counts),
		cmocka_unit_test(a_bad_date_of_publication_or_expiry_is_an_error),
		cmocka_unit_test(a_bad_status_is_an_error_because_it_may_have_meant_draft),
		cmocka_unit_test(lesser_mistakes_cost_only_their_field),
		cmocka_unit_test(an_image_without_alt_text_is_warned_of_and_kept),
		cmocka_unit_test(a_correction_without_a_good_date_has_the_date_of_the_article),
		cmocka_unit_test(an_id_is_made_of_harmless_characters_only),
		cmocka_unit_test(values_are_cleaned_of_control_characters),
		cmocka_unit_test(the_body_is_cleaned_of_control_characters),
		cmocka_unit_test(a_tab_is_a_blank_and_in_tables_a_column),
		cmocka_unit_test(tabs_cannot_multiply_the_size_of_a_file),
		cmocka_unit_test(empty_lines_at_both_ends_of_the_body_go),
		cmocka_unit_test(what_is_not_utf8_is_an_error_with_its_line),
		cmocka_unit_test(a_value_may_have_4096_bytes_and_not_one_more),
		cmocka_unit_test(a_header_may_have_256_lines_and_not_one_more),
		cmocka_unit_test(a_file_may_have_a_mebibyte_and_not_one_byte_more),
		cmocka_unit_test(all_mistakes_of_a_header_are_told_together),
		cmocka_unit_test(a_failed_parse_leaves_the_result_alone),
		cmocka_unit_test(every_type_has_a_name_that_finds_it),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
