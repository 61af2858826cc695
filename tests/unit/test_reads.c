/* Reads and shares: what is counted, and what comes first for it. */
#include <stdio.h>

#include "unit/paper.h"

enum { HOUR = 3600 };

static int64_t id_of(const char *path)
{
	struct headline headline;
	struct article article;

	assert_int_equal(store_article(paper_read(), str_from(path), paper_now, paper_arena,
				       &headline, &article),
			 FOUND_ARTICLE);
	return headline.id;
}

static void put_paper(void)
{
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "");
	paper_article("news/b.gmi", "B", "2026-10-02", "");
	paper_article("news/c.gmi", "C", "2026-10-03", "");
	paper_article("news/d.gmi", "D", "2026-10-04", "");
	paper_scan();
}

static void count(const char *path, int times, int64_t when)
{
	int64_t id = id_of(path);

	for (int i = 0; i < times; i++)
		desk_count(paper_desk(), id, false, when);
}

static void flush(void)
{
	struct err err = { "" };

	assert_true(desk_flush(paper_desk(), paper_now, &err));
}

static void without_reads_the_newest_are_listed(void **state)
{
	(void)state;
	put_paper();
	flush();
	assert_string_equal(paper_list(LISTING_TRENDING, ""), "news/d news/c news/b news/a");
	assert_string_equal(paper_list(LISTING_MOST_READ, ""), "news/d news/c news/b news/a");
}

static void the_most_read_come_first_then_the_newest(void **state)
{
	(void)state;
	put_paper();
	count("/news/a", 3, paper_now);
	count("/news/b", 5, paper_now);
	assert_string_equal(paper_list(LISTING_MOST_READ, ""), "news/d news/c news/b news/a");
	flush();
	assert_string_equal(paper_list(LISTING_MOST_READ, ""), "news/b news/a news/d news/c");
	count("/news/a", 3, paper_now);
	flush();
	assert_string_equal(paper_list(LISTING_MOST_READ, ""), "news/a news/b news/d news/c");
}

static void equal_counts_stand_newest_first(void **state)
{
	(void)state;
	put_paper();
	count("/news/a", 2, paper_now);
	count("/news/b", 2, paper_now);
	flush();
	assert_string_equal(paper_list(LISTING_MOST_READ, ""), "news/b news/a news/d news/c");
}

static void recent_hours_weigh_more_in_trending(void **state)
{
	(void)state;
	put_paper();
	count("/news/a", 10, paper_now - 23 * HOUR);
	count("/news/b", 1, paper_now);
	count("/news/c", 100, paper_now - 24 * HOUR);
	flush();
	assert_string_equal(paper_list(LISTING_TRENDING, ""), "news/b news/a news/d news/c");
	assert_string_equal(paper_list(LISTING_MOST_READ, ""), "news/c news/a news/b news/d");
}

static void reads_older_than_seven_days_are_forgotten(void **state)
{
	(void)state;
	put_paper();
	count("/news/a", 9, paper_now - 168 * HOUR);
	count("/news/b", 1, paper_now - 167 * HOUR);
	flush();
	assert_string_equal(paper_list(LISTING_MOST_READ, ""), "news/b news/d news/c news/a");
}

static void the_ranking_ages_without_new_reads(void **state)
{
	(void)state;
	put_paper();
	count("/news/a", 9, paper_now);
	flush();
	assert_string_equal(paper_list(LISTING_TRENDING, ""), "news/a news/d news/c news/b");
	paper_now += 24 * HOUR;
	flush();
	assert_string_equal(paper_list(LISTING_TRENDING, ""), "news/d news/c news/b news/a");
	assert_string_equal(paper_list(LISTING_MOST_READ, ""), "news/a news/d news/c news/b");
}

static void pages_of_a_ranked_list_join_without_gap_or_double(void **state)
{
	struct query query = { .listing = LISTING_MOST_READ, .limit = 1 };
	static const char *const want[] = { "news/b", "news/a", "news/d", "news/c", "" };
	struct headlines list;
	struct store *store;

	(void)state;
	put_paper();
	count("/news/a", 3, paper_now);
	count("/news/b", 5, paper_now);
	flush();
	store = paper_read();
	query.edition = paper_edition("");
	query.now = paper_now;
	for (query.offset = 0; query.offset < 5; query.offset++) {
		store_list(store, &query, paper_arena, &list);
		assert_string_equal(paper_paths(&list), want[query.offset]);
		assert_int_equal(list.has_more, query.offset < 3);
	}
	query.offset = 1;
	query.limit = 2;
	store_list(store, &query, paper_arena, &list);
	assert_string_equal(paper_paths(&list), "news/a news/d");
	assert_true(list.has_more);
}

