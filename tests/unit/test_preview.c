/* What is not out yet: in the store's preview and nowhere else; and what no zone leaves to content. */
#include <stdio.h>

#include "unit/paper.h"

static const char *previews(enum preview kind)
{
	struct headlines list;

	store_previews(paper_read(), kind, paper_now, paper_arena, &list);
	assert_false(list.has_more);
	return paper_paths(&list);
}

static enum preview preview(const char *path)
{
	return store_preview(paper_read(), str_from(path), paper_now, paper_arena, &paper_headline,
			     &paper_text);
}

static void put_unpublished(void)
{
	paper_put("edition.ini", "");
	paper_put("ar/edition.ini", "language = ar\n");
	paper_article("news/a.gmi", "A", "2026-10-01", "");
	paper_article("news/later.gmi", "Later", "2026-12-01", "Id: b\n");
	paper_article("ar/news/soon.gmi", "Soon", "2026-11-02", "");
	paper_article("news/old.gmi", "Old draft", "2026-01-01", "Status: draft\nTag: x\n");
	paper_article("ar/news/new.gmi", "New draft", "2026-12-01", "Status: draft\n");
	paper_put("news/none.gmi",
		  "Title: No date\nKicker: K\nSummary: S\nAuthor: Ann\nAuthor: Bo\n"
		  "Status: draft\nId: b\n\nOne two.\n");
	paper_put("plan.gmi", "Title: A plan\nStatus: draft\n\nNot yet.\n");
	paper_article("news/gone.gmi", "Gone", "2026-12-01", "Status: retracted\n");
	paper_scan();
}

static void the_unpublished_of_all_editions_are_listed_soonest_and_newest_first(void **state)
{
	(void)state;
	put_unpublished();
	assert_string_equal(previews(PREVIEW_EMBARGOED), "news/soon news/later");
	assert_string_equal(previews(PREVIEW_DRAFT), "news/new news/old plan news/none");
	paper_now = paper_at("2026-11-02");
	assert_string_equal(previews(PREVIEW_EMBARGOED), "news/later");
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/a");
}

static void a_preview_has_all_of_an_article_but_a_short_link(void **state)
{
	(void)state;
	put_unpublished();
	assert_int_equal(preview("/news/none"), PREVIEW_DRAFT);
	assert_text(paper_headline.title, "No date");
	assert_text(paper_headline.kicker, "K");
	assert_text(paper_headline.author, "Ann, Bo");
	assert_text(paper_headline.section, "/news/");
	assert_text(paper_headline.uid, "b");
	assert_text(paper_headline.short_id, "");
	assert_int_equal(paper_headline.published, 0);
	assert_text(paper_text.body, "One two.");
	assert_int_equal(preview("/ar/news/soon"), PREVIEW_EMBARGOED);
	assert_text(paper_headline.edition->prefix, "ar");
	assert_text(paper_headline.short_id, "");
	assert_int_equal(preview("/plan"), PREVIEW_DRAFT);
	assert_text(paper_headline.section, "");
	assert_int_equal(preview("/news/a"), PREVIEW_NOTHING);
	assert_int_equal(preview("/news/gone"), PREVIEW_NOTHING);
	assert_int_equal(preview("/news/"), PREVIEW_NOTHING);
}

static void a_draft_without_a_date_has_the_neighbours_of_now(void **state)
{
	struct headline other;

	(void)state;
	put_unpublished();
	preview("/news/none");
	assert_false(store_newer(paper_read(), &paper_headline, paper_now, paper_arena, &other));
	assert_true(store_older(paper_read(), &paper_headline, paper_now, paper_arena, &other));
	assert_text(other.path, "/news/a");
}

