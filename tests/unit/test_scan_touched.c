/* Scans of what the watch has seen: of that and of nothing else, and of everything where files are not all. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/watch.h"
#include "unit/paper.h"

static struct watch *watch;
static struct scan_report report;
static char told[4096];

static void on_problem(void *context, enum problem problem, struct str path, unsigned line,
		       const char *text)
{
	(void)context;
	(void)problem;
	(void)line;
	snprintf(told + strlen(told), sizeof(told) - strlen(told), STR_FMT ": %s\n", STR_ARG(path),
		 text);
}

static void scan_touched(void)
{
	struct err err = { "" };

	told[0] = '\0';
	watch_read(watch);
	assert_true(desk_scan_touched(paper_desk(), on_problem, NULL, &report, &err));
}

/* Forgets what the watch has seen, so that only a scan of everything can find it. */
static void overlook(void)
{
	struct texts paths;

	watch_read(watch);
	watch_take(watch, paper_arena, &paths);
}

static int set_up(void **state)
{
	struct err err = { "" };

	paper_set_up(state);
	paper_put("edition.ini", "");
	paper_put("news/section.ini", "name = News\n");
	paper_article("news/a.gmi", "A", "2026-10-01", "Id: a\n");
	paper_article("news/b.gmi", "B", "2026-10-02", "");
	paper_scan();
	watch = watch_new(paper_content, &err);
	assert_non_null(watch);
	desk_watch(paper_desk(), watch);
	assert_true(desk_scan(paper_desk(), NULL, NULL, &report, &err));
	return 0;
}

static int tear_down(void **state)
{
	desk_watch(paper_desk(), NULL);
	watch_free(watch);
	return paper_tear_down(state);
}

static const char *title_of(const char *path)
{
	static char title[64];

	assert_int_equal(paper_get(path), FOUND_ARTICLE);
	snprintf(title, sizeof(title), STR_FMT, STR_ARG(paper_headline.title));
	return title;
}

static void only_what_was_touched_is_looked_at(void **state)
{
	(void)state;
	paper_article("news/b.gmi", "B2", "2026-10-02", "");
	overlook();
	paper_article("news/a.gmi", "A2", "2026-10-01", "Id: a\n");
	paper_article("news/c.gmi", "C", "2026-10-03", "");
	scan_touched();
	assert_int_equal(report.opened, 2);
	assert_int_equal(report.files, 5);
	assert_int_equal(report.articles, 3);
	assert_string_equal(title_of("/news/a"), "A2");
	assert_string_equal(title_of("/news/b"), "B");
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/c news/b news/a");
}

static void folders_and_ini_files_make_it_look_at_everything(void **state)
{
	(void)state;
	paper_article("news/b.gmi", "B2", "2026-10-02", "");
	overlook();
	paper_article("sport/c.gmi", "C", "2026-10-03", "");
	scan_touched();
	assert_string_equal(title_of("/news/b"), "B2");
	assert_string_equal(title_of("/sport/c"), "C");
	paper_article("news/b.gmi", "B3", "2026-10-02", "");
	overlook();
	paper_put("news/section.ini", "name = Late news\n");
	scan_touched();
	assert_string_equal(title_of("/news/b"), "B3");
	paper_article("news/b.gmi", "B4", "2026-10-02", "");
	overlook();
	paper_rename("sport", "sports");
	scan_touched();
	assert_string_equal(title_of("/news/b"), "B4");
	assert_string_equal(title_of("/sports/c"), "C");
}

static void a_file_that_is_gone_is_gone_after_a_second_look(void **state)
{
	(void)state;
	paper_remove("news/b.gmi");
	scan_touched();
	assert_true(report.unsettled > 0);
	assert_int_equal(paper_find("/news/b"), FOUND_ARTICLE);
	scan_touched();
	assert_int_equal(report.unsettled, 0);
	assert_int_equal(report.files, 3);
	assert_int_equal(paper_find("/news/b"), FOUND_NOTHING);
}

static void a_renamed_article_moves(void **state)
{
	(void)state;
	paper_rename("news/a.gmi", "news/z.gmi");
	scan_touched();
	assert_int_equal(paper_find("/news/a"), FOUND_MOVED);
	assert_string_equal(title_of("/news/z"), "A");
}