static void a_read_article_that_expired_or_was_retracted_is_not_ranked(void **state)
{
	(void)state;
	put_paper();
	paper_article("news/a.gmi", "A", "2026-10-01", "Expires: 2026-11-01T13:00:00Z\n");
	paper_scan();
	count("/news/a", 3, paper_now);
	count("/news/b", 2, paper_now);
	flush();
	assert_string_equal(paper_list(LISTING_MOST_READ, ""), "news/a news/b news/d news/c");
	paper_now += HOUR;
	assert_string_equal(paper_list(LISTING_MOST_READ, ""), "news/b news/d news/c");
	paper_article("news/b.gmi", "B", "2026-10-02", "Status: retracted\n");
	paper_scan();
	assert_string_equal(paper_list(LISTING_MOST_READ, ""), "news/d news/c");
}

static void editions_are_ranked_apart(void **state)
{
	(void)state;
	put_paper();
	paper_put("ar/edition.ini", "");
	paper_article("ar/news/a.gmi", "A", "2026-10-01", "");
	paper_scan();
	count("/ar/news/a", 9, paper_now);
	count("/news/a", 1, paper_now);
	flush();
	assert_string_equal(paper_list(LISTING_MOST_READ, ""), "news/a news/d news/c news/b");
}

static void counts_stay_with_an_article_that_moves_or_changes_its_date(void **state)
{
	(void)state;
	put_paper();
	paper_article("news/a.gmi", "A", "2026-10-01", "Id: river\n");
	paper_scan();
	count("/news/a", 3, paper_now);
	desk_count(paper_desk(), id_of("/news/a"), true, paper_now);
	flush();
	paper_remove("news/a.gmi");
	paper_article("news/z.gmi", "Z", "2026-10-20", "Id: river\n");
	paper_scan();
	assert_string_equal(paper_list(LISTING_MOST_READ, ""), "news/z news/d news/c news/b");
}

static void shares_are_counted_apart_from_reads(void **state)
{
	struct headline headline;
	struct article article;
	struct store *store;

	(void)state;
	put_paper();
	for (int i = 0; i < 4; i++)
		desk_count(paper_desk(), id_of("/news/a"), true, paper_now + i * HOUR);
	flush();
	store = paper_read();
	store_article(store, STR("/news/a"), paper_now, paper_arena, &headline, &article);
	assert_int_equal(store_shares(store, &headline), 4);
	assert_string_equal(paper_list(LISTING_MOST_READ, ""), "news/d news/c news/b news/a");
	desk_count(paper_desk(), headline.id, true, paper_now);
	flush();
	assert_int_equal(store_shares(paper_read(), &headline), 5);
	store_article(paper_read(), STR("/news/b"), paper_now, paper_arena, &headline, &article);
	assert_int_equal(store_shares(paper_read(), &headline), 0);
}

static void what_is_no_article_is_not_counted(void **state)
{
	(void)state;
	put_paper();
	desk_count(paper_desk(), 12345, false, paper_now);
	desk_count(paper_desk(), -1, true, paper_now);
	flush();
	assert_string_equal(paper_list(LISTING_MOST_READ, ""), "news/d news/c news/b news/a");
}

static void an_idle_flush_changes_nothing_for_readers(void **state)
{
	(void)state;
	put_paper();
	count("/news/a", 1, paper_now);
	flush();
	flush();
	paper_scan();
	assert_false(paper_report.changed);
	assert_string_equal(paper_list(LISTING_MOST_READ, ""), "news/a news/d news/c news/b");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, paper_set_up, paper_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_reads_the_newest_are_listed),
		TEST(the_most_read_come_first_then_the_newest),
		TEST(equal_counts_stand_newest_first),
		TEST(recent_hours_weigh_more_in_trending),
		TEST(reads_older_than_seven_days_are_forgotten),
		TEST(the_ranking_ages_without_new_reads),
		TEST(pages_of_a_ranked_list_join_without_gap_or_double),
		TEST(a_read_article_that_expired_or_was_retracted_is_not_ranked),
		TEST(editions_are_ranked_apart),
		TEST(counts_stay_with_an_article_that_moves_or_changes_its_date),
		TEST(shares_are_counted_apart_from_reads),
		TEST(what_is_no_article_is_not_counted),
		TEST(an_idle_flush_changes_nothing_for_readers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
