/* The scan: how what happens in content/ comes into the catalogue. */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "unit/paper.h"

static void new_files_come_in(void **state)
{
	(void)state;
	paper_put_small();
	paper_scan();
	assert_string_equal(paper_told, "");
	assert_int_equal(paper_report.files, 5);
	assert_int_equal(paper_report.opened, 4);
	assert_int_equal(paper_report.articles, 2);
	assert_true(paper_report.changed);
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/b news/a");
	assert_int_equal(paper_find("/about"), FOUND_DOCUMENT);
	assert_int_equal(paper_find("/news/river.jpg"), FOUND_FILE);
}

static void unchanged_files_are_not_opened_again(void **state)
{
	(void)state;
	paper_put_small();
	paper_scan();
	paper_scan();
	assert_int_equal(paper_report.files, 5);
	assert_int_equal(paper_report.opened, 0);
	assert_int_equal(paper_report.articles, 2);
	assert_false(paper_report.changed);
	paper_close_desk();
	paper_scan();
	assert_int_equal(paper_report.opened, 0);
	assert_false(paper_report.changed);
}

static void a_changed_file_is_read_again_and_only_that(void **state)
{
	(void)state;
	paper_put_small();
	paper_scan();
	paper_article("news/a.gmi", "A changed", "2026-10-01", "");
	paper_scan();
	assert_int_equal(paper_report.opened, 1);
	assert_true(paper_report.changed);
	assert_int_equal(paper_report.articles, 2);
	assert_int_equal(paper_find("/news/a"), FOUND_ARTICLE);
}

static void a_file_of_the_same_size_and_time_but_another_inode_is_read(void **state)
{
	struct stat before;
	struct timespec times[2];

	(void)state;
	paper_put_small();
	paper_scan();
	assert_int_equal(stat(paper_path("news/a.gmi"), &before), 0);
	paper_put("news/a.new", "Title: Z\nDate: 2026-10-01\n\nThe text of Z.\n");
	times[0] = times[1] = before.st_mtim;
	utimensat(AT_FDCWD, paper_path("news/a.new"), times, 0);
	paper_rename("news/a.new", "news/a.gmi");
	paper_scan();
	assert_int_equal(paper_report.opened, 1);
}

static void a_changed_date_moves_an_article_in_its_lists(void **state)
{
	(void)state;
	paper_put_small();
	paper_scan();
	paper_article("news/a.gmi", "A", "2026-10-05", "");
	paper_scan();
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/a news/b");
	assert_int_equal(paper_report.articles, 2);
}

static void a_vanished_file_leaves_the_catalogue(void **state)
{
	(void)state;
	paper_put_small();
	paper_scan();
	paper_remove("news/b.gmi");
	paper_remove("news/river.jpg");
	paper_remove("about.gmi");
	paper_scan();
	assert_int_equal(paper_report.removed, 3);
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/a");
	assert_int_equal(paper_find("/news/b"), FOUND_NOTHING);
	assert_int_equal(paper_find("/about"), FOUND_NOTHING);
	assert_int_equal(paper_find("/news/river.jpg"), FOUND_NOTHING);
}

static void a_renamed_article_with_an_id_answers_at_its_old_path(void **state)
{
	(void)state;
	paper_article("news/a.gmi", "A", "2026-10-01", "Id: river\n");
	paper_article("news/b.gmi", "B", "2026-10-01", "");
	paper_scan();
	paper_put("world/section.ini", "name = World\n");
	paper_rename("news/a.gmi", "world/c.gmi");
	paper_rename("news/b.gmi", "world/d.gmi");
	paper_scan();
	assert_int_equal(paper_find("/news/a"), FOUND_MOVED);
	assert_true(str_eq(paper_found, STR("/world/c")));
	assert_int_equal(paper_find("/news/b"), FOUND_NOTHING);
	/* Its successor at the old path comes first. */
	paper_article("news/a.gmi", "New", "2026-10-02", "");
	paper_scan();
	assert_int_equal(paper_find("/news/a"), FOUND_ARTICLE);
}

static void a_rename_in_two_steps_is_found_too(void **state)
{
	(void)state;
	paper_article("news/a.gmi", "A", "2026-10-01", "Id: river\n");
	paper_article("news/z.gmi", "Z", "2026-10-01", "");
	paper_scan();
	paper_remove("news/a.gmi");
	paper_scan();
	assert_int_equal(paper_find("/news/a"), FOUND_NOTHING);
	paper_article("news/b.gmi", "A", "2026-10-01", "Id: river\n");
	paper_scan();
	assert_int_equal(paper_find("/news/a"), FOUND_MOVED);
	assert_true(str_eq(paper_found, STR("/news/b")));
}