static void a_file_in_its_writers_hands_is_taken_when_it_is_closed(void **state)
{
	const char text[] = "Title: W\nDate: 2026-10-04\n\nWords.\n";
	int fd;

	(void)state;
	fd = open(paper_path("news/w.gmi"), O_WRONLY | O_CREAT, 0600);
	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
	scan_touched();
	assert_true(report.unsettled > 0);
	assert_int_equal(paper_find("/news/w"), FOUND_NOTHING);
	close(fd);
	for (int i = 0; i < 100 && paper_find("/news/w") == FOUND_NOTHING; i++) {
		usleep(20 * 1000);
		scan_touched();
	}
	assert_string_equal(title_of("/news/w"), "W");
}

/* What a scan puts off it looks at again, though nothing happens to it any more. */
static void what_was_left_for_later_is_looked_at_again(void **state)
{
	FILE *file;

	(void)state;
	file = fopen(paper_path("news/n.gmi"), "w");
	assert_non_null(file);
	fputs("Title: N\nDate: 2026-10-04\n\nWords.\n", file);
	fclose(file);
	scan_touched(); /* it is too young */
	assert_true(report.unsettled > 0);
	assert_int_equal(paper_find("/news/n"), FOUND_NOTHING);
	for (int i = 0; i < 100 && paper_find("/news/n") == FOUND_NOTHING; i++) {
		usleep(20 * 1000);
		scan_touched();
	}
	assert_string_equal(title_of("/news/n"), "N");
	assert_int_equal(report.unsettled, 0);
}

static void names_that_are_not_served_are_told_once_and_forgotten(void **state)
{
	(void)state;
	paper_put("news/my draft.gmi", "x");
	scan_touched();
	assert_non_null(strstr(told, "news/my draft.gmi: the name is not made of"));
	assert_int_equal(report.warnings, 1);
	paper_article("news/a.gmi", "A2", "2026-10-01", "Id: a\n");
	scan_touched();
	assert_string_equal(told, "");
	assert_int_equal(report.warnings, 1);
	paper_remove("news/my draft.gmi");
	scan_touched();
	assert_int_equal(report.warnings, 0);
}

static void a_link_in_place_of_a_file_is_no_file(void **state)
{
	(void)state;
	paper_remove("news/b.gmi");
	assert_int_equal(symlink("a.gmi", paper_path("news/b.gmi")), 0);
	for (int i = 0; i < 3; i++)
		scan_touched();
	assert_int_equal(paper_find("/news/b"), FOUND_NOTHING);
	assert_int_equal(report.warnings, 1);
}

static void a_bad_article_is_left_out_and_a_mended_one_comes_back(void **state)
{
	(void)state;
	paper_put("news/c.gmi", "Title: C\n\nNo date.\n");
	scan_touched();
	assert_int_equal(report.errors, 1);
	assert_non_null(strstr(told, "news/c.gmi"));
	paper_article("news/c.gmi", "C", "2026-10-03", "");
	scan_touched();
	assert_int_equal(report.errors, 0);
	assert_string_equal(title_of("/news/c"), "C");
}

static void count_call(void *context)
{
	++*(int *)context;
}

static void a_scan_of_everything_tells_how_it_gets_on(void **state)
{
	struct err err = { "" };
	int calls = 0;

	(void)state;
	assert_true(desk_has_paper(paper_desk()));
	desk_progress(paper_desk(), count_call, &calls);
	assert_true(desk_scan(paper_desk(), NULL, NULL, &report, &err));
	assert_int_equal(calls, 2); /* content and news */
	desk_progress(paper_desk(), NULL, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_what_was_touched_is_looked_at),
		TEST(folders_and_ini_files_make_it_look_at_everything),
		TEST(a_file_that_is_gone_is_gone_after_a_second_look),
		TEST(a_renamed_article_moves),
		TEST(a_file_in_its_writers_hands_is_taken_when_it_is_closed),
		TEST(what_was_left_for_later_is_looked_at_again),
		TEST(names_that_are_not_served_are_told_once_and_forgotten),
		TEST(a_link_in_place_of_a_file_is_no_file),
		TEST(a_scan_of_everything_tells_how_it_gets_on),
		TEST(a_bad_article_is_left_out_and_a_mended_one_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
