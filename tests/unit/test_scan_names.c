/* The scan: what names, folders and .ini files of content/ become. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit/paper.h"

static void names_that_are_not_served_are_skipped_with_a_warning(void **state)
{
	(void)state;
	paper_put_small();
	paper_put("news/two words.gmi", "x");
	paper_put("news/caf\xC3\xA9.gmi", "x");
	paper_put("news/.hidden.gmi", "x");
	paper_put(".git/config", "x");
	assert_int_equal(mkfifo(paper_path("news/pipe.gmi"), 0600), 0);
	assert_int_equal(symlink("a.gmi", paper_path("news/link.gmi")), 0);
	assert_int_equal(symlink("/etc", paper_path("etc")), 0);
	paper_scan();
	assert_told("warning news/two words.gmi:0: the name is not made of");
	assert_told("warning news/caf\xC3\xA9.gmi:0: the name");
	assert_told("warning news/pipe.gmi:0: not a regular file");
	assert_told("warning news/link.gmi:0: a symbolic link");
	assert_told("warning etc:0: a symbolic link");
	assert_null(strstr(paper_told, "hidden"));
	assert_null(strstr(paper_told, ".git"));
	assert_int_equal(paper_report.warnings, 5);
	assert_int_equal(paper_report.files, 5);
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/b news/a");
}

static void folders_in_each_other_have_an_end(void **state)
{
	char path[256] = "";

	(void)state;
	paper_put_small();
	for (int i = 0; i < 17; i++)
		strcat(path, "d/");
	strcat(path, "x.txt");
	paper_put(path, "x");
	paper_scan();
	assert_told("too many folders in each other");
	assert_int_equal(paper_report.files, 5);
	paper_put(path + 2, "x");
	paper_scan();
	assert_int_equal(paper_report.files, 6);
}

static void a_path_may_have_700_bytes_and_not_one_more(void **state)
{
	char path[1024];

	(void)state;
	paper_put("edition.ini", "");
	for (int extra = 0; extra <= 1; extra++) {
		/* "/news/", a name of 200, a slash, three times over, and the rest. */
		memset(path, 'x', sizeof(path));
		memcpy(path, "news/", 5);
		path[205] = path[406] = path[607] = '/';
		path[699 + extra] = '\0';
		paper_put(path, "x");
	}
	paper_scan();
	assert_told("the path is too long");
	assert_int_equal(paper_report.warnings, 1);
	assert_int_equal(paper_report.files, 2);
}

static void a_file_that_is_too_large_is_an_error(void **state)
{
	int fd;

	(void)state;
	paper_put_small();
	paper_article("news/big.gmi", "Big", "2026-10-03", "");
	fd = open(paper_path("news/big.gmi"), O_RDWR);
	assert_int_equal(ftruncate(fd, ARTICLE_BYTES_MAX + 1), 0);
	close(fd);
	/* Sooner than it would settle. */
	utimensat(AT_FDCWD, paper_path("news/big.gmi"),
		  (struct timespec[2]){ { .tv_sec = 1 }, { .tv_sec = 1 } }, 0);
	paper_scan();
	assert_told("error news/big.gmi:0: the file has 1048577 bytes, more than 1048576");
	paper_scan();
	assert_int_equal(paper_report.opened, 0);
}

static void a_folder_with_an_edition_ini_becomes_an_edition(void **state)
{
	(void)state;
	paper_put_small();
	paper_article("ar/news/x.gmi", "X", "2026-10-05", "");
	paper_put("ar/about.gmi", "Title: About\nDate: 2026-10-06\n\nUs.\n");
	paper_scan();
	assert_string_equal(paper_list(LISTING_ALL, ""), "ar/about ar/news/x news/b news/a");
	assert_null(paper_edition("ar"));
	paper_put("ar/edition.ini", "name = Arabic\nlanguage = ar\n");
	paper_scan();
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/b news/a");
	assert_non_null(paper_edition("ar"));
	assert_true(str_eq(paper_edition("ar")->name, STR("Arabic")));
	assert_int_equal(paper_find("/ar/news/x"), FOUND_ARTICLE);
	assert_int_equal(paper_find("/ar/about"), FOUND_DOCUMENT);
	assert_int_equal(paper_find("/ar"), FOUND_EDITION);
	paper_remove("ar/edition.ini");
	paper_scan();
	assert_null(paper_edition("ar"));
	assert_string_equal(paper_list(LISTING_ALL, ""), "ar/about ar/news/x news/b news/a");
}

