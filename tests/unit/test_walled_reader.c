/* A reader behind a worker's walls, which let it write nothing: not the catalogue, not its WAL index. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sandbox.h"
#include "unit/paper.h"

enum { NO_WALLS = 254, INDEX_HEADER = 96 };

static int pipes[2][2]; /* to the reader and from it */

static void say(int end)
{
	if (write(pipes[end][1], "x", 1) != 1)
		abort();
}

static bool hear(int end)
{
	char byte;

	return read(pipes[end][0], &byte, 1) == 1;
}

/* Runs read_paper in a child that may read content and state; what it returns. */
static pid_t begin_reader(int (*read_paper)(struct store *store))
{
	pid_t child;

	paper_put_small();
	assert_int_equal(mkdir(paper_state, 0700), 0);
	assert_int_equal(pipe(pipes[0]) + pipe(pipes[1]), 0);
	/* Before there is a desk, whose lock it would hold. */
	child = fork();
	if (child == 0) {
		const struct sandbox_path paths[] = {
			{ paper_content, SANDBOX_READ },
			{ paper_state, SANDBOX_READ },
		};
		struct sandbox sandbox;
		struct store *store;

		if (!sandbox_close(paths, 2, true, &sandbox, NULL))
			_exit(98);
		if (sandbox.landlock == 0)
			_exit(NO_WALLS);
		store = store_open(paper_content, paper_state, STORE_READ, NULL, NULL, NULL);
		if (store)
			say(1);
		_exit(store ? read_paper(store) : 97);
	}
	assert_int_not_equal(child, -1);
	close(pipes[0][0]);
	close(pipes[1][1]);
	paper_scan();
	hear(1); /* also when it has ended, which end_reader() tells */
	return child;
}

static int end_reader(pid_t child)
{
	int status;

	close(pipes[0][1]);
	close(pipes[1][0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_WALLS)
		skip();
	return WEXITSTATUS(status);
}

static bool has_article(struct store *store, const char *path)
{
	bool has;

	if (!store_begin(store))
		return false;
	has = store_find(store, str_from(path), paper_now, paper_arena, NULL) == FOUND_ARTICLE;
	store_end(store);
	return has;
}

static bool is_refused(const char *path, int flags)
{
	return open(paper_path(path), flags | O_CLOEXEC, 0600) == -1 && errno == EACCES;
}

static int try_to_write(struct store *store)
{
	static const char *const files[] = { "state/catalogue.db", "state/catalogue.db-wal",
					     "state/catalogue.db-shm", "state/lock" };

	if (!has_article(store, "/news/a"))
		return 1;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (!is_refused(files[i], O_RDWR) || !is_refused(files[i], O_WRONLY | O_TRUNC))
			return 2;
	if (!is_refused("state/new", O_WRONLY | O_CREAT))
		return 3;
	return unlink(paper_path("state/catalogue.db")) == -1 && errno == EACCES ? 0 : 4;
}

static void reader_can_write_neither_the_catalogue_nor_its_index(void **state)
{
	(void)state;
	assert_int_equal(end_reader(begin_reader(try_to_write)), 0);
}

static int see_changes(struct store *store)
{
	char path[32];

	for (int i = 0; i < 50; i++) {
		if (!hear(0))
			return 99;
		snprintf(path, sizeof(path), "/news/n%d", i);
		if (!has_article(store, path))
			return 1;
		say(1);
	}
	return 0;
}

/* Enough of them that the log is written back to the catalogue and begun anew in between. */
static void reader_sees_every_change_at_once(void **state)
{
	char path[32];
	pid_t child;

	(void)state;
	child = begin_reader(see_changes);
	for (int i = 0; i < 50; i++) {
		snprintf(path, sizeof(path), "news/n%d.gmi", i);
		paper_article(path, path, "2026-10-01", "");
		/* An editor that ends and begins leaves all to the next one, too. */
		if (i % 10 == 9)
			paper_close_desk();
		paper_scan();
		say(0);
		assert_true(hear(1));
	}
	assert_int_equal(end_reader(child), 0);
}

static int read_without_editor(struct store *store)
{
	if (!hear(0) || !has_article(store, "/news/a"))
		return 1;
	store_free(store);
	store = store_open(paper_content, paper_state, STORE_READ, NULL, NULL, NULL);
	return store && has_article(store, "/news/a") ? 0 : 2;
}

static void reader_reads_on_and_opens_anew_while_there_is_no_editor(void **state)
{
	pid_t child;

	(void)state;
	child = begin_reader(read_without_editor);
	paper_close_desk();
	say(0);
	assert_int_equal(end_reader(child), 0);
}

static int read_disordered(struct store *store)
{
	struct timespec begun;
	struct timespec ended;

	if (!has_article(store, "/news/a"))
		return 1;
	say(1);
	/* It is mended while this waits. */
	if (!hear(0) || !has_article(store, "/news/a"))
		return 2;
	say(1);
	/* Nobody mends it: that is said, and nobody waits for it a second time. */
	if (!hear(0) || has_article(store, "/news/a"))
		return 3;
	clock_gettime(CLOCK_MONOTONIC, &begun);
	for (int i = 0; i < 5; i++)
		if (has_article(store, "/news/a"))
			return 4;
	clock_gettime(CLOCK_MONOTONIC, &ended);
	if (ended.tv_sec - begun.tv_sec > 5)
		return 5;
	say(1);
	return hear(0) && has_article(store, "/news/a") ? 0 : 6;
}

/* The index as an editor leaves it that was killed between its header's two copies. */
static void change_index(int fd, const char *header)
{
	assert_int_equal(pwrite(fd, header, INDEX_HEADER / 2, 0), INDEX_HEADER / 2);
}

static void index_in_disorder_is_waited_for_but_not_for_ever(void **state)
{
	char header[INDEX_HEADER / 2];
	char spoilt[INDEX_HEADER / 2] = { 1, 2, 3 };
	pid_t child;
	int fd;

	(void)state;
	child = begin_reader(read_disordered);
	fd = open(paper_path("state/catalogue.db-shm"), O_RDWR | O_CLOEXEC);
	assert_int_equal(pread(fd, header, sizeof(header), 0), sizeof(header));
	assert_true(hear(1));
	change_index(fd, spoilt);
	say(0);
	nanosleep(&(struct timespec){ .tv_nsec = 200000000 }, NULL);
	change_index(fd, header);
	assert_true(hear(1));
	change_index(fd, spoilt);
	say(0);
	assert_true(hear(1));
	change_index(fd, header);
	say(0);
	close(fd);
	assert_int_equal(end_reader(child), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, paper_set_up, paper_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reader_can_write_neither_the_catalogue_nor_its_index),
		TEST(reader_sees_every_change_at_once),
		TEST(reader_reads_on_and_opens_anew_while_there_is_no_editor),
		TEST(index_in_disorder_is_waited_for_but_not_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
