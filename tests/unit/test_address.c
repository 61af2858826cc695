/* Addresses of the web: resolved, cleaned, compared. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "import/address.h"

static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = arena_new(4 << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void resolves(const char *base, const char *reference, const char *url)
{
	struct str got = address_resolve(arena, str_from(base), str_from(reference));

	assert_string_equal(got.data, url);
}

static void the_examples_of_the_specification_resolve(void **state)
{
	/* RFC 3986 5.4 */
	static const char *const cases[][2] = {
		{ "g", "http://a/b/c/g" },
		{ "./g", "http://a/b/c/g" },
		{ "g/", "http://a/b/c/g/" },
		{ "/g", "http://a/g" },
		{ "//g", "http://g/" },
		{ "?y", "http://a/b/c/d;p?y" },
		{ "g?y", "http://a/b/c/g?y" },
		{ "#s", "http://a/b/c/d;p?q#s" },
		{ "g#s", "http://a/b/c/g#s" },
		{ ";x", "http://a/b/c/;x" },
		{ "", "http://a/b/c/d;p?q" },
		{ ".", "http://a/b/c/" },
		{ "..", "http://a/b/" },
		{ "../g", "http://a/b/g" },
		{ "../..", "http://a/" },
		{ "../../g", "http://a/g" },
		{ "../../../g", "http://a/g" },
		{ "/./g", "http://a/g" },
		{ "/../g", "http://a/g" },
		{ "g.", "http://a/b/c/g." },
		{ "..g", "http://a/b/c/..g" },
		{ "./g/.", "http://a/b/c/g/" },
		{ "g/../h", "http://a/b/c/h" },
		{ "g;x=1/../y", "http://a/b/c/y" },
		{ "http:g", "http://a/b/c/g" },
		{ "mailto:desk@paper.example", "mailto:desk@paper.example" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		resolves("http://a/b/c/d;p?q", cases[i][0], cases[i][1]);
}

static void what_browsers_forgive_is_forgiven(void **state)
{
	(void)state;
	resolves("https://Paper.Example", "news\\a b", "https://paper.example/news/a%20b");
	resolves("https://paper.example/", " /caf\xC3\xA9\n", "https://paper.example/caf%C3%A9");
	resolves("https://paper.example/", "HTTPS://Other.EXAMPLE/Path",
		 "https://other.example/Path");
	resolves("", "/relative", "/relative");
	resolves("", "https://paper.example", "https://paper.example/");
}

static void what_is_too_long_is_empty(void **state)
{
	char *text = arena_alloc(arena, ADDRESS_BYTES_MAX + 2, 1);

	(void)state;
	memset(text, 'a', ADDRESS_BYTES_MAX + 1);
	memcpy(text, "http://a/", 9);
	assert_int_equal(
		address_resolve(arena, STR(""), (struct str){ text, ADDRESS_BYTES_MAX }).len,
		ADDRESS_BYTES_MAX);
	assert_int_equal(
		address_resolve(arena, STR(""), (struct str){ text, ADDRESS_BYTES_MAX + 1 }).len,
		0);
}

static void trackers_and_fragments_go(void **state)
{
	(void)state;
	assert_string_equal(
		address_canonical(
			arena, STR("http://paper.example:80/a/../b?utm_source=x&id=7&fbclid=9#top"))
			.data,
		"http://paper.example/b?id=7");
	assert_string_equal(
		address_canonical(arena, STR("https://paper.example/b?utm_medium=rss")).data,
		"https://paper.example/b");
	assert_string_equal(
		address_canonical(arena, STR("https://paper.example/b?reference=1")).data,
		"https://paper.example/b?reference=1");
}

static void two_ways_of_writing_an_address_have_one_alias(void **state)
{
	struct str one = address_alias(arena, STR("http://www.paper.example/story/#comments"));
	struct str two = address_alias(arena, STR("https://paper.example/story?utm_source=feed"));
	struct str other = address_alias(arena, STR("https://paper.example/story?page=2"));

	(void)state;
	assert_true(str_eq(one, two));
	assert_false(str_eq(one, other));
}

static void a_host_is_told_without_user_and_port(void **state)
{
	struct str host = address_host(STR("https://me@paper.example:8443/x"));
	struct str literal = address_host(STR("http://[::1]:80/x"));

	(void)state;
	assert_true(str_eq(host, STR("paper.example")));
	assert_true(str_eq(literal, STR("[::1]")));
	assert_int_equal(address_host(STR("mailto:x")).len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_examples_of_the_specification_resolve),
		cmocka_unit_test(what_browsers_forgive_is_forgiven),
		cmocka_unit_test(what_is_too_long_is_empty),
		cmocka_unit_test(trackers_and_fragments_go),
		cmocka_unit_test(two_ways_of_writing_an_address_have_one_alias),
		cmocka_unit_test(a_host_is_told_without_user_and_port),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
