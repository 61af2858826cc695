/* proto/gemini_request, host: URLs become requests. */
#include "serve.h"
#include "writing.h"

static void assert_status(const char *url, enum page_status status)
{
	bool goes_on = parse(&gemini_proto, str_from(url));

	if (page.status != status || goes_on != (status == PAGE_OK))
		fail_msg("%s: status %d, not %d", url, page.status, status);
}

static void assert_path(const char *url, const char *path)
{
	assert_status(url, PAGE_OK);
	assert_string_equal(arena_str(arena, request.path).data, path);
}

static void good_urls_become_clean_paths(void **state)
{
	(void)state;
	assert_path("gemini://news.example", "/");
	assert_path("gemini://news.example/", "/");
	assert_path("gemini://news.example?", "/");
	assert_path("gemini://news.example/news/", "/news/");
	assert_path("gemini://news.example/news", "/news");
	assert_path("gemini://news.example//news///x", "/news/x");
	assert_path("gemini://news.example/caf%C3%A9", "/caf\xC3\xA9");
	assert_path("gemini://news.example:7070/a", "/a");
	assert_path("gemini://news.example:/a", "/a");
	assert_true(request.can_redirect);
	assert_false(request.has_query);
}

static void hosts_are_compared_without_case_or_last_dot(void **state)
{
	(void)state;
	assert_path("GEMINI://NEWS.Example/a", "/a");
	assert_path("gemini://news.example./a", "/a");
	assert_path("gemini://www.news.example/a", "/a");
	assert_path("gemini://new%73.example/a", "/a");
	assert_status("gemini://news.example../a", PAGE_FOREIGN);
	assert_status("gemini://.news.example/a", PAGE_FOREIGN);
}

static void hosts_in_other_scripts_match_their_xn_form(void **state)
{
	static const struct str names[] = { { "xn--bcher-kva.example", 21 },
					    { "xn--mgbh0fb.xn--kgbechtv", 24 },
					    { "xn--fsqu00a.example", 19 } };

	(void)state;
	origin.hosts = names;
	origin.host_count = 3;
	assert_path("gemini://b%C3%BCcher.example/", "/");
	assert_path("gemini://XN--BCHER-KVA.example/", "/");
	assert_path("gemini://%D9%85%D8%AB%D8%A7%D9%84."
		    "%D8%A5%D8%AE%D8%AA%D8%A8%D8%A7%D8%B1/",
		    "/");
	assert_path("gemini://%E4%BE%8B%E5%AD%90.example/", "/");
	assert_status("gemini://b%C3%BCche.example/", PAGE_FOREIGN);
	assert_status("gemini://b%FFcher.example/", PAGE_FOREIGN);
}

static void overlong_hosts_are_foreign(void **state)
{
	struct str label = repeated("%C3%BC", 80);

	(void)state;
	assert_false(
		parse(&gemini_proto, arena_join(arena, STR("gemini://"), label, STR(".example/"))));
	assert_int_equal(page.status, PAGE_FOREIGN);
}

static void other_hosts_and_schemes_are_foreign(void **state)
{
	(void)state;
	assert_status("gemini://other.example/", PAGE_FOREIGN);
	assert_status("gemini://127.0.0.1/", PAGE_FOREIGN);
	assert_status("gemini://[::1]/", PAGE_FOREIGN);
	assert_status("https://news.example/", PAGE_FOREIGN);
	assert_status("http://news.example/", PAGE_FOREIGN);
	assert_status("gopher://news.example/", PAGE_FOREIGN);
	assert_status("spartan://news.example/", PAGE_FOREIGN);
	assert_status("mailto:desk@news.example", PAGE_FOREIGN);
	assert_status("titan://news.example/x;size=1;mime=text/plain", PAGE_FOREIGN);
	assert_string_equal(page.message.data, "Titan is not offered here");
}

