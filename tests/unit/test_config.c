/* server.ini: what is read, what is refused and how the refusal reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* The text is refused, and this is said of it. */
static void refused(const char *text, const char *sentence)
{
	struct err err = { "" };
	struct config *config = config_parse(str_from(text), "server.ini", &err);

	if (config)
		print_error("accepted: %s\n", text);
	assert_null(config);
	if (!strstr(err.text, sentence))
		print_error("\"%s\" does not hold \"%s\"\n", err.text, sentence);
	assert_non_null(strstr(err.text, sentence));
}

static void an_empty_file_gives_the_defaults(void **state)
{
	struct config *config = config_parse(STR(""), "server.ini", NULL);

	(void)state;
	assert_non_null(config);
	assert_string_equal(config->content, "content");
	assert_string_equal(config->state, "state");
	assert_int_equal(config->workers, 0);
	assert_string_equal(config->user, "");
	assert_string_equal(config->access_log, "-");
	assert_int_equal(config->log_addresses, ADDRESSES_NO);
	assert_int_equal(config->log_format, LOG_FORMAT_LOGFMT);
	assert_true(config->gemini);
	assert_int_equal(config->gemini_listen.count, 2);
	assert_string_equal(config->gemini_listen.items[0].data, "[::]:1965");
	assert_string_equal(config->gemini_listen.items[1].data, "0.0.0.0:1965");
	assert_string_equal(config->gemini_hosts.items[0].data, "localhost");
	assert_string_equal(config->certificates.items[0].data, "certs/localhost.crt");
	assert_false(config->strict_port);
	assert_true(config->gopher);
	assert_int_equal(config->gopher_port, 0);
	assert_false(config->text_lastline);
	assert_int_equal(config->connections, 8192);
	assert_int_equal(config->per_address, 64);
	assert_int_equal(config->requests, 50);
	assert_int_equal(config->burst, 500);
	assert_int_equal(config->exempt.count, 0);
	assert_int_equal(config->handshake_time, 20);
	assert_int_equal(config->request_time, 25);
	assert_int_equal(config->progress_time, 60);
	assert_int_equal(config->total_time, 600);
	config_free(config);
}

static void no_file_gives_the_defaults_too(void **state)
{
	struct config *config = config_load(NULL, NULL);

	(void)state;
	assert_non_null(config);
	assert_string_equal(config->path, "");
	assert_string_equal(config->content, "content");
	config_free(config);
}

static void every_key_is_read(void **state)
{
	struct config *config = parse("[server]\n"
				      "content = /srv/paper\n"
				      "state = run\n"
				      "workers = 3\n"
				      "user = news\n"
				      "access_log = none\n"
				      "log_addresses = masked\n"
				      "favicon = \xF0\x9F\x97\x9E\n"
				      "robots_disallow = /a, /b/\n"
				      "[gemini]\n"
				      "listen = 127.0.0.1:0\n"
				      "hostname = News.Example, [::1], 127.0.0.1\n"
				      "certificate = a.crt\n"
				      "key = /k/a.key\n"
				      "strict_port = yes\n"
				      "[gopher]\n"
				      "listen = [::1]:70\n"
				      "hostname = gopher.example\n"
				      "port = 70\n"
				      "text_lastline = yes\n"
				      "[limits]\n"
				      "connections = 1\n"
				      "per_address = 2\n"
				      "requests = 7\n"
				      "burst = 8\n"
				      "exempt = 192.0.2.0/24, ::1\n"
				      "handshake_time = 3\n"
				      "request_time = 4\n"
				      "progress_time = 5\n"
				      "total_time = 6\n");

	(void)state;
	assert_string_equal(config->content, "/srv/paper");
	assert_string_equal(config->state, "etc/run");
	assert_int_equal(config->workers, 3);
	assert_string_equal(config->user, "news");
	assert_string_equal(config->access_log, "none");
	assert_int_equal(config->log_addresses, ADDRESSES_MASKED);
	assert_string_equal(config->favicon, "\xF0\x9F\x97\x9E");
	assert_int_equal(config->robots_disallow.count, 2);
	assert_string_equal(config->robots_disallow.items[1].data, "/b/");
	assert_int_equal(config->gemini_listen.count, 1);
	assert_int_equal(config->gemini_hosts.count, 3);
	assert_string_equal(config->gemini_hosts.items[0].data, "news.example");
	assert_string_equal(config->gemini_hosts.items[1].data, "[::1]");
	assert_string_equal(config->certificates.items[0].data, "etc/a.crt");
	assert_string_equal(config->keys.items[0].data, "/k/a.key");
	assert_true(config->strict_port);
	assert_string_equal(config->gopher_listen.items[0].data, "[::1]:70");
	assert_int_equal(config->gopher_port, 70);
	assert_true(config->text_lastline);
	assert_int_equal(config->connections, 1);
	assert_int_equal(config->per_address, 2);
	assert_int_equal(config->requests, 7);
	assert_int_equal(config->burst, 8);
	assert_int_equal(config->exempt.count, 2);
	assert_int_equal(config->exempt.items[0].bits, 120);
	assert_int_equal(config->exempt.items[1].bits, 128);
	assert_int_equal(config->handshake_time, 3);
	assert_int_equal(config->request_time, 4);
	assert_int_equal(config->progress_time, 5);
	assert_int_equal(config->total_time, 6);
	config_free(config);
}

