/* The header of article files: every field, and what is said of what is wrong. */
#include "unit/parsing.h"

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
	assert_string_equal(paper_told, "");
	assert_text(paper_text.title, "River towns agree");
	assert_int_equal(paper_text.published, 1791009600);
	assert_text(paper_text.uid, "river-2026");
	assert_true(paper_text.updated > paper_text.published);
	assert_true(paper_text.expires > paper_text.updated);
	assert_int_equal(paper_text.type, TYPE_VIDEO);
	assert_text(paper_text.kicker, "Europe");
	assert_text(paper_text.summary, "One sentence.");
	assert_int_equal(paper_text.authors.count, 2);
	assert_text(paper_text.authors.items[1], "Jonas Vik");
	assert_text(paper_text.source, "Wire");
	assert_text(paper_text.source_url, "https://example.org/wire");
	assert_int_equal(paper_text.tags.count, 2);
	assert_text(paper_text.tags.items[0], "Ferries");
	assert_int_equal(paper_text.image_count, 1);
	assert_text(paper_text.images[0].target, "ferry.png");
	assert_text(paper_text.images[0].caption, "The ferry.");
	assert_text(paper_text.images[0].credit, "Photo: M");
	assert_text(paper_text.images[0].alt, "A ferry | at a pier");
	assert_int_equal(paper_text.media_count, 1);
	assert_text(paper_text.media[0].target, "https://example.org/a.webm");
	assert_text(paper_text.media[0].label, "Watch");
	assert_text(paper_text.media[0].duration, "3:12");
	assert_text(paper_text.media[0].size, "18 MB");
	assert_int_equal(paper_text.related.count, 1);
	assert_text(paper_text.related.items[0], "/news/other");
	assert_int_equal(paper_text.translation_count, 1);
	assert_text(paper_text.translations[0].language, "ar");
	assert_text(paper_text.translations[0].path, "/ar/news/x");
	assert_int_equal(paper_text.correction_count, 1);
	assert_text(paper_text.corrections[0].text, "It was Tuesday.");
	assert_true(paper_text.pick);
	assert_int_equal(paper_text.urgency, 1);
	assert_int_equal(paper_text.status, STATUS_RETRACTED);
	assert_int_equal(paper_text.shares, 83);
	assert_text(paper_text.canonical, "https://example.org/first");
	assert_text(paper_text.language, "en-GB");
	assert_text(paper_text.license, "CC BY 4.0");
	assert_text(paper_text.body, "The text.");
	assert_int_equal(paper_text.body_line, 29);
}

static void what_is_not_said_has_its_default(void **state)
{
	(void)state;
	assert_true(parse_text("Title: T\nDate: 2026-10-03\n\nText"));
	assert_int_equal(paper_text.type, TYPE_ARTICLE);
	assert_int_equal(paper_text.status, STATUS_PUBLISHED);
	assert_int_equal(paper_text.urgency, 5);
	assert_int_equal(paper_text.updated, 0);
	assert_int_equal(paper_text.expires, 0);
	assert_int_equal(paper_text.shares, 0);
	assert_false(paper_text.pick);
	assert_int_equal(paper_text.uid.len, 0);
	assert_int_equal(paper_text.authors.count, 0);
}

static void title_and_date_are_required(void **state)
{
	(void)state;
	assert_false(parse_text("Date: 2026-10-03\n\nText\n"));
	assert_told("error news/a.gmi:0: Title is missing");
	assert_false(parse_text("Title: T\n\nText\n"));
	assert_told("error news/a.gmi:0: Date is missing");
	assert_false(parse_text(""));
	assert_false(parse_text("\n\n"));
	assert_false(parse_text("Title:\nDate: 2026-10-03\n\nText\n"));
	assert_told("error news/a.gmi:0: Title is missing");
	assert_int_equal(parse_warnings, 0);
}

static void documents_and_drafts_need_no_date(void **state)
{
	(void)state;
	assert_true(parse_str(STR("Title: About\n\nText\n"), false));
	assert_true(parse_text("Title: T\nStatus: draft\n\nText\n"));
	assert_int_equal(paper_text.status, STATUS_DRAFT);
}

static void field_names_ignore_case_and_blanks_around(void **state)
{
	(void)state;
	assert_true(
		parse_text("TITLE :  T  \ndate:2026-10-03\nsource-URL: https://a.example/\n\n"));
	assert_text(paper_text.title, "T");
	assert_text(paper_text.source_url, "https://a.example/");
	assert_text(paper_text.body, "");
}

static void a_line_that_starts_with_a_blank_continues_the_one_before(void **state)
{
	(void)state;
	assert_true(
		parse_text("Title: One\n two\n\tthree\nDate: 2026-10-03\nSummary:\n later\n\nx"));
	assert_text(paper_text.title, "One two three");
	assert_text(paper_text.summary, "later");
	assert_false(parse_text(" Title: One\nDate: 2026-10-03\n\nText"));
	assert_told("error news/a.gmi:1: a continuation line");
}

static void unknown_fields_are_warned_of_unless_they_begin_with_x(void **state)
{
	(void)state;
	assert_true(parse_with("Titel: T"));
	assert_told("warning news/a.gmi:3: the field Titel is not known");
	assert_true(parse_with("x-anything: T"));
	assert_string_equal(paper_told, "");
}