static void addresses_that_are_listed_are_ours(void **state)
{
	static const struct str names[] = { { "127.0.0.1", 9 }, { "[::1]", 5 } };

	(void)state;
	origin.hosts = names;
	assert_path("gemini://127.0.0.1/", "/");
	assert_path("gemini://[::1]:7070/", "/");
	assert_status("gemini://[::2]/", PAGE_FOREIGN);
}

static void another_port_is_foreign_only_when_ports_are_strict(void **state)
{
	(void)state;
	assert_status("gemini://news.example:1999/", PAGE_OK);
	assert_status("gemini://news.example:99999/", PAGE_BAD_REQUEST);
	origin.strict_port = true;
	assert_status("gemini://news.example:7070/", PAGE_OK);
	assert_status("gemini://news.example:1999/", PAGE_FOREIGN);
	assert_status("gemini://news.example/", PAGE_FOREIGN);
	origin.port = 1965;
	assert_status("gemini://news.example/", PAGE_OK);
	assert_status("gemini://news.example:/", PAGE_OK);
	assert_status("gemini://news.example:1965/", PAGE_OK);
}

static void tls_name_of_another_host_of_ours_is_refused_and_an_unknown_one_is_not(void **state)
{
	(void)state;
	origin.server_name = STR("News.Example");
	assert_status("gemini://news.example/", PAGE_OK);
	assert_status("gemini://www.news.example/", PAGE_FOREIGN);
	origin.server_name = STR("never.heard.example");
	assert_status("gemini://news.example/", PAGE_OK);
	assert_status("gemini://never.heard.example/", PAGE_FOREIGN);
}

static void tls_name_of_a_neighbour_is_refused(void **state)
{
	static const struct str neighbour = { "mirror.example", 14 };

	(void)state;
	origin.neighbours = &neighbour;
	origin.neighbour_count = 1;
	origin.server_name = STR("MIRROR.example.");
	assert_status("gemini://news.example/", PAGE_FOREIGN);
	origin.server_name = STR("never.heard.example");
	assert_status("gemini://news.example/", PAGE_OK);
	assert_status("gemini://mirror.example/", PAGE_FOREIGN);
}

static void host_of_a_line_tells_whose_site_it_asks_for(void **state)
{
	static const struct str mirror[] = { { "mirror.example", 14 }, { "b.example", 9 } };
	struct origin sites[] = { origin, origin, origin };
	const struct {
		const char *line;
		size_t want;
	} cases[] = {
		{ "gemini://news.example/", 0 },
		{ "gemini://b.example", 1 },
		{ "gemini://MIRROR.example.:1965/x?y", 1 },
		{ "gopher://mirror.example/", 1 }, /* which then says what is wrong */
		{ "gemini://elsewhere.example/", 0 },
		{ "mirror.example", 0 },
		{ "//", 0 },
		{ "", 0 },
	};

	(void)state;
	sites[1].hosts = mirror;
	sites[1].host_count = 2;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
			serve_choose(&gemini_proto, sites, 3, arena, str_from(cases[i].line)),
			cases[i].want);
	assert_int_equal(serve_choose(&gopher_proto, sites, 1, arena, STR("/x")), 0);
}

