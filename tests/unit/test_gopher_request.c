/* proto/gopher, gopher_line: selectors to requests. */
#include "proto/gopher_line.h"
#include "writing.h"

static void assert_status(const char *line, enum page_status status)
{
	bool goes_on = parse(&gopher_proto, str_from(line));

	if (page.status != status || goes_on != (status == PAGE_OK))
		fail_msg("%s: status %d, not %d", line, page.status, status);
}

static void assert_path(const char *line, const char *path)
{
	assert_status(line, PAGE_OK);
	assert_string_equal(arena_str(arena, request.path).data, path);
}

static void sloppy_selectors_become_clean_paths(void **state)
{
	(void)state;
	assert_path("", "/");
	assert_path("/", "/");
	assert_path("//", "/");
	assert_path("/news/", "/news/");
	assert_path("/news", "/news");
	assert_path("news/", "/news/");
	assert_path("//news///politics//", "/news/politics/");
	assert_false(request.can_redirect);
	assert_false(request.has_query);
}

static void repeated_item_type_is_dropped(void **state)
{
	(void)state;
	assert_path("1/", "/");
	assert_path("1/news/", "/news/");
	assert_path("0/robots.txt", "/robots.txt");
	assert_path("robots.txt", "/robots.txt");
	assert_path("7/search", "/search");
	assert_path("9//x.zip", "/x.zip");
	assert_path("I/news/a.png", "/news/a.png");
	assert_path("g/a.gif", "/a.gif");
	assert_path("h/a.html", "/a.html");
	assert_path(";/a.mp4", "/a.mp4");
	assert_path("s/news/a.mp3", "/news/a.mp3");
	assert_path("1", "/1");
	assert_path("10/x", "/10/x");
	assert_path("x/y", "/x/y");
}

static void short_link_without_its_slash_is_no_sound(void **state)
{
	(void)state;
	assert_path("s/k3f9", "/s/k3f9");
	assert_path("/s/k3f9", "/s/k3f9");
}

static void percent_signs_mean_nothing_in_selectors(void **state)
{
	(void)state;
	assert_path("/a%2Fb", "/a%2Fb");
	assert_path("/%2e%2e/", "/%2e%2e/");
	assert_path("/%00%zz", "/%00%zz");
}

static void dots_and_backslashes_lead_nowhere(void **state)
{
	static const char *const lines[] = { "..",     "../",	 "/../etc", "/a/../b", "/.",
					     "/a/./b", "1/../x", "/a\\b",   "\\..\\x" };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_status(lines[i], PAGE_NOT_FOUND);
}

static void bytes_that_are_no_text_are_refused(void **state)
{
	static const char *const lines[] = { "/a\x01", "/a\x1B[2J",	 "/a\rb",
					     "/a\x7F", "/a\xC2\x85",	 "/a\xFF",
					     "/\xC3",  "/a\xE2\x80\xAE", "\xEF\xBB\xBF/" };
	static const char with_nul[] = "/a\0b";

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_status(lines[i], PAGE_BAD_REQUEST);
	assert_false(parse(&gopher_proto, (struct str){ with_nul, sizeof(with_nul) - 1 }));
	assert_int_equal(page.status, PAGE_BAD_REQUEST);
}

static void selector_of_exactly_255_bytes_is_read_and_one_more_is_not(void **state)
{
	struct str selector = arena_join(arena, STR("/"), repeated("a", 254), STR(""));

	(void)state;
	assert_true(parse(&gopher_proto, selector));
	assert_int_equal(request.path.len, 255);
	assert_false(parse(&gopher_proto, arena_join(arena, selector, STR("a"), STR(""))));
	assert_int_equal(page.status, PAGE_BAD_REQUEST);
}

static void line_of_1025_bytes_is_refused(void **state)
{
	(void)state;
	assert_int_equal(gopher_proto.request_max, 1024);
	assert_true(parse(&gopher_proto,
			  arena_join(arena, STR("/\t"), repeated("a", 510), repeated("\t", 512))));
	assert_false(parse(&gopher_proto,
			   arena_join(arena, STR("/\t"), repeated("a", 511), repeated("\t", 512))));
	assert_int_equal(page.status, PAGE_BAD_REQUEST);
}

