/* store/fold, arabic, tokens and the FTS5 tokenizer made of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "store/arabic.h"
#include "store/fold.h"
#include "store/tokenizer.h"
#include "store/tokens.h"

/* Tokens as "word word =colocated", with "@start-end" behind each when asked for. */
struct listing {
	struct buf text;
	bool offsets;
	size_t stop_after;
	size_t count;
};

static bool on_token(void *context, const struct token *token)
{
	struct listing *listing = context;

	if (listing->count++)
		buf_char(&listing->text, ' ');
	if (token->colocated)
		buf_char(&listing->text, '=');
	buf_str(&listing->text, token->text);
	if (listing->offsets)
		buf_format(&listing->text, "@%zu-%zu", token->start, token->end);
	return listing->count != listing->stop_after;
}

static void check(struct str text, bool is_document, bool offsets, const char *want)
{
	struct listing listing = { .offsets = offsets };

	buf_init(&listing.text, 1 << 16);
	assert_true(tokens_each(text, is_document, on_token, &listing));
	buf_char(&listing.text, '\0');
	assert_string_equal(listing.text.data, want);
	buf_done(&listing.text);
}

static void document(const char *text, const char *want)
{
	check(str_from(text), true, false, want);
}

static void query(const char *text, const char *want)
{
	check(str_from(text), false, false, want);
}

static void words_are_told_apart_by_blanks_and_punctuation(void **state)
{
	(void)state;
	document("", "");
	document(" ... -- !? ", "");
	document("One,two;three\n\nfour's co-op 3.5%", "one two three four s co op 3 5");
	document("\xF0\x9F\x98\x80 smile\xE2\x80\x94wide", "smile wide");
}

static void case_accents_and_compatibility_forms_are_folded(void **state)
{
	(void)state;
	document("Größe GROSSE", "grosse grosse");
	document("É é e\xCC\x81 ñ Å", "e e e n a");
	document("Œuvre Ærø Łódź đak", "oeuvre aero lodz dak");
	document("İstanbul ISPARTA ısparta", "istanbul isparta isparta");
	document("ﬁne ｆｕｌｌ m²", "fine full m2");
	document("Ὀδυσσεύς ΟΔΥΣΣΕΥΣ", "οδυσσευσ οδυσσευσ");
	document("Ёлка йод", "елка иод");
	document("so\xC2\xAD"
		 "ft",
		 "soft");
}

static void digits_of_all_scripts_are_one(void **state)
{
	(void)state;
	document("2026 ٢٠٢٦ ۲۰۲۶ ２０２６ ๒๐๒๖", "2026 2026 2026 2026 2026");
}

static void arabic_marks_and_letter_forms_are_folded(void **state)
{
	(void)state;
	document("كَتَبَ كـــتب", "كتب كتب");
	document("أحمد إحمد آحمد ٱحمد", "احمد احمد احمد احمد");
	document("مدرسة موسى سؤال بيئة", "مدرسه موسي سوال بييه");
	document("کتاب ایران", "كتاب ايران");
}

static void hebrew_niqqud_is_dropped(void **state)
{
	(void)state;
	document("שָׁלוֹם", "שלום");
}

static void vowel_signs_of_indic_scripts_are_kept(void **state)
{
	(void)state;
	document("हिन्दी", "हिन्दी");
}

static void the_arabic_article_is_indexed_with_and_without(void **state)
{
	(void)state;
	document("الكتاب", "الكتاب =كتاب");
	document("والكتاب بالكتاب كالكتاب فالكتاب",
		 "والكتاب =كتاب بالكتاب =كتاب كالكتاب =كتاب فالكتاب =كتاب");
	document("وبالكتاب فكالكتاب", "وبالكتاب =كتاب فكالكتاب =كتاب");
	document("للكتاب وللكتاب", "للكتاب =كتاب =لكتاب وللكتاب =كتاب =لكتاب");
	query("الكتاب", "الكتاب =كتاب");
}

static void an_article_is_taken_off_only_where_three_letters_stay(void **state)
{
	(void)state;
	document("العام", "العام =عام");
	document("الله الف الان والد", "الله الف الان والد");
	document("لليل", "لليل =ليل");
	document("لله", "لله");
	document("العام2", "العام2 =عام2");
	document("الabc", "الabc");
}

static void scripts_without_blanks_give_overlapping_pairs(void **state)
{
	(void)state;
	query("東京都", "東京 京都");
	query("한국어", "한국 국어");
	query("がっこう", "がっ っこ こう");
	query("ภาษา", "ภา าษ ษา");
	query("ລາວ", "ລາ າວ");
	query("ខ្មែរ", "ខ្មែ មែរ");
}

static void a_lone_character_is_a_token_of_its_own(void **state)
{
	(void)state;
	query("水", "水");
	document("水", "水");
	document("a水b", "a 水 b");
}

static void the_last_character_of_a_run_is_a_token_in_documents_only(void **state)
{
	(void)state;
	document("東京都", "東京 京都 =都");
	query("東京都", "東京 京都");
}

