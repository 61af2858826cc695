/* store_search: a small paper in a folder of its own, and what words find in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/text.h"
#include "store/catalogue.h"
#include "store/search.h"

static char folder[] = "/tmp/tidings-search-XXXXXX";
static struct arena *arena;
static struct store *store;
static int64_t now;

/* Writes a file below the folder; its folders are made. It is old, so that no scan waits for its writer to end. */
static void put(const char *path, const char *text)
{
	const struct timespec old[2] = { { .tv_sec = 1500000000 }, { .tv_sec = 1500000000 } };
	char name[512];
	FILE *file;

	snprintf(name, sizeof(name), "%s/%s", folder, path);
	for (char *slash = name + sizeof(folder); (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		mkdir(name, 0700);
		*slash = '/';
	}
	file = fopen(name, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(utimensat(AT_FDCWD, name, old, 0), 0);
}

static void put_article(const char *path, const char *title, const char *date, const char *more,
			const char *body)
{
	char text[16384];

	snprintf(text, sizeof(text), "Title: %s\nDate: %s\n%s\n%s\n", title, date, more, body);
	put(path, text);
}

/* Many articles of one word, for pages and deadlines. */
static void put_many(size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char path[64];
		char title[64];
		char date[64];

		snprintf(path, sizeof(path), "news/many/a%zu.gmi", i);
		snprintf(title, sizeof(title), "Number %zu", i);
		snprintf(date, sizeof(date), "2020-%02zu-%02zu", i / 28 + 1, i % 28 + 1);
		put_article(path, title, date, "", "plenty");
	}
}

static void put_paper(void)
{
	put("edition.ini", "name = Test\nlanguage = en\nsections = news\n");
	put("news/section.ini", "name = News\n");
	put("news/arts/section.ini", "name = Arts & Culture\n");
	put("news/sea/section.ini", "name = La Mer & Côte\n");
	put("ar/edition.ini", "name = اختبار\nlanguage = ar\n");
	put_article("news/arts/river.gmi", "River treaty", "2026-10-03T08:00:00Z",
		    "Author: Lina Haddad\nTag: Climate Change\nTag: Water\nSummary: A short word "
		    "on it.\n",
		    "The two towns signed the river treaty on the old bridge.\n\n=> /x Link words");
	put_article("news/arts/cafe.gmi", "A café", "2026-10-02T08:00:00Z",
		    "Author: José Núñez\nTag: Water\n", "Crème brûlée by the river, says O'Brien.");
	put_article("news/sea/tide.gmi", "Tide", "2026-09-30T08:00:00Z", "Author: Lina Haddad\n",
		    "東京都の小さな川。 The treaties are many.");
	put_article("news/sea/old.gmi", "Old tide", "2025-01-15T08:00:00Z", "Tag: Water\n",
		    "Long before the treaty.");
	put_article("news/sea/secret.gmi", "Secret river", "2026-12-01T00:00:00Z",
		    "Tag: Hidden\nTag: Water\n", "The embargoed river.");
	put_article("news/sea/over.gmi", "Expired river", "2026-09-01T00:00:00Z",
		    "Expires: 2026-09-15T00:00:00Z\n", "The expired river.");
	put_article("news/sea/draft.gmi", "Draft river", "2026-09-01T00:00:00Z", "Status: draft\n",
		    "The drafted river.");
	put_article("news/sea/gone.gmi", "Retracted river", "2026-09-02T00:00:00Z",
		    "Status: retracted\n", "The retracted river.");
	put_article("ar/news/bridge.gmi", "الجسر القديم", "2026-10-03T08:00:00Z", "Tag: مدينة\n",
		    "وقّع الطرفان على المعاهدة في المدرسة. river");
	put_many(60);
}

static int set_up(void **state)
{
	struct err err = { "" };

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	put_paper();
	date_parse(STR("2026-10-10T12:00:00Z"), &now);
	arena = arena_new(8 << 20);
	store = store_open(folder, NULL, STORE_COPY, NULL, NULL, &err);
	if (!store)
		print_error("%s\n", err.text);
	return store && store_begin(store) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static int tear_down(void **state)
{
	(void)state;
	store_end(store);
	store_free(store);
	arena_free(arena);
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static struct search search_for(struct str words)
{
	return (struct search){
		.edition = store_edition_of(store, STR("/")),
		.words = words,
		.now = now,
		.limit = 5,
	};
}

/* The last parts of the paths found, with blanks between. */
static const char *paths_of(const struct headlines *list)
{
	struct str all = STR("");

	for (size_t i = 0; i < list->count; i++) {
		struct str path = list->items[i].path;

		path = str_skip(path, str_rfind(path, '/') + 1);
		all = arena_join(arena, all, i ? STR(" ") : STR(""), path);
	}
	return arena_str(arena, all).data;
}

static const char *found(const char *words)
{
	struct search search = search_for(str_from(words));
	struct headlines list;

	if (store_search(store, &search, arena, &list) != SEARCH_DONE)
		return "not done";
	assert_false(store->catalogue.broken);
	return paths_of(&list);
}

static void words_find_articles_that_have_them_all_newest_first(void **state)
{
	(void)state;
	assert_string_equal(found("river"), "river cafe");
	assert_string_equal(found("RIVER treaty"), "river");
	assert_string_equal(found("treaty"), "river old");
	assert_string_equal(found("treat*"), "river tide old");
	assert_string_equal(found("tr*"), "");
	assert_string_equal(found("nowhere"), "");
	assert_string_equal(found("creme brulee"), "cafe");
	assert_string_equal(found("o'brien"), "cafe");
}

static void phrases_keep_their_order(void **state)
{
	(void)state;
	assert_string_equal(found("\"old bridge\""), "river");
	assert_string_equal(found("\"bridge old\""), "");
	assert_string_equal(found("bridge old"), "river");
}

static void excluded_words_are_not_in_what_is_found(void **state)
{
	(void)state;
	assert_string_equal(found("river -treaty"), "cafe");
	assert_string_equal(found("-treaty -plenty"), "cafe tide");
	assert_string_equal(found("-\"river treaty\" tag:water"), "cafe old");
	assert_string_equal(found("river -river"), "");
}

static void fields_narrow_the_search(void **state)
{
	(void)state;
	assert_string_equal(found("tag:water"), "river cafe old");
	assert_string_equal(found("tag:\"climate change\""), "river");
	assert_string_equal(found("tag:climate-change"), "river");
	assert_string_equal(found("author:\"lina haddad\""), "river tide");
	assert_string_equal(found("author:jose-nunez"), "cafe");
	assert_string_equal(found("tag:water author:lina-haddad treaty"), "river");
	assert_string_equal(found("tag:water -author:lina-haddad"), "cafe old");
	assert_string_equal(found("river -tag:climate-change"), "cafe");
	assert_string_equal(found("-tag:nosuch tag:water"), "river cafe old");
	assert_string_equal(found("tag:nosuch"), "");
	assert_string_equal(found("river author:nobody"), "");
	assert_string_equal(found("tag:hidden"), "");
}

static void a_part_of_a_name_finds_an_author(void **state)
{
	(void)state;
	assert_string_equal(found("author:lina"), "river tide");
	assert_string_equal(found("Author:HADDAD treaty"), "river");
	assert_string_equal(found("tag:water -author:haddad"), "cafe old");
	assert_string_equal(found("author:river"), "");
}

static void a_section_is_told_by_path_last_part_or_name(void **state)
{
	(void)state;
	assert_string_equal(found("section:arts"), "river cafe");
	assert_string_equal(found("section:news/arts"), "river cafe");
	assert_string_equal(found("section:/news/arts/"), "river cafe");
	assert_string_equal(found("section:\"Arts & culture\""), "river cafe");
	assert_string_equal(found("section:\"la mer & cote\""), "tide old");
	assert_string_equal(found("section:news treat*"), "river tide old");
	assert_string_equal(found("treat* -section:sea"), "river");
	assert_string_equal(found("section:nosuch"), "");
	assert_string_equal(found("section:/"), "not done");
}

static void dates_bound_what_is_found(void **state)
{
	(void)state;
	assert_string_equal(found("after:2026-10"), "river cafe");
	assert_string_equal(found("after:2026-10-03"), "river");
	assert_string_equal(found("before:2026-10-03 after:2026-09-30"), "cafe tide");
	assert_string_equal(found("treat* before:2026"), "old");
	assert_string_equal(found("treat* -before:2026"), "river tide");
	assert_string_equal(found("before:1970"), "");
	assert_string_equal(found("after:9999"), "");
	assert_string_equal(found("after:2026-12 river"), "");
	assert_string_equal(found("before:2027 tag:water -after:2026"), "old");
}

static void an_embargo_ends_on_its_second_and_an_expiry_begins_on_its(void **state)
{
	struct search search = search_for(STR("embargoed"));
	struct headlines list;

	(void)state;
	date_parse(STR("2026-12-01T00:00:00Z"), &search.now);
	store_search(store, &search, arena, &list);
	assert_string_equal(paths_of(&list), "secret");
	search.now--;
	store_search(store, &search, arena, &list);
	assert_int_equal(list.count, 0);
	search.words = STR("expired");
	date_parse(STR("2026-09-15T00:00:00Z"), &search.now);
	store_search(store, &search, arena, &list);
	assert_int_equal(list.count, 0);
	search.now--;
	store_search(store, &search, arena, &list);
	assert_string_equal(paths_of(&list), "over");
	search.words = STR("drafted");
	store_search(store, &search, arena, &list);
	assert_int_equal(list.count, 0);
}

static void editions_are_searched_apart(void **state)
{
	struct search search = search_for(STR("river"));
	struct headlines list;

	(void)state;
	search.edition = store_edition_of(store, STR("/ar/"));
	store_search(store, &search, arena, &list);
	assert_string_equal(paths_of(&list), "bridge");
	search.words = STR("-plenty");
	store_search(store, &search, arena, &list);
	assert_string_equal(paths_of(&list), "bridge");
	search.words = STR("معاهدة مدرسه tag:مدينة");
	store_search(store, &search, arena, &list);
	assert_string_equal(paths_of(&list), "bridge");
}

static void japanese_is_found_by_any_part_of_a_run(void **state)
{
	(void)state;
	assert_string_equal(found("東京都"), "tide");
	assert_string_equal(found("小さな"), "tide");
	assert_string_equal(found("川"), "tide");
	assert_string_equal(found("京"), "tide");
	assert_string_equal(found("東都"), "");
}

static void nothing_to_look_for_is_empty(void **state)
{
	struct search search = search_for(STR(" - \"\" * "));
	struct headlines list;

	(void)state;
	assert_int_equal(store_search(store, &search, arena, &list), SEARCH_EMPTY);
	assert_int_equal(list.count, 0);
}

static void pages_follow_one_another_without_gaps(void **state)
{
	static const char *const words[] = { "plenty", "section:many", "-river section:many" };

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct search search = search_for(str_from(words[i]));
		struct headlines list;
		int64_t before = INT64_MAX;

		search.limit = 20;
		for (; search.offset < 60; search.offset += 20) {
			arena_reset(arena);
			assert_int_equal(store_search(store, &search, arena, &list), SEARCH_DONE);
			assert_int_equal(list.count, 20);
			assert_int_equal(list.has_more, search.offset < 40);
			for (size_t n = 0; n < 20; n++) {
				assert_true(list.items[n].id < before);
				before = list.items[n].id;
			}
		}
		assert_int_equal(store_search(store, &search, arena, &list), SEARCH_DONE);
		assert_int_equal(list.count, 0);
		assert_false(list.has_more);
	}
}

static void a_limit_too_high_is_lowered(void **state)
{
	struct search search = search_for(STR("plenty"));
	struct headlines list;

	(void)state;
	search.limit = SIZE_MAX;
	assert_int_equal(store_search(store, &search, arena, &list), SEARCH_DONE);
	assert_int_equal(list.count, 60);
	search.limit = 0;
	assert_int_equal(store_search(store, &search, arena, &list), SEARCH_DONE);
	assert_int_equal(list.count, 0);
	assert_true(list.has_more);
}

static const char *snippet(const char *words)
{
	struct search search = search_for(str_from(words));
	struct headlines list;

	store_search(store, &search, arena, &list);
	assert_int_not_equal(list.count, 0);
	return arena_str(arena, list.items[0].snippet).data;
}

static void a_hit_shows_the_passage_it_was_found_in(void **state)
{
	(void)state;
	assert_string_equal(snippet("towns"),
			    "The two towns signed the river treaty on the old bridge. Link words");
	assert_string_equal(snippet("short word"), "A short word on it.");
	assert_string_equal(snippet("東京 京都"), "東京都の小さな川。 The treaties are many.");
	assert_string_equal(snippet("haddad"), "");
	assert_string_equal(snippet("tag:water"), "");
}

static void a_search_that_runs_out_of_time_says_so_and_leaves_the_store_usable(void **state)
{
	static const char *const words[] = { "plenty", "plent* numbe*", "-plenty", "after:2019" };

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct search search = search_for(str_from(words[i]));
		struct headlines list;

		search.limit = 60;
		assert_int_equal(search_within(store, &search, 0, arena, &list), SEARCH_CUT);
		assert_in_range(list.count, 0, 59);
		assert_false(list.has_more);
		assert_false(store->catalogue.broken);
	}
	assert_string_equal(found("river"), "river cafe");
}

static void hostile_words_get_an_answer_and_no_error(void **state)
{
	static const char *const words[] = {
		"\"",
		"\"\"\"\"",
		"river\" OR \"x",
		"river) OR (x",
		"NEAR(river x, 2)",
		"title : river",
		"{title body}:river",
		"-{title}:river",
		"^river",
		"river + treaty",
		"river AND",
		"OR NOT AND NEAR",
		"' OR 1=1 --",
		"'; DROP TABLE search; --",
		"%00 \\ \x01\x02\x7f",
		"\xff\xfe\"\xff*",
		"tag:' tag:\" author:* section:%",
		"* ** *** -*",
		"river* riv** ri*v*",
		"-----river",
		"before:9999-12-31 after:1970-01-01 river",
		"before:99999999999999999999 after:-1",
		"ﷺ* ﷺﷺﷺ",
		"?1 ?5 :a @b $c",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		found(words[i]);
		assert_string_equal(found("river"), "river cafe");
	}
}

static void the_newest_of_many_hits_are_found_without_looking_at_the_rest(void **state)
{
	struct sqlite3_stmt *statement;
	struct search search = search_for(STR("plenty"));
	struct headlines list;
	int steps = 0;

	(void)state;
	search.limit = 1;
	store_search(store, &search, arena, &list);
	for (statement = sqlite3_next_stmt(store->catalogue.db, NULL); statement;
	     statement = sqlite3_next_stmt(store->catalogue.db, statement))
		if (strstr(sqlite3_sql(statement), "search MATCH ?5")) {
			assert_int_equal(sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_SORT, 0),
					 0);
			sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
			store_search(store, &search, arena, &list);
			steps = sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 0);
		}
	assert_in_range(steps, 1, 400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_find_articles_that_have_them_all_newest_first),
		cmocka_unit_test(phrases_keep_their_order),
		cmocka_unit_test(excluded_words_are_not_in_what_is_found),
		cmocka_unit_test(fields_narrow_the_search),
		cmocka_unit_test(a_part_of_a_name_finds_an_author),
		cmocka_unit_test(a_section_is_told_by_path_last_part_or_name),
		cmocka_unit_test(dates_bound_what_is_found),
		cmocka_unit_test(an_embargo_ends_on_its_second_and_an_expiry_begins_on_its),
		cmocka_unit_test(editions_are_searched_apart),
		cmocka_unit_test(japanese_is_found_by_any_part_of_a_run),
		cmocka_unit_test(nothing_to_look_for_is_empty),
		cmocka_unit_test(pages_follow_one_another_without_gaps),
		cmocka_unit_test(a_limit_too_high_is_lowered),
		cmocka_unit_test(a_hit_shows_the_passage_it_was_found_in),
		cmocka_unit_test(
			a_search_that_runs_out_of_time_says_so_and_leaves_the_store_usable),
		cmocka_unit_test(hostile_words_get_an_answer_and_no_error),
		cmocka_unit_test(the_newest_of_many_hits_are_found_without_looking_at_the_rest),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
