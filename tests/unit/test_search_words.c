/* store/search_parse, search_match, search_snippet: words in, FTS5 expressions and passages out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "store/search.h"

static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = arena_new(1 << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* What was understood, as "word -word word* tag:x from:DAY before:DAY". */
static const char *shown(const struct search_query *query)
{
	static const char *const fields[] = { "", "tag:", "author:", "section:" };
	struct str all = STR("");
	char day[DATE_TEXT];

	for (size_t i = 0; i < query->count; i++) {
		const struct search_term *term = &query->terms[i];

		all = arena_format(arena, STR_FMT " %s%s[" STR_FMT "]%s", STR_ARG(all),
				   term->excluded ? "-" : "", fields[term->field],
				   STR_ARG(term->text), term->prefix ? "*" : "");
	}
	if (query->from != 0)
		all = arena_format(arena, STR_FMT " from:%s", STR_ARG(all),
				   date_day(query->from, day));
	if (query->before != INT64_MAX)
		all = arena_format(arena, STR_FMT " before:%s", STR_ARG(all),
				   date_day(query->before, day));
	return all.len ? arena_str(arena, str_skip(all, 1)).data : "";
}

static void check(const char *words, const char *want)
{
	struct search_query query;
	bool found = search_parse(str_from(words), &query);

	assert_string_equal(shown(&query), want);
	assert_int_equal(found, want[0] != '\0');
}

static void check_match(const char *words, const char *want)
{
	struct search_query query;

	search_parse(str_from(words), &query);
	assert_string_equal(arena_str(arena, search_match(arena, &query)).data, want);
}

static void words_phrases_and_exclusions_are_told_apart(void **state)
{
	(void)state;
	check("river treaty", "[river] [treaty]");
	check("  river\t treaty  ", "[river] [treaty]");
	check("\"river treaty\" signed", "[river treaty] [signed]");
	check("river -treaty -\"the end\"", "[river] -[treaty] -[the end]");
	check("--twice co-op", "-[twice] [co-op]");
	check("“curly quotes” «guillemets»", "[curly quotes] [guillemets]");
	check("one\"two three\"four", "[one] [two three] [four]");
	check("\"never closed here", "[never closed here]");
}

static void nothing_to_look_for_is_said(void **state)
{
	(void)state;
	check("", "");
	check("   ", "");
	check("- -- \" \"\" * ! :", "");
	check("tag: ", "");
	check("tag:\"\" author:- section:/", "");
	check("\xFF\xFE \xE2\x80\x8F", "");
}

static void fields_take_names_and_phrases(void **state)
{
	(void)state;
	check("tag:climate", "tag:[climate]");
	check("TAG:climate Author:\"Lina Haddad\"", "tag:[climate] author:[Lina Haddad]");
	check("-section:news/politics", "-section:[news/politics]");
	check("tag: climate change", "tag:[climate] [change]");
	check("tagged:x other:y", "[tagged:x] [other:y]");
	check("tag:clim*", "tag:[clim*]");
}

static void dates_bound_the_time(void **state)
{
	(void)state;
	check("after:2026", "from:2026-01-01");
	check("before:2026-03", "before:2026-03-01");
	check("after:2026-03-05 before:2026-04-01 x", "[x] from:2026-03-05 before:2026-04-01");
	check("after:2025 after:2026 before:2028 before:2027", "from:2026-01-01 before:2027-01-01");
	check("-before:2026 -after:2027", "from:2026-01-01 before:2027-01-01");
	check("before:1970", "before:1970-01-01");
	check("after: 2026", "from:2026-01-01");
	check("after:\"2026\"", "from:2026-01-01");
}

static void what_is_no_date_is_words(void **state)
{
	(void)state;
	check("before:lunch", "[before:lunch]");
	check("after:2026-13", "[after:2026-13]");
	check("after:2026-02-30", "[after:2026-02-30]");
	check("after:20260101 -before:1969", "[after:20260101] -[before:1969]");
	check("after: noon tea", "[after: noon] [tea]");
}

static void a_prefix_needs_three_letters(void **state)
{
	(void)state;
	check("tre* tr* t* *", "[tre*]* [tr*] [t*]");
	check("co-ope* co-op*", "[co-ope*]* [co-op*]");
	check("\"tre*\"", "[tre*]");
	check("été* ét*", "[été*]* [ét*]");
	check("كتا* كت*", "[كتا*]* [كت*]");
	check("-tre*", "-[tre*]*");
}

static void a_lone_character_of_an_unspaced_script_is_a_prefix(void **state)
{
	(void)state;
	check("水 水道 a水", "[水]* [水道] [a水]*");
	check("水*", "[水*]*");
}

static void terms_end_at_their_limit(void **state)
{
	(void)state;
	check("a b c d e f g h", "[a] [b] [c] [d] [e] [f] [g] [h]");
	check("a b c d e f g h i after:2026", "[a] [b] [c] [d] [e] [f] [g] [h] from:2026-01-01");
}

static void words_end_at_their_limit(void **state)
{
	char words[SEARCH_WORDS_MAX + 3];
	struct search_query query;

	(void)state;
	memset(words, ' ', sizeof(words));
	words[SEARCH_WORDS_MAX - 1] = 'a';
	words[SEARCH_WORDS_MAX + 1] = 'b';
	assert_true(search_parse((struct str){ words, sizeof(words) }, &query));
	assert_string_equal(shown(&query), "[a]");
	words[SEARCH_WORDS_MAX - 1] = ' ';
	words[SEARCH_WORDS_MAX] = 'a';
	assert_false(search_parse((struct str){ words, sizeof(words) }, &query));
}