/* Lets the process open files up to a number only, so that the folder three levels down cannot be read, whoever runs this. */
static struct rlimit cut_descriptors(void)
{
	int numbers[5]; /* content twice, and two folders in each other; the next is one too many */
	struct rlimit old;
	struct rlimit tight;

	for (int i = 0; i < 5; i++)
		numbers[i] = dup(0);
	for (int i = 0; i < 5; i++)
		close(numbers[i]);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	tight = old;
	tight.rlim_cur = (rlim_t)numbers[4];
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
	return old;
}

static void a_folder_that_cannot_be_read_deletes_nothing(void **state)
{
	struct rlimit old;

	(void)state;
	paper_put_small();
	paper_put("ar/edition.ini", "name = Ar\n");
	paper_article("ar/x/y/c.gmi", "C", "2026-10-03", "");
	paper_scan();
	paper_remove("news/a.gmi");
	paper_article("news/d.gmi", "D", "2026-10-04", "");
	old = cut_descriptors();
	assert_false(paper_try_scan());
	setrlimit(RLIMIT_NOFILE, &old);
	assert_told("failed: the folder ar/x/y/ cannot be read");
	assert_int_equal(paper_report.removed, 0);
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/d news/b news/a");
	assert_int_equal(paper_find("/ar/x/y/c"), FOUND_ARTICLE);
	paper_scan();
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/d news/b");
	assert_int_equal(paper_find("/ar/x/y/c"), FOUND_ARTICLE);
}

static void content_that_is_gone_is_no_empty_paper(void **state)
{
	(void)state;
	paper_put_small();
	paper_scan();
	paper_read();
	paper_rename("", "state/elsewhere");
	assert_false(paper_try_scan());
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/b news/a");
	assert_int_equal(rename(paper_path("state/elsewhere"), paper_content), 0);
}

static void a_bad_article_is_left_out_and_the_rest_is_served(void **state)
{
	(void)state;
	paper_put_small();
	paper_put("news/bad.gmi", "Title: Bad\nDate: yesterday\n\nText\n");
	paper_scan();
	assert_told("error news/bad.gmi:2: Date:");
	assert_int_equal(paper_report.errors, 1);
	assert_int_equal(paper_find("/news/bad"), FOUND_NOTHING);
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/b news/a");
	/* It is told once, but counts as long as it is there. */
	paper_scan();
	assert_string_equal(paper_told, "");
	assert_int_equal(paper_report.errors, 1);
	assert_int_equal(paper_report.opened, 0);
	/* A new desk tells again what is wrong with files that it does not open. */
	paper_close_desk();
	paper_scan();
	assert_told("error news/bad.gmi:2: Date:");
	assert_int_equal(paper_report.opened, 0);
	paper_article("news/bad.gmi", "Good", "2026-10-04", "");
	paper_scan();
	assert_int_equal(paper_report.errors, 0);
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/bad news/b news/a");
}

static void an_article_that_turns_bad_leaves(void **state)
{
	(void)state;
	paper_put_small();
	paper_scan();
	paper_put("news/a.gmi", "No header at all\n");
	paper_scan();
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/b");
	assert_true(paper_report.changed);
}

static void the_second_file_with_an_id_is_an_error_until_the_first_is_gone(void **state)
{
	(void)state;
	paper_article("news/a.gmi", "A", "2026-10-01", "Id: same\n");
	paper_article("news/b.gmi", "B", "2026-10-02", "Id: same\n");
	paper_scan();
	assert_told("error news/b.gmi:0: the Id \"same\" is already that of news/a.gmi");
	assert_int_equal(paper_report.errors, 1);
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/a");
	paper_scan();
	assert_int_equal(paper_report.opened, 0);
	paper_remove("news/a.gmi");
	paper_scan();
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/b");
	assert_int_equal(paper_report.errors, 0);
	assert_int_equal(paper_find("/news/a"), FOUND_MOVED);
}

static void an_earlier_file_takes_its_id_from_a_later_one(void **state)
{
	(void)state;
	paper_article("news/b.gmi", "B", "2026-10-02", "Id: same\n");
	paper_scan();
	paper_article("news/a.gmi", "A", "2026-10-01", "Id: same\n");
	paper_scan();
	assert_told("error news/b.gmi:0: the Id \"same\" is already that of news/a.gmi");
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/a");
	paper_article("news/a.gmi", "A", "2026-10-01", "Id: other\n");
	paper_scan();
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/b news/a");
	assert_int_equal(paper_report.errors, 0);
}

