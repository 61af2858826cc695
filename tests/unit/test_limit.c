/* net/limit and net/peer: connections counted by network, over all workers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>

#include "net/limit.h"
#include "net/peer.h"

static struct in6_addr address_of(const char *text)
{
	struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in ipv4 = { .sin_family = AF_INET };

	if (inet_pton(AF_INET6, text, &ipv6.sin6_addr) == 1)
		return peer_address((struct sockaddr *)&ipv6);
	assert_int_equal(inet_pton(AF_INET, text, &ipv4.sin_addr), 1);
	return peer_address((struct sockaddr *)&ipv4);
}

static uint64_t network_of(const char *text)
{
	struct in6_addr address = address_of(text);

	return peer_network(&address);
}

static void assert_text(const char *text, bool masked, const char *want)
{
	struct in6_addr address = address_of(text);
	char got[PEER_TEXT];

	assert_string_equal(peer_text(&address, masked, got), want);
}

static void addresses_are_shown_whole_or_masked(void **state)
{
	(void)state;
	assert_text("192.0.2.77", false, "192.0.2.77");
	assert_text("192.0.2.77", true, "192.0.2.0");
	assert_text("::ffff:192.0.2.77", true, "192.0.2.0");
	assert_text("2001:db8:1:2:3::4", false, "2001:db8:1:2:3::4");
	assert_text("2001:db8:1:2:3::4", true, "2001:db8:1::");
	assert_text("::1", false, "::1");
}

static void network_is_an_ipv4_address_or_an_ipv6_64(void **state)
{
	(void)state;
	assert_true(network_of("192.0.2.1") == network_of("::ffff:192.0.2.1"));
	assert_true(network_of("192.0.2.1") != network_of("192.0.2.2"));
	assert_true(network_of("2001:db8:0:1::1") == network_of("2001:db8:0:1:ffff::2"));
	assert_true(network_of("2001:db8:0:1::1") != network_of("2001:db8:0:2::1"));
	assert_true(network_of("::1") != 0);
}

static void address_without_a_family_is_still_counted(void **state)
{
	struct sockaddr none = { .sa_family = AF_UNIX };
	struct in6_addr address = peer_address(&none);

	(void)state;
	assert_true(peer_network(&address) != 0);
}

static void connections_are_counted_over_all_seats(void **state)
{
	struct limit *limit = limit_new(3, 4, NULL);

	(void)state;
	limit_enter(limit, 0, 77);
	limit_enter(limit, 0, 77);
	limit_enter(limit, 2, 77);
	limit_enter(limit, 2, 78);
	assert_int_equal(limit_count(limit, 77), 3);
	assert_int_equal(limit_count(limit, 78), 1);
	assert_int_equal(limit_count(limit, 79), 0);
	limit_leave(limit, 0, 77);
	assert_int_equal(limit_count(limit, 77), 2);
	limit_leave(limit, 1, 77); /* never entered there */
	assert_int_equal(limit_count(limit, 77), 2);
	limit_free(limit);
}

static void cleared_seat_leaves_the_others_alone(void **state)
{
	struct limit *limit = limit_new(2, 4, NULL);

	(void)state;
	limit_enter(limit, 0, 77);
	limit_enter(limit, 1, 77);
	limit_clear(limit, 0);
	assert_int_equal(limit_count(limit, 77), 1);
	limit_free(limit);
}

/* As many networks as connections, twice over and in another order, so that chains of collisions open and close. */
static void full_table_forgets_nobody_and_ends_empty(void **state)
{
	enum { COUNT = 3000 };
	struct limit *limit = limit_new(1, COUNT, NULL);

	(void)state;
	for (uint64_t i = 1; i <= COUNT; i++)
		limit_enter(limit, 0, i << 20);
	for (uint64_t i = 1; i <= COUNT; i += 2)
		limit_leave(limit, 0, i << 20);
	for (uint64_t i = 1; i <= COUNT; i++)
		assert_int_equal(limit_count(limit, i << 20), i % 2 == 0);
	for (uint64_t i = 1; i <= COUNT; i += 2)
		limit_enter(limit, 0, i << 20);
	for (uint64_t i = 1; i <= COUNT; i++)
		assert_int_equal(limit_count(limit, i << 20), 1);
	for (uint64_t i = COUNT; i >= 1; i--)
		limit_leave(limit, 0, i << 20);
	for (uint64_t i = 1; i <= COUNT; i++)
		assert_int_equal(limit_count(limit, i << 20), 0);
	limit_free(limit);
}

/* More networks than a worker may hold: nothing is counted any more, and nothing breaks. */
static void overfull_table_stays_usable(void **state)
{
	struct limit *limit = limit_new(1, 4, NULL);

	(void)state;
	for (uint64_t i = 1; i <= 100; i++)
		limit_enter(limit, 0, i);
	for (uint64_t i = 1; i <= 100; i++)
		assert_true(limit_count(limit, i) <= 1);
	limit_clear(limit, 0);
	limit_enter(limit, 0, 50);
	assert_int_equal(limit_count(limit, 50), 1);
	limit_free(limit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_shown_whole_or_masked),
		cmocka_unit_test(network_is_an_ipv4_address_or_an_ipv6_64),
		cmocka_unit_test(address_without_a_family_is_still_counted),
		cmocka_unit_test(connections_are_counted_over_all_seats),
		cmocka_unit_test(cleared_seat_leaves_the_others_alone),
		cmocka_unit_test(full_table_forgets_nobody_and_ends_empty),
		cmocka_unit_test(overfull_table_stays_usable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
