/* proto/gopher_reply, gopher_own: pages become Gopher replies. */
#include <fcntl.h>
#include <unistd.h>

#include "writing.h"

#define INFO "\t\terror.host\t1\r\n"
#define HERE "\tnews.example\t7070\r\n"

static void native_page_is_a_menu(void **state)
{
	(void)state;
	page_link(&page, link_to(LINK_MENU, "/a", "A"));
	answer(&gopher_proto, "/news/");
	assert_written("1A\t/a" HERE ".\r\n");
	assert_int_equal(reply.status, 0);
}

static void plain_text_ends_by_closing_unless_told_otherwise(void **state)
{
	(void)state;
	page.format = FORMAT_PLAIN;
	page_text(&page, STR(".a"));
	answer(&gopher_proto, "/a.txt");
	assert_written(" .a\r\n");
	origin.text_lastline = true;
	answer(&gopher_proto, "/a.txt");
	assert_written(" .a\r\n.\r\n");
}

static void gemtext_and_atom_are_texts_with_gopher_links(void **state)
{
	(void)state;
	page_link(&page, link_to(LINK_MENU, "/a", "A"));
	page_text(&page, STR(".b"));
	page.format = FORMAT_GEMTEXT;
	origin.text_lastline = true;
	answer(&gopher_proto, "/a.gmi");
	assert_written("=> gopher://news.example:7070/1/a A\r\n .b\r\n.\r\n");
	page.format = FORMAT_ATOM;
	answer(&gopher_proto, "/atom.xml");
	assert_has("<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<feed ");
	assert_has("href=\"gopher://news.example:7070/1/news/\"");
	assert_has("</feed>\r\n.\r\n");
}

static void raw_text_gets_line_ends_and_other_bytes_stay_as_they_are(void **state)
{
	(void)state;
	page.format = FORMAT_RAW;
	page.mime = STR("text/plain");
	page.raw = STR("a\n.b\n\nc");
	answer(&gopher_proto, "/robots.txt");
	assert_written("a\r\n .b\r\n\r\nc\r\n");
	origin.text_lastline = true;
	page.mime = STR("image/png");
	answer(&gopher_proto, "/x.png");
	assert_written("a\n.b\n\nc");
}

static void file_moves_into_the_reply(void **state)
{
	int file = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)state;
	page.format = FORMAT_FILE;
	page.mime = STR("text/plain");
	page.file = file;
	page.file_size = 9;
	origin.text_lastline = true;
	answer(&gopher_proto, "/x.txt");
	assert_written("");
	assert_int_equal(reply.file, file);
	assert_int_equal(reply.file_size, 9);
	assert_int_equal(page.file, -1);
}

static void error_is_a_menu_with_a_way_home(void **state)
{
	(void)state;
	page.site_name = STR("The Courier");
	page_fail(&page, PAGE_GONE, STR("Retracted: the numbers were wrong"));
	answer(&gopher_proto, "/news/");
	assert_written("3Retracted: the numbers were wrong" INFO "i/news/" INFO
		       "1The Courier\t/" HERE ".\r\n");
	page.message = page.site_name = STR("");
	origin.description = STR("Paper");
	answer(&gopher_proto, "/news/");
	assert_has("3This page is not available" INFO);
	assert_has("1Paper\t/" HERE);
	origin.description = STR("");
	answer(&gopher_proto, "/news/");
	assert_has("1news.example\t/" HERE);
}

static void error_with_hostile_words_keeps_its_form(void **state)
{
	(void)state;
	page_fail(&page, PAGE_NOT_FOUND, repeated("x\t/y\tevil.example\t70\r\n0z\x1B[2J ", 8));
	page.path = repeated("/a\tb\r\n", 30);
	answer(&gopher_proto, "/news/");
	assert_in_range(assert_menu(), 5, 20);
	assert_lacks("\x1B");
	assert_lacks("\n0z");
}

static void page_that_asks_becomes_a_search_item(void **state)
{
	(void)state;
	page.path = STR("/search");
	page_fail(&page, PAGE_INPUT, STR("Search for"));
	answer(&gopher_proto, "/search");
	assert_written("7Search for\t/search" HERE ".\r\n");
	page.message = repeated("word ", 20);
	answer(&gopher_proto, "/search");
	assert_int_equal(assert_menu(), 3);
	assert_lacks("\u2026");
}

static void redirect_becomes_a_menu_with_the_target(void **state)
{
	(void)state;
	page_redirect(&page, PAGE_MOVED, STR("/news/b"));
	answer(&gopher_proto, "/news/a");
	assert_written("iThis page has moved to:" INFO "1/news/b\t/news/b" HERE ".\r\n");
	page_redirect(&page, PAGE_REDIRECT, STR("gemini://e.example/"));
	answer(&gopher_proto, "/news/a");
	assert_has("hgemini://e.example/\tURL:gemini://e.example/" HERE);
}

static void whole_page_counts_and_an_error_does_not(void **state)
{
	(void)state;
	page.count = COUNT_SHARE;
	page.article = 77;
	answer(&gopher_proto, "/s/x");
	assert_int_equal(reply.count, COUNT_SHARE);
	assert_int_equal(reply.article, 77);
	page_fail(&page, PAGE_NOT_FOUND, STR("x"));
	answer(&gopher_proto, "/s/x");
	assert_int_equal(reply.count, COUNT_NOTHING);
}

