/* A copy of a paper in memory, for commands that must leave the server's state alone. */
#include <stdio.h>
#include <sys/stat.h>

#include "store/catalogue.h"
#include "unit/paper.h"

static void on_problem(void *context, enum problem problem, struct str path, unsigned line,
		       const char *text)
{
	(void)problem;
	(void)path;
	(void)line;
	(void)text;
	++*(size_t *)context;
}

/* Names, sizes and times of the state folder. */
static const char *state_of_folder(void)
{
	static char all[1024];
	static const char *const names[] = { "", CATALOGUE_FILE, CATALOGUE_FILE "-wal",
					     CATALOGUE_FILE "-shm" };
	size_t len = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[128];
		struct stat st = { 0 };

		snprintf(path, sizeof(path), "state/%s", names[i]);
		stat(paper_path(path), &st);
		len += (size_t)snprintf(all + len, sizeof(all) - len, "%s %lld %lld.%ld\n",
					names[i], (long long)st.st_size,
					(long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
	}
	return all;
}

static void a_copy_is_brought_up_to_date_and_leaves_the_state_alone(void **state)
{
	struct err err = { "" };
	struct store *copy;
	char before[1024];
	size_t problems = 0;

	(void)state;
	for (int running = 1; running >= 0; running--) {
		paper_put_read();
		paper_put("news/bad.gmi", "x\n");
		paper_scan();
		paper_article("news/new.gmi", "New", "2026-10-05", "");
		if (!running)
			paper_close_desk();
		strcpy(before, state_of_folder());
		problems = 0;
		copy = store_open(paper_content, paper_state, STORE_COPY, on_problem, &problems,
				  &err);
		assert_non_null(copy);
		assert_string_equal(before, state_of_folder());
		assert_true(store_begin(copy));
		assert_int_equal(store_find(copy, STR("/news/new"), paper_now, paper_arena, NULL),
				 FOUND_ARTICLE);
		assert_int_equal(store_find(copy, STR("/news/a"), paper_now, paper_arena, NULL),
				 FOUND_MOVED);
		/* Of a file that it did not have to read. */
		assert_int_equal(problems, 1);
		store_end(copy);
		store_free(copy);
		paper_rename("news/c.gmi", "news/a.gmi");
		paper_remove("news/new.gmi");
	}
}

static void a_copy_needs_no_state(void **state)
{
	struct err err = { "" };
	struct store *copy;

	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "");
	copy = store_open(paper_content, NULL, STORE_COPY, NULL, NULL, &err);
	assert_non_null(copy);
	assert_true(store_begin(copy));
	assert_int_equal(store_find(copy, STR("/news/a"), paper_now, paper_arena, NULL),
			 FOUND_ARTICLE);
	store_end(copy);
	store_free(copy);
	copy = store_open(paper_content, "/nonexistent/state", STORE_COPY, NULL, NULL, &err);
	assert_non_null(copy);
	store_free(copy);
	assert_null(store_open("/nonexistent/content", NULL, STORE_COPY, NULL, NULL, &err));
	assert_non_null(strstr(err.text, "/nonexistent/content"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, paper_set_up, paper_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_copy_is_brought_up_to_date_and_leaves_the_state_alone),
		TEST(a_copy_needs_no_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