static void relative_paths_start_at_the_file(void **state)
{
	struct config *here = config_parse(STR("[server]\ncontent = c\n"), "server.ini", NULL);
	struct config *root = config_parse(STR("[server]\ncontent = c\n"), "/server.ini", NULL);

	(void)state;
	assert_string_equal(here->content, "c");
	assert_string_equal(root->content, "/./c");
	config_free(here);
	config_free(root);
}

static void an_access_log_with_a_name_is_a_path(void **state)
{
	struct config *config = parse("[server]\naccess_log = access.log\n");

	(void)state;
	assert_string_equal(config->access_log, "etc/access.log");
	config_free(config);
}

static void one_protocol_alone_is_served_when_only_its_section_is_there(void **state)
{
	struct config *config = parse("[gopher]\n");

	(void)state;
	assert_false(config->gemini);
	assert_true(config->gopher);
	config_free(config);
	config = parse("\xEF\xBB\xBF[gemini]\n[server]\n");
	assert_true(config->gemini);
	assert_false(config->gopher);
	config_free(config);
}

static void unknown_keys_are_errors_with_file_and_line(void **state)
{
	(void)state;
	refused("[server]\n\ncontend = x\n", "server.ini:3: unknown key \"contend\" in [server]");
	refused("[gopher]\ncertificate = x\n",
		"server.ini:2: unknown key \"certificate\" in [gopher]");
	refused("content = x\n", "server.ini:1: \"content\" stands before the first [section]");
	refused("[server]\nContent = x\n", "unknown key \"Content\"");
}

static void unknown_sections_are_errors_even_when_empty(void **state)
{
	(void)state;
	refused("[server]\n[gohper]\n", "server.ini:2: unknown section [gohper]");
	refused("[server]\n[sight paper.example]\n", "server.ini:2: unknown section");
}

static void doubled_keys_are_errors_with_both_lines(void **state)
{
	(void)state;
	refused("[server]\nstate = a\n[gemini]\n[server]\nstate = b\n",
		"server.ini:5: state is already set on line 2");
}

static void lines_that_are_no_settings_are_errors(void **state)
{
	(void)state;
	refused("[server]\ncontent\n", "server.ini:2: ");
	refused("[server\ncontent = x\n", "server.ini:1: unknown section [server");
	refused("[server]\nuser = \xFF\n", "not UTF-8");
}

static void a_line_may_have_198_bytes_and_not_one_more(void **state)
{
	char text[512];
	struct config *config;

	(void)state;
	snprintf(text, sizeof(text), "[server]\ncontent = %0188d\n", 7);
	config = parse(text);
	assert_int_equal(strlen(config->content), strlen("etc/") + 188);
	config_free(config);
	snprintf(text, sizeof(text), "[server]\ncontent = %0189d\n", 7);
	refused(text, "server.ini:2: the line is longer than 198 bytes");
}

/* A number at both of its bounds and one past each. */
static void check_bounds(const char *section, const char *key, unsigned min, unsigned max)
{
	char text[128];

	for (int past = 0; past < 2; past++) {
		snprintf(text, sizeof(text), "[%s]\n%s = %u\n", section, key, past ? max : min);
		config_free(parse(text));
	}
	snprintf(text, sizeof(text), "[%s]\n%s = %u\n", section, key, max + 1);
	refused(text, "number from");
	snprintf(text, sizeof(text), "[%s]\n%s = %d\n", section, key, (int)min - 1);
	refused(text, "number from");
}

static void metrics_are_off_without_their_section_and_on_this_machine_with_it(void **state)
{
	struct config *config = parse("[server]\n");

	(void)state;
	assert_false(config->metrics);
	config_free(config);
	config = parse("[metrics]\n");
	assert_true(config->metrics);
	assert_int_equal(config->metrics_listen.count, 1);
	assert_string_equal(config->metrics_listen.items[0].data, "127.0.0.1:9165");
	config_free(config);
	refused("[metrics]\nlisten = localhost\n", "server.ini:2: listen: ");
	refused("[metrics]\nlisten =\n", "the value is missing");
}