static void page_that_does_not_fit_becomes_an_error_and_does_not_count(void **state)
{
	static const enum page_format formats[] = { FORMAT_NATIVE, FORMAT_PLAIN, FORMAT_GEMTEXT };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		page_init(&page, arena);
		page.format = formats[i];
		page.count = COUNT_READ;
		page_text(&page, repeated("word ", 2000));
		buf_clear(&reply.head);
		reply.head.max = 4096;
		gopher_proto.write(&origin, STR("/x"), &page, &reply);
		assert_menu();
		assert_has("3This page is too long to be sent" INFO);
		assert_int_equal(reply.count, COUNT_NOTHING);
	}
}

static void refusals_are_menus(void **state)
{
	static const enum refusal refusals[] = { REFUSAL_SLOW_DOWN, REFUSAL_OVERLOAD,
						 REFUSAL_TIMEOUT };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		buf_clear(&reply.head);
		gopher_proto.refuse(&origin, refusals[i], 7, &reply);
		assert_int_equal(assert_menu(), 2);
		assert_int_equal(written()[0], '3');
		assert_int_equal(strstr(written(), "wait 7 seconds\t") != NULL, i == 0);
	}
}

static void ask_url(const char *line)
{
	assert_false(parse(&gopher_proto, str_from(line)));
	answer(&gopher_proto, line);
}

static void url_selectors_give_a_small_page_for_four_schemes(void **state)
{
	static const char *const urls[] = { "http://e.example/", "https://e.example/",
					    "gemini://e.example/", "mailto:desk@e.example",
					    "HTTPS://e.example/" };

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		ask_url(arena_format(arena, "URL:%s", urls[i]).data);
		assert_int_equal(page.status, PAGE_OK);
		assert_has("<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\">");
		assert_has(arena_format(arena, "CONTENT=\"5;URL=%s\">", urls[i]).data);
		assert_has(arena_format(arena, "<A HREF=\"%s\">%s</A>", urls[i], urls[i]).data);
		assert_lacks("SCRIPT");
		assert_lacks("IMG");
	}
}

static void url_selectors_are_known_in_every_spelling(void **state)
{
	static const char *const lines[] = { "URL:https://e.example/", "/URL:https://e.example/",
					     "hURL:https://e.example/", "h/URL:https://e.example/",
					     "url:https://e.example/" };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		ask_url(lines[i]);
		assert_has("<A HREF=\"https://e.example/\">");
	}
}

static void url_selectors_of_other_schemes_are_refused(void **state)
{
	static const char *const lines[] = { "URL:javascript:alert(1)",
					     "URL:gopher://e.example/",
					     "URL:telnet://e.example/",
					     "URL:tn3270://e.example/",
					     "URL:ftp://e.example/",
					     "URL:data:text/html,x",
					     "URL:e.example",
					     "URL:",
					     "URL://e.example/",
					     "URL: https://e.example/",
					     "URL:http" };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		ask_url(lines[i]);
		assert_int_equal(page.status, PAGE_BAD_REQUEST);
		assert_int_equal(written()[0], '3');
		assert_menu();
		assert_lacks("<");
	}
}

static void url_selectors_cannot_break_out_of_the_page(void **state)
{
	(void)state;
	ask_url("URL:https://e.example/\"><script>alert('1')</script>&amp;\xC3\xA9 x");
	assert_lacks("<script");
	assert_lacks("\"><s");
	assert_lacks("'");
	assert_has("HREF=\"https://e.example/%22%3E%3Cscript%3Ealert(&#39;1&#39;)"
		   "%3C/script%3E&amp;amp;%C3%A9%20x\"");
	ask_url("URL:https://e.example/\x1B[2J");
	assert_int_equal(page.status, PAGE_BAD_REQUEST);
	assert_lacks("\x1B");
}

static void url_of_exactly_1000_bytes_is_sent_on_and_one_more_is_not(void **state)
{
	struct str start = STR("https://e.example/");
	struct str line = arena_join(arena, STR("URL:"), start, repeated("a", 1000 - start.len));

	(void)state;
	ask_url(line.data);
	assert_has("<A HREF");
	ask_url(arena_join(arena, line, STR("a"), STR("")).data);
	assert_int_equal(page.status, PAGE_BAD_REQUEST);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, writing_set_up, writing_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(native_page_is_a_menu),
		TEST(plain_text_ends_by_closing_unless_told_otherwise),
		TEST(gemtext_and_atom_are_texts_with_gopher_links),
		TEST(raw_text_gets_line_ends_and_other_bytes_stay_as_they_are),
		TEST(file_moves_into_the_reply),
		TEST(error_is_a_menu_with_a_way_home),
		TEST(error_with_hostile_words_keeps_its_form),
		TEST(page_that_asks_becomes_a_search_item),
		TEST(redirect_becomes_a_menu_with_the_target),
		TEST(whole_page_counts_and_an_error_does_not),
		TEST(page_that_does_not_fit_becomes_an_error_and_does_not_count),
		TEST(refusals_are_menus),
		TEST(url_selectors_give_a_small_page_for_four_schemes),
		TEST(url_selectors_are_known_in_every_spelling),
		TEST(url_selectors_of_other_schemes_are_refused),
		TEST(url_selectors_cannot_break_out_of_the_page),
		TEST(url_of_exactly_1000_bytes_is_sent_on_and_one_more_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
