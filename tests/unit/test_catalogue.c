/* The catalogue file: made anew when it is damaged or of another version, read while that happens, copied, locked. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/catalogue.h"
#include "unit/paper.h"

static const char *const file = "state/" CATALOGUE_FILE;

/* What paper_put_read() counted is there. */
static void assert_counts_kept(void)
{
	struct headline headline;
	struct article article;

	assert_true(desk_flush(paper_desk(), paper_now, NULL));
	assert_string_equal(paper_list(LISTING_MOST_READ, ""), "news/c news/b");
	assert_int_equal(paper_find("/news/a"), FOUND_MOVED);
	assert_int_equal(store_article(paper_read(), STR("/news/c"), paper_now, paper_arena,
				       &headline, &article),
			 FOUND_ARTICLE);
	assert_int_equal(store_shares(paper_read(), &headline), 2);
}

/* Writes bytes over a file of the state folder. */
static void overwrite(const char *path, off_t offset, size_t len)
{
	int fd = open(paper_path(path), O_WRONLY);
	char *junk = malloc(len);

	memset(junk, 0xA5, len);
	assert_int_equal(pwrite(fd, junk, len, offset), (ssize_t)len);
	close(fd);
	free(junk);
}

/* Opens the desk anew; what it says of the reason for rebuilding goes to why. */
static void reopen(struct err *why)
{
	struct err err = { "" };
	struct desk *desk;

	paper_close_desk();
	desk = desk_open(paper_content, paper_state, why, &err);
	assert_string_equal(err.text, "");
	assert_non_null(desk);
	desk_free(desk);
}

