/* The scan of a paper that changes while it is looked at. Folders are held open by fanotify at the very moment that matters. */
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/watch.h"
#include "unit/paper.h"

static struct watch *watch;
static int guard = -1;
static char first[64]; /* the folder that the scan came to first, and the other one */
static char second[64];

static int tear_down(void **state)
{
	if (paper_desk())
		desk_watch(paper_desk(), NULL);
	watch_free(watch);
	watch = NULL;
	if (guard != -1)
		close(guard);
	guard = -1;
	return paper_tear_down(state);
}

static void begin_watch(void)
{
	struct err err = { "" };

	watch = watch_new(paper_content, &err);
	assert_non_null(watch);
	desk_watch(paper_desk(), watch);
}

/* Long enough ago that the folders' times say whether anything moves. */
static void let_folders_rest(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 60000000 }, NULL);
}

/* Waits for the scan to open a folder, and copies its name. */
static int await_opening(char name[64])
{
	struct fanotify_event_metadata event;
	char link[64];
	char path[PATH_MAX];
	ssize_t len;

	if (read(guard, &event, sizeof(event)) < (ssize_t)sizeof(event))
		abort();
	snprintf(link, sizeof(link), "/proc/self/fd/%d", event.fd);
	len = readlink(link, path, sizeof(path) - 1);
	if (len <= 0)
		abort();
	path[len] = '\0';
	snprintf(name, 64, "%s", strrchr(path, '/') + 1);
	return event.fd;
}

static void let_open(int fd)
{
	const struct fanotify_response answer = { .fd = fd, .response = FAN_ALLOW };

	if (write(guard, &answer, sizeof(answer)) != (ssize_t)sizeof(answer))
		abort();
	close(fd);
}

/*
 * Once the scan has listed one folder and opens the other, moves an article from there into the
 * first: neither listing shows it.
 */
static void *move_past_the_scan(void *unused)
{
	char from[256];
	char to[256];
	int fd;

	(void)unused;
	let_open(await_opening(first));
	fd = await_opening(second);
	snprintf(from, sizeof(from), "%s/%s/a.gmi", paper_content, second);
	snprintf(to, sizeof(to), "%s/%s/moved.gmi", paper_content, first);
	if (rename(from, to) != 0)
		abort();
	fanotify_mark(guard, FAN_MARK_FLUSH, 0, AT_FDCWD, NULL);
	let_open(fd);
	return NULL;
}

static void scan_while_an_article_moves(void)
{
	pthread_t mover;

	guard = fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC, O_RDONLY | O_CLOEXEC);
	for (int i = 0; i < 2; i++)
		if (guard == -1 || fanotify_mark(guard, FAN_MARK_ADD, FAN_OPEN_PERM | FAN_ONDIR,
						 AT_FDCWD, paper_path(i ? "two" : "one")) != 0)
			skip(); /* needs root, and a kernel that lets openings be held */
	assert_int_equal(pthread_create(&mover, NULL, move_past_the_scan, NULL), 0);
	paper_scan();
	pthread_join(mover, NULL);
}

static void put_two_folders(void)
{
	paper_put("edition.ini", "");
	paper_article("one/a.gmi", "One", "2026-10-01", "Id: one\n");
	paper_article("two/a.gmi", "Two", "2026-10-02", "Id: two\n");
	paper_scan();
	let_folders_rest();
}

/* Whether the article answers where it was, by its own text, at its old or its new place. */
static enum found find_moved(char path[80])
{
	snprintf(path, 80, "/%s/a", second);
	return paper_get(path);
}

static void article_that_moves_past_the_scan_stays_where_it_was_until_it_is_found(void **state)
{
	char path[80];

	(void)state;
	put_two_folders();
	begin_watch();
	scan_while_an_article_moves();
	assert_int_equal(find_moved(path), FOUND_ARTICLE);
	assert_int_equal(paper_report.removed, 0);
	assert_true(paper_report.unsettled > 0);
	assert_in_range(paper_report.settle_time, 1, 200);
	paper_scan();
	assert_int_equal(find_moved(path), FOUND_MOVED);
	assert_string_equal(paper_told, "");
	assert_int_equal(paper_report.removed, 1);
	assert_int_equal(paper_report.articles, 2);
}