static void second_field_is_search_words(void **state)
{
	(void)state;
	assert_path("/search\triver  treaty", "/search");
	assert_true(request.has_query);
	assert_string_equal(arena_str(arena, request.query).data, "river  treaty");
	assert_status("7/search\t \x1B[1mc++\x01 ", PAGE_OK);
	assert_string_equal(arena_str(arena, request.query).data, "[1mc++");
	assert_status("/search\twords\tignored\tmore", PAGE_OK);
	assert_string_equal(arena_str(arena, request.query).data, "words");
	assert_status("/search\t", PAGE_OK);
	assert_true(request.has_query);
	assert_int_equal(request.query.len, 0);
	assert_status("/search\tbad \xFF", PAGE_BAD_REQUEST);
}

static void words_of_exactly_512_bytes_are_read_and_one_more_is_not(void **state)
{
	struct str line = arena_join(arena, STR("/search\t"), repeated("a", 512), STR(""));

	(void)state;
	assert_true(parse(&gopher_proto, line));
	assert_int_equal(request.query.len, 512);
	assert_false(parse(&gopher_proto, arena_join(arena, line, STR("a"), STR(""))));
	assert_int_equal(page.status, PAGE_BAD_REQUEST);
}

static void assert_ask(const char *text, enum gopher_ask ask, const char *detail, const char *words)
{
	struct gopher_line line;

	gopher_line_split(str_from(text), &line);
	if (line.ask != ask)
		fail_msg("%s: asks %d, not %d", text, line.ask, ask);
	assert_string_equal(arena_str(arena, line.detail).data, detail);
	assert_string_equal(arena_str(arena, line.words).data, words);
}

static void gopher_plus_fields_are_told_from_words(void **state)
{
	(void)state;
	assert_ask("/a", ASK_PLAIN, "", "");
	assert_ask("/a\t+", ASK_FETCH, "", "");
	assert_ask("/a\t!", ASK_ITEM, "", "");
	assert_ask("/a\t$", ASK_MENU, "", "");
	assert_ask("/a\t+text/plain En", ASK_FETCH, "text/plain En", "");
	assert_ask("/a\t$+VIEWS+ABSTRACT", ASK_MENU, "+VIEWS+ABSTRACT", "");
	assert_ask("/a\t!+ADMIN", ASK_ITEM, "+ADMIN", "");
	assert_ask("/a\t+river", ASK_PLAIN, "", "+river");
	assert_ask("/a\t!important", ASK_PLAIN, "", "!important");
	assert_ask("/a\t$100", ASK_PLAIN, "", "$100");
	assert_ask("/a\t++", ASK_PLAIN, "", "++");
	assert_ask("/a\twords\t+", ASK_FETCH, "", "words");
	assert_ask("/a\t\t!", ASK_ITEM, "", "");
}

static void client_that_wants_to_send_data_is_refused(void **state)
{
	(void)state;
	assert_status("/search\t+\t1", PAGE_BAD_REQUEST);
	assert_status("/search\twords\t+\t1", PAGE_BAD_REQUEST);
	assert_status("/search\t+\t0", PAGE_OK);
	assert_status("/search\twords\t1", PAGE_OK);
	answer(&gopher_proto, "/x");
	parse(&gopher_proto, STR("/search\t+\t1"));
	answer(&gopher_proto, "/search\t+\t1");
	assert_written("--1\r\n1\r\nNothing can be sent to this server\r\n.\r\n");
}

