/* proto/gopherplus, gopher_reply: Gopher+ answers. */
#include <fcntl.h>
#include <unistd.h>

#include "writing.h"

#define PLUS  "\tnews.example\t7070\t+\r\n"
#define ADMIN "+ADMIN:\r\n Admin: The Courier <desk@news.example>\r\n"

static int as_article(void **state)
{
	writing_set_up(state);
	page.site_name = STR("The Courier");
	page.contact = STR("desk@news.example");
	page.title = STR("River treaty signed");
	page.path = STR("/news/treaty");
	page.summary = STR("In short");
	page.updated = 1791016800;
	page.count = COUNT_READ;
	page.article = 77;
	page_link(&page, link_to(LINK_TEXT, "/news/treaty.txt", "Plain text"));
	return 0;
}

static void set_views(void)
{
	static const struct link views[] = {
		{ LINK_MENU, { "/news/treaty", 12 }, { "en", 2 } },
		{ LINK_MENU, { "/ar/news/treaty", 15 }, { "ar", 2 } },
		{ LINK_TEXT, { "/news/treaty.txt", 16 }, { "en", 2 } },
	};

	page.views = views;
	page.view_count = 3;
}

static void fetched_menu_has_its_length_and_marks_its_items(void **state)
{
	const char *content = "0Plain text\t/news/treaty.txt" PLUS ".\r\n";

	(void)state;
	answer(&gopher_proto, "/news/treaty\t+");
	assert_written(arena_format(arena, "+%zu\r\n%s", strlen(content), content).data);
	assert_int_equal(reply.count, COUNT_READ);
	assert_int_equal(reply.article, 77);
}

static void fetched_text_has_its_length(void **state)
{
	(void)state;
	page.format = FORMAT_PLAIN;
	page.first = page.last = NULL;
	page_text(&page, STR("abc"));
	answer(&gopher_proto, "/news/treaty.txt\t+");
	assert_written("+5\r\nabc\r\n");
}

static void fetched_file_has_its_length(void **state)
{
	(void)state;
	page.format = FORMAT_FILE;
	page.mime = STR("image/png");
	page.file = open("/dev/null", O_RDONLY | O_CLOEXEC);
	page.file_size = 123456;
	answer(&gopher_proto, "/a.png\t+");
	assert_written("+123456\r\n");
	assert_int_not_equal(reply.file, -1);
	assert_int_equal(reply.file_size, 123456);
}

static void item_tells_what_is_known_of_it(void **state)
{
	(void)state;
	page.form = LINK_MENU;
	set_views();
	answer(&gopher_proto, "/news/treaty\t!");
	assert_written("+-1\r\n"
		       "+INFO: 1River treaty signed\t/news/treaty" PLUS ADMIN
		       " Mod-Date: 2026-10-03 08:40 UTC <20261003084000>\r\n"
		       "+VIEWS:\r\n"
		       " application/gopher+-menu En: <1k>\r\n"
		       " application/gopher+-menu Ar:\r\n"
		       " text/plain En:\r\n"
		       "+ABSTRACT:\r\n In short\r\n"
		       ".\r\n");
}

static void asking_about_an_item_is_no_reading_of_it(void **state)
{
	(void)state;
	answer(&gopher_proto, "/news/treaty\t!");
	assert_int_equal(reply.count, COUNT_NOTHING);
	answer(&gopher_proto, "/news/treaty\t$");
	assert_int_equal(reply.count, COUNT_NOTHING);
	answer(&gopher_proto, "/news/treaty\t+no/such");
	assert_int_equal(reply.count, COUNT_NOTHING);
}

static void asking_about_a_file_does_not_send_it(void **state)
{
	(void)state;
	page.format = FORMAT_FILE;
	page.form = LINK_IMAGE;
	page.mime = STR("image/png");
	page.file = open("/dev/null", O_RDONLY | O_CLOEXEC);
	page.file_size = 2049;
	answer(&gopher_proto, "a.png\t!");
	assert_int_equal(reply.file, -1);
	assert_int_not_equal(page.file, -1);
	assert_has("+INFO: IRiver treaty signed\t/a.png" PLUS);
	assert_has("+VIEWS:\r\n image/png: <3k>\r\n");
}

static void sizes_are_whole_kilobytes_rounded_up(void **state)
{
	(void)state;
	page.format = FORMAT_RAW;
	page.mime = STR("image/gif");
	page.raw = repeated("a", 1024);
	answer(&gopher_proto, "/a.gif\t!");
	assert_has(" image/gif: <1k>\r\n");
	page.raw = repeated("a", 1025);
	answer(&gopher_proto, "/a.gif\t!");
	assert_has(" image/gif: <2k>\r\n");
}

