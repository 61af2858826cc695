/* Several sites in one server.ini. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config.h"

static struct config *parse(const char *text)
{
	struct err err = { "" };
	struct config *config = config_parse(str_from(text), "etc/server.ini", &err);

	if (!config)
		print_error("%s\n", err.text);
	assert_non_null(config);
	return config;
}

static void refused(const char *text, const char *sentence)
{
	struct err err = { "" };
	struct config *config = config_parse(str_from(text), "etc/server.ini", &err);

	if (config || !strstr(err.text, sentence))
		print_error("\"%s\" is not in \"%s\"\n", sentence, err.text);
	assert_null(config);
	assert_non_null(strstr(err.text, sentence));
}

static void a_file_without_sites_has_the_default_one(void **state)
{
	struct config *config = parse("");

	(void)state;
	assert_int_equal(config->site_count, 1);
	assert_ptr_equal(config->sites[0], config);
	assert_string_equal(config->name, "");
	assert_true(str_eq(config_title(config), STR("localhost")));
	config_free(config);
}

static void a_site_has_its_own_settings_and_shares_the_rest(void **state)
{
	struct config *config = parse("[server]\nstate = st\nlog_addresses = masked\n"
				      "[gemini]\nlisten = 127.0.0.1:1965\nhostname = a.example\n"
				      "[site b.example]\ncontent = b\nhostname = b.example, "
				      "www.b.example\ncertificate = /k/b.crt\nkey = /k/b.key\n"
				      "favicon = B\nrobots_disallow = /x\n"
				      "gopher_listen = 127.0.0.1:7071\ngopher_port = 70\n"
				      "[limits]\nper_address = 7\n"
				      "[gopher]\nlisten = 127.0.0.1:7070\n");
	const struct config *site = config_site(config, STR("b.example"));

	(void)state;
	assert_int_equal(config->site_count, 2);
	assert_ptr_equal(site, config->sites[1]);
	assert_string_equal(site->content, "etc/b");
	assert_string_equal(site->state, "etc/st/b.example");
	assert_string_equal(site->certificates.items[0].data, "/k/b.crt");
	assert_int_equal(site->gemini_hosts.count, 2);
	assert_string_equal(site->gopher_hosts.items[0].data, "b.example");
	assert_string_equal(site->gopher_listen.items[0].data, "127.0.0.1:7071");
	assert_int_equal(site->gopher_port, 70);
	assert_true(site->gemini && site->gopher);
	assert_int_equal(site->per_address, 7);
	assert_int_equal(site->log_addresses, ADDRESSES_MASKED);
	assert_int_equal(config->robots_disallow.count, 0);
	assert_string_equal(config->favicon, "");
	config_free(config);
}

static void what_a_site_leaves_out_comes_from_its_name(void **state)
{
	struct config *config = parse("[gemini]\n[site b.example]\ncontent = b\n"
				      "[site c.example]\nhostname = d.example\ncontent = c\n");
	const struct config *b = config_site(config, STR("b.example"));
	const struct config *c = config_site(config, STR("c.example"));

	(void)state;
	assert_string_equal(b->gemini_hosts.items[0].data, "b.example");
	assert_string_equal(b->certificates.items[0].data, "etc/certs/b.example.crt");
	assert_string_equal(b->keys.items[0].data, "etc/certs/b.example.key");
	assert_string_equal(b->state, "etc/state/b.example");
	assert_false(b->gopher);
	assert_string_equal(c->gopher_hosts.items[0].data, "d.example");
	assert_null(config_site(config, STR("d.example")));
	assert_ptr_equal(config_site(config, STR("localhost")), config);
	config_free(config);
}

static void each_name_may_have_its_certificate_and_the_last_one_has_the_rest(void **state)
{
	struct config *config = parse(
		"[gemini]\nhostname = a, b, c\ncertificate = a.crt, rest.crt\n"
		"key = /k/a.key, rest.key\n");
	struct config_list names = config_names(config, 0);

	(void)state;
	assert_string_equal(config->certificates.items[1].data, "etc/rest.crt");
	assert_string_equal(config->keys.items[0].data, "/k/a.key");
	assert_int_equal(names.count, 1);
	assert_string_equal(names.items[0].data, "a");
	names = config_names(config, 1);
	assert_int_equal(names.count, 2);
	assert_string_equal(names.items[0].data, "b");
	config_free(config);

	config = parse("[gemini]\nhostname = a, b, c\n");
	assert_int_equal(config_names(config, 0).count, 3);
	config_free(config);
	refused("[gemini]\nhostname = a, b\ncertificate = a.crt, b.crt\nkey = a.key\n",
		"there are 2 certificates and 1 keys");
	refused("[gemini]\ncertificate = a.crt, b.crt\nkey = a.key, b.key\n",
		"more certificates than host names");
	refused("[gemini]\ncertificate = a.crt,\n", "nothing stands behind the last comma");
}

static void sites_that_cannot_be_are_refused(void **state)
{
	(void)state;
	refused("[site b]\n", "etc/server.ini: [site b] has no content");
	refused("[site]\ncontent = x\n", "etc/server.ini:1: [site]: a site has a name");
	refused("[site B.example]\ncontent = x\n", "a site has a name of a-z");
	refused("[site ../b]\ncontent = x\n", "a site has a name of a-z");
	refused("[site ..]\ncontent = x\n", "a site has a name of a-z");
	refused("[site b]\ncontent = x\nlisten = [::]:1\n",
		"etc/server.ini:3: unknown key \"listen\" in [site b]");
	refused("[site b]\ncontent = x\n[gemini]\n[site b]\ncontent = y\n",
		"etc/server.ini:5: content is already set on line 2");
	refused("[site b]\ncontent = x\nhostname = localhost\n",
		"the default site and b have the same hostname localhost");
	refused("[site b]\ncontent = x\nstate = state\n",
		"the default site and b have the same state folder");
	refused("[site b]\ncontent = x\ngopher_listen = [::]:7070\n",
		"Gopher of the default site and of b listen on [::]:7070");
	refused("[gemini]\nlisten = [::]:1965\n[site b]\ncontent = x\ngopher_listen = [::]:1965\n",
		"both [gemini] and [site b] listen on [::]:1965");
	refused("[gopher]\n[site b]\ncontent = x\n", "[site b] is served nowhere");
	refused("[site b]\ncontent = x\nkey = content/b.key\n", "the key lies in the content");
	refused("[site b]\ncontent = certs\n", "the key lies in the content");
}

static void there_may_be_sixteen_sites_and_not_one_more(void **state)
{
	char text[2048] = "";
	size_t len = 0;

	(void)state;
	for (unsigned i = 1; i < CONFIG_SITES_MAX; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"[site s%u]\ncontent = c%u\n", i, i);
	config_free(parse(text));
	snprintf(text + len, sizeof(text) - len, "[site more]\ncontent = m\n");
	refused(text, "etc/server.ini:31: more than 16 sites");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_without_sites_has_the_default_one),
		cmocka_unit_test(a_site_has_its_own_settings_and_shares_the_rest),
		cmocka_unit_test(what_a_site_leaves_out_comes_from_its_name),
		cmocka_unit_test(each_name_may_have_its_certificate_and_the_last_one_has_the_rest),
		cmocka_unit_test(sites_that_cannot_be_are_refused),
		cmocka_unit_test(there_may_be_sixteen_sites_and_not_one_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