static void content_without_an_edition_ini_is_a_paper_all_the_same(void **state)
{
	(void)state;
	paper_article("news/a.gmi", "A", "2026-10-01", "");
	paper_scan();
	assert_told("warning edition.ini:0: there is none");
	assert_true(str_eq(paper_edition("")->name, STR("Tidings")));
	assert_true(str_eq(paper_edition("")->language, STR("en")));
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/a");
}

static void a_bad_edition_ini_keeps_the_last_good_one(void **state)
{
	(void)state;
	paper_put_small();
	paper_scan();
	paper_put("edition.ini", "name = New\nnmae = Oops\n");
	paper_scan();
	assert_told("error edition.ini:2: the key \"nmae\" is not known");
	assert_true(str_eq(paper_edition("")->name, STR("Test")));
	paper_put("edition.ini", "name = New\n");
	paper_scan();
	assert_true(str_eq(paper_edition("")->name, STR("New")));
	assert_int_equal(paper_report.errors, 0);
}

static void a_bad_section_ini_leaves_the_section_there(void **state)
{
	(void)state;
	paper_put_small();
	paper_put("world/section.ini", "order = random\n");
	paper_scan();
	assert_told("error world/section.ini:1: \"random\" is not newest or title");
	assert_non_null(edition_section(paper_edition(""), STR("/world/")));
}

static void names_that_pages_of_ours_have_are_warned_of(void **state)
{
	static const char *const files[] = { "tags/a.gmi", "latest.gmi", "news/page/x.gmi",
					     "news/feed.gmi", "authors.gmi" };

	(void)state;
	paper_put("edition.ini", "");
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		paper_article(files[i], "T", "2026-10-01", "");
	paper_put("authors/lina.gmi", "Title: Lina\n\nx\n");
	paper_article("news/a/b/deep.gmi", "Deep", "2026-10-01", "");
	paper_put("news/a/b/section.ini", "name = Deep\n");
	paper_put("other.ini", "x = y\n");
	paper_scan();
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		assert_told(arena_format(paper_arena, "warning %s:0: a page of Tidings", files[i])
				    .data);
	assert_told("warning news/a/b/deep.gmi:0: more than two folders deep");
	assert_told("warning news/a/b/section.ini:0: only folders one or two");
	assert_told("warning other.ini:0: this .ini file has no meaning");
	assert_int_equal(paper_report.warnings, 8);
	assert_string_equal(paper_list(LISTING_SECTION, "/news/a/"), "news/a/b/deep");
	assert_int_equal(paper_find("/authors/lina"), FOUND_DOCUMENT);
	assert_int_equal(paper_find("/other.ini"), FOUND_NOTHING);
	assert_int_equal(paper_find("/edition.ini"), FOUND_NOTHING);
}

static void sections_that_edition_ini_names_must_be_there(void **state)
{
	(void)state;
	paper_put_small();
	paper_put("edition.ini", "sections = news, wolrd\n");
	paper_scan();
	assert_told("warning edition.ini:0: sections: there is no section \"wolrd\"");
	assert_int_equal(paper_report.warnings, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, paper_set_up, paper_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names_that_are_not_served_are_skipped_with_a_warning),
		TEST(folders_in_each_other_have_an_end),
		TEST(a_path_may_have_700_bytes_and_not_one_more),
		TEST(a_file_that_is_too_large_is_an_error),
		TEST(a_folder_with_an_edition_ini_becomes_an_edition),
		TEST(content_without_an_edition_ini_is_a_paper_all_the_same),
		TEST(a_bad_edition_ini_keeps_the_last_good_one),
		TEST(a_bad_section_ini_leaves_the_section_there),
		TEST(names_that_pages_of_ours_have_are_warned_of),
		TEST(sections_that_edition_ini_names_must_be_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