static void what_is_no_absolute_url_is_a_bad_request(void **state)
{
	static const char *const lines[] = {
		"",
		"/",
		"//news.example/",
		"news.example",
		"free text",
		"gemini:",
		"gemini:/a",
		"gemini://",
		"gemini:///a",
		"gemini://:7070/",
		"?x",
		"#x",
		"gemini://news.example/a b",
		"gemini://[::1",
		"gemini://a]b/",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_status(lines[i], PAGE_BAD_REQUEST);
}

static void userinfo_and_fragment_are_refused_even_when_empty(void **state)
{
	(void)state;
	assert_status("gemini://user@news.example/", PAGE_BAD_REQUEST);
	assert_status("gemini://user:word@news.example/", PAGE_BAD_REQUEST);
	assert_status("gemini://@news.example/", PAGE_BAD_REQUEST);
	assert_status("gemini://news.example/#a", PAGE_BAD_REQUEST);
	assert_status("gemini://news.example/#", PAGE_BAD_REQUEST);
	assert_status("gemini://news.example/?a#", PAGE_BAD_REQUEST);
}

static void bytes_that_no_url_holds_are_refused(void **state)
{
	static const char *const lines[] = {
		"\xEF\xBB\xBFgemini://news.example/", "gemini://news.example/\x01",
		"gemini://news.example/\x7F",	      "gemini://news.example/\xC2\x85",
		"gemini://news.example/\xC3\xA9",     "gemini://news.example/\xFF",
		"gemini://news.example/a\\b",	      "gemini://news.example/%",
		"gemini://news.example/%4",	      "gemini://news.example/%zz",
		"gemini://news.example/%00",	      "gemini://news.example/%0A",
		"gemini://news.example/%1B",	      "gemini://news.example/%7F",
		"gemini://news.example/%FF",	      "gemini://news.example/%C0%AF",
		"gemini://news.example/?%zz",	      "gemini://news.example/?%00",
		"gemini://news.example/?%1B",	      "gemini://news.example/?%FF",
	};
	static const char with_nul[] = "gemini://news.example/a\0b";

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_status(lines[i], PAGE_BAD_REQUEST);
	assert_false(parse(&gemini_proto, (struct str){ with_nul, sizeof(with_nul) - 1 }));
	assert_int_equal(page.status, PAGE_BAD_REQUEST);
}

static void no_spelling_of_dots_or_slashes_leaves_the_folder(void **state)
{
	static const char *const paths[] = {
		"/../",	     "/..",	      "/a/../b",   "/./a",     "/a/.",
		"/%2e%2e/",  "/%2E./",	      "/.%2e/etc", "/a%2Fb",   "/a%2f..%2fb",
		"/..%2fetc", "/%2e%2e%2fetc", "/a%5Cb",	   "/..%5C..", "/%2e",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		assert_status(arena_format(arena, "gemini://news.example%s", paths[i]).data,
			      PAGE_NOT_FOUND);
	assert_path("gemini://news.example/%252e%252e/", "/%2e%2e/");
	assert_path("gemini://news.example/.../a", "/.../a");
}

static void url_of_exactly_1024_bytes_is_read_and_one_more_is_not(void **state)
{
	struct str start = STR("gemini://news.example/");
	struct str url = arena_join(arena, start, repeated("a", 1024 - start.len), STR(""));

	(void)state;
	assert_int_equal(gemini_proto.request_max, 1024);
	assert_true(parse(&gemini_proto, url));
	assert_int_equal(request.path.len, 1024 - start.len + 1);
	assert_false(parse(&gemini_proto, arena_join(arena, url, STR("a"), STR(""))));
	assert_int_equal(page.status, PAGE_BAD_REQUEST);
}

static void query_becomes_one_line_of_words(void **state)
{
	(void)state;
	assert_status("gemini://news.example/search?river%20treaty", PAGE_OK);
	assert_true(request.has_query);
	assert_string_equal(request.query.data, "river treaty");
	assert_status("gemini://news.example/search?a%0Ab%0D%0ac%09d", PAGE_OK);
	assert_string_equal(arena_str(arena, request.query).data, "a b  c d");
	assert_status("gemini://news.example/search?c+++%2B", PAGE_OK);
	assert_string_equal(arena_str(arena, request.query).data, "c++++");
	assert_status("gemini://news.example/search?a%E2%80%AEb%C2%85c", PAGE_OK);
	assert_string_equal(arena_str(arena, request.query).data, "ab c");
}

static void empty_query_is_told_from_none(void **state)
{
	(void)state;
	assert_status("gemini://news.example/search?", PAGE_OK);
	assert_true(request.has_query);
	assert_int_equal(request.query.len, 0);
	assert_status("gemini://news.example/search", PAGE_OK);
	assert_false(request.has_query);
}

static void query_of_exactly_512_decoded_bytes_is_read_and_one_more_is_not(void **state)
{
	struct str url = arena_join(arena, STR("gemini://news.example/search?%61"),
				    repeated("a", 511), STR(""));

	(void)state;
	assert_true(parse(&gemini_proto, url));
	assert_int_equal(request.query.len, 512);
	assert_false(parse(&gemini_proto, arena_join(arena, url, STR("a"), STR(""))));
	assert_int_equal(page.status, PAGE_BAD_REQUEST);
}

static const struct zone_key zone_keys[] = { { "listed" } };
static const struct zone zone_items[] = { { { "/preview/", 9 }, zone_keys, 1 } };
static const struct zones zones = { zone_items, 1 };

/* Every spelling of a path in the zone has the same answer, whether something is there or not. */
static void assert_zone(enum page_status status)
{
	static const char *const paths[] = {
		"/preview",  "/preview/",	"/preview/news/x",     "/preview?words",
		"//preview", "/%70review/news", "/preview/%2e%2e.txt", "/preview/x.txt?a",
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct str url = arena_join(arena, STR("gemini://news.example"), str_from(paths[i]),
					    STR(""));

		if (parse(&gemini_proto, url) != (status == PAGE_OK) || page.status != status)
			fail_msg("%s: status %d, not %d", paths[i], page.status, status);
		if (status != PAGE_OK)
			assert_null(request.admitted);
	}
}

static void a_zone_asks_refuses_and_admits(void **state)
{
	struct identity identity = { .is_valid = true };

	(void)state;
	origin.zones = &zones;
	assert_zone(PAGE_KEY_NEEDED);
	answer(&gemini_proto, "");
	assert_written("60 A client certificate is needed here\r\n");
	origin.identity = &identity;
	assert_zone(PAGE_KEY_REFUSED);
	answer(&gemini_proto, "");
	assert_written("61 Not on the list; your key is "
		       "0000000000000000000000000000000000000000000000000000000000000000\r\n");
	identity.key = zone_keys[0];
	assert_zone(PAGE_OK);
	assert_ptr_equal(request.admitted, &identity);
	identity.is_valid = false;
	assert_zone(PAGE_KEY_INVALID);
	answer(&gemini_proto, "");
	assert_written("62 This client certificate is expired or not valid yet\r\n");
}

static void outside_a_zone_nobody_looks_at_certificates(void **state)
{
	struct identity identity = { .is_valid = false };

	(void)state;
	origin.zones = &zones;
	origin.identity = &identity;
	assert_path("gemini://news.example/previews/", "/previews/");
	assert_null(request.admitted);
	assert_status("gemini://news.example/preview/../news/", PAGE_NOT_FOUND);
	assert_status("gemini://other.example/preview/", PAGE_FOREIGN);
	origin.zones = NULL;
	assert_path("gemini://news.example/preview/", "/preview/");
	assert_null(request.admitted);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, writing_set_up, writing_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(good_urls_become_clean_paths),
		TEST(hosts_are_compared_without_case_or_last_dot),
		TEST(hosts_in_other_scripts_match_their_xn_form),
		TEST(overlong_hosts_are_foreign),
		TEST(other_hosts_and_schemes_are_foreign),
		TEST(addresses_that_are_listed_are_ours),
		TEST(another_port_is_foreign_only_when_ports_are_strict),
		TEST(tls_name_of_another_host_of_ours_is_refused_and_an_unknown_one_is_not),
		TEST(tls_name_of_a_neighbour_is_refused),
		TEST(host_of_a_line_tells_whose_site_it_asks_for),
		TEST(what_is_no_absolute_url_is_a_bad_request),
		TEST(userinfo_and_fragment_are_refused_even_when_empty),
		TEST(bytes_that_no_url_holds_are_refused),
		TEST(no_spelling_of_dots_or_slashes_leaves_the_folder),
		TEST(url_of_exactly_1024_bytes_is_read_and_one_more_is_not),
		TEST(query_becomes_one_line_of_words),
		TEST(empty_query_is_told_from_none),
		TEST(query_of_exactly_512_decoded_bytes_is_read_and_one_more_is_not),
		TEST(a_zone_asks_refuses_and_admits),
		TEST(outside_a_zone_nobody_looks_at_certificates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