static void the_first_of_a_doubled_field_counts(void **state)
{
	(void)state;
	assert_true(parse_text("Title: One\nDate: 2026-10-03\nTitle: Two\n\nText"));
	assert_text(paper_text.title, "One");
	assert_told("warning news/a.gmi:3: Title stands here twice");
	assert_true(parse_with("Tag: a\nTag: b\nTag: a"));
	assert_int_equal(paper_text.tags.count, 2);
	assert_string_equal(paper_told, "");
}

static void a_bad_date_of_publication_or_expiry_is_an_error(void **state)
{
	(void)state;
	assert_false(parse_text("Title: T\nDate: 3 October\n\nText"));
	assert_told(
		"error news/a.gmi:2: Date: \"3 October\" is no date such as 2026-10-03T08:40:00Z");
	assert_int_equal(parse_errors, 1);
	assert_false(parse_with("Expires: soon"));
	assert_told("error news/a.gmi:3: Expires");
	assert_false(parse_text("Title: T\nDate: 1970-01-01T00:00:00Z\n\nText"));
	assert_false(parse_text("Title: T\nDate: 2026-02-30\n\nText"));
}

static void a_text_that_is_not_filled_in_is_one_that_is_left_out(void **state)
{
	(void)state;
	assert_true(parse_with("Summary:\nAuthor:\nTag: "));
	assert_string_equal(paper_told, "");
	assert_int_equal(paper_text.authors.count, 0);
	assert_true(parse_with("Status:"));
	assert_told("warning news/a.gmi:3: Status is empty");
}

static void a_bad_status_is_an_error_because_it_may_have_meant_draft(void **state)
{
	(void)state;
	assert_false(parse_with("Status: drat"));
	assert_told("error news/a.gmi:3: Status: \"drat\"");
	assert_true(parse_with("Status: Draft"));
	assert_int_equal(paper_text.status, STATUS_DRAFT);
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
		"Pick:",
		"Updated: 2020-01-01",
		"Expires: 2020-01-01",
		"Language: english_american",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (!parse_with(fields[i]) || parse_warnings != 1)
			print_error("%s: %s", fields[i], paper_told);
		assert_int_equal(parse_errors, 0);
		assert_int_equal(parse_warnings, 1);
	}
	assert_int_equal(paper_text.urgency, 5);
	assert_true(parse_with("Shares: 1000000000"));
	assert_int_equal(paper_text.shares, 1000000000);
	assert_true(parse_with("Urgency: 9"));
	assert_int_equal(paper_text.urgency, 9);
}

static void an_image_without_alt_text_is_warned_of_and_kept(void **state)
{
	(void)state;
	assert_true(parse_with("Image: a.png | Caption"));
	assert_told("warning news/a.gmi:3: Image: a.png has no alt text");
	assert_int_equal(paper_text.image_count, 1);
	assert_text(paper_text.images[0].credit, "");
}

static void a_correction_without_a_good_date_has_the_date_of_the_article(void **state)
{
	(void)state;
	assert_true(parse_with("Correction: Tuesday | It was Monday."));
	assert_int_equal(parse_warnings, 1);
	assert_int_equal(paper_text.correction_count, 1);
	assert_int_equal(paper_text.corrections[0].date, paper_text.published);
}

static void an_id_is_made_of_harmless_characters_only(void **state)
{
	(void)state;
	assert_true(parse_with("Id: urn:uuid:1-2_3.4~5/6@7+8"));
	assert_false(parse_with("Id: two words"));
	assert_false(parse_with("Id: <x>"));
	assert_true(parse_with(arena_format(paper_arena, "Id: %s", letters(128)).data));
	assert_false(parse_with(arena_format(paper_arena, "Id: %s", letters(129)).data));
}

static void all_mistakes_of_a_header_are_told_together(void **state)
{
	(void)state;
	assert_false(parse_text("Title: T\nDate: x\nExpires: y\nStatus: z\nFoo: 1\n\nText"));
	assert_int_equal(parse_errors, 3);
	assert_int_equal(parse_warnings, 1);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, paper_set_up, paper_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_field_is_read),
		TEST(what_is_not_said_has_its_default),
		TEST(title_and_date_are_required),
		TEST(documents_and_drafts_need_no_date),
		TEST(field_names_ignore_case_and_blanks_around),
		TEST(a_line_that_starts_with_a_blank_continues_the_one_before),
		TEST(unknown_fields_are_warned_of_unless_they_begin_with_x),
		TEST(the_first_of_a_doubled_field_counts),
		TEST(a_bad_date_of_publication_or_expiry_is_an_error),
		TEST(a_text_that_is_not_filled_in_is_one_that_is_left_out),
		TEST(a_bad_status_is_an_error_because_it_may_have_meant_draft),
		TEST(lesser_mistakes_cost_only_their_field),
		TEST(an_image_without_alt_text_is_warned_of_and_kept),
		TEST(a_correction_without_a_good_date_has_the_date_of_the_article),
		TEST(an_id_is_made_of_harmless_characters_only),
		TEST(all_mistakes_of_a_header_are_told_together),
		TEST(every_type_has_a_name_that_finds_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
