/* Lists of articles, and overviews of tags, authors and days. */
#include <stdio.h>

#include "unit/paper.h"

static void a_headline_says_what_the_file_says(void **state)
{
	(void)state;
	paper_put("ar/edition.ini", "name = Arabic\n");
	paper_put("ar/news/world/section.ini", "name = World\n");
	paper_put("ar/news/world/a.gmi",
		  "Title: River\nDate: 2026-10-01T10:00:00Z\nUpdated: 2026-10-02T10:00:00Z\n"
		  "Summary: Short.\nAuthor: A One\nAuthor: B Two\nType: opinion\nUrgency: 2\n\n"
		  "# Heading\n\nFour words of text.\n\n=> /x And a link\n");
	paper_scan();
	assert_int_equal(paper_get("/ar/news/world/a"), FOUND_ARTICLE);
	assert_text(paper_headline.path, "/ar/news/world/a");
	assert_text(paper_headline.section, "/ar/news/world/");
	assert_text(paper_headline.uid, "news/world/a");
	assert_text(paper_headline.title, "River");
	assert_text(paper_headline.kicker, "World");
	assert_text(paper_headline.summary, "Short.");
	assert_text(paper_headline.author, "A One, B Two");
	assert_text(paper_headline.snippet, "");
	assert_text(paper_headline.edition->prefix, "ar");
	assert_int_equal(paper_headline.type, TYPE_OPINION);
	assert_int_equal(paper_headline.urgency, 2);
	assert_int_equal(paper_headline.published, paper_at("2026-10-01T10:00:00Z"));
	assert_int_equal(paper_headline.updated, paper_at("2026-10-02T10:00:00Z"));
	assert_int_equal(paper_headline.id >> 20, paper_headline.published);
	assert_int_equal(paper_headline.size, paper_text.body.len);
	assert_int_equal(paper_headline.minutes, 1);
	assert_int_equal(paper_headline.short_id.len, 8);
	assert_text(paper_text.title, "River");
	assert_true(str_starts(paper_text.body, STR("# Heading\n")));
}

static void lists_are_newest_first_and_paged(void **state)
{
	struct query query = { .limit = 2, .now = 0 };
	struct headlines list;
	struct store *store;
	char path[32];
	char date[32];

	(void)state;
	paper_put("edition.ini", "");
	for (int i = 1; i <= 5; i++) {
		snprintf(path, sizeof(path), "news/a%d.gmi", i);
		snprintf(date, sizeof(date), "2026-10-%02d", i);
		paper_article(path, path, date, "");
	}
	paper_scan();
	store = paper_read();
	query.edition = paper_edition("");
	query.now = paper_now;
	store_list(store, &query, paper_arena, &list);
	assert_string_equal(paper_paths(&list), "news/a5 news/a4");
	assert_true(list.has_more);
	query.offset = 3;
	store_list(store, &query, paper_arena, &list);
	assert_string_equal(paper_paths(&list), "news/a2 news/a1");
	assert_false(list.has_more);
	query.offset = 5;
	store_list(store, &query, paper_arena, &list);
	assert_int_equal(list.count, 0);
	assert_int_equal(store_count(store, &query), 5);
}

static void a_limit_above_200_is_200(void **state)
{
	struct query query = { .limit = 100000 };
	struct headlines list;
	struct store *store;
	char path[32];

	(void)state;
	paper_put("edition.ini", "");
	for (int i = 0; i < 201; i++) {
		snprintf(path, sizeof(path), "news/a%d.gmi", i);
		paper_article(path, path, "2026-10-01", "");
	}
	paper_scan();
	store = paper_read();
	query.edition = paper_edition("");
	query.now = paper_now;
	store_list(store, &query, paper_arena, &list);
	assert_int_equal(list.count, STORE_LIMIT_MAX);
	assert_true(list.has_more);
	assert_int_equal(store_count(store, &query), 201);
}

