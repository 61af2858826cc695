/* What the configuration makes of names, ports, robots lines and fingerprints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/cert.h"
#include "origin.h"

static struct config *parse(const char *text)
{
	struct err err = { "" };
	struct config *config = config_parse(str_from(text), "server.ini", &err);

	if (!config)
		fail_msg("%s", err.text);
	return config;
}

static unsigned port_of(const char *text, const struct proto *proto, unsigned bound)
{
	struct config *config = parse(text);
	struct arena *arena = arena_new(4096);
	struct origin origin;

	origin_set(config, proto, bound, NULL, arena, &origin);
	arena_free(arena);
	config_free(config);
	return origin.port;
}

static void gemini_says_the_port_that_it_is_bound_to(void **state)
{
	(void)state;
	assert_int_equal(port_of("", &gemini_proto, 0), 1965);
	assert_int_equal(port_of("[gemini]\nlisten = [::1]:2965, [::]:1965\n", &gemini_proto, 0),
			 2965);
	assert_int_equal(port_of("[gemini]\nlisten = [::1]:0\n", &gemini_proto, 40000), 40000);
}

static void gopher_says_the_configured_port_first(void **state)
{
	(void)state;
	assert_int_equal(port_of("", &gopher_proto, 0), 7070);
	assert_int_equal(port_of("[gopher]\nport = 70\n", &gopher_proto, 7070), 70);
	assert_int_equal(port_of("[gopher]\nlisten = 127.0.0.1:0\n", &gopher_proto, 40001), 40001);
}

static void a_port_that_nobody_knows_yet_is_the_protocols_own(void **state)
{
	(void)state;
	assert_int_equal(port_of("[gemini]\nlisten = [::]:0\n", &gemini_proto, 0), 1965);
	assert_int_equal(port_of("[gopher]\nlisten = [::]:0\n", &gopher_proto, 0), 70);
}

static void each_protocol_has_its_own_names(void **state)
{
	struct config *config = parse(
		"[gemini]\nhostname = A.example, b.example\nstrict_port = yes\n"
		"[gopher]\nhostname = c.example\ntext_lastline = yes\n");
	struct arena *arena = arena_new(4096);
	struct origin gemini;
	struct origin gopher;

	(void)state;
	origin_set(config, &gemini_proto, 0, NULL, arena, &gemini);
	origin_set(config, &gopher_proto, 0, NULL, arena, &gopher);
	assert_int_equal(gemini.host_count, 2);
	assert_true(str_eq(gemini.hosts[0], STR("a.example")));
	assert_true(gemini.strict_port);
	assert_false(gemini.text_lastline);
	assert_int_equal(gemini.tls_port, 0);
	assert_true(str_eq(gopher.hosts[0], STR("c.example")));
	assert_false(gopher.strict_port);
	assert_true(gopher.text_lastline);
	assert_int_equal(gopher.tls_port, 7070);
	arena_free(arena);
	config_free(config);
}

static void gopher_without_a_certificate_has_no_tls(void **state)
{
	struct config *config = parse("[gopher]\n");
	struct arena *arena = arena_new(4096);
	struct origin origin;

	(void)state;
	origin_set(config, &gopher_proto, 0, NULL, arena, &origin);
	assert_int_equal(origin.tls_port, 0);
	arena_free(arena);
	config_free(config);
}

static void the_site_gets_robots_lines_and_the_canonical_name(void **state)
{
	struct config *config = parse("[server]\nrobots_disallow = /a, /b/\n"
				      "[gemini]\nhostname = a.example\ncertificate = none.crt\n");
	struct arena *arena = arena_new(4096);
	struct site site;

	(void)state;
	origin_site(config, NULL, NULL, arena, &site);
	assert_true(str_eq(site.robots, STR("Disallow: /a\nDisallow: /b/\n")));
	assert_true(str_eq(site.host, STR("a.example")));
	assert_true(site.now(&site) > 1700000000);
	assert_int_equal(site.page_size, 20);
	assert_int_equal(site.certificate_text.len, 0);
	arena_free(arena);
	config_free(config);
}

static void the_site_gets_the_fingerprints_of_the_certificate(void **state)
{
	char folder[] = "/tmp/origin-XXXXXX";
	char text[256];
	struct cert_facts facts;
	struct arena *arena = arena_new(4096);
	struct config *config;
	struct site site;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(text, sizeof(text), "[gemini]\ncertificate = %s/c\nkey = %s/k\n", folder, folder);
	config = parse(text);
	assert_true(cert_make(config->certificates.items[0].data, config->keys.items[0].data,
			      config->gemini_hosts.items, 1, false, NULL));
	assert_true(cert_facts(config->certificates.items[0].data, &facts, NULL));
	origin_site(config, NULL, NULL, arena, &site);
	assert_true(str_search(site.certificate_text, str_from(facts.certificate_sha256)) <
		    site.certificate_text.len);
	assert_true(str_search(site.certificate_text, str_from(facts.key_sha256)) <
		    site.certificate_text.len);
	unlink(config->certificates.items[0].data);
	unlink(config->keys.items[0].data);
	rmdir(folder);
	arena_free(arena);
	config_free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gemini_says_the_port_that_it_is_bound_to),
		cmocka_unit_test(gopher_says_the_configured_port_first),
		cmocka_unit_test(a_port_that_nobody_knows_yet_is_the_protocols_own),
		cmocka_unit_test(each_protocol_has_its_own_names),
		cmocka_unit_test(gopher_without_a_certificate_has_no_tls),
		cmocka_unit_test(the_site_gets_robots_lines_and_the_canonical_name),
		cmocka_unit_test(the_site_gets_the_fingerprints_of_the_certificate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