static void numbers_hold_to_their_bounds(void **state)
{
	(void)state;
	check_bounds("server", "workers", 1, 256);
	check_bounds("gopher", "port", 0, 65535);
	check_bounds("limits", "connections", 1, 1000000);
	check_bounds("limits", "per_address", 1, 1000000);
	check_bounds("limits", "requests", 0, 100000);
	check_bounds("limits", "burst", 1, 1000000);
	check_bounds("limits", "handshake_time", 1, 3600);
	check_bounds("limits", "request_time", 1, 3600);
	check_bounds("limits", "progress_time", 1, 3600);
	check_bounds("limits", "total_time", 1, 86400);
	refused("[server]\nworkers = many\n", "\"many\" is not auto or a number from 1 to 256");
	refused("[gopher]\nport = 0x46\n", "not a number from 0 to 65535");
	refused("[gopher]\nport =\n", "not a number");
	refused("[limits]\nconnections = 99999999999999999999\n", "not a number");
}

static void networks_are_exact(void **state)
{
	(void)state;
	refused("[limits]\nexempt = 192.0.2.0/33\n", "exempt: \"192.0.2.0/33\" is not a network");
	refused("[limits]\nexempt = 192.0.2.1/24\n", "has bits behind its prefix");
	refused("[limits]\nexempt = ::1, ::1\n", "there twice");
	refused("[limits]\nexempt = ::1,\n", "behind the last comma");
	refused("[limits]\nexempt = localhost\n", "is not a network");
}

static void words_are_exact(void **state)
{
	(void)state;
	refused("[gemini]\nstrict_port = true\n", "strict_port: \"true\" is neither yes nor no");
	refused("[gopher]\ntext_lastline = Yes\n", "neither yes nor no");
	refused("[server]\nlog_addresses = some\n", "\"some\" is none of no|masked|yes");
	refused("[server]\nlog_addresses =\n", "none of");
	refused("[server]\nlog_addresses = no|masked\n", "none of");
	refused("[server]\nlog_format = xml\n", "\"xml\" is none of logfmt|json");
}

static void paths_may_not_be_empty(void **state)
{
	(void)state;
	refused("[server]\ncontent =\n", "server.ini:2: content: a path is missing");
	refused("[gemini]\nkey =\n", "a path is missing");
	refused("[server]\naccess_log =\n", "a path is missing");
}

static void addresses_are_taken_apart_or_refused(void **state)
{
	static const char *const bad[] = {
		"localhost:1965", "1965",     ":1965",	     "0.0.0.0",	   "::1:1965x",
		"[::]:65536",	  "[::]:-1",  "[::]",	     "[::]1965",   "[]:1965",
		"[127.0.0.1]:1",  "1.2.3:70", "256.0.0.1:1", "[::1:70",	   "[::]:",
		"0.0.0.0:70 x",	  "[::g]:1",  "*:70",	     "[::]:19 65", "[fe80::1%lo]:1",
	};
	static const char *const good[] = {
		"[::]:1965", "0.0.0.0:1965", "127.0.0.1:0", "[::1]:65535", "[2001:db8::1]:70",
	};
	char text[128];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "[gemini]\nlisten = %s\n", bad[i]);
		refused(text, "server.ini:2: listen: ");
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		snprintf(text, sizeof(text), "[gemini]\nlisten = %s\n", good[i]);
		config_free(parse(text));
	}
}

static void lists_have_no_gaps_and_no_doubles(void **state)
{
	(void)state;
	refused("[gemini]\nlisten =\n", "listen: the value is missing");
	refused("[gemini]\nhostname = a,,b\n", "an item of the list is empty");
	refused("[gemini]\nhostname = a,\n", "nothing stands behind the last comma");
	refused("[gemini]\nhostname = a, b, A\n", "\"A\" is there twice");
	refused("[gopher]\nlisten = [::]:70, [::]:70\n", "is there twice");
}

static void a_list_may_have_32_items_and_not_one_more(void **state)
{
	char text[256] = "[gemini]\nhostname = a0";
	struct config *config;

	(void)state;
	for (int i = 1; i < CONFIG_LIST_MAX; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), ",a%d", i);
	config = parse(text);
	assert_int_equal(config->gemini_hosts.count, CONFIG_LIST_MAX);
	config_free(config);
	strcat(text, ",b");
	refused(text, "hostname: more than 32 items");
}

static void host_names_are_names(void **state)
{
	static const char *const bad[] = {
		"gemini://a", "a b",	    "a..b", ".a",   "a.",
		"-a.example", "a-.example", "a/b",  "a:70", "m\xC3\xBCller.example",
		"[::g]",      "[]",
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "[gemini]\nhostname = %s\n", bad[i]);
		refused(text, "is not a host name");
	}
	snprintf(text, sizeof(text), "[gemini]\nhostname = %063d.example\n", 7);
	config_free(parse(text));
	snprintf(text, sizeof(text), "[gemini]\nhostname = %064d.example\n", 7);
	refused(text, "is not a host name");
}

