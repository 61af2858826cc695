/* net/rate: how fast each network may ask, in a table that never grows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/rate.h"

enum { NOW = 1000000 };

static const struct rate_limit ten = { .requests = 10, .burst = 5 };
static struct rate *rate;

static int set_up(void **state)
{
	(void)state;
	rate = rate_new(NULL);
	return rate ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	rate_free(rate);
	return 0;
}

/* How many of count requests at the same moment are let through. */
static size_t ask(uint64_t network, const struct rate_limit *limit, int64_t now, size_t count)
{
	size_t let = 0;

	for (size_t i = 0; i < count; i++)
		let += rate_ask(rate, network, limit, now) == 0;
	return let;
}

static void burst_is_let_through_and_one_more_has_to_wait(void **state)
{
	(void)state;
	assert_int_equal(ask(77, &ten, NOW, 5), 5);
	assert_int_equal(rate_ask(rate, 77, &ten, NOW), 100);
	assert_int_equal(rate_ask(rate, 77, &ten, NOW + 60), 40);
	assert_int_equal(rate_ask(rate, 78, &ten, NOW), 0);
}

static void noted_network_is_known_for_as_long_as_was_said(void **state)
{
	(void)state;
	assert_false(rate_has(rate, 77, NOW));
	rate_note(rate, 77, 1000, NOW);
	assert_true(rate_has(rate, 77, NOW));
	assert_true(rate_has(rate, 77, NOW + 999));
	assert_false(rate_has(rate, 77, NOW + 1000));
	assert_false(rate_has(rate, 78, NOW));
	rate_note(rate, 77, 1000, NOW + 500);
	assert_true(rate_has(rate, 77, NOW + 1499));
}

static void whoever_waits_as_long_as_told_is_served(void **state)
{
	(void)state;
	ask(77, &ten, NOW, 5);
	assert_int_equal(rate_ask(rate, 77, &ten, NOW + 99), 1);
	assert_int_equal(rate_ask(rate, 77, &ten, NOW + 100), 0);
	assert_int_equal(rate_ask(rate, 77, &ten, NOW + 100), 100);
}

static void refused_requests_cost_nothing(void **state)
{
	(void)state;
	assert_int_equal(ask(77, &ten, NOW, 1000), 5);
	assert_int_equal(ask(77, &ten, NOW + 500, 1000), 5);
}

static void silence_saves_up_no_more_than_the_burst(void **state)
{
	(void)state;
	assert_int_equal(ask(77, &ten, NOW, 5), 5);
	assert_int_equal(ask(77, &ten, NOW + 86400000, 1000), 5);
}

static void long_run_holds_the_rate(void **state)
{
	size_t let = 0;

	(void)state;
	for (int64_t now = NOW; now < NOW + 10000; now += 5)
		let += ask(77, &ten, now, 1);
	assert_in_range(let, 100, 105);
}

static void no_requests_per_second_means_no_limit(void **state)
{
	static const struct rate_limit none = { .requests = 0, .burst = 1 };

	(void)state;
	assert_int_equal(ask(77, &none, NOW, 10000), 10000);
}

static void limits_at_their_ends_hold(void **state)
{
	static const struct rate_limit fast = { .requests = 100000, .burst = 1000000 };
	static const struct rate_limit slow = { .requests = 1, .burst = 1 };

	(void)state;
	assert_int_equal(ask(77, &fast, NOW, 1000001), 1000000);
	assert_int_equal(rate_ask(rate, 77, &fast, NOW), 1);
	assert_int_equal(ask(78, &slow, NOW, 2), 1);
	assert_int_equal(rate_ask(rate, 78, &slow, NOW), 1000);
}

static void stricter_limit_after_a_reload_locks_nobody_out(void **state)
{
	static const struct rate_limit generous = { .requests = 1, .burst = 1000000 };

	(void)state;
	assert_int_equal(ask(77, &generous, NOW, 1000000), 1000000);
	assert_int_equal(rate_ask(rate, 77, &ten, NOW), 100);
	assert_int_equal(ask(77, &ten, NOW + 1000000000, 6), 5);
}

static size_t resident_kb(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	size_t total;
	size_t resident;

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%zu %zu", &total, &resident), 2);
	fclose(file);
	return resident * (size_t)sysconf(_SC_PAGESIZE) / 1024;
}

static void million_addresses_take_no_more_memory(void **state)
{
	size_t size = rate_bytes(rate);
	size_t before = resident_kb();

	(void)state;
	assert_int_equal(size, 1 << 20);
	for (uint64_t network = 1; network <= 1000000; network++)
		assert_int_equal(rate_ask(rate, network, &ten, NOW), 0);
	assert_int_equal(rate_bytes(rate), size);
	assert_true(resident_kb() <= before + size / 1024 + 1024);
}

/* Addresses that ask once push out each other, not the one that asks all the time. */
static void flood_of_addresses_does_not_free_the_one_that_asks_most(void **state)
{
	(void)state;
	assert_int_equal(ask(77, &ten, NOW, 5), 5);
	for (uint64_t network = 1000; network < 1001000; network++)
		rate_ask(rate, network, &ten, NOW);
	assert_true(rate_ask(rate, 77, &ten, NOW) > 0);
}

static void full_table_gives_newcomers_their_burst(void **state)
{
	(void)state;
	for (uint64_t network = 1; network <= 300000; network++)
		ask(network, &ten, NOW, 5);
	for (uint64_t network = 1000001; network <= 1001000; network++)
		assert_int_equal(ask(network, &ten, NOW, 6), 5);
}

/* Four processes ask as one network: together they get what one would. */
static void processes_share_the_count(void **state)
{
	enum { WORKERS = 4, EACH = 20000 };
	static const struct rate_limit limit = { .requests = 1, .burst = EACH };
	pid_t children[WORKERS];
	size_t let = 0;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	for (size_t i = 0; i < WORKERS; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			size_t own = ask(77, &limit, NOW, EACH);

			_exit(write(ends[1], &own, sizeof(own)) != sizeof(own));
		}
	}
	for (size_t i = 0; i < WORKERS; i++) {
		size_t own;
		int code;

		assert_int_equal(waitpid(children[i], &code, 0), children[i]);
		assert_int_equal(code, 0);
		assert_int_equal(read(ends[0], &own, sizeof(own)), sizeof(own));
		let += own;
	}
	assert_int_equal(let, EACH);
	close(ends[0]);
	close(ends[1]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(burst_is_let_through_and_one_more_has_to_wait),
		TEST(noted_network_is_known_for_as_long_as_was_said),
		TEST(whoever_waits_as_long_as_told_is_served),
		TEST(refused_requests_cost_nothing),
		TEST(silence_saves_up_no_more_than_the_burst),
		TEST(long_run_holds_the_rate),
		TEST(no_requests_per_second_means_no_limit),
		TEST(limits_at_their_ends_hold),
		TEST(stricter_limit_after_a_reload_locks_nobody_out),
		TEST(million_addresses_take_no_more_memory),
		TEST(flood_of_addresses_does_not_free_the_one_that_asks_most),
		TEST(full_table_gives_newcomers_their_burst),
		TEST(processes_share_the_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
