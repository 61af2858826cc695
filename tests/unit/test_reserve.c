/* Descriptors that are kept back for the time when there are no more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

#include "net/reserve.h"

enum { ROOM = RESERVE_COUNT + 3 };

static struct rlimit old;
static int taken[ROOM];

/* ROOM descriptors are left. */
static int set_up(void **state)
{
	struct rlimit tight;

	(void)state;
	for (int i = 0; i < ROOM; i++)
		taken[i] = dup(0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	tight = old;
	tight.rlim_cur = (rlim_t)taken[ROOM - 1] + 1;
	for (int i = 0; i < ROOM; i++)
		close(taken[i]);
	return setrlimit(RLIMIT_NOFILE, &tight);
}

static int tear_down(void **state)
{
	(void)state;
	return setrlimit(RLIMIT_NOFILE, &old);
}

/* Takes what there is, count at the most; how many that were. */
static int take(int count)
{
	int got = 0;

	while (got < count && (taken[got] = dup(0)) != -1)
		got++;
	return got;
}

static void give(int count)
{
	while (count-- > 0)
		close(taken[count]);
}

static void reserve_is_there_when_nothing_else_is(void **state)
{
	struct reserve reserve;

	(void)state;
	reserve_init(&reserve);
	assert_true(reserve_fill(&reserve));
	assert_int_equal(take(ROOM), ROOM - RESERVE_COUNT);
	assert_true(reserve_is_needed());
	assert_int_equal(dup(0), -1);
	assert_int_equal(errno, EMFILE);
	give(ROOM - RESERVE_COUNT);
	assert_false(reserve_is_needed());
	assert_true(reserve_release(&reserve));
	assert_false(reserve_release(&reserve));
	assert_int_equal(take(ROOM), ROOM);
	give(ROOM);
}

static void reserve_is_whole_only_when_one_more_is_left(void **state)
{
	struct reserve reserve;
	int few = ROOM - RESERVE_COUNT;

	(void)state;
	reserve_init(&reserve);
	assert_int_equal(take(few), few);
	assert_false(reserve_fill(&reserve));
	assert_false(reserve.is_whole);
	assert_false(reserve_release(&reserve));
	close(taken[few - 1]);
	assert_true(reserve_fill(&reserve));
	assert_true(reserve_fill(&reserve));
	give(few - 1);
	assert_int_equal(take(ROOM), few);
	give(few);
	assert_true(reserve_release(&reserve));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reserve_is_there_when_nothing_else_is),
		TEST(reserve_is_whole_only_when_one_more_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