static void bounds_are_of_publication_and_half_open(void **state)
{
	struct query query = { .limit = 20 };
	struct headlines list;
	struct store *store;

	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-09-30T23:59:59Z", "");
	paper_article("news/b.gmi", "B", "2026-10-01T00:00:00Z", "");
	paper_article("news/c.gmi", "C", "2026-10-31T23:59:59Z", "");
	paper_article("news/d.gmi", "D", "2026-11-01T00:00:00Z", "");
	paper_scan();
	store = paper_read();
	query.edition = paper_edition("");
	query.now = paper_now;
	query.from = paper_at("2026-10-01");
	query.before = paper_at("2026-11-01");
	store_list(store, &query, paper_arena, &list);
	assert_string_equal(paper_paths(&list), "news/c news/b");
	assert_int_equal(store_count(store, &query), 2);
	query.before = paper_at("2027-01-01");
	store_list(store, &query, paper_arena, &list);
	assert_string_equal(paper_paths(&list), "news/d news/c news/b");
}

static void a_first_level_section_includes_its_subsections(void **state)
{
	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "");
	paper_article("news/arts/b.gmi", "B", "2026-10-02", "");
	paper_article("newsroom/c.gmi", "C", "2026-10-03", "");
	paper_scan();
	assert_string_equal(paper_list(LISTING_SECTION, "/news/"), "news/arts/b news/a");
	assert_string_equal(paper_list(LISTING_SECTION, "/news/arts/"), "news/arts/b");
	assert_string_equal(paper_list(LISTING_SECTION, "/nowhere/"), "");
}

static void sections_by_title_ignore_case_and_accents(void **state)
{
	struct query query = { .limit = 20, .listing = LISTING_SECTION, .by_title = true };
	struct headlines list;
	struct store *store;

	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "zebra", "2026-10-01", "");
	paper_article("news/b.gmi", "\xC3\x89toile", "2026-10-02", "");
	paper_article("news/c.gmi", "Apple", "2026-10-03", "");
	paper_article("news/d.gmi", "fig", "2026-10-04", "");
	paper_scan();
	store = paper_read();
	query.edition = paper_edition("");
	query.now = paper_now;
	query.key = STR("/news/");
	store_list(store, &query, paper_arena, &list);
	assert_string_equal(paper_paths(&list), "news/c news/b news/d news/a");
}

static void tags_authors_and_types_have_lists(void **state)
{
	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "Tag: Climate\nAuthor: Lina Haddad\n");
	paper_article("news/b.gmi", "B", "2026-10-02", "Tag: climate\nTag: Tides\nType: live\n");
	paper_article("news/c.gmi", "C", "2026-10-03", "Author: Lina Haddad\nAuthor: Jonas Vik\n");
	paper_scan();
	assert_string_equal(paper_list(LISTING_TAG, "climate"), "news/b news/a");
	assert_string_equal(paper_list(LISTING_AUTHOR, "lina-haddad"), "news/c news/a");
	assert_string_equal(paper_list(LISTING_TYPE, "live"), "news/b");
	assert_string_equal(paper_list(LISTING_TYPE, "article"), "news/c news/a");
	assert_string_equal(paper_tags(), "climate=climate:2 tides=Tides:1");
	assert_string_equal(paper_authors(), "jonas-vik=Jonas Vik:1 lina-haddad=Lina Haddad:2");
}

static void two_spellings_of_a_tag_in_one_article_count_once(void **state)
{
	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "Tag: Climate\nTag: climate\n");
	paper_scan();
	assert_string_equal(paper_tags(), "climate=Climate:1");
	paper_remove("news/a.gmi");
	paper_scan();
	assert_string_equal(paper_tags(), "");
}

static void picks_of_edition_ini_come_first_in_their_order(void **state)
{
	(void)state;
	paper_put("edition.ini", "picks = /news/b, news/a, /news/nowhere, /news/b\n");
	paper_article("news/a.gmi", "A", "2026-10-01", "");
	paper_article("news/b.gmi", "B", "2026-10-02", "Pick: yes\n");
	paper_article("news/c.gmi", "C", "2026-10-03", "Pick: yes\n");
	paper_article("news/d.gmi", "D", "2026-10-04", "");
	paper_scan();
	assert_string_equal(paper_list(LISTING_PICKS, ""), "news/b news/a news/c");
	paper_put("edition.ini", "; no picks\n");
	paper_scan();
	assert_string_equal(paper_list(LISTING_PICKS, ""), "news/c news/b");
}

static void corrections_are_listed_by_the_newest_correction(void **state)
{
	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01",
		      "Correction: 2026-10-03 | x\nCorrection: 2026-10-30 | y\n");
	paper_article("news/b.gmi", "B", "2026-10-02", "Correction: 2026-10-09 | x\n");
	paper_article("news/c.gmi", "C", "2026-10-04", "");
	paper_scan();
	assert_string_equal(paper_list(LISTING_CORRECTED, ""), "news/a news/b");
}

