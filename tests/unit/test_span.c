/* Pages of long lists: found through the spans, and the same that going through the list gives. */
#include <stdio.h>
#include <stdlib.h>

#include "store/desk.h"
#include "store/span.h"
#include "unit/paper.h"

enum { FILES = 1500, LIMIT = 20 };

static bool is_there[FILES];

static void write_article(int number)
{
	char path[64];
	char date[32];
	char more[128] = "Tag: long\n";

	snprintf(path, sizeof(path), "news/%d.gmi", number);
	snprintf(date, sizeof(date), "%d-%02d-%02d", 2008 + rand() % 19, 1 + rand() % 12,
		 1 + rand() % 28);
	if (rand() % 10 == 0)
		snprintf(more, sizeof(more), "Tag: long\nExpires: %d-01-01\n", 2009 + rand() % 20);
	paper_article(path, "T", date, more);
	is_there[number] = true;
}

/* All ids that a list shows, newest first, by going through it. */
static size_t all_of(enum list_kind kind, const char *key, const char *but, int64_t *ids)
{
	sqlite3_stmt *statement;
	size_t count = 0;
	char sql[600];

	snprintf(sql, sizeof(sql),
		 "SELECT a.id FROM listing AS l JOIN article AS a ON a.id = l.article"
		 " WHERE l.list = (SELECT id FROM list WHERE edition = (SELECT id FROM edition"
		 " WHERE prefix = '') AND kind = %d AND key = '%s') AND a.id < %lld"
		 " AND (a.expires IS NULL OR a.expires > %lld) %s ORDER BY a.id DESC",
		 (int)kind, key, (long long)visible_bound(paper_now), (long long)paper_now, but);
	assert_int_equal(sqlite3_prepare_v2(paper_desk()->catalogue.db, sql, -1, &statement, NULL),
			 SQLITE_OK);
	while (sqlite3_step(statement) == SQLITE_ROW)
		ids[count++] = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return count;
}

static void check(enum listing listing, const char *key, const int64_t *ids, size_t count,
		  size_t offset)
{
	struct query query = {
		.edition = paper_edition(""),
		.listing = listing,
		.key = str_from(key),
		.now = paper_now,
		.offset = offset,
		.limit = LIMIT,
	};
	size_t want = offset < count ? count - offset : 0;
	struct headlines list;

	store_list(paper_read(), &query, paper_arena, &list);
	assert_int_equal(list.count, want < LIMIT ? want : LIMIT);
	assert_int_equal(list.has_more, want > LIMIT);
	for (size_t i = 0; i < list.count; i++)
		assert_true(list.items[i].id == ids[offset + i]);
}

static void check_lists(void)
{
	static const struct {
		enum listing listing;
		enum list_kind kind;
		const char *key;
	} lists[] = {
		{ LISTING_ALL, LIST_ALL, "" },
		{ LISTING_SECTION, LIST_SECTION, "/news/" },
		{ LISTING_TAG, LIST_TAG, "long" },
	};
	int64_t ids[FILES];

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		size_t count = all_of(lists[i].kind, lists[i].key, "", ids);

		assert_true(count > SPANS_MIN);
		check(lists[i].listing, lists[i].key, ids, count, 0);
		check(lists[i].listing, lists[i].key, ids, count, count - 1);
		check(lists[i].listing, lists[i].key, ids, count, count);
		check(lists[i].listing, lists[i].key, ids, count, count + 10 * LIMIT);
		for (int j = 0; j < 60; j++)
			check(lists[i].listing, lists[i].key, ids, count,
			      (size_t)rand() % (count + LIMIT));
	}
}

/* Every list that has spans has them right, and there are such lists. */
static void check_spans(void)
{
	assert_true(paper_number("SELECT count(*) FROM list WHERE spans") >= 3);
	assert_int_equal(
		paper_number(
			"SELECT count(*) FROM span WHERE total <> (SELECT count(*) FROM listing"
			" WHERE listing.list = span.list"
			" AND article >> iif(level = 0, 44, 38) = number)"),
		0);
	assert_int_equal(
		paper_number("SELECT count(*) FROM list AS l WHERE spans AND total <>"
			     " (SELECT sum(total) FROM span WHERE list = l.id AND level = 1)"),
		0);
}

static int set_up(void **state)
{
	paper_set_up(state);
	srand(3);
	paper_put("edition.ini", "");
	for (int i = 0; i < FILES; i++)
		write_article(i);
	paper_scan();
	return 0;
}

static void pages_of_long_lists_are_where_they_are(void **state)
{
	(void)state;
	check_spans();
	check_lists();
	paper_now = paper_at("2016-05-05"); /* half of it is to come */
	for (int i = 0; i < 30; i++) {
		int64_t ids[FILES];
		size_t count = all_of(LIST_ALL, "", "", ids);

		assert_true(count > 300);
		check(LISTING_ALL, "", ids, count, (size_t)rand() % count);
	}
}

static void they_stay_so_when_articles_come_change_and_go(void **state)
{
	(void)state;
	for (int round = 0; round < 4; round++) {
		for (int i = 0; i < 60; i++) {
			int number = rand() % FILES;
			char path[64];

			snprintf(path, sizeof(path), "news/%d.gmi", number);
			if (is_there[number] && rand() % 2) {
				paper_remove(path);
				is_there[number] = false;
			} else {
				write_article(number);
			}
		}
		paper_scan();
		paper_scan();
		check_spans();
		check_lists();
	}
}

/* What leads a ranked list does not stand again among the rest. */
static void a_ranked_list_goes_on_where_its_head_ends(void **state)
{
	int64_t ids[FILES];
	int64_t head[3];
	size_t count = all_of(LIST_ALL, "", "", ids);

	(void)state;
	for (int i = 0; i < 3; i++) {
		head[i] = ids[(size_t)rand() % count];
		for (int j = 0; j < 9 - 3 * i; j++)
			desk_count(paper_desk(), head[i], false, paper_now);
	}
	assert_true(desk_flush(paper_desk(), paper_now, NULL));
	count = all_of(LIST_ALL, "", "AND a.key NOT IN (SELECT key FROM ranking WHERE list = 9)",
		       ids + 3);
	memcpy(ids, head, sizeof(head));
	for (int i = 0; i < 60; i++)
		check(LISTING_MOST_READ, "", ids, count + 3, (size_t)rand() % (count + 3));
}
_Static_assert(LIST_MOST_READ == 9, "the statement above says 9");

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, paper_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pages_of_long_lists_are_where_they_are),
		TEST(they_stay_so_when_articles_come_change_and_go),
		TEST(a_ranked_list_goes_on_where_its_head_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
