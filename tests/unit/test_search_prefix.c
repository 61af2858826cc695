/* The beginnings of words: few words that begin so, many, none; in phrases, excluded, with the Arabic article. */
#include <stdio.h>

#include "store/search.h"
#include "unit/paper.h"

enum { ARTICLES = 60, WORDS = 5 };

static int set_up(void **state)
{
	char path[64];
	char more[200];

	paper_set_up(state);
	paper_put("edition.ini", "");
	for (int i = 0; i < ARTICLES; i++) {
		int n = i * WORDS;

		snprintf(path, sizeof(path), "news/%02d.gmi", i);
		snprintf(more, sizeof(more),
			 "Summary: old pref%03d new pref%03d\nKicker: pref%03d pref%03d pref%03d\n",
			 n, n + 1, n + 2, n + 3, n + 4);
		paper_article(path, "T", "2026-10-01", more);
	}
	paper_article("news/treaty.gmi", "المعاهدة", "2026-10-02", "");
	paper_scan();
	return 0;
}

static size_t found(const char *words)
{
	struct store *store = paper_read();
	struct search search = {
		.edition = store_edition_of(store, STR("/")),
		.words = str_from(words),
		.now = paper_now,
		.limit = 100,
	};
	struct headlines list;

	assert_int_equal(store_search(store, &search, paper_arena, &list), SEARCH_DONE);
	return list.count;
}

static void a_prefix_finds_every_word_that_begins_with_it(void **state)
{
	(void)state;
	assert_true(ARTICLES * WORDS > SEARCH_FORMS_MAX);
	assert_int_equal(found("pref*"), ARTICLES);
	assert_int_equal(found("pref01*"), 2);
	assert_int_equal(found("PREF00*"), 2);
	assert_int_equal(found("pref000*"), 1);
	assert_int_equal(found("pref01"), 0);
	assert_int_equal(found("prefx*"), 0);
}

static void it_ends_a_phrase_and_stands_beside_other_words(void **state)
{
	(void)state;
	assert_int_equal(found("old-pref0*"), 20);
	assert_int_equal(found("new-pref0*"), 20);
	assert_int_equal(found("summary-pref0*"), 0);
	assert_int_equal(found("old pref01* pref010"), 1);
	assert_int_equal(found("old -pref0*"), ARTICLES - 20);
	assert_int_equal(found("old -pref*"), 0);
	assert_int_equal(found("old -prefx*"), ARTICLES);
}

static void the_arabic_article_may_be_left_out(void **state)
{
	(void)state;
	assert_int_equal(found("المعاهد*"), 1);
	assert_int_equal(found("معاهد*"), 1);
}

/* Nothing in a prefix means anything to FTS5 or SQL. */
static void signs_in_it_mean_nothing(void **state)
{
	(void)state;
	assert_int_equal(found("pref000\") OR (\"pref*"), 0); /* OR is a word */
	assert_int_equal(found("(pref000* )"), 1);
	assert_int_equal(found("old%*"), ARTICLES);
	assert_int_equal(found("ol_*"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, paper_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_prefix_finds_every_word_that_begins_with_it),
		TEST(it_ends_a_phrase_and_stands_beside_other_words),
		TEST(the_arabic_article_may_be_left_out),
		TEST(signs_in_it_mean_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