static void every_text_form_tells_its_type(void **state)
{
	(void)state;
	page.form = LINK_TEXT;
	page.language = STR("pt-br");
	page.format = FORMAT_PLAIN;
	answer(&gopher_proto, "/news/treaty.txt\t!");
	assert_has("+INFO: 0River treaty signed\t/news/treaty.txt" PLUS);
	assert_has(" text/plain Pt_BR: <1k>\r\n");
	page.format = FORMAT_GEMTEXT;
	answer(&gopher_proto, "/news/treaty.gmi\t!");
	assert_has(" text/gemini Pt_BR: <1k>\r\n");
	page.format = FORMAT_ATOM;
	answer(&gopher_proto, "/news/atom.xml\t!");
	assert_has(" application/atom+xml Pt_BR: <1k>\r\n");
}

static void only_the_blocks_that_were_named_are_told(void **state)
{
	(void)state;
	answer(&gopher_proto, "/news/treaty\t!+ABSTRACT");
	assert_written("+-1\r\n+INFO: 1River treaty signed\t/news/treaty" PLUS
		       "+ABSTRACT:\r\n In short\r\n.\r\n");
	answer(&gopher_proto, "/news/treaty\t!+INFO");
	assert_written("+-1\r\n+INFO: 1River treaty signed\t/news/treaty" PLUS ".\r\n");
	answer(&gopher_proto, "/news/treaty\t$+VIEWS+ADMIN");
	assert_has("+ADMIN:");
	assert_has("+VIEWS:");
	assert_lacks("+ABSTRACT:");
}

static void menu_tells_the_same_of_every_item(void **state)
{
	struct entry *entry = entry_named("Ferry late");

	(void)state;
	entry->summary = repeated("summary ", 12);
	entry->author = STR("Lina Haddad");
	entry->note = STR("Politics");
	entry->language = STR("es");
	entry->updated += 60;
	page_text(&page, STR("Text"));
	page_entry(&page, link_to(LINK_MENU, "/news/ferry", ""), entry);
	page_link(&page, link_to(LINK_IMAGE, "/a.png", "Picture"));
	answer(&gopher_proto, "/news/\t$");
	assert_written(
		arena_format(arena,
			     "+-1\r\n+INFO: 0Plain text\t/news/treaty.txt" PLUS ADMIN
			     "+VIEWS:\r\n text/plain En:\r\n"
			     "+INFO: 12026-10-03 Ferry late (Politics)\t/news/ferry" PLUS ADMIN
			     " Mod-Date: 2026-10-03 08:41 UTC <20261003084100>\r\n"
			     " Creation-Date: 2026-10-03 08:40 UTC <20261003084000>\r\n"
			     " Author: Lina Haddad\r\n"
			     "+VIEWS:\r\n application/gopher+-menu Es: <3k>\r\n"
			     "+ABSTRACT:\r\n %ssummary\r\n %ssummary\r\n"
			     "+INFO: IPicture\t/a.png" PLUS ADMIN ".\r\n",
			     repeated("summary ", 7).data, repeated("summary ", 3).data)
			.data);
}

static void attributes_cannot_be_forged(void **state)
{
	const char *evil = "x\r\n+INFO: 0Forged\t/y\tevil.example\t70\r\n.\r\n";
	struct entry *entry = entry_named(evil);

	(void)state;
	entry->summary = entry->author = page.summary = page.title = str_from(evil);
	page.contact = page.site_name = entry->language = page.language = str_from(evil);
	page_entry(&page, link_to(LINK_MENU, evil, evil), entry);
	answer(&gopher_proto, "/news/\t$");
	assert_lacks("\n+INFO: 0Forged");
	assert_lacks("\tevil.example");
	assert_null(strstr(strstr(written(), "\r\n.\r\n") + 1, "\r\n.\r\n"));
	answer(&gopher_proto, "/news/\t!");
	assert_lacks("\n+INFO: 0Forged");
	assert_null(strstr(strstr(written(), "\r\n.\r\n") + 1, "\r\n.\r\n"));
}

static void text_has_no_items_to_tell_of(void **state)
{
	(void)state;
	page.format = FORMAT_PLAIN;
	answer(&gopher_proto, "/news/treaty.txt\t$");
	assert_written("--1\r\n1 desk@news.example\r\nThis item is not a menu\r\n.\r\n");
}

static void view_that_the_page_is_in_is_sent(void **state)
{
	static const char *const lines[] = {
		"/news/treaty\t+application/gopher+-menu",
		"/news/treaty\t+application/gopher+-menu En",
		"/news/treaty\t+Application/Gopher+-Menu En_US",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		answer(&gopher_proto, lines[i]);
		assert_has(".\r\n");
		assert_int_equal(strncmp(written(), "+5", 2), 0);
		assert_int_equal(reply.count, COUNT_READ);
	}
}