static void scan_without_a_watch_looks_again_at_once(void **state)
{
	char path[80];

	(void)state;
	put_two_folders();
	scan_while_an_article_moves();
	assert_int_equal(find_moved(path), FOUND_MOVED);
	assert_int_equal(paper_report.unsettled, 0);
	assert_int_equal(paper_report.articles, 2);
}

/* Without an Id there is nothing to find again: it goes with the second scan, and so does its link. */
static void article_that_is_gone_while_names_move_goes_with_the_second_scan(void **state)
{
	(void)state;
	put_two_folders();
	begin_watch();
	paper_remove("two/a.gmi");
	/* A time of just now, as a rename beside it would leave. */
	assert_int_equal(utimensat(AT_FDCWD, paper_path("two"), NULL, 0), 0);
	paper_scan();
	if (paper_report.removed == 0) {
		assert_int_equal(paper_get("/two/a"), FOUND_ARTICLE);
		assert_true(paper_report.unsettled > 0);
		assert_int_equal(utimensat(AT_FDCWD, paper_path("two"), NULL, 0), 0);
		paper_scan();
	}
	assert_int_equal(paper_report.removed, 1);
	assert_int_equal(paper_get("/two/a"), FOUND_NOTHING);
	/* And is nothing special from then on. */
	paper_article("two/a.gmi", "Two", "2026-10-02", "Id: two\n");
	paper_scan();
	assert_int_equal(paper_get("/two/a"), FOUND_ARTICLE);
	assert_int_equal(paper_report.articles, 2);
}

static void id_of_a_file_that_is_gone_is_free_at_once(void **state)
{
	(void)state;
	put_two_folders();
	begin_watch();
	/* Made anew rather than renamed, to a path that comes later. */
	paper_remove("one/a.gmi");
	paper_article("two/z.gmi", "One again", "2026-10-01", "Id: one\n");
	paper_scan();
	assert_string_equal(paper_told, "");
	assert_int_equal(paper_get("/one/a"), FOUND_MOVED);
	assert_int_equal(paper_report.articles, 2);
}

static void deleted_article_answers_until_the_file_that_may_have_its_id_is_read(void **state)
{
	(void)state;
	put_two_folders();
	paper_article("one/plain.gmi", "Plain", "2026-10-01", "");
	paper_scan();
	begin_watch();
	paper_remove("one/a.gmi");
	paper_remove("one/plain.gmi");
	paper_article("one/z.gmi", "One again", "2026-10-01", "Id: one\n");
	assert_int_equal(utimensat(AT_FDCWD, paper_path("one/z.gmi"), NULL, 0), 0);
	let_folders_rest();
	paper_scan();
	assert_int_equal(paper_get("/one/a"), FOUND_ARTICLE);
	assert_int_equal(paper_get("/one/plain"), FOUND_NOTHING);
	assert_true(paper_report.unsettled > 0);
	nanosleep(&(struct timespec){ .tv_nsec = 500000000 }, NULL);
	paper_scan();
	assert_string_equal(paper_told, "");
	assert_int_equal(paper_get("/one/a"), FOUND_MOVED);
	assert_text(paper_headline.title, "One again");
}

/* Longer than an emptied file is waited for. */
static void rest(void)
{
	const struct timespec time = { .tv_nsec = 700 * 1000000 };

	nanosleep(&time, NULL);
}

static void cut(const char *path, time_t seconds_ago)
{
	struct timespec times[2];

	assert_int_equal(truncate(paper_path(path), 0), 0);
	clock_gettime(CLOCK_REALTIME, &times[0]);
	times[0].tv_sec -= seconds_ago;
	times[1] = times[0];
	assert_int_equal(utimensat(AT_FDCWD, paper_path(path), times, 0), 0);
}