static void half_width_kana_and_split_hangul_are_composed(void **state)
{
	(void)state;
	query("ｶﾞｷﾞ", "ガギ");
	query("ガギ", "ガギ");
	query("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB\xE1\x84\x80\xE1\x85\xAE\xE1\x86\xA8", "한국");
	query("が か", "が か");
}

static void scripts_may_change_within_a_run(void **state)
{
	(void)state;
	query("2026年iPhone発売", "2026 年 iphone 発売");
}

static void offsets_are_those_of_the_text_as_written(void **state)
{
	(void)state;
	check(STR("\xC3\x89t\xC3\xA9, ok"), true, true, "ete@0-5 ok@7-9");
	check(STR("والكتاب!"), true, true, "والكتاب@0-14 =كتاب@0-14");
	check(STR(" 東京都."), true, true, "東京@1-4 京都@4-7 =都@7-10");
	check(STR("e\xCC\x81"), true, true, "e@0-3");
}

static void malformed_bytes_end_words_and_do_no_harm(void **state)
{
	(void)state;
	check(STR("ab\xFF"
		  "cd\xE2\x82"),
	      true, false, "ab cd");
	check(STR("\xCC\x81"
		  "a"),
	      true, false, "a");
	check(STR("a\0b"), true, false, "a b");
}

static void a_word_is_cut_at_its_limit(void **state)
{
	char text[2 * FOLD_RUNES_MAX + 3];
	char out[FOLD_BYTES_MAX];

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_int_equal(fold((struct str){ text, FOLD_RUNES_MAX }, out), FOLD_RUNES_MAX);
	assert_int_equal(fold((struct str){ text, FOLD_RUNES_MAX + 1 }, out), FOLD_RUNES_MAX);
	for (size_t i = 0; i < FOLD_RUNES_MAX + 1; i++)
		memcpy(text + 2 * i, "ж", 2);
	assert_int_equal(fold((struct str){ text, 2 * FOLD_RUNES_MAX }, out), 2 * FOLD_RUNES_MAX);
	assert_int_equal(fold((struct str){ text, 2 * FOLD_RUNES_MAX + 2 }, out),
			 2 * FOLD_RUNES_MAX);
}

static void the_widest_letters_fit(void **state)
{
	char text[3 * FOLD_RUNES_MAX];
	char out[FOLD_BYTES_MAX];

	(void)state;
	for (size_t i = 0; i < FOLD_RUNES_MAX; i++)
		memcpy(text + 3 * i, "\xEF\xB7\xBA", 3); /* U+FDFA: 18 letters */
	/* The first 64 of all that, three of them blanks a letter. */
	assert_in_range(fold((struct str){ text, sizeof(text) }, out), 2 * 50, 2 * FOLD_RUNES_MAX);
}

static void folding_twice_changes_nothing_for_any_character(void **state)
{
	(void)state;
	for (uint32_t rune = 0x20; rune < 0x32000; rune++) {
		char text[4];
		char once[FOLD_BYTES_MAX];
		char twice[FOLD_BYTES_MAX];
		size_t len;
		size_t again;

		if (rune >= 0xD800 && rune < 0xE000)
			continue;
		if (fold_class(rune) == FOLD_BREAK)
			continue;
		len = fold((struct str){ text, text_encode(rune, text) }, once);
		again = fold((struct str){ once, len }, twice);
		if (again != len || memcmp(once, twice, len) != 0)
			fail_msg("U+%04X folds to \"%.*s\", that to \"%.*s\"", (unsigned)rune,
				 (int)len, once, (int)again, twice);
	}
}

/* An é needs the tables; alone, many characters do not. */
static void the_quick_way_folds_as_the_whole_way_does(void **state)
{
	(void)state;
	for (uint32_t rune = 0x20; rune < 0x32000; rune++) {
		char text[8];
		char alone[FOLD_BYTES_MAX + 1];
		char with[FOLD_BYTES_MAX];
		size_t used;
		size_t len;

		if ((rune >= 0xD800 && rune < 0xE000) || fold_class(rune) == FOLD_BREAK)
			continue;
		used = text_encode(rune, text);
		memcpy(text + used, "é", 2);
		len = fold((struct str){ text, used }, alone);
		alone[len++] = 'e';
		if (fold((struct str){ text, used + 2 }, with) != len ||
		    memcmp(alone, with, len) != 0)
			fail_msg("U+%04X folds in two ways", (unsigned)rune);
	}
}

static void a_handler_can_end_the_scan(void **state)
{
	struct listing listing = { .stop_after = 2 };

	(void)state;
	buf_init(&listing.text, 100);
	assert_false(tokens_each(STR("one two three"), true, on_token, &listing));
	assert_int_equal(listing.count, 2);
	listing = (struct listing){ .text = listing.text, .stop_after = 2 };
	assert_false(tokens_each(STR("الكتاب one"), true, on_token, &listing));
	listing = (struct listing){ .text = listing.text, .stop_after = 1 };
	assert_false(tokens_each(STR("東京都"), true, on_token, &listing));
	buf_done(&listing.text);
}