static void view_in_another_language_or_form_says_where_it_is(void **state)
{
	(void)state;
	set_views();
	answer(&gopher_proto, "/news/treaty\t+application/gopher+-menu Ar");
	assert_written("--1\r\n3 desk@news.example\r\n1ar\t/ar/news/treaty" PLUS ".\r\n");
	answer(&gopher_proto, "/news/treaty\t+text/plain");
	assert_written("--1\r\n3 desk@news.example\r\n0en\t/news/treaty.txt" PLUS ".\r\n");
	answer(&gopher_proto, "/news/treaty\t+application/gopher+-menu Fr");
	assert_has("--1\r\n1 desk@news.example\r\nThere is no such view of this item\r\n");
}

static void errors_have_numbers(void **state)
{
	(void)state;
	page_fail(&page, PAGE_NOT_FOUND, STR("No such\r\n.\r\npage"));
	answer(&gopher_proto, "/x\t+");
	assert_written("--1\r\n1 desk@news.example\r\nNo such  .  page\r\n.\r\n");
	page_fail(&page, PAGE_UNAVAILABLE, STR("Later"));
	answer(&gopher_proto, "/x\t!");
	assert_written("--1\r\n2 desk@news.example\r\nLater\r\n.\r\n");
	page_redirect(&page, PAGE_MOVED, STR("/y"));
	answer(&gopher_proto, "/x\t$");
	assert_written("--1\r\n3 desk@news.example\r\n1/y\t/y" PLUS ".\r\n");
}

static void contact_of_the_server_stands_in_and_may_be_missing(void **state)
{
	(void)state;
	page.contact = page.site_name = STR("");
	answer(&gopher_proto, "/news/treaty\t!");
	assert_has("+ADMIN:\r\n Admin: news.example\r\n");
	origin.admin = STR("root@news.example");
	origin.description = STR("Paper");
	answer(&gopher_proto, "/news/treaty\t!");
	assert_has("+ADMIN:\r\n Admin: Paper <root@news.example>\r\n");
}

static void search_without_words_can_be_asked_about(void **state)
{
	(void)state;
	page.form = LINK_SEARCH;
	page.path = STR("/search");
	page.title = STR("");
	page_fail(&page, PAGE_INPUT, STR("Search for"));
	answer(&gopher_proto, "/search\t!");
	assert_has("+INFO: 7Search for\t/search" PLUS);
	answer(&gopher_proto, "/search\t+");
	assert_has("\r\n7Search for\t/search");
}

static void redirect_page_tells_its_own_selector(void **state)
{
	(void)state;
	assert_false(parse(&gopher_proto, STR("URL:https://e.example/\t!")));
	answer(&gopher_proto, "URL:https://e.example/\t!");
	assert_has("+INFO: hhttps://e.example/\tURL:https://e.example/" PLUS);
	assert_has(" text/html: <1k>\r\n");
}

static void reply_that_does_not_fit_becomes_an_error(void **state)
{
	static const char *const lines[] = { "/x\t+", "/x\t$" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		page_init(&page, arena);
		page.count = COUNT_READ;
		for (size_t j = 0; j < 200; j++)
			page_link(&page, link_to(LINK_MENU, "/a", "A"));
		buf_clear(&reply.head);
		reply.head.max = 4096;
		gopher_proto.write(&origin, str_from(lines[i]), &page, &reply);
		assert_written("--1\r\n2\r\nThis page is too long to be sent\r\n.\r\n");
		assert_int_equal(reply.count, COUNT_NOTHING);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, as_article, writing_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fetched_menu_has_its_length_and_marks_its_items),
		TEST(fetched_text_has_its_length),
		TEST(fetched_file_has_its_length),
		TEST(item_tells_what_is_known_of_it),
		TEST(asking_about_an_item_is_no_reading_of_it),
		TEST(asking_about_a_file_does_not_send_it),
		TEST(sizes_are_whole_kilobytes_rounded_up),
		TEST(every_text_form_tells_its_type),
		TEST(only_the_blocks_that_were_named_are_told),
		TEST(menu_tells_the_same_of_every_item),
		TEST(attributes_cannot_be_forged),
		TEST(text_has_no_items_to_tell_of),
		TEST(view_that_the_page_is_in_is_sent),
		TEST(view_in_another_language_or_form_says_where_it_is),
		TEST(errors_have_numbers),
		TEST(contact_of_the_server_stands_in_and_may_be_missing),
		TEST(search_without_words_can_be_asked_about),
		TEST(redirect_page_tells_its_own_selector),
		TEST(reply_that_does_not_fit_becomes_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