static void the_favicon_is_one_emoji(void **state)
{
	(void)state;
	refused("[server]\nfavicon = abc\n", "is not one emoji");
	refused("[server]\nfavicon = a b\n", "is not one emoji");
	refused("[server]\nfavicon = \xC2\x9B\n", "control characters");
}

static void robots_paths_begin_with_a_slash(void **state)
{
	(void)state;
	refused("[server]\nrobots_disallow = news/\n", "is not a path that begins with \"/\"");
	refused("[server]\nrobots_disallow = /a b\n", "is not a path");
}

static void settings_that_contradict_each_other_are_refused(void **state)
{
	(void)state;
	refused("[gemini]\ncertificate = a\nkey = a\n", "certificate and key are the same file");
	refused("[gemini]\nlisten = [::]:70\n[gopher]\nlisten = 0.0.0.0:1, [::]:70\n",
		"both [gemini] and [gopher] listen on [::]:70");
	refused("[server]\ncontent = c/\n[gemini]\nkey = c/k\n",
		"the key lies in the content folder");
	refused("[server]\ncontent = c\nstate = c/s\n", "the state folder lies in the content");
	refused("[server]\ncontent = c/\n[gemini]\nticket_key = c/t\n",
		"the ticket key lies in the content folder");
	refused("[gemini]\nkey = k\nticket_key = k\n", "the ticket key needs a file of its own");
	config_free(parse("[gemini]\nticket_key =\n"));
	config_free(parse("[gemini]\nlisten = [::]:0\n[gopher]\nlisten = [::]:0\n"));
	config_free(parse("[server]\ncontent = c\nstate = cs\n"));
}

static void the_printed_defaults_are_a_file_with_the_defaults(void **state)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct config *config;

	(void)state;
	config_print_defaults(out);
	fclose(out);
	config = parse(text);
	assert_string_equal(config->content, "etc/content");
	assert_int_equal(config->total_time, 600);
	assert_int_equal(config->gopher_hosts.count, 1);
	config_free(config);
	free(text);
}

static void a_file_that_cannot_be_read_is_named(void **state)
{
	struct err err = { "" };

	(void)state;
	assert_null(config_load("/nonexistent/server.ini", &err));
	assert_non_null(strstr(err.text, "/nonexistent/server.ini: No such file"));
	assert_null(config_load("/", &err));
	assert_non_null(strstr(err.text, "/: Is a directory"));
}

static void a_file_may_have_a_mebibyte_and_not_one_byte_more(void **state)
{
	char path[] = "/tmp/config-XXXXXX";
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");
	struct err err = { "" };
	struct config *config;

	(void)state;
	for (int i = 0; i < CONFIG_BYTES_MAX; i++)
		fputc('\n', file);
	fflush(file);
	config = config_load(path, &err);
	assert_non_null(config);
	config_free(config);
	fputc('\n', file);
	fclose(file);
	assert_null(config_load(path, &err));
	assert_non_null(strstr(err.text, "larger than 1048576 bytes"));
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_file_gives_the_defaults),
		cmocka_unit_test(no_file_gives_the_defaults_too),
		cmocka_unit_test(every_key_is_read),
		cmocka_unit_test(relative_paths_start_at_the_file),
		cmocka_unit_test(an_access_log_with_a_name_is_a_path),
		cmocka_unit_test(one_protocol_alone_is_served_when_only_its_section_is_there),
		cmocka_unit_test(unknown_keys_are_errors_with_file_and_line),
		cmocka_unit_test(unknown_sections_are_errors_even_when_empty),
		cmocka_unit_test(doubled_keys_are_errors_with_both_lines),
		cmocka_unit_test(lines_that_are_no_settings_are_errors),
		cmocka_unit_test(a_line_may_have_198_bytes_and_not_one_more),
		cmocka_unit_test(metrics_are_off_without_their_section_and_on_this_machine_with_it),
		cmocka_unit_test(numbers_hold_to_their_bounds),
		cmocka_unit_test(networks_are_exact),
		cmocka_unit_test(words_are_exact),
		cmocka_unit_test(paths_may_not_be_empty),
		cmocka_unit_test(addresses_are_taken_apart_or_refused),
		cmocka_unit_test(lists_have_no_gaps_and_no_doubles),
		cmocka_unit_test(a_list_may_have_32_items_and_not_one_more),
		cmocka_unit_test(host_names_are_names),
		cmocka_unit_test(the_favicon_is_one_emoji),
		cmocka_unit_test(robots_paths_begin_with_a_slash),
		cmocka_unit_test(settings_that_contradict_each_other_are_refused),
		cmocka_unit_test(the_printed_defaults_are_a_file_with_the_defaults),
		cmocka_unit_test(a_file_that_cannot_be_read_is_named),
		cmocka_unit_test(a_file_may_have_a_mebibyte_and_not_one_byte_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