static void every_term_is_quoted_for_fts5(void **state)
{
	(void)state;
	check_match("river treaty", "\"river\" AND \"treaty\"");
	check_match("a OR b", "\"a\" AND \"OR\" AND \"b\"");
	check_match("title:x NEAR(a", "\"title:x\" AND \"NEAR(a\"");
	check_match("x' ^y {z}", "\"x'\" AND \"^y\" AND \"{z}\"");
	check_match("tre*", "\"tre*\"*");
	check_match("x\ty\x01z", "\"x\" AND \"y\" AND \"z\"");
	check_match("a -b -c", "(\"a\") NOT (\"b\" OR \"c\")");
	check_match("-b tag:x", "");
	check_match("before: \"x\"", "\"before:  x\"");
}

static void the_longest_expression_fits(void **state)
{
	char words[SEARCH_WORDS_MAX];
	struct search_query query;
	size_t part = SEARCH_WORDS_MAX / SEARCH_TERMS_MAX;

	(void)state;
	memset(words, 'x', sizeof(words));
	for (size_t i = 1; i <= SEARCH_TERMS_MAX; i++) {
		words[i * part - 2] = '*';
		words[i * part - 1] = ' ';
	}
	assert_true(search_parse((struct str){ words, sizeof(words) }, &query));
	assert_int_equal(query.count, SEARCH_TERMS_MAX);
	/* Quotes, star and AND for each; of the words all but the blanks. */
	assert_int_equal(search_match(arena, &query).len,
			 SEARCH_WORDS_MAX - SEARCH_TERMS_MAX + 8 * SEARCH_TERMS_MAX - 5);
}

static void check_snippet(const char *marked, const char *want)
{
	assert_string_equal(arena_str(arena, search_snippet(arena, str_from(marked))).data, want);
}

static void a_snippet_is_one_clean_line_without_marks(void **state)
{
	(void)state;
	check_snippet("no hit in it", "");
	check_snippet("", "");
	check_snippet("the \2river  and\nthe \2treaty", "the river and the treaty");
	check_snippet("…began \2here", "…began here");
}

static void a_snippet_keeps_its_first_hit_and_its_limit(void **state)
{
	char text[1000];
	struct str snippet;

	(void)state;
	for (size_t at = 1; at < 800; at++) {
		arena_reset(arena);
		memset(text, 'w', sizeof(text));
		for (size_t i = 7; i < sizeof(text); i += 8)
			text[i] = ' ';
		text[at - 1] = ' ';
		memcpy(text + at, "\2hit", 4);
		snippet = search_snippet(arena, (struct str){ text, sizeof(text) });
		assert_in_range(snippet.len, 100, SEARCH_SNIPPET_MAX);
		assert_true(str_search(snippet, STR("hit")) < snippet.len);
		assert_true(str_ends(snippet, STR("…")));
	}
}

static void a_snippet_is_cut_between_characters(void **state)
{
	char text[900];
	struct str snippet;

	(void)state;
	for (size_t shift = 0; shift < 6; shift++) {
		memset(text, 'a', sizeof(text));
		for (size_t i = shift; i + 3 <= sizeof(text); i += 3)
			memcpy(text + i, "水", 3);
		text[shift + 300] = '\2';
		text[shift + 301] = 'a';
		text[shift + 302] = 'b';
		snippet = search_snippet(arena, (struct str){ text, sizeof(text) });
		assert_true(text_valid(snippet));
		assert_true(snippet.len <= SEARCH_SNIPPET_MAX);
		assert_true(str_search(snippet, STR("ab水")) < snippet.len);
	}
}

static void a_snippet_of_exactly_the_limit_is_whole(void **state)
{
	char text[SEARCH_SNIPPET_MAX + 2];
	struct str snippet;

	(void)state;
	memset(text, 'a', sizeof(text));
	text[0] = '\2';
	snippet = search_snippet(arena, (struct str){ text, SEARCH_SNIPPET_MAX + 1 });
	assert_int_equal(snippet.len, SEARCH_SNIPPET_MAX);
	assert_false(str_ends(snippet, STR("…")));
	snippet = search_snippet(arena, (struct str){ text, SEARCH_SNIPPET_MAX + 2 });
	assert_int_equal(snippet.len, SEARCH_SNIPPET_MAX);
	assert_true(str_ends(snippet, STR("…")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_phrases_and_exclusions_are_told_apart),
		cmocka_unit_test(nothing_to_look_for_is_said),
		cmocka_unit_test(fields_take_names_and_phrases),
		cmocka_unit_test(dates_bound_the_time),
		cmocka_unit_test(what_is_no_date_is_words),
		cmocka_unit_test(a_prefix_needs_three_letters),
		cmocka_unit_test(a_lone_character_of_an_unspaced_script_is_a_prefix),
		cmocka_unit_test(terms_end_at_their_limit),
		cmocka_unit_test(words_end_at_their_limit),
		cmocka_unit_test(every_term_is_quoted_for_fts5),
		cmocka_unit_test(the_longest_expression_fits),
		cmocka_unit_test(a_snippet_is_one_clean_line_without_marks),
		cmocka_unit_test(a_snippet_keeps_its_first_hit_and_its_limit),
		cmocka_unit_test(a_snippet_is_cut_between_characters),
		cmocka_unit_test(a_snippet_of_exactly_the_limit_is_whole),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
