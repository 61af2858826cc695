/* The index of words and the lists under any sequence of changes: nothing of an old text stays, nothing of a new one lacks. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/desk.h"
#include "unit/paper.h"

enum { FILES = 8, ROUNDS = 60, CHANGES = 4 };

/* What a file says at the moment. */
struct version {
	int number; /* 0: there is no file */
	bool is_published;
};

static struct version versions[FILES];
static int newest;

static int64_t found(const char *word)
{
	char sql[200];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM search WHERE search MATCH '%s'", word);
	return paper_number(sql);
}

static void change(int file)
{
	static const char *const statuses[] = { "", "", "", "Status: draft\n",
						"Status: retracted\n" };
	const char *status = statuses[(size_t)rand() % 5];
	char path[64];
	char fields[400];

	snprintf(path, sizeof(path), "news/%d.gmi", file);
	if (rand() % 5 == 0) {
		unlink(paper_path(path));
		versions[file].number = 0;
		return;
	}
	versions[file] = (struct version){ ++newest, status[0] == '\0' };
	snprintf(fields, sizeof(fields),
		 "Id: id-%d\nTag: common\nTag: t%d\nAuthor: A%d\nSummary: everywhere version%d\n%s",
		 rand() % 3 ? file : (file + 1) % FILES, rand() % 3, rand() % 3, newest, status);
	paper_article(path, "Title", rand() % 2 ? "2026-10-01" : "2026-10-02", fields);
}

/* An Id that two files have makes one of them wait: it may be either. */
static void check_versions(void)
{
	int64_t published = paper_number("SELECT count(*) FROM article WHERE status = 0");
	int64_t sum = 0;

	for (int version = 1; version <= newest; version++) {
		bool is_current = false;
		char word[32];
		int64_t count;

		for (int i = 0; i < FILES; i++)
			is_current |= versions[i].number == version && versions[i].is_published;
		snprintf(word, sizeof(word), "version%d", version);
		count = found(word);
		assert_true(count == 0 || (count == 1 && is_current));
		sum += count;
	}
	assert_int_equal(sum, published);
	assert_int_equal(found("everywhere"), published);
}

static void check_index(void)
{
	assert_int_equal(sqlite3_exec(paper_desk()->catalogue.db,
				      "INSERT INTO search (search) VALUES ('integrity-check')",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(paper_number("SELECT count(*) FROM list WHERE total <> (SELECT count(*)"
				      " FROM listing WHERE list = list.id)"),
			 0);
	assert_int_equal(paper_number("SELECT count(*) FROM listing WHERE article NOT IN"
				      " (SELECT id FROM article WHERE status = 0)"),
			 0);
	assert_int_equal(paper_number("SELECT count(*) FROM source WHERE id NOT IN"
				      " (SELECT source FROM article)"),
			 0);
}

/* The same, when only what the watch has seen is looked at. */
static void so_they_do_when_the_watch_tells_what_has_changed(void **state)
{
	struct scan_report report;
	struct watch *watch;
	struct err err = { "" };

	(void)state;
	srand(6);
	memset(versions, 0, sizeof(versions));
	newest = 0;
	paper_put("edition.ini", "");
	paper_put("news/section.ini", "name = News\n");
	paper_scan();
	watch = watch_new(paper_content, &err);
	assert_non_null(watch);
	desk_watch(paper_desk(), watch);
	assert_true(desk_scan(paper_desk(), NULL, NULL, &report, &err));
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < CHANGES; i++)
			change(rand() % FILES);
		/* What has vanished is looked for again. */
		for (int i = 0; i < 3; i++) {
			watch_read(watch);
			assert_true(desk_scan_touched(paper_desk(), NULL, NULL, &report, &err));
			assert_true(report.opened <= CHANGES + FILES);
		}
		check_index();
		check_versions();
	}
	desk_watch(paper_desk(), NULL);
	watch_free(watch);
}

static void words_and_lists_follow_any_changes(void **state)
{
	(void)state;
	srand(5);
	paper_put("edition.ini", "");
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < CHANGES; i++)
			change(rand() % FILES);
		paper_scan();
		paper_scan(); /* what had to wait for a vanished file */
		check_index();
		check_versions();
	}
	assert_true(newest > ROUNDS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, paper_set_up, paper_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(words_and_lists_follow_any_changes),
		TEST(so_they_do_when_the_watch_tells_what_has_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
