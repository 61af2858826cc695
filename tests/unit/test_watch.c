/* The watch on content/, and what it knows of files that are in a writer's hands. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/watch.h"
#include "unit/paper.h"

enum { WRITERS_MAX = 256 };

static struct watch *watch;

static void begin(void)
{
	struct err err = { "" };

	paper_put_small();
	watch = watch_new(paper_content, &err);
	assert_non_null(watch);
}

static int tear_down(void **state)
{
	watch_free(watch);
	watch = NULL;
	return paper_tear_down(state);
}

static int open_for_writing(const char *path)
{
	int fd = open(paper_path(path), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_not_equal(fd, -1);
	return fd;
}

static void put(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

static bool is_written(const char *path)
{
	int64_t wait = 0;
	bool written;

	watch_read(watch);
	written = watch_is_written(watch, str_from(path), &wait);
	assert_true(!written || (wait > 0 && wait <= 10 * (int64_t)1000000000));
	return written;
}

static void file_is_in_its_writers_hands_until_it_is_closed(void **state)
{
	int fd;

	(void)state;
	begin();
	assert_false(is_written("/news/a.gmi"));
	fd = open_for_writing("news/a.gmi");
	put(fd, "Title: A");
	assert_true(is_written("/news/a.gmi"));
	assert_false(is_written("/news/b.gmi"));
	close(fd);
	assert_false(is_written("/news/a.gmi"));
}

static void emptied_file_is_in_its_writers_hands(void **state)
{
	int fd;

	(void)state;
	begin();
	fd = open_for_writing("news/a.gmi");
	assert_true(is_written("/news/a.gmi"));
	close(fd);
}

static void file_that_is_renamed_or_removed_while_it_is_written_is_not_waited_for(void **state)
{
	int fd;

	(void)state;
	begin();
	fd = open_for_writing("news/a.gmi");
	paper_rename("news/a.gmi", "news/c.gmi");
	assert_false(is_written("/news/a.gmi"));
	put(fd, "Title: C");
	assert_true(is_written("/news/c.gmi"));
	paper_remove("news/c.gmi");
	assert_false(is_written("/news/c.gmi"));
	close(fd);
}

static void writers_in_new_and_moved_folders_are_known_by_where_they_are(void **state)
{
	int fd;

	(void)state;
	begin();
	assert_int_equal(mkdir(paper_path("fresh"), 0700), 0);
	watch_read(watch);
	fd = open_for_writing("fresh/x.gmi");
	put(fd, "Ti");
	assert_true(is_written("/fresh/x.gmi"));
	paper_rename("fresh", "moved");
	watch_read(watch);
	put(fd, "tle: X");
	assert_true(is_written("/moved/x.gmi"));
	close(fd);
	assert_false(is_written("/moved/x.gmi"));
}

static void more_writers_than_are_kept_do_no_harm(void **state)
{
	int fds[WRITERS_MAX + 1];
	char path[64];

	(void)state;
	begin();
	for (int i = 0; i <= WRITERS_MAX; i++) {
		snprintf(path, sizeof(path), "news/w%d.gmi", i);
		fds[i] = open_for_writing(path);
		put(fds[i], "Title: W");
	}
	assert_true(is_written("/news/w255.gmi"));
	assert_false(is_written("/news/w256.gmi"));
	close(fds[0]);
	watch_read(watch);
	put(fds[WRITERS_MAX], "\n");
	assert_true(is_written("/news/w256.gmi"));
	for (int i = 1; i <= WRITERS_MAX; i++)
		close(fds[i]);
	assert_false(is_written("/news/w256.gmi"));
}

/* A time long ago, so that only the watch can tell. */
static void make_old(int fd)
{
	const struct timespec times[2] = { { .tv_sec = 1400000000 }, { .tv_sec = 1400000000 } };

	assert_int_equal(futimens(fd, times), 0);
}

static void scan_leaves_a_file_to_its_writer_and_says_so(void **state)
{
	int fd;

	(void)state;
	begin();
	paper_scan();
	desk_watch(paper_desk(), watch);
	fd = open_for_writing("news/a.gmi");
	put(fd, "Title: Half\nDate: 2026-10-09\n\nHal");
	make_old(fd);
	watch_read(watch);
	paper_scan();
	assert_int_equal(paper_report.unsettled, 1);
	assert_int_equal(paper_report.opened, 0);
	assert_in_range(paper_report.settle_time, 1, 10001);
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/b news/a");
	put(fd, "f and half.\n");
	make_old(fd);
	close(fd);
	watch_read(watch);
	paper_scan();
	assert_int_equal(paper_report.unsettled, 0);
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/a news/b");
}

static void scan_with_a_watch_waits_for_no_file(void **state)
{
	struct timespec now;
	int fd;

	(void)state;
	begin();
	paper_scan();
	desk_watch(paper_desk(), watch);
	fd = open_for_writing("news/a.gmi");
	put(fd, "Title: A\nDate: 2026-10-09\n\nWhole.\n");
	close(fd);
	/* A little ahead, so that a slow machine finds it unsettled too. */
	clock_gettime(CLOCK_REALTIME, &now);
	now.tv_nsec += 300000000;
	if (now.tv_nsec >= 1000000000) {
		now.tv_nsec -= 1000000000;
		now.tv_sec++;
	}
	utimensat(AT_FDCWD, paper_path("news/a.gmi"), (struct timespec[2]){ now, now }, 0);
	watch_read(watch);
	paper_scan();
	assert_int_equal(paper_report.unsettled, 1);
	assert_in_range(paper_report.settle_time, 1, 801);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, paper_set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(file_is_in_its_writers_hands_until_it_is_closed),
		TEST(emptied_file_is_in_its_writers_hands),
		TEST(file_that_is_renamed_or_removed_while_it_is_written_is_not_waited_for),
		TEST(writers_in_new_and_moved_folders_are_known_by_where_they_are),
		TEST(more_writers_than_are_kept_do_no_harm),
		TEST(scan_leaves_a_file_to_its_writer_and_says_so),
		TEST(scan_with_a_watch_waits_for_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
