/* base/str, buf, arena, err, date, uri, ini, log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/ini.h"
#include "base/log.h"
#include "base/uri.h"

static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = arena_new(1 << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void assert_str(struct str got, const char *want)
{
	assert_string_equal(arena_str(arena, got).data, want);
}

static void numbers_stop_at_their_maximum(void **state)
{
	uint64_t value = 7;

	(void)state;
	assert_true(str_number(STR("65535"), 65535, &value));
	assert_int_equal(value, 65535);
	assert_false(str_number(STR("65536"), 65535, &value));
	assert_false(str_number(STR("99999999999999999999999"), UINT64_MAX, &value));
	assert_true(str_number(STR("18446744073709551615"), UINT64_MAX, &value));
	assert_false(str_number(STR("18446744073709551616"), UINT64_MAX, &value));
	assert_false(str_number(STR(""), 10, &value));
	assert_false(str_number(STR("-1"), 10, &value));
	assert_false(str_number(STR("5"), 4, &value));
}

static void parts_and_lines_come_one_by_one(void **state)
{
	struct str rest = STR("a,,b");
	struct str part;

	(void)state;
	assert_true(str_next(&rest, ',', &part));
	assert_str(part, "a");
	assert_true(str_next(&rest, ',', &part));
	assert_str(part, "");
	assert_true(str_next(&rest, ',', &part));
	assert_str(part, "b");
	assert_false(str_next(&rest, ',', &part));
	rest = STR("x\r\n\ny");
	assert_true(str_next_line(&rest, &part));
	assert_str(part, "x");
	assert_true(str_next_line(&rest, &part));
	assert_str(part, "");
	assert_true(str_next_line(&rest, &part));
	assert_str(part, "y");
	assert_false(str_next_line(&rest, &part));
}

static void a_buffer_takes_its_maximum_and_not_one_byte_more(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 5);
	buf_str(&buf, STR("12345"));
	assert_false(buf.full);
	buf_char(&buf, '6');
	assert_true(buf.full);
	assert_int_equal(buf.len, 5);
	buf_clear(&buf);
	buf_format(&buf, "%d", 123456);
	assert_true(buf.full);
	assert_int_equal(buf.len, 0);
	buf_done(&buf);
}

static void an_arena_survives_many_blocks_and_resets(void **state)
{
	struct arena *small = arena_new(1 << 20);

	(void)state;
	for (int round = 0; round < 50; round++) {
		for (int i = 0; i < 12; i++) {
			char *bytes = arena_alloc(small, 1, 60000);

			assert_int_equal(bytes[59999], 0);
			memset(bytes, 'x', 60000);
		}
		arena_reset(small);
	}
	arena_free(small);
}

static int64_t parsed(const char *text)
{
	int64_t seconds = -1;

	date_parse(str_from(text), &seconds);
	return seconds;
}

static void dates_are_read_as_rfc_3339_writes_them(void **state)
{
	(void)state;
	assert_int_equal(parsed("1970-01-01T00:00:00Z"), 0);
	assert_int_equal(parsed("2026-10-03T08:40:00Z"), 1791016800);
	assert_int_equal(parsed("2026-10-03T10:40:00+02:00"), 1791016800);
	assert_int_equal(parsed("2026-10-03T08:40Z"), 1791016800);
	assert_int_equal(parsed("2026-10-03 08:40:00.250Z"), 1791016800);
	assert_int_equal(parsed("2026-10-03"), 1790985600);
	assert_int_equal(parsed("2024-02-29"), 1709164800);
	assert_int_equal(parsed("9999-12-31T23:59:59Z"), 253402300799);
}

static void what_is_no_date_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"2026",
		"2026-13-01",
		"2026-02-29",
		"2026-00-10",
		"2026-10-03T25:00:00Z",
		"2026-10-03T08:40:00",
		"2026-10-03T08:40:00Zx",
		"1969-12-31",
		"10000-01-01",
		"2026-10-03T08:40:00+24:00",
		"03 Oct 2026",
		"2026-1-1",
		"2026-10-03T08:60:00Z",
		"2026-10-03T",
		"1970-01-01T00:30:00+01:00",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(parsed(bad[i]), -1);
}

static void dates_come_back_as_they_went_in(void **state)
{
	char out[DATE_TEXT];

	(void)state;
	for (int64_t at = 0; at < 253402300800; at += 86400 * 37 + 12345)
		assert_int_equal(parsed(date_rfc3339(at, out)), at);
	assert_string_equal(date_day(1791016800, out), "2026-10-03");
	assert_string_equal(date_minute(1791016800, out), "2026-10-03 08:40 UTC");
	assert_string_equal(date_compact(1791016800, out), "20261003084000");
}

static void months_and_days_carry_over(void **state)
{
	(void)state;
	assert_int_equal(date_seconds((struct civil){ 2026, 13, 1, 0, 0, 0 }),
			 parsed("2027-01-01"));
	assert_int_equal(date_seconds((struct civil){ 2026, 12, 32, 0, 0, 0 }),
			 parsed("2027-01-01"));
}

static void a_uri_falls_into_its_parts(void **state)
{
	struct uri uri;

	(void)state;
	assert_true(uri_split(STR("gemini://u@[::1]:1965/a%20b?q#f"), &uri));
	assert_str(uri.scheme, "gemini");
	assert_str(uri.userinfo, "u");
	assert_str(uri.host, "[::1]");
	assert_str(uri.port, "1965");
	assert_str(uri.path, "/a%20b");
	assert_str(uri.query, "q");
	assert_str(uri.fragment, "f");
	assert_true(uri_split(STR("gemini://@host?"), &uri));
	assert_true(uri.has_userinfo);
	assert_true(uri.has_query);
	assert_int_equal(uri.path.len, 0);
	assert_true(uri_split(STR("../x"), &uri));
	assert_int_equal(uri.scheme.len, 0);
}

static void what_no_uri_may_hold_is_refused(void **state)
{
	static const char *const bad[] = {
		"gemini://h/a b",      "gemini://h/%",	 "gemini://h/%4",     "gemini://h/%zz",
		"gemini://h/\xC3\xA9", "gemini://h/<x>", "gemini://h:65536/", "gemini://h:1x/",
		"gemini://[::1/",      "gemini://[zz]/", "gemini://a]b/",     "gemini://h/\x7F",
	};
	struct uri uri;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(uri_split(str_from(bad[i]), &uri));
}

static void paths_are_split_before_they_are_decoded(void **state)
{
	static const char *const bad[] = { "/../x", "/a/..", "/%2e%2e/x", "/a%2Fb", "/a%5Cb",
					   "/a%00", "/./x",  "/%0d%0a",	  "/%ff",   "/a\\b" };
	struct str path;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(uri_path(arena, str_from(bad[i]), &path));
	assert_true(uri_path(arena, STR("//news//a%20b/"), &path));
	assert_str(path, "/news/a b/");
	assert_true(uri_path(arena, STR(""), &path));
	assert_str(path, "/");
	assert_true(uri_path(arena, STR("news"), &path));
	assert_str(path, "/news");
}

static void references_resolve_as_rfc_3986_says(void **state)
{
	struct str base = STR("/news/europe/x");

	(void)state;
	assert_str(uri_resolve(arena, base, STR("y")), "/news/europe/y");
	assert_str(uri_resolve(arena, base, STR("../a/y")), "/news/a/y");
	assert_str(uri_resolve(arena, base, STR("/y#f")), "/y#f");
	assert_str(uri_resolve(arena, base, STR("../../../../y")), "/y");
	assert_str(uri_resolve(arena, base, STR(".")), "/news/europe/");
	assert_str(uri_resolve(arena, base, STR("..")), "/news/");
	assert_str(uri_resolve(arena, base, STR("")), "/news/europe/x");
}

static void encoding_keeps_what_is_asked_and_escapes_the_rest(void **state)
{
	(void)state;
	assert_str(uri_encode(arena, STR("/a b/\xC3\xA9?"), "/"), "/a%20b/%C3%A9%3F");
}

static bool count_pair(void *context, const char *section, const char *key, const char *value,
		       unsigned line, struct err *err)
{
	(void)section, (void)value, (void)line;
	++*(int *)context;
	return strcmp(key, "bad") != 0 || err_set(err, "no such key");
}

static void an_ini_file_tells_the_line_of_an_error(void **state)
{
	struct err err = { "" };
	int pairs = 0;

	(void)state;
	assert_true(ini_read(STR("[a]\nx = 1\n; note\ny = 2 ; more\n"), "f.ini", count_pair, &pairs,
			     &err));
	assert_int_equal(pairs, 2);
	assert_false(
		ini_read(STR("[a]\nx = 1\nbad = 2\nx = 3\n"), "f.ini", count_pair, &pairs, &err));
	assert_string_equal(err.text, "f.ini:3: no such key");
	assert_int_equal(pairs, 4);
	assert_false(ini_read(STR("[a]\njust words\n"), "f.ini", count_pair, &pairs, &err));
	assert_string_equal(err.text, "f.ini:2: not a \"key = value\" line");
}

static void an_ini_line_of_198_bytes_is_whole_and_one_more_is_refused(void **state)
{
	char text[256];
	struct err err = { "" };
	int pairs = 0;

	(void)state;
	memset(text, 'v', sizeof(text));
	memcpy(text, "k = ", 4);
	text[INI_LINE_MAX] = '\n';
	assert_true(
		ini_read((struct str){ text, INI_LINE_MAX + 1 }, "f", count_pair, &pairs, &err));
	text[INI_LINE_MAX] = 'v';
	text[INI_LINE_MAX + 1] = '\n';
	assert_false(
		ini_read((struct str){ text, INI_LINE_MAX + 2 }, "f", count_pair, &pairs, &err));
	assert_int_equal(pairs, 1);
	assert_string_equal(err.text, "f:1: the line is longer than 198 bytes");
}

static void an_ini_file_with_indented_lines_long_sections_or_bad_text_is_refused(void **state)
{
	struct err err = { "" };
	int pairs = 0;

	(void)state;
	assert_false(ini_read(STR("a = 1\n  b = 2\n"), "f", count_pair, &pairs, &err));
	assert_false(ini_read(STR("[123456789012345678901234567890123456789012345678]\n"), "f",
			      count_pair, &pairs, &err));
	assert_true(ini_read(STR("\xEF\xBB\xBF[a]\n"), "f", count_pair, &pairs, &err));
	assert_false(ini_read(STR("\xEF\xBB\xBF\xEF\xBB\xBF[a]\n"), "f", count_pair, &pairs, &err));
	assert_false(ini_read(STR("\f[a]\n"), "f", count_pair, &pairs, &err));
	assert_string_equal(err.text, "f:1: the line has a control character");
	assert_false(ini_read(STR("a = \xFF\n"), "f", count_pair, &pairs, &err));
	assert_false(ini_read(STR("a = 1\0b\n"), "f", count_pair, &pairs, &err));
}

static void log_text_cannot_forge_or_hide_lines(void **state)
{
	char out[64];

	(void)state;
	log_escape(STR("a\nb\x1B[2J\xE2\x80\xAE\xFF"), out, sizeof(out));
	assert_string_equal(out, "a\\x0ab\\x1b[2J\\xe2\\x80\\xae\\xff");
	log_escape(STR("\n\n\n"), out, 9);
	assert_string_equal(out, "\\x0a\\x0a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_stop_at_their_maximum),
		cmocka_unit_test(parts_and_lines_come_one_by_one),
		cmocka_unit_test(a_buffer_takes_its_maximum_and_not_one_byte_more),
		cmocka_unit_test(an_arena_survives_many_blocks_and_resets),
		cmocka_unit_test(dates_are_read_as_rfc_3339_writes_them),
		cmocka_unit_test(what_is_no_date_is_refused),
		cmocka_unit_test(dates_come_back_as_they_went_in),
		cmocka_unit_test(months_and_days_carry_over),
		cmocka_unit_test(a_uri_falls_into_its_parts),
		cmocka_unit_test(what_no_uri_may_hold_is_refused),
		cmocka_unit_test(paths_are_split_before_they_are_decoded),
		cmocka_unit_test(references_resolve_as_rfc_3986_says),
		cmocka_unit_test(encoding_keeps_what_is_asked_and_escapes_the_rest),
		cmocka_unit_test(an_ini_file_tells_the_line_of_an_error),
		cmocka_unit_test(an_ini_line_of_198_bytes_is_whole_and_one_more_is_refused),
		cmocka_unit_test(
			an_ini_file_with_indented_lines_long_sections_or_bad_text_is_refused),
		cmocka_unit_test(log_text_cannot_forge_or_hide_lines),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