static void authors_are_those_with_articles_or_a_biography(void **state)
{
	struct str name;

	(void)state;
	paper_put("edition.ini", "");
	paper_put("authors/lina-haddad.gmi", "Title: Dr Lina Haddad\n\nShe writes.\n");
	paper_put("authors/no-articles.gmi", "Title: Silent Sam\n\nHe does not.\n");
	paper_article("news/a.gmi", "A", "2026-10-01", "Author: Lina Haddad\nAuthor: Jonas Vik\n");
	paper_scan();
	assert_string_equal(paper_authors(), "jonas-vik=Jonas Vik:1 lina-haddad=Dr Lina Haddad:1 "
					     "no-articles=Silent Sam:0");
	assert_true(store_author_name(paper_read(), paper_edition(""), STR("no-articles"),
				      paper_now, paper_arena, &name));
	assert_text(name, "Silent Sam");
	assert_true(store_author_name(paper_read(), paper_edition(""), STR("jonas-vik"), paper_now,
				      paper_arena, &name));
	assert_text(name, "Jonas Vik");
	assert_false(store_author_name(paper_read(), paper_edition(""), STR("nobody"), paper_now,
				       paper_arena, &name));
	assert_true(store_document(paper_read(), STR("/authors/lina-haddad"), paper_arena,
				   &paper_text));
	assert_text(paper_text.body, "She writes.");
}

static void tags_stand_by_count_then_by_name(void **state)
{
	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "Tag: b\nTag: a\nTag: c\n");
	paper_article("news/b.gmi", "B", "2026-10-02", "Tag: c\n");
	paper_scan();
	assert_string_equal(paper_tags(), "c=c:2 a=a:1 b=b:1");
}

static void the_calendar_counts_days_months_and_years(void **state)
{
	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2024-02-29T23:59:59Z", "");
	paper_article("news/b.gmi", "B", "2026-10-01T00:00:00Z", "");
	paper_article("news/c.gmi", "C", "2026-10-01T23:00:00Z", "");
	paper_article("news/d.gmi", "D", "2026-10-31", "");
	paper_article("news/e.gmi", "E", "2026-09-30", "");
	paper_article("news/f.gmi", "F", "2027-01-01", "");
	paper_scan();
	assert_string_equal(paper_calendar(0, 0, 4), "2026=2026:4 2024=2024:1");
	assert_string_equal(paper_calendar(paper_at("2026-01-01"), paper_at("2027-01-01"), 7),
			    "10=2026-10:3 09=2026-09:1");
	assert_string_equal(paper_calendar(paper_at("2026-10-01"), paper_at("2026-11-01"), 10),
			    "31=2026-10-31:1 01=2026-10-01:2");
	assert_string_equal(paper_calendar(paper_at("2025-01-01"), paper_at("2026-01-01"), 7), "");
}

static void articles_of_the_same_second_keep_apart(void **state)
{
	char path[32];

	(void)state;
	paper_put("edition.ini", "");
	for (int i = 0; i < 10; i++) {
		snprintf(path, sizeof(path), "news/a%d.gmi", i);
		paper_article(path, path, "2026-10-01", "");
	}
	paper_scan();
	assert_int_equal(paper_report.articles, 10);
	assert_int_equal(paper_get("/news/a7"), FOUND_ARTICLE);
	assert_text(paper_headline.title, "news/a7.gmi");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, paper_set_up, paper_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_headline_says_what_the_file_says),
		TEST(lists_are_newest_first_and_paged),
		TEST(a_limit_above_200_is_200),
		TEST(bounds_are_of_publication_and_half_open),
		TEST(a_first_level_section_includes_its_subsections),
		TEST(sections_by_title_ignore_case_and_accents),
		TEST(tags_authors_and_types_have_lists),
		TEST(two_spellings_of_a_tag_in_one_article_count_once),
		TEST(picks_of_edition_ini_come_first_in_their_order),
		TEST(corrections_are_listed_by_the_newest_correction),
		TEST(authors_are_those_with_articles_or_a_biography),
		TEST(tags_stand_by_count_then_by_name),
		TEST(the_calendar_counts_days_months_and_years),
		TEST(articles_of_the_same_second_keep_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
