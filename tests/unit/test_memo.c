/* The memo of the catalogue's readers: what it keeps and when it forgets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "store/memo.h"

static struct memo *memo;

static int set_up(void **state)
{
	(void)state;
	memo = memo_new();
	memo_set_version(memo, 7);
	memo_set_now(memo, 1000);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	memo_free(memo);
	return 0;
}

static void put(enum memo_kind kind, int64_t number, const char *key, int value)
{
	int *kept = ARENA_NEW(memo_arena(memo), int);

	*kept = value;
	memo_put(memo, kind, number, str_from(key), kept);
}

/* 0: nothing is known */
static int get(enum memo_kind kind, int64_t number, const char *key)
{
	const int *kept = memo_find(memo, kind, number, str_from(key));

	return kept ? *kept : 0;
}

static void a_value_is_found_under_its_whole_key_only(void **state)
{
	(void)state;
	put(MEMO_FOUND, 1, "/news/", 5);
	assert_int_equal(get(MEMO_FOUND, 1, "/news/"), 5);
	assert_int_equal(get(MEMO_LIST, 1, "/news/"), 0);
	assert_int_equal(get(MEMO_FOUND, 2, "/news/"), 0);
	assert_int_equal(get(MEMO_FOUND, 1, "/news"), 0);
	put(MEMO_FOUND, 1, "/news/", 6);
	assert_int_equal(get(MEMO_FOUND, 1, "/news/"), 6);
}

static void another_version_or_second_forgets_and_the_same_does_not(void **state)
{
	(void)state;
	put(MEMO_FOUND, 0, "/", 5);
	memo_set_version(memo, 7);
	memo_set_now(memo, 1000);
	assert_int_equal(get(MEMO_FOUND, 0, "/"), 5);
	memo_set_now(memo, 1001);
	assert_int_equal(get(MEMO_FOUND, 0, "/"), 0);
	put(MEMO_FOUND, 0, "/", 5);
	memo_set_version(memo, 8);
	assert_int_equal(get(MEMO_FOUND, 0, "/"), 0);
}

static void nothing_is_kept_of_an_unknown_version(void **state)
{
	(void)state;
	put(MEMO_FOUND, 0, "/", 5);
	memo_set_version(memo, 0);
	assert_int_equal(get(MEMO_FOUND, 0, "/"), 0);
	assert_null(memo_arena(memo));
}

static void it_becomes_full_and_still_tells_no_wrong_thing(void **state)
{
	int count = 0;
	int found = 0;
	char key[300];

	(void)state;
	for (; memo_arena(memo) && count < 100000; count++) {
		snprintf(key, sizeof(key), "/news/%250d", count);
		put(MEMO_FOUND, 0, key, count + 1);
	}
	assert_true(count > 100 && count < 10000);
	for (int i = 0; i < count; i++) {
		int value;

		snprintf(key, sizeof(key), "/news/%250d", i);
		value = get(MEMO_FOUND, 0, key);
		assert_true(value == 0 || value == i + 1);
		found += value != 0;
	}
	assert_true(found > 100);
	memo_set_now(memo, 1001);
	assert_non_null(memo_arena(memo));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_value_is_found_under_its_whole_key_only),
		TEST(another_version_or_second_forgets_and_the_same_does_not),
		TEST(nothing_is_kept_of_an_unknown_version),
		TEST(it_becomes_full_and_still_tells_no_wrong_thing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
