/* net/network: networks in CIDR notation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>

#include "net/network.h"
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

static bool has(const char *network_text, const char *address_text)
{
	struct in6_addr address = address_of(address_text);
	struct networks networks = { 0 };
	struct network network;
	bool found;

	assert_true(network_parse(network_text, &network, NULL));
	networks_add(&networks, &network);
	found = networks_have(&networks, &address);
	networks_done(&networks);
	return found;
}

static void refuse(const char *text, const char *why)
{
	struct err err = { "" };
	struct network network;

	assert_false(network_parse(text, &network, &err));
	assert_non_null(strstr(err.text, text));
	assert_non_null(strstr(err.text, why));
}

static void network_has_its_first_and_last_address_and_no_neighbour(void **state)
{
	(void)state;
	assert_true(has("192.0.2.0/24", "192.0.2.0"));
	assert_true(has("192.0.2.0/24", "192.0.2.255"));
	assert_false(has("192.0.2.0/24", "192.0.1.255"));
	assert_false(has("192.0.2.0/24", "192.0.3.0"));
	assert_true(has("192.0.2.64/27", "192.0.2.95"));
	assert_false(has("192.0.2.64/27", "192.0.2.96"));
	assert_true(has("2001:db8::/33", "2001:db8:7fff::1"));
	assert_false(has("2001:db8::/33", "2001:db8:8000::1"));
}

static void address_alone_is_a_network_of_one(void **state)
{
	(void)state;
	assert_true(has("192.0.2.7", "192.0.2.7"));
	assert_false(has("192.0.2.7", "192.0.2.6"));
	assert_true(has("::1", "::1"));
	assert_false(has("::1", "::2"));
	assert_true(has("2001:db8::1/128", "2001:db8::1"));
}

static void everything_of_one_family_has_nothing_of_the_other(void **state)
{
	(void)state;
	assert_true(has("0.0.0.0/0", "203.0.113.9"));
	assert_false(has("0.0.0.0/0", "2001:db8::1"));
	assert_true(has("::/0", "2001:db8::1"));
	assert_false(has("::/0", "203.0.113.9"));
}

static void mapped_addresses_are_those_of_ipv4(void **state)
{
	(void)state;
	assert_true(has("192.0.2.0/24", "::ffff:192.0.2.1"));
	assert_true(has("::ffff:192.0.2.0/120", "192.0.2.1"));
	assert_true(has("::ffff:0.0.0.0/96", "192.0.2.1"));
}

static void any_of_several_is_enough_and_none_has_nobody(void **state)
{
	struct in6_addr address = address_of("192.0.2.1");
	struct networks networks = { 0 };
	struct network network;

	(void)state;
	assert_false(networks_have(&networks, &address));
	assert_true(network_parse("::1", &network, NULL));
	networks_add(&networks, &network);
	assert_false(networks_have(&networks, &address));
	assert_true(network_parse("192.0.2.0/31", &network, NULL));
	networks_add(&networks, &network);
	assert_true(networks_have(&networks, &address));
	networks_done(&networks);
}

static void what_is_no_network_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"/",
		"/24",
		"192.0.2.0/",
		"192.0.2.0/33",
		"::/129",
		"192.0.2/24",
		"192.0.2.0/-1",
		"192.0.2.0/24/8",
		"192.0.2.0 /24",
		"[::1]",
		"::1/x",
		"localhost",
		"010.0.0.0/8",
		"::1%lo",
		"192.0.2.0/0x18",
		"2001:db8:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0/32",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refuse(bad[i], "is not a network");
	refuse("192.0.2.1/31", "bits behind its prefix");
	refuse("2001:db8::1/127", "bits behind its prefix");
	refuse("0.0.0.1/0", "bits behind its prefix");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(network_has_its_first_and_last_address_and_no_neighbour),
		cmocka_unit_test(address_alone_is_a_network_of_one),
		cmocka_unit_test(everything_of_one_family_has_nothing_of_the_other),
		cmocka_unit_test(mapped_addresses_are_those_of_ipv4),
		cmocka_unit_test(any_of_several_is_enough_and_none_has_nobody),
		cmocka_unit_test(what_is_no_network_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