static void a_path_that_is_the_id_of_another_is_a_doubled_id_too(void **state)
{
	(void)state;
	paper_article("news/a.gmi", "A", "2026-10-01", "Id: news/b\n");
	paper_article("news/b.gmi", "B", "2026-10-02", "");
	paper_scan();
	assert_told("error news/b.gmi:0: the Id \"news/b\" is already that of news/a.gmi");
	/* In another edition it is a translation. */
	paper_put("ar/edition.ini", "name = Ar\n");
	paper_article("ar/news/b.gmi", "B", "2026-10-02", "");
	paper_scan();
	assert_int_equal(paper_find("/ar/news/b"), FOUND_ARTICLE);
}

static void a_file_that_was_written_just_now_is_waited_for(void **state)
{
	(void)state;
	paper_put_small();
	utimensat(AT_FDCWD, paper_path("news/a.gmi"), NULL, 0);
	paper_scan();
	assert_int_equal(paper_report.unsettled, 0);
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/b news/a");
}

static atomic_bool stop_writing;

/* An editor that writes on and on, in place. */
static void *write_on(void *path)
{
	const struct timespec pause = { .tv_nsec = 5000000 };

	while (!stop_writing) {
		int fd = open(path, O_WRONLY | O_TRUNC);

		if (write(fd, "Title: Half", 11) != 11)
			abort();
		nanosleep(&pause, NULL);
		if (write(fd, "\nDate: 2026-10-09\n\nWhole.\n", 26) != 26)
			abort();
		close(fd);
	}
	return NULL;
}

static void a_file_that_is_being_written_keeps_its_old_text_until_it_settles(void **state)
{
	static char path[1024];
	pthread_t writer;

	(void)state;
	paper_put_small();
	paper_scan();
	strcpy(path, paper_path("news/a.gmi"));
	stop_writing = false;
	assert_int_equal(pthread_create(&writer, NULL, write_on, path), 0);
	nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	paper_scan();
	assert_int_equal(paper_report.unsettled, 1);
	assert_int_equal(paper_report.errors, 0);
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/b news/a");
	stop_writing = true;
	pthread_join(writer, NULL);
	paper_scan();
	assert_int_equal(paper_report.unsettled, 0);
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/a news/b");
}

static void all_of_a_scan_appears_at_once(void **state)
{
	struct store *store;
	struct query query = { .listing = LISTING_ALL, .limit = 20 };
	struct headlines list;

	(void)state;
	paper_put_small();
	paper_scan();
	store = paper_read();
	query.edition = paper_edition("");
	query.now = paper_now;
	paper_article("news/c.gmi", "C", "2026-10-03", "");
	paper_remove("news/a.gmi");
	paper_scan();
	/* The reading that began before sees the old paper to its end. */
	store_list(store, &query, paper_arena, &list);
	assert_string_equal(paper_paths(&list), "news/b news/a");
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/c news/b");
}

static void a_problem_free_paper_of_many_files_is_read_in_one_go(void **state)
{
	char path[64];
	char date[32];

	(void)state;
	paper_put("edition.ini", "");
	for (int i = 0; i < 300; i++) {
		snprintf(path, sizeof(path), "news/a%d.gmi", i);
		snprintf(date, sizeof(date), "2025-%02d-%02d", i % 12 + 1, i / 12 + 1);
		paper_article(path, path, date, "Tag: a\nAuthor: B\n");
	}
	paper_scan();
	assert_int_equal(paper_report.articles, 300);
	assert_int_equal(paper_report.opened, 301);
	assert_int_equal(paper_report.errors + paper_report.warnings, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, paper_set_up, paper_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(new_files_come_in),
		TEST(unchanged_files_are_not_opened_again),
		TEST(a_changed_file_is_read_again_and_only_that),
		TEST(a_file_of_the_same_size_and_time_but_another_inode_is_read),
		TEST(a_changed_date_moves_an_article_in_its_lists),
		TEST(a_vanished_file_leaves_the_catalogue),
		TEST(a_renamed_article_with_an_id_answers_at_its_old_path),
		TEST(a_rename_in_two_steps_is_found_too),
		TEST(a_folder_that_cannot_be_read_deletes_nothing),
		TEST(content_that_is_gone_is_no_empty_paper),
		TEST(a_bad_article_is_left_out_and_the_rest_is_served),
		TEST(an_article_that_turns_bad_leaves),
		TEST(the_second_file_with_an_id_is_an_error_until_the_first_is_gone),
		TEST(an_earlier_file_takes_its_id_from_a_later_one),
		TEST(a_path_that_is_the_id_of_another_is_a_doubled_id_too),
		TEST(a_file_that_was_written_just_now_is_waited_for),
		TEST(a_file_that_is_being_written_keeps_its_old_text_until_it_settles),
		TEST(all_of_a_scan_appears_at_once),
		TEST(a_problem_free_paper_of_many_files_is_read_in_one_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