static void set_version(int version)
{
	char sql[64];
	sqlite3 *db;

	assert_int_equal(sqlite3_open(paper_path(file), &db), SQLITE_OK);
	snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", version);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void a_sound_catalogue_is_kept(void **state)
{
	struct err why = { "x" };

	(void)state;
	reopen(&why);
	assert_string_equal(why.text, "there was none");
	paper_put_read();
	reopen(&why);
	assert_string_equal(why.text, "");
	paper_scan();
	assert_int_equal(paper_report.opened, 0);
	assert_counts_kept();
}

static void one_of_another_version_is_rebuilt_and_keeps_the_counts(void **state)
{
	struct err why = { "" };
	char want[64];

	(void)state;
	paper_put_read();
	paper_close_desk();
	set_version(CATALOGUE_VERSION + 1);
	reopen(&why);
	snprintf(want, sizeof(want), "it is of version %d, not %d", CATALOGUE_VERSION + 1,
		 CATALOGUE_VERSION);
	assert_non_null(strstr(why.text, want));
	paper_scan();
	assert_int_equal(paper_report.opened, 3);
	assert_counts_kept();
}

static void a_file_that_is_no_database_is_rebuilt(void **state)
{
	struct err why = { "" };

	(void)state;
	paper_put_read();
	paper_close_desk();
	overwrite(file, 0, 100);
	reopen(&why);
	assert_string_not_equal(why.text, "");
	paper_scan();
	assert_int_equal(paper_report.articles, 2);
	assert_int_equal(paper_find("/news/c"), FOUND_ARTICLE);
}

static void a_damaged_one_is_rebuilt_and_keeps_what_can_be_read(void **state)
{
	struct err why = { "" };
	sqlite3_stmt *statement;
	struct stat st;
	sqlite3 *db;
	int root;

	(void)state;
	paper_put_read();
	paper_close_desk();
	/* The page that the table of articles begins on. */
	assert_int_equal(sqlite3_open(paper_path(file), &db), SQLITE_OK);
	sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
	sqlite3_prepare_v2(db, "SELECT rootpage FROM sqlite_schema WHERE name = 'article'", -1,
			   &statement, NULL);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	root = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	assert_int_equal(stat(paper_path(file), &st), 0);
	assert_true(st.st_size >= root * CATALOGUE_PAGE);
	overwrite(file, (root - 1) * CATALOGUE_PAGE, CATALOGUE_PAGE);
	reopen(&why);
	assert_string_equal(why.text, "it is damaged");
	paper_scan();
	assert_counts_kept();
}

static void an_empty_file_is_rebuilt(void **state)
{
	struct err why = { "" };

	(void)state;
	paper_put_read();
	paper_close_desk();
	assert_int_equal(truncate(paper_path(file), 0), 0);
	reopen(&why);
	assert_string_not_equal(why.text, "");
	paper_scan();
	assert_int_equal(paper_report.articles, 2);
}

static void a_rebuilt_catalogue_gives_the_same_ids(void **state)
{
	struct headline before;
	struct headline after;
	struct article article;

	(void)state;
	paper_put_read();
	store_article(paper_read(), STR("/news/c"), paper_now, paper_arena, &before, &article);
	paper_close_desk();
	set_version(CATALOGUE_VERSION + 1);
	paper_scan();
	store_article(paper_read(), STR("/news/c"), paper_now, paper_arena, &after, &article);
	assert_int_equal(before.id, after.id);
	assert_true(str_eq(before.short_id, after.short_id));
}

static void one_that_is_deleted_under_the_server_is_made_anew_by_the_next_scan(void **state)
{
	(void)state;
	paper_put_read();
	paper_remove(file);
	paper_remove("state/" CATALOGUE_FILE "-wal");
	/* The reader that has it open reads on. */
	assert_int_equal(paper_find("/news/b"), FOUND_ARTICLE);
	paper_scan();
	assert_int_equal(access(paper_path(file), F_OK), 0);
	assert_int_equal(paper_report.opened, 3);
	assert_counts_kept();
	paper_article("news/d.gmi", "D", "2026-10-04", "");
	paper_scan();
	assert_int_equal(paper_find("/news/d"), FOUND_ARTICLE);
}

static void damage_under_a_running_editor_is_mended_by_the_next_scan(void **state)
{
	struct stat st;

	(void)state;
	paper_put_read();
	assert_int_equal(stat(paper_path(file), &st), 0);
	overwrite(file, 0, (size_t)st.st_size);
	overwrite("state/" CATALOGUE_FILE "-wal", 0, 65536);
	overwrite("state/" CATALOGUE_FILE "-shm", 0, 32768);
	paper_article("news/e.gmi", "E", "2026-10-05", "");
	paper_scan();
	assert_told("the catalogue was gone or damaged");
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/e news/b news/c");
	paper_scan();
	assert_int_equal(paper_report.opened, 0);
}

static void what_somebody_else_does_to_the_file_is_noticed_and_our_own_writing_is_not(void **state)
{
	struct stat st;

	(void)state;
	paper_put_read();
	assert_true(desk_is_whole(paper_desk()));
	paper_article("news/e.gmi", "E", "2026-10-05", "");
	paper_scan();
	assert_true(desk_flush(paper_desk(), paper_now + 7200, NULL));
	assert_true(desk_is_whole(paper_desk()));
	/* A new time alone is looked into, and nothing is wrong. */
	assert_int_equal(utimensat(AT_FDCWD, paper_path(file), NULL, 0), 0);
	assert_true(desk_is_whole(paper_desk()));
	assert_int_equal(stat(paper_path(file), &st), 0);
	overwrite(file, 0, (size_t)st.st_size);
	overwrite("state/" CATALOGUE_FILE "-wal", 0, 65536);
	assert_false(desk_is_whole(paper_desk()));
	paper_scan();
	assert_true(desk_is_whole(paper_desk()));
	paper_remove(file);
	assert_false(desk_is_whole(paper_desk()));
}

static void readers_keep_the_old_catalogue_until_there_is_a_paper_in_the_new_one(void **state)
{
	char old[1024];

	(void)state;
	paper_put_small();
	paper_scan();
	assert_int_equal(paper_find("/news/b"), FOUND_ARTICLE);
	/* As far as an editor is before its first scan: a catalogue without a paper. */
	paper_close_desk();
	strcpy(old, paper_path("state/old.db"));
	assert_int_equal(rename(paper_path(file), old), 0);
	paper_remove("state/" CATALOGUE_FILE "-wal");
	paper_remove("state/" CATALOGUE_FILE "-shm");
	reopen(NULL);
	assert_int_equal(access(paper_path(file), F_OK), 0);
	assert_int_equal(paper_find("/news/b"), FOUND_ARTICLE);
	paper_article("news/e.gmi", "E", "2026-10-05", "");
	paper_scan();
	assert_int_equal(paper_find("/news/e"), FOUND_ARTICLE);
}

static void damage_under_a_reader_makes_empty_answers_but_no_crash(void **state)
{
	struct store *store;
	struct query query = { .limit = 20 };
	struct headlines list;
	struct buckets buckets;
	struct headline headline;
	struct article article;
	struct stat st;

	(void)state;
	paper_put_read();
	store = paper_read();
	query.edition = paper_edition("");
	query.now = paper_now;
	paper_close_desk();
	assert_int_equal(stat(paper_path(file), &st), 0);
	overwrite(file, 0, (size_t)st.st_size);
	overwrite("state/" CATALOGUE_FILE "-wal", 0, 65536);
	store_list(store, &query, paper_arena, &list);
	store_count(store, &query);
	store_tags(store, query.edition, paper_now, paper_arena, &buckets);
	store_find(store, STR("/news/b"), paper_now, paper_arena, NULL);
	store_article(store, STR("/news/b"), paper_now, paper_arena, &headline, &article);
	store_end(store);
	/* New connections see it at once. */
	for (int i = 0; i < 3; i++) {
		bool begun = store_begin(store);

		store_list(store, &query, paper_arena, &list);
		store_end(store);
		if (i == 2)
			assert_false(begun);
	}
	/* And when the editor has made it anew, the same store reads again. */
	paper_scan();
	assert_int_equal(paper_find("/news/b"), FOUND_ARTICLE);
}

static void a_second_server_on_the_same_state_is_refused(void **state)
{
	struct err err = { "" };

	(void)state;
	paper_put_read();
	assert_null(desk_open(paper_content, paper_state, NULL, &err));
	assert_non_null(strstr(err.text, "another server is running"));
	paper_close_desk();
	paper_scan();
}

/* An editor that takes its time. */
static void *scan_late(void *context)
{
	nanosleep(&(struct timespec){ .tv_nsec = 300000000 }, NULL);
	*(bool *)context = true;
	paper_scan();
	return NULL;
}

static void readers_wait_for_the_first_scan(void **state)
{
	bool scanned = false;
	pthread_t editor;
	struct desk *desk;

	(void)state;
	paper_put("edition.ini", "");
	/* A catalogue without a paper in it is not enough. */
	desk = desk_open(paper_content, paper_state, NULL, NULL);
	assert_non_null(desk);
	desk_free(desk);
	assert_int_equal(pthread_create(&editor, NULL, scan_late, &scanned), 0);
	assert_non_null(paper_read());
	assert_true(scanned);
	pthread_join(editor, NULL);
}

static int64_t version(void)
{
	struct store *store = paper_read();

	store_end(store);
	return store_version(store);
}

static void the_version_changes_with_everything_that_a_page_may_show(void **state)
{
	int64_t before;

	(void)state;
	paper_put_read();
	before = version();
	assert_true(before != 0 && version() == before);
	paper_article("news/d.gmi", "D", "2026-10-04", "");
	paper_scan();
	assert_true(version() != before);
	before = version();
	paper_get("/news/d");
	desk_count(paper_desk(), paper_headline.id, false, paper_now);
	assert_true(desk_flush(paper_desk(), paper_now, NULL));
	assert_true(version() != before);
	before = version();
	paper_close_desk();
	assert_int_equal(unlink(paper_path(file)), 0);
	paper_scan();
	assert_true(version() != before);
}

static void a_state_folder_that_cannot_be_made_is_an_error(void **state)
{
	struct err err = { "" };

	(void)state;
	assert_null(desk_open(paper_content, "/nonexistent/state", NULL, &err));
	assert_non_null(strstr(err.text, "/nonexistent/state"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, paper_set_up, paper_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_sound_catalogue_is_kept),
		TEST(one_of_another_version_is_rebuilt_and_keeps_the_counts),
		TEST(a_file_that_is_no_database_is_rebuilt),
		TEST(a_damaged_one_is_rebuilt_and_keeps_what_can_be_read),
		TEST(an_empty_file_is_rebuilt),
		TEST(a_rebuilt_catalogue_gives_the_same_ids),
		TEST(one_that_is_deleted_under_the_server_is_made_anew_by_the_next_scan),
		TEST(damage_under_a_running_editor_is_mended_by_the_next_scan),
		TEST(what_somebody_else_does_to_the_file_is_noticed_and_our_own_writing_is_not),
		TEST(readers_keep_the_old_catalogue_until_there_is_a_paper_in_the_new_one),
		TEST(damage_under_a_reader_makes_empty_answers_but_no_crash),
		TEST(a_second_server_on_the_same_state_is_refused),
		TEST(readers_wait_for_the_first_scan),
		TEST(the_version_changes_with_everything_that_a_page_may_show),
		TEST(a_state_folder_that_cannot_be_made_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
