/* page/zone, zone_setting: what lies in a zone, who is let in, and what server.ini may say of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "config.h"

#define COLONS                                                                                     \
	"00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:"  \
	"dd:ee:ff"
#define DIGITS "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF"
#define OTHER  "10112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static struct config *parse(const char *text)
{
	struct err err = { "" };
	struct config *config = config_parse(str_from(text), "server.ini", &err);

	if (!config)
		fail_msg("%s", err.text);
	return config;
}

static void refused(const char *text, const char *sentence)
{
	struct err err = { "" };
	struct config *config = config_parse(str_from(text), "server.ini", &err);

	if (config || !strstr(err.text, sentence))
		fail_msg("%s: \"%s\" does not hold \"%s\"", text, err.text, sentence);
}

static void a_zone_is_its_path_and_what_is_below(void **state)
{
	struct config *config = parse("[zone /preview/]\n[zone /news/staff/]\n");
	const struct zones *zones = &config->zones.zones;

	(void)state;
	assert_int_equal(zones->count, 2);
	assert_ptr_equal(zones_find(zones, STR("/preview/")), &zones->items[0]);
	assert_ptr_equal(zones_find(zones, STR("/preview")), &zones->items[0]);
	assert_ptr_equal(zones_find(zones, STR("/preview/a/b.txt")), &zones->items[0]);
	assert_ptr_equal(zones_find(zones, STR("/news/staff/x")), &zones->items[1]);
	assert_null(zones_find(zones, STR("/")));
	assert_null(zones_find(zones, STR("/previews")));
	assert_null(zones_find(zones, STR("/previe")));
	assert_null(zones_find(zones, STR("/preview.txt")));
	assert_null(zones_find(zones, STR("/news/")));
	assert_null(zones_find(zones, STR("/news/staf")));
	assert_null(zones_find(zones, STR("/ar/preview/")));
	assert_null(zones_find(NULL, STR("/preview/")));
	config_free(config);
}

static void keys_are_taken_with_colons_and_without_in_any_case_on_several_lines(void **state)
{
	struct config *config = parse("[zone /preview/]\nkeys = " COLONS " ; Ada\nkeys = " DIGITS
				      ", " OTHER "\n[zone /other/]\nkeys =\n");
	const struct zone *zones = config->zones.zones.items;

	(void)state;
	assert_int_equal(zones[0].key_count, 3);
	assert_memory_equal(&zones[0].keys[0], &zones[0].keys[1], ZONE_KEY_BYTES);
	assert_memory_not_equal(&zones[0].keys[0], &zones[0].keys[2], ZONE_KEY_BYTES);
	assert_int_equal(zones[1].key_count, 0);
	config_free(config);
}

static void only_a_listed_and_valid_key_is_let_in(void **state)
{
	struct config *config = parse("[zone /preview/]\nkeys = " OTHER ", " DIGITS "\n");
	const struct zone *zone = &config->zones.zones.items[0];
	struct identity identity = { .is_valid = true };

	(void)state;
	assert_int_equal(zone_judge(zone, NULL), ZONE_ASKS);
	assert_int_equal(zone_judge(zone, &identity), ZONE_REFUSES);
	assert_true(zone_key_parse(STR(DIGITS), &identity.key));
	assert_int_equal(zone_judge(zone, &identity), ZONE_ADMITS);
	identity.is_valid = false;
	assert_int_equal(zone_judge(zone, &identity), ZONE_FINDS_INVALID);
	identity.key.bytes[31] ^= 1;
	assert_int_equal(zone_judge(zone, &identity), ZONE_REFUSES);
	config_free(config);
}

static void keys_are_written_as_clients_show_them_and_short(void **state)
{
	struct arena *arena = arena_new(4096);
	struct zone_key key;
	struct str text;

	(void)state;
	assert_true(zone_key_parse(STR(COLONS), &key));
	text = zone_key_digits(arena, &key);
	assert_true(str_eq(text, STR(DIGITS)));
	text = zone_key_text(arena, &key);
	assert_int_equal(text.len, 95);
	assert_true(str_eq_nocase(text, STR(COLONS)));
	arena_free(arena);
}

static void what_is_no_sha_256_is_refused(void **state)
{
	static const char *const bad[] = { "",	       "00",	   DIGITS "00", DIGITS ":",
					   ":" DIGITS, "g" DIGITS, "0::" };
	struct zone_key key;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (zone_key_parse(str_from(bad[i]), &key))
			fail_msg("%s", bad[i]);
	refused("[zone /preview/]\nkeys = SHA256:" DIGITS "\n",
		"server.ini:2: keys: \"SHA256:" DIGITS "\" is no SHA-256 of a public key");
	refused("[zone /preview/]\nkeys = " DIGITS " " DIGITS "\n", "is no SHA-256");
}

static void what_is_no_path_of_a_zone_is_refused(void **state)
{
	static const char *const bad[] = { "/",		"//",	     "preview",	      "/preview",
					   "preview/",	"/Preview/", "/a/b/c/",	      "/a//b/",
					   "/.hidden/", "/a/../b/",  "/caf\xC3\xA9/", "/%61/" };
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "\n[zone %s]\n", bad[i]);
		refused(text, "is no path of a zone");
		refused(text, "server.ini:2: ");
	}
	refused("[zone /search/]\n", "server.ini:1: Tidings itself has pages at /search/");
	refused("[zone /tags/]\n", "Tidings itself has pages at /tags/");
	refused("[zone /ar/latest/]\n", "Tidings itself has pages at /ar/latest/");
	refused("[zone /s/]\n", "Tidings itself has pages");
	refused("[zone /page/]\n", "Tidings itself has pages");
	refused("[zone /about/]\n", "Tidings itself has pages");
	refused("[zone ]\n", "is no path of a zone");
	refused("[zone]\n", "unknown section [zone]");
}

static void zones_do_not_overlap(void **state)
{
	(void)state;
	refused("[zone /a/]\n[zone /b/]\n[zone /a/]\n",
		"server.ini:3: the zone /a/ and the zone /a/");
	refused("[zone /a/]\n[zone /a/b/]\n", "overlap");
	refused("[zone /a/b/]\n[zone /a/]\n", "overlap");
	config_free(parse("[zone /a/]\n[zone /ab/]\n"));
}

static void nothing_else_stands_in_a_zone(void **state)
{
	(void)state;
	refused("[zone /a/]\nkey = " DIGITS "\n",
		"server.ini:2: unknown key \"key\" in [zone /a/]");
	refused("[zone paper.example /a/]\n", "server.ini:1: there is no site paper.example");
}

static void every_site_has_zones_of_its_own(void **state)
{
	struct config *config = parse("[zone /preview/]\nkeys = " DIGITS
				      "\n[zone two.example /preview/]\nkeys = " OTHER
				      "\n[zone two.example /more/]\n[site two.example]\n"
				      "content = two\n");
	const struct config *two = config_site(config, STR("two.example"));

	(void)state;
	assert_int_equal(config->zones.zones.count, 1);
	assert_int_equal(config->zones.zones.items[0].key_count, 1);
	assert_int_equal(two->zones.zones.count, 2);
	assert_int_equal(two->zones.zones.items[0].key_count, 1);
	assert_memory_not_equal(config->zones.zones.items[0].keys, two->zones.zones.items[0].keys,
				ZONE_KEY_BYTES);
	config_free(config);
	refused("[zone two.example /a/]\nkeys = x\n[site two.example]\ncontent = two\n",
		"server.ini:2: keys: \"x\" is no SHA-256");
}

static void the_same_paths_are_so_in_any_order_and_with_other_keys(void **state)
{
	static const struct {
		const char *text;
		bool is_same;
	} others[] = { { "[zone /b/]\n[zone /a/]\nkeys = " DIGITS "\n", true },
		       { "[zone /a/]\n", false },
		       { "[zone /a/]\n[zone /b/]\n[zone /c/]\n", false },
		       { "[zone /a/]\n[zone /bb/]\n", false },
		       { "", false } };
	struct config *config = parse("[zone /a/]\n[zone /b/]\nkeys = " OTHER "\n");

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct config *other = parse(others[i].text);

		assert_int_equal(zone_settings_same_paths(&config->zones, &other->zones),
				 others[i].is_same);
		config_free(other);
	}
	config_free(config);
}

static void a_zone_needs_gemini(void **state)
{
	(void)state;
	refused("[gopher]\n[zone /a/]\n", "a [zone] needs [gemini]");
	config_free(parse("[gopher]\n[gemini]\n[zone /a/]\n"));
	config_free(parse("[zone /a/]\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_zone_is_its_path_and_what_is_below),
		cmocka_unit_test(
			keys_are_taken_with_colons_and_without_in_any_case_on_several_lines),
		cmocka_unit_test(only_a_listed_and_valid_key_is_let_in),
		cmocka_unit_test(keys_are_written_as_clients_show_them_and_short),
		cmocka_unit_test(what_is_no_sha_256_is_refused),
		cmocka_unit_test(what_is_no_path_of_a_zone_is_refused),
		cmocka_unit_test(zones_do_not_overlap),
		cmocka_unit_test(nothing_else_stands_in_a_zone),
		cmocka_unit_test(every_site_has_zones_of_its_own),
		cmocka_unit_test(the_same_paths_are_so_in_any_order_and_with_other_keys),
		cmocka_unit_test(a_zone_needs_gemini),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