static void caps_are_told_under_every_spelling(void **state)
{
	static const char *const lines[] = { "caps.txt", "/caps.txt", "0/caps.txt", "//caps.txt" };

	(void)state;
	origin.tls_port = 7070;
	origin.admin = STR("desk@news.example");
	origin.description = STR("The\nCourier");
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_false(parse(&gopher_proto, str_from(lines[i])));
		assert_int_equal(page.status, PAGE_OK);
		answer(&gopher_proto, lines[i]);
		assert_int_equal(strncmp(written(), "CAPS\r\n", 6), 0);
		assert_has("\r\nCapsVersion=1\r\n");
		assert_has("\r\nExpireCapsAfter=3600\r\n");
		assert_has("\r\nPathDelimeter=/\r\nPathIdentity=.\r\nPathParent=..\r\n");
		assert_has("\r\nServerDefaultEncoding=UTF-8\r\nServerTLSPort=7070\r\n");
		assert_has("\r\nServerDescription=The Courier\r\n");
		assert_has("\r\nServerAdmin=desk@news.example\r\n");
	}
	origin.tls_port = 0;
	origin.admin = STR("");
	parse(&gopher_proto, STR("caps.txt"));
	answer(&gopher_proto, "caps.txt");
	assert_lacks("TLS");
	assert_lacks("Admin");
}

static void browser_gets_a_short_http_answer(void **state)
{
	(void)state;
	assert_false(parse(&gopher_proto, STR("GET / HTTP/1.1")));
	answer(&gopher_proto, "GET / HTTP/1.1");
	assert_has("HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n");
	assert_has("\r\n\r\nThis is a Gopher server, and it does not speak HTTP.\r\n");
	assert_has("gopher://news.example:7070/1/\r\n");
	assert_has(arena_format(arena, "Content-Length: %zu\r\n",
				strlen(strstr(written(), "\r\n\r\n") + 4))
			   .data);
	assert_int_equal(page.status, PAGE_BAD_REQUEST);
}

static void http_answer_repeats_nothing_and_minds_the_method(void **state)
{
	static const char *const lines[] = { "POST /x\x1B HTTP/1.1",   "PUT / HTTP/1.0",
					     "OPTIONS * HTTP/1.1",     "GET /a\t+ HTTP/1.1",
					     "CONNECT x:443 HTTP/1.1", "PRI * HTTP/2.0" };

	(void)state;
	origin.text_lastline = true;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_false(parse(&gopher_proto, str_from(lines[i])));
		answer(&gopher_proto, lines[i]);
		assert_int_equal(strncmp(written(), "HTTP/1.0 400 ", 13), 0);
		assert_lacks("\x1B");
		assert_lacks("\r\n.\r\n");
	}
	parse(&gopher_proto, STR("HEAD / HTTP/1.1"));
	answer(&gopher_proto, "HEAD / HTTP/1.1");
	assert_string_equal(strstr(written(), "\r\n\r\n"), "\r\n\r\n");
	parse(&gopher_proto, arena_join(arena, STR("GET /"), repeated("a", 1020), STR("")));
	assert_string_equal(page.mime.data, "message/http");
}

static void words_like_methods_are_selectors(void **state)
{
	(void)state;
	assert_path("GET", "/GET");
	assert_path("get /", "/get /");
	assert_path("/GET x", "/GET x");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, writing_set_up, writing_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sloppy_selectors_become_clean_paths),
		TEST(repeated_item_type_is_dropped),
		TEST(short_link_without_its_slash_is_no_sound),
		TEST(percent_signs_mean_nothing_in_selectors),
		TEST(dots_and_backslashes_lead_nowhere),
		TEST(bytes_that_are_no_text_are_refused),
		TEST(selector_of_exactly_255_bytes_is_read_and_one_more_is_not),
		TEST(line_of_1025_bytes_is_refused),
		TEST(second_field_is_search_words),
		TEST(words_of_exactly_512_bytes_are_read_and_one_more_is_not),
		TEST(gopher_plus_fields_are_told_from_words),
		TEST(client_that_wants_to_send_data_is_refused),
		TEST(caps_are_told_under_every_spelling),
		TEST(browser_gets_a_short_http_answer),
		TEST(http_answer_repeats_nothing_and_minds_the_method),
		TEST(words_like_methods_are_selectors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