/* As when the disk holds up a writer between cutting a file and writing it, and no event tells of it. */
static void file_that_was_cut_a_moment_ago_keeps_its_old_text(void **state)
{
	(void)state;
	paper_put("edition.ini", "name = The Test\n");
	paper_put("about.gmi", "Title: About\n\nUs.\n");
	paper_article("news/a.gmi", "A", "2026-10-01", "");
	paper_article("news/b.gmi", "B", "2026-10-02", "");
	paper_scan();
	cut("news/a.gmi", 2);
	cut("about.gmi", 2);
	cut("edition.ini", 2);
	paper_scan();
	assert_string_equal(paper_told, "");
	assert_int_equal(paper_report.unsettled, 3);
	assert_in_range(paper_report.settle_time, 1, 8001);
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/b news/a");
	assert_int_equal(paper_find("/about"), FOUND_DOCUMENT);
	assert_text(paper_edition("")->name, "The Test");
	/* Whoever leaves it so means it. */
	cut("news/a.gmi", 11);
	cut("about.gmi", 11);
	rest();
	paper_scan();
	assert_told("error news/a.gmi:0: Title is missing");
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/b");
	assert_int_equal(paper_find("/about"), FOUND_NOTHING);
}

/* O_TRUNC takes a file's bytes before it gives the file its new time, and before any event. */
static void file_that_lost_its_bytes_this_moment_is_waited_for_whatever_its_time_says(void **state)
{
	(void)state;
	put_two_folders();
	cut("one/a.gmi", 1000);
	paper_scan();
	assert_int_equal(paper_report.unsettled, 1);
	assert_in_range(paper_report.settle_time, 1, 601);
	assert_int_equal(paper_find("/one/a"), FOUND_ARTICLE);
	paper_article("one/a.gmi", "A", "2026-10-01", "");
	paper_scan();
	assert_int_equal(paper_find("/one/a"), FOUND_ARTICLE);
	assert_string_equal(paper_told, "");
	/* The next time is another one. */
	cut("one/a.gmi", 1000);
	paper_scan();
	assert_int_equal(paper_find("/one/a"), FOUND_ARTICLE);
	rest();
	paper_scan();
	assert_told("error one/a.gmi:0: Title is missing");
	assert_int_equal(paper_find("/one/a"), FOUND_NOTHING);
}

static void new_file_that_is_no_article_is_told_at_once(void **state)
{
	(void)state;
	paper_put("edition.ini", "");
	paper_put("news/a.gmi", "x");
	cut("news/a.gmi", 2);
	paper_scan();
	assert_told("error news/a.gmi:0: Title is missing");
	assert_int_equal(paper_report.unsettled, 0);
}

/* The watch is not read before the scan here: the writer came when the scan had begun. */
static void writer_who_came_during_the_scan_is_waited_for(void **state)
{
	const struct timespec times[2] = { { .tv_sec = 1400000000 }, { .tv_sec = 1400000000 } };
	const char half[] = "Title: Half\nDate: 2026-10-09\n\nHal";
	int fd;

	(void)state;
	put_two_folders();
	begin_watch();
	fd = open(paper_path("one/a.gmi"), O_WRONLY | O_TRUNC | O_CLOEXEC);
	assert_int_equal(write(fd, half, sizeof(half) - 1), sizeof(half) - 1);
	futimens(fd, times);
	paper_scan();
	assert_true(paper_report.unsettled > 0);
	assert_in_range(paper_report.settle_time, 1, 200);
	assert_int_equal(paper_get("/one/a"), FOUND_ARTICLE);
	assert_text(paper_headline.title, "One");
	close(fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, paper_set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(article_that_moves_past_the_scan_stays_where_it_was_until_it_is_found),
		TEST(scan_without_a_watch_looks_again_at_once),
		TEST(article_that_is_gone_while_names_move_goes_with_the_second_scan),
		TEST(id_of_a_file_that_is_gone_is_free_at_once),
		TEST(deleted_article_answers_until_the_file_that_may_have_its_id_is_read),
		TEST(file_that_was_cut_a_moment_ago_keeps_its_old_text),
		TEST(file_that_lost_its_bytes_this_moment_is_waited_for_whatever_its_time_says),
		TEST(new_file_that_is_no_article_is_told_at_once),
		TEST(writer_who_came_during_the_scan_is_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