/* The number that a statement gives; -1 when it gives none. */
static int one(sqlite3 *db, const char *sql, const char *text)
{
	sqlite3_stmt *statement;
	int number = -1;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	if (text)
		sqlite3_bind_text(statement, 1, text, -1, SQLITE_STATIC);
	if (sqlite3_step(statement) == SQLITE_ROW)
		number = sqlite3_column_int(statement, 0);
	assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
	return number;
}

static sqlite3 *database(void)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_true(tokenizer_register(db));
	assert_int_equal(sqlite3_exec(db,
				      "CREATE VIRTUAL TABLE t USING fts5(body, tokenize='tidings')",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	return db;
}

static void sqlite_finds_words_by_what_they_fold_to(void **state)
{
	static const char *const texts[] = { "El café de la Estación", "قرأ الطالب في المدرسة",
					     "東京都の図書館", "The treaty was signed" };
	static const struct {
		const char *match;
		int id;
	} cases[] = {
		{ "\"CAFE\"", 1 },	  { "\"estacion\"", 1 },   { "\"مدرسه\"", 2 },
		{ "\"المدرسة\"", 2 },	  { "\"وبالمدرسة\"", 2 },  { "\"الطالب في\"", 2 },
		{ "\"طالب في\"", 2 },	  { "\"図書館\"", 3 },	   { "\"館\"*", 3 },
		{ "\"都の\"", 3 },	  { "\"treaty was\"", 4 }, { "\"tre\"*", 4 },
		{ "\"was treaty\"", -1 }, { "\"京図\"", -1 },	   { "\"\"", -1 },
	};
	sqlite3 *db = database();

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		one(db, "INSERT INTO t (body) VALUES (?1)", texts[i]);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (one(db, "SELECT rowid FROM t WHERE t MATCH ?1", cases[i].match) != cases[i].id)
			fail_msg("%s does not find %d", cases[i].match, cases[i].id);
	one(db, "DELETE FROM t WHERE rowid = 2", NULL);
	assert_int_equal(one(db, "SELECT rowid FROM t WHERE t MATCH ?1", "\"مدرسه\""), -1);
	one(db, "INSERT INTO t (t) VALUES ('integrity-check')", NULL);
	sqlite3_close(db);
}

static void snippets_of_adjacent_hits_are_not_garbled(void **state)
{
	sqlite3 *db = database();
	sqlite3_stmt *statement;

	(void)state;
	one(db, "INSERT INTO t (body) VALUES (?1)", "新しい東京都庁の建物");
	assert_int_equal(
		sqlite3_prepare_v2(db,
				   "SELECT snippet(t, 0, '[', ']', '…', 20) FROM t WHERE t MATCH "
				   "'\"東京\" AND \"京都\" AND \"庁の\"'",
				   -1, &statement, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	assert_string_equal(sqlite3_column_text(statement, 0), "新しい[東][京]都[庁]の建物");
	sqlite3_finalize(statement);
	sqlite3_close(db);
}

static void a_tokenizer_with_arguments_is_refused(void **state)
{
	sqlite3 *db = database();

	(void)state;
	assert_int_not_equal(
		sqlite3_exec(db, "CREATE VIRTUAL TABLE u USING fts5(a, tokenize='tidings 1')", NULL,
			     NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_told_apart_by_blanks_and_punctuation),
		cmocka_unit_test(case_accents_and_compatibility_forms_are_folded),
		cmocka_unit_test(digits_of_all_scripts_are_one),
		cmocka_unit_test(arabic_marks_and_letter_forms_are_folded),
		cmocka_unit_test(hebrew_niqqud_is_dropped),
		cmocka_unit_test(vowel_signs_of_indic_scripts_are_kept),
		cmocka_unit_test(the_arabic_article_is_indexed_with_and_without),
		cmocka_unit_test(an_article_is_taken_off_only_where_three_letters_stay),
		cmocka_unit_test(scripts_without_blanks_give_overlapping_pairs),
		cmocka_unit_test(a_lone_character_is_a_token_of_its_own),
		cmocka_unit_test(the_last_character_of_a_run_is_a_token_in_documents_only),
		cmocka_unit_test(half_width_kana_and_split_hangul_are_composed),
		cmocka_unit_test(scripts_may_change_within_a_run),
		cmocka_unit_test(offsets_are_those_of_the_text_as_written),
		cmocka_unit_test(malformed_bytes_end_words_and_do_no_harm),
		cmocka_unit_test(a_word_is_cut_at_its_limit),
		cmocka_unit_test(the_widest_letters_fit),
		cmocka_unit_test(folding_twice_changes_nothing_for_any_character),
		cmocka_unit_test(the_quick_way_folds_as_the_whole_way_does),
		cmocka_unit_test(a_handler_can_end_the_scan),
		cmocka_unit_test(sqlite_finds_words_by_what_they_fold_to),
		cmocka_unit_test(snippets_of_adjacent_hits_are_not_garbled),
		cmocka_unit_test(a_tokenizer_with_arguments_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
