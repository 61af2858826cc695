/* net/line: when a request line is whole, and when it is too long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "net/line.h"

enum { MAX = 8 };

static void assert_line(const char *bytes, bool ends_with_lf, enum line_state state,
			const char *want)
{
	struct str line = STR("untouched");

	assert_int_equal(line_scan(str_from(bytes), MAX, ends_with_lf, &line), state);
	assert_int_equal(line.len, strlen(want));
	assert_memory_equal(line.data, want, line.len);
}

static void crlf_ends_a_line_and_the_rest_is_ignored(void **state)
{
	(void)state;
	assert_line("abc\r\n", false, LINE_WHOLE, "abc");
	assert_line("abc\r\nmore\r\n", false, LINE_WHOLE, "abc");
	assert_line("\r\n", false, LINE_WHOLE, "");
	assert_line("abc\r\n", true, LINE_WHOLE, "abc");
}

static void lf_alone_ends_a_line_only_where_it_may(void **state)
{
	(void)state;
	assert_line("abc\n", false, LINE_PART, "untouched");
	assert_line("\n", false, LINE_PART, "untouched");
	assert_line("a\nb\r\n", false, LINE_WHOLE, "a\nb");
	assert_line("abc\n", true, LINE_WHOLE, "abc");
	assert_line("\n", true, LINE_WHOLE, "");
}

static void part_of_a_line_waits_for_more(void **state)
{
	(void)state;
	assert_line("", false, LINE_PART, "untouched");
	assert_line("abc", true, LINE_PART, "untouched");
	assert_line("abc\r", false, LINE_PART, "untouched");
	assert_line("a\rb", false, LINE_PART, "untouched");
}

static void line_of_exactly_the_maximum_is_whole(void **state)
{
	(void)state;
	assert_line("12345678", false, LINE_PART, "untouched");
	assert_line("12345678\r", false, LINE_PART, "untouched");
	assert_line("12345678\r\n", false, LINE_WHOLE, "12345678");
	assert_line("12345678\n", true, LINE_WHOLE, "12345678");
}

static void line_one_past_the_maximum_is_long_and_cut(void **state)
{
	(void)state;
	assert_line("123456789", false, LINE_LONG, "123456789");
	assert_line("123456789", true, LINE_LONG, "123456789");
	assert_line("123456789\r\n", false, LINE_LONG, "123456789");
	assert_line("12345678\rx", false, LINE_LONG, "12345678\r");
	assert_line("1234567890abc", false, LINE_LONG, "123456789");
	assert_line("123456789\n", true, LINE_LONG, "123456789");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crlf_ends_a_line_and_the_rest_is_ignored),
		cmocka_unit_test(lf_alone_ends_a_line_only_where_it_may),
		cmocka_unit_test(part_of_a_line_waits_for_more),
		cmocka_unit_test(line_of_exactly_the_maximum_is_whole),
		cmocka_unit_test(line_one_past_the_maximum_is_long_and_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
