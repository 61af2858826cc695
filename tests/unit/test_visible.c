/* What is visible, and from when to when: embargo, expiry, drafts, retractions. */
#include <stdio.h>

#include "unit/paper.h"

static void an_embargoed_article_is_absent_from_everything_until_its_second(void **state)
{
	struct str name;

	(void)state;
	paper_put("edition.ini", "picks = /news/soon\n");
	paper_article("news/a.gmi", "A", "2026-10-01", "Tag: x\n");
	paper_article("news/soon.gmi", "Soon", "2026-11-01T12:00:01Z",
		      "Id: soon\nTag: x\nTag: secret\nAuthor: New One\nPick: yes\n"
		      "Correction: 2026-10-01 | x\nType: live\n");
	paper_scan();
	for (int i = 0; i < 2; i++) {
		paper_now = paper_at("2026-11-01T12:00:00Z") + i;
		assert_string_equal(paper_list(LISTING_ALL, ""), i ? "news/soon news/a" : "news/a");
		assert_string_equal(paper_list(LISTING_SECTION, "/news/"),
				    i ? "news/soon news/a" : "news/a");
		assert_string_equal(paper_list(LISTING_TAG, "secret"), i ? "news/soon" : "");
		assert_string_equal(paper_list(LISTING_AUTHOR, "new-one"), i ? "news/soon" : "");
		assert_string_equal(paper_list(LISTING_TYPE, "live"), i ? "news/soon" : "");
		assert_string_equal(paper_list(LISTING_PICKS, ""), i ? "news/soon" : "");
		assert_string_equal(paper_list(LISTING_CORRECTED, ""), i ? "news/soon" : "");
		assert_string_equal(paper_tags(), i ? "x=x:2 secret=secret:1" : "x=x:1");
		assert_string_equal(paper_authors(), i ? "new-one=New One:1" : "");
		assert_string_equal(paper_calendar(0, 0, 4), i ? "2026=2026:2" : "2026=2026:1");
		assert_int_equal(paper_find("/news/soon"), i ? FOUND_ARTICLE : FOUND_NOTHING);
		assert_int_equal(paper_get("/news/soon"), i ? FOUND_ARTICLE : FOUND_NOTHING);
		assert_int_equal(store_tag_name(paper_read(), paper_edition(""), STR("secret"),
						paper_now, paper_arena, &name),
				 i);
		paper_get("/news/a");
		assert_int_equal(store_newer(paper_read(), &paper_headline, paper_now, paper_arena,
					     &paper_headline),
				 i);
	}
}

static void an_expired_article_is_absent_from_its_second_on(void **state)
{
	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "");
	paper_article(
		"news/b.gmi", "B", "2026-10-02",
		"Expires: 2026-11-01T12:00:00Z\nTag: x\nAuthor: B\nCorrection: 2026-10-03 | x\n");
	paper_scan();
	for (int i = 0; i < 2; i++) {
		paper_now = paper_at("2026-11-01T11:59:59Z") + i;
		assert_string_equal(paper_list(LISTING_ALL, ""), i ? "news/a" : "news/b news/a");
		assert_string_equal(paper_list(LISTING_TAG, "x"), i ? "" : "news/b");
		assert_string_equal(paper_list(LISTING_CORRECTED, ""), i ? "" : "news/b");
		assert_string_equal(paper_tags(), i ? "" : "x=x:1");
		assert_string_equal(paper_authors(), i ? "" : "b=B:1");
		assert_string_equal(paper_calendar(0, 0, 10),
				    i ? "01=2026-10-01:1" : "02=2026-10-02:1 01=2026-10-01:1");
		assert_int_equal(paper_get("/news/b"), i ? FOUND_NOTHING : FOUND_ARTICLE);
		assert_int_equal(paper_find("/news/b"), i ? FOUND_NOTHING : FOUND_ARTICLE);
	}
}

static void a_draft_is_nowhere_but_its_problems_are_told(void **state)
{
	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "Status: draft\nTag: x\nFoo: bar\n");
	paper_scan();
	assert_told("warning news/a.gmi:5: the field Foo is not known");
	assert_string_equal(paper_list(LISTING_ALL, ""), "");
	assert_string_equal(paper_tags(), "");
	assert_int_equal(paper_get("/news/a"), FOUND_NOTHING);
	assert_int_equal(paper_find("/news/a"), FOUND_NOTHING);
	assert_int_equal(paper_find("/news/"), FOUND_NOTHING);
}

static void a_retracted_article_is_gone_and_in_no_list(void **state)
{
	char short_id[16];

	(void)state;
	paper_put("edition.ini", "picks = /news/a\n");
	paper_article("news/a.gmi", "A", "2026-10-01", "Tag: x\nAuthor: B\nPick: yes\n");
	paper_article("news/b.gmi", "B", "2026-10-02", "");
	paper_scan();
	paper_get("/news/a");
	snprintf(short_id, sizeof(short_id), STR_FMT, STR_ARG(paper_headline.short_id));
	paper_article("news/a.gmi", "A", "2026-10-01",
		      "Tag: x\nAuthor: B\nPick: yes\nStatus: retracted\n"
		      "Correction: 2026-10-04 | It was made up.\n");
	paper_scan();
	assert_int_equal(paper_find("/news/a"), FOUND_GONE);
	assert_int_equal(paper_get("/news/a"), FOUND_GONE);
	assert_text(paper_headline.title, "A");
	assert_int_equal(paper_text.correction_count, 1);
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/b");
	assert_string_equal(paper_list(LISTING_PICKS, ""), "");
	assert_string_equal(paper_list(LISTING_CORRECTED, ""), "");
	assert_string_equal(paper_tags(), "");
	assert_string_equal(paper_authors(), "");
	assert_false(store_short(paper_read(), paper_edition(""), str_from(short_id), paper_now,
				 paper_arena, &paper_headline));
	/* Not before it would have been published. */
	paper_now = paper_at("2026-09-30");
	assert_int_equal(paper_find("/news/a"), FOUND_NOTHING);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, paper_set_up, paper_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_embargoed_article_is_absent_from_everything_until_its_second),
		TEST(an_expired_article_is_absent_from_its_second_on),
		TEST(a_draft_is_nowhere_but_its_problems_are_told),
		TEST(a_retracted_article_is_gone_and_in_no_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