static void a_draft_that_is_published_edited_or_gone_is_no_draft_any_more(void **state)
{
	(void)state;
	put_unpublished();
	paper_article("news/old.gmi", "Out", "2026-01-01", "");
	paper_remove("plan.gmi");
	paper_article("news/a.gmi", "A", "2026-10-01", "Status: draft\n");
	paper_put("news/none.gmi", "Title: No date\nUrgency: 99\nStatus: draft\nDate: x\n\nBad.\n");
	paper_scan();
	assert_string_equal(previews(PREVIEW_DRAFT), "news/new news/a");
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/old");
	paper_remove("ar/edition.ini");
	paper_scan();
	assert_int_equal(preview("/ar/news/new"), PREVIEW_DRAFT);
	assert_text(paper_headline.edition->prefix, "");
}

/* Or a feed without entries would tell when. */
static void a_draft_changes_nothing_for_readers(void **state)
{
	(void)state;
	put_unpublished();
	paper_put("news/none.gmi", "Title: Other\nStatus: draft\n\nOther.\n");
	paper_remove("plan.gmi");
	paper_article("news/more.gmi", "More", "2026-01-01", "Status: draft\n");
	paper_scan();
	assert_int_equal(paper_report.opened, 2);
	assert_string_equal(previews(PREVIEW_DRAFT), "news/new news/more news/old news/none");
	preview("/news/none");
	assert_text(paper_headline.title, "Other");
}

static void a_draft_takes_no_id_from_an_article(void **state)
{
	(void)state;
	put_unpublished();
	paper_now = paper_at("2026-12-01");
	assert_int_equal(paper_find("/news/later"), FOUND_ARTICLE);
	assert_int_equal(paper_report.errors, 0);
}

static void what_content_has_where_a_zone_is_is_left_out_and_told(void **state)
{
	static struct str zone_paths[] = { { "/preview/", 9 }, { "/news/staff/", 12 } };
	static const struct texts zones = { zone_paths, 2 };

	(void)state;
	paper_put_small();
	paper_scan();
	desk_zones(paper_desk(), &zones);
	paper_article("preview/x.gmi", "X", "2026-10-01", "");
	paper_article("preview/deep/y.gmi", "Y", "2026-10-01", "");
	paper_put("preview.gmi", "Title: P\n\nP.\n");
	paper_article("news/staff/z.gmi", "Z", "2026-10-01", "");
	paper_article("news/staff.gmi", "S", "2026-10-01", "");
	paper_article("news/stafff.gmi", "F", "2026-10-04", "");
	paper_put("preview.txt", "x");
	paper_scan();
	assert_told("error preview:0: the configuration has a zone of this path");
	assert_told("error preview.gmi:0: the configuration has a zone");
	assert_told("error news/staff:0: the configuration has a zone");
	assert_told("error news/staff.gmi:0: the configuration has a zone");
	assert_int_equal(paper_report.errors, 4);
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/stafff news/b news/a");
	assert_int_equal(paper_find("/preview"), FOUND_NOTHING);
	assert_int_equal(paper_find("/preview/"), FOUND_NOTHING);
	assert_int_equal(paper_find("/preview.txt"), FOUND_FILE);
}

static void what_lay_there_before_the_zone_came_leaves_and_comes_back(void **state)
{
	static struct str zone_paths[] = { { "/news/", 6 } };
	static const struct texts zones = { zone_paths, 1 };

	(void)state;
	paper_put_small();
	paper_scan();
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/b news/a");
	desk_zones(paper_desk(), &zones);
	paper_scan();
	assert_string_equal(paper_list(LISTING_ALL, ""), "");
	assert_int_equal(paper_find("/news/"), FOUND_NOTHING);
	desk_zones(paper_desk(), NULL);
	paper_scan();
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/b news/a");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, paper_set_up, paper_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_unpublished_of_all_editions_are_listed_soonest_and_newest_first),
		TEST(a_preview_has_all_of_an_article_but_a_short_link),
		TEST(a_draft_without_a_date_has_the_neighbours_of_now),
		TEST(a_draft_that_is_published_edited_or_gone_is_no_draft_any_more),
		TEST(a_draft_changes_nothing_for_readers),
		TEST(a_draft_takes_no_id_from_an_article),
		TEST(what_content_has_where_a_zone_is_is_left_out_and_told),
		TEST(what_lay_there_before_the_zone_came_leaves_and_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
