/* Files of content/: which are opened, and which never are. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/place.h"
#include "unit/paper.h"

static struct store_file opened;

/* Opens and closes. */
static bool opens(const char *path)
{
	if (store_open_file(paper_read(), str_from(path), &opened) != STORE_OPENED)
		return false;
	close(opened.descriptor);
	return true;
}

static void put_paper(void)
{
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "");
	paper_put("news/river.jpg", "12345");
	paper_put(".secret", "x");
	paper_put("news/.hidden.jpg", "x");
	paper_put(".git/config.txt", "x");
	paper_scan();
}

static void a_file_is_opened_with_its_size_and_type(void **state)
{
	(void)state;
	put_paper();
	assert_true(opens("/news/river.jpg"));
	assert_int_equal(opened.size, 5);
	assert_true(opened.modified > 1500000000 && opened.modified < 1500000100);
	assert_true(str_eq(opened.mime, STR("image/jpeg")));
}

static void what_is_not_a_file_of_the_paper_is_refused(void **state)
{
	static const char *const paths[] = {
		"",
		"/",
		"/news",
		"/news/",
		"/news/river.jpg/",
		"/nowhere.jpg",
		"news/river.jpg",
		"/edition.ini",
		"/news/a.gmi",
		"/news/a",
		"/.secret",
		"/news/.hidden.jpg",
		"/.git/config.txt",
		"/../content/news/river.jpg",
		"/news/../news/river.jpg",
		"/./news/river.jpg",
		"//news/river.jpg",
		"/news//river.jpg",
		"/news/river.jpg\n",
		"/news/river%2Ejpg",
		"/news/river.jpg\\",
	};

	(void)state;
	put_paper();
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (opens(paths[i]))
			print_error("%s was opened\n", paths[i]);
		assert_false(opens(paths[i]));
	}
	assert_int_equal(
		store_open_file(paper_read(), (struct str){ "/news/river.jpg\0.png", 20 }, &opened),
		STORE_NO_SUCH_FILE);
}

static void a_file_is_not_missing_when_descriptors_have_run_out(void **state)
{
	struct rlimit old;
	struct rlimit none;
	struct store *store;

	(void)state;
	put_paper();
	store = paper_read();
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	none = (struct rlimit){ .rlim_cur = 0, .rlim_max = old.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(store_open_file(store, STR("/news/river.jpg"), &opened),
			 STORE_OPENS_NOTHING);
	assert_int_equal(store_open_file(store, STR("/../river.jpg"), &opened), STORE_NO_SUCH_FILE);
	setrlimit(RLIMIT_NOFILE, &old);
	assert_true(opens("/news/river.jpg"));
}

static void no_link_is_followed_wherever_it_leads(void **state)
{
	(void)state;
	put_paper();
	assert_int_equal(symlink("/etc/passwd", paper_path("passwd.txt")), 0);
	assert_int_equal(symlink("news/river.jpg", paper_path("inside.jpg")), 0);
	assert_int_equal(symlink("/etc", paper_path("etc")), 0);
	assert_int_equal(symlink("news", paper_path("also")), 0);
	assert_int_equal(symlink("/proc/self/root", paper_path("magic")), 0);
	assert_false(opens("/passwd.txt"));
	assert_false(opens("/inside.jpg"));
	assert_false(opens("/etc/passwd"));
	assert_false(opens("/also/river.jpg"));
	assert_false(opens("/magic/etc/passwd"));
	paper_scan();
	assert_int_equal(paper_find("/passwd.txt"), FOUND_NOTHING);
	assert_int_equal(paper_find("/etc/passwd"), FOUND_NOTHING);
	assert_int_equal(paper_find("/also/river.jpg"), FOUND_NOTHING);
}

static void a_pipe_stops_nobody(void **state)
{
	(void)state;
	put_paper();
	assert_int_equal(mkfifo(paper_path("pipe.jpg"), 0600), 0);
	assert_int_equal(mkfifo(paper_path("news/pipe.gmi"), 0600), 0);
	assert_false(opens("/pipe.jpg"));
	paper_scan();
	assert_int_equal(paper_report.warnings, 2);
}

static void a_folder_is_no_file(void **state)
{
	(void)state;
	put_paper();
	assert_int_equal(mkdir(paper_path("folder.jpg"), 0700), 0);
	assert_false(opens("/folder.jpg"));
}

static void the_name_decides_on_type_and_form(void **state)
{
	static const struct {
		const char *path;
		const char *mime;
		enum link_form form;
	} rows[] = {
		{ "/a.png", "image/png", LINK_IMAGE },
		{ "/a.PNG", "image/png", LINK_IMAGE },
		{ "/a.jpeg", "image/jpeg", LINK_IMAGE },
		{ "/a.gif", "image/gif", LINK_GIF },
		{ "/a.txt", "text/plain", LINK_TEXT },
		{ "/a.csv", "text/csv", LINK_TEXT },
		{ "/a.ogg", "audio/ogg", LINK_SOUND },
		{ "/a.webm", "video/webm", LINK_VIDEO },
		{ "/a.pdf", "application/pdf", LINK_BINARY },
		{ "/a.tar.gz", "application/gzip", LINK_BINARY },
		{ "/a.b/c", "application/octet-stream", LINK_BINARY },
		{ "/png", "application/octet-stream", LINK_BINARY },
		{ "/a.", "application/octet-stream", LINK_BINARY },
		{ "", "application/octet-stream", LINK_BINARY },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(str_eq(store_mime(str_from(rows[i].path)), str_from(rows[i].mime)));
		assert_int_equal(store_form(str_from(rows[i].path)), rows[i].form);
	}
}

static void names_are_lawful_by_their_characters(void **state)
{
	(void)state;
	assert_true(place_name_is_lawful(STR("river-treaty_2.v1.JPG")));
	assert_false(place_name_is_lawful(STR("")));
	assert_false(place_name_is_lawful(STR(".")));
	assert_false(place_name_is_lawful(STR("..")));
	assert_false(place_name_is_lawful(STR(".hidden")));
	assert_false(place_name_is_lawful(STR("two words")));
	assert_false(place_name_is_lawful(STR("a/b")));
	assert_false(place_name_is_lawful(STR("a:b")));
	assert_false(place_name_is_lawful(STR("caf\xC3\xA9")));
	assert_true(place_path_is_lawful(STR("/a/b.c")));
	assert_false(place_path_is_lawful(STR("/a/../b")));
	assert_false(place_path_is_lawful(STR("/a/b/")));
	assert_false(place_path_is_lawful(STR("a/b")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, paper_set_up, paper_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_file_is_opened_with_its_size_and_type),
		TEST(what_is_not_a_file_of_the_paper_is_refused),
		TEST(a_file_is_not_missing_when_descriptors_have_run_out),
		TEST(no_link_is_followed_wherever_it_leads),
		TEST(a_pipe_stops_nobody),
		TEST(a_folder_is_no_file),
		TEST(the_name_decides_on_type_and_form),
		TEST(names_are_lawful_by_their_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
