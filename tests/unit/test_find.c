/* What is at a path, and what an article leads on to. */
#include <stdio.h>

#include "unit/paper.h"

static void neighbours_are_of_the_same_section_by_date(void **state)
{
	struct headline other;

	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/arts/a.gmi", "A", "2026-10-01", "");
	paper_article("news/arts/b.gmi", "B", "2026-10-03", "");
	paper_article("news/arts/c.gmi", "C", "2026-10-05", "Expires: 2026-10-06\n");
	paper_article("news/arts/d.gmi", "D", "2026-10-07", "");
	paper_article("news/politics/x.gmi", "X", "2026-10-04", "");
	paper_scan();
	paper_get("/news/arts/b");
	assert_true(store_newer(paper_read(), &paper_headline, paper_now, paper_arena, &other));
	assert_text(other.path, "/news/arts/d");
	assert_true(store_older(paper_read(), &paper_headline, paper_now, paper_arena, &other));
	assert_text(other.path, "/news/arts/a");
	paper_get("/news/arts/a");
	assert_false(store_older(paper_read(), &paper_headline, paper_now, paper_arena, &other));
	paper_get("/news/arts/d");
	assert_false(store_newer(paper_read(), &paper_headline, paper_now, paper_arena, &other));
}

static void related_articles_share_most_tags_then_are_the_newest(void **state)
{
	struct headlines list;

	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "Tag: x\nTag: y\nTag: z\n");
	paper_article("news/b.gmi", "B", "2026-10-02", "Tag: x\nTag: y\n");
	paper_article("news/c.gmi", "C", "2026-10-03", "Tag: z\n");
	paper_article("news/d.gmi", "D", "2026-10-04", "Tag: x\n");
	paper_article("news/e.gmi", "E", "2026-10-05", "Tag: other\n");
	paper_article("news/f.gmi", "F", "2027-10-05", "Tag: x\nTag: y\nTag: z\n");
	paper_article("news/g.gmi", "G", "2026-10-05", "");
	paper_scan();
	paper_get("/news/a");
	store_related(paper_read(), &paper_headline, &paper_text.tags, paper_now, 5, paper_arena,
		      &list);
	assert_string_equal(paper_paths(&list), "news/b news/d news/c");
	assert_false(list.has_more);
	store_related(paper_read(), &paper_headline, &paper_text.tags, paper_now, 2, paper_arena,
		      &list);
	assert_string_equal(paper_paths(&list), "news/b news/d");
	assert_true(list.has_more);
	paper_get("/news/g");
	store_related(paper_read(), &paper_headline, &paper_text.tags, paper_now, 2, paper_arena,
		      &list);
	assert_int_equal(list.count, 0);
}

static void translations_have_the_same_id_in_another_edition(void **state)
{
	struct headlines list;

	(void)state;
	paper_put("edition.ini", "");
	paper_put("ar/edition.ini", "");
	paper_put("es/edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "Id: river\n");
	paper_article("es/news/otro.gmi", "O", "2026-10-01", "Id: river\n");
	paper_article("ar/news/c.gmi", "C", "2027-10-01", "Id: river\n");
	paper_article("news/b.gmi", "B", "2026-10-01", "");
	paper_article("ar/news/b.gmi", "B", "2026-10-01", "");
	paper_article("es/news/b.gmi", "B", "2026-10-01", "Status: retracted\n");
	paper_scan();
	paper_get("/news/a");
	store_translations(paper_read(), &paper_headline, paper_now, paper_arena, &list);
	assert_int_equal(list.count, 1);
	assert_text(list.items[0].path, "/es/news/otro");
	paper_get("/news/b");
	store_translations(paper_read(), &paper_headline, paper_now, paper_arena, &list);
	assert_int_equal(list.count, 1);
	assert_text(list.items[0].path, "/ar/news/b");
	/* Each is in the lists of its own edition only. */
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/a news/b");
}

static void a_short_id_finds_its_article_in_its_edition_wherever_it_moved(void **state)
{
	char short_id[16];

	(void)state;
	paper_put("edition.ini", "");
	paper_put("ar/edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "Id: river\n");
	paper_scan();
	paper_get("/news/a");
	snprintf(short_id, sizeof(short_id), STR_FMT, STR_ARG(paper_headline.short_id));
	paper_remove("news/a.gmi");
	paper_article("world/b.gmi", "A", "2026-10-09", "Id: river\n");
	paper_scan();
	assert_true(store_short(paper_read(), paper_edition(""), str_from(short_id), paper_now,
				paper_arena, &paper_headline));
	assert_text(paper_headline.path, "/world/b");
	assert_text(paper_headline.short_id, short_id);
	assert_false(store_short(paper_read(), paper_edition("ar"), str_from(short_id), paper_now,
				 paper_arena, &paper_headline));
	assert_false(store_short(paper_read(), paper_edition(""), STR("00000000"), paper_now,
				 paper_arena, &paper_headline));
	assert_false(store_short(paper_read(), paper_edition(""), STR("ABCDEFGH"), paper_now,
				 paper_arena, &paper_headline));
	assert_false(store_short(paper_read(), paper_edition(""), STR(""), paper_now, paper_arena,
				 &paper_headline));
}

static void a_moved_article_is_given_whole(void **state)
{
	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "Id: river\n");
	paper_scan();
	paper_rename("news/a.gmi", "news/b.gmi");
	paper_scan();
	assert_int_equal(paper_get("/news/a"), FOUND_MOVED);
	assert_text(paper_headline.path, "/news/b");
	assert_text(paper_text.title, "A");
}

static void paths_are_found_with_their_canonical_form(void **state)
{
	(void)state;
	paper_put("edition.ini", "");
	paper_put("news.gmi", "Title: About our news\n\nx\n");
	paper_article("news/a.gmi", "A", "2026-10-01", "");
	paper_put("news/a/picture.png", "x");
	paper_scan();
	assert_int_equal(paper_find("/news"), FOUND_DOCUMENT);
	assert_int_equal(paper_find("/news/"), FOUND_SECTION);
	assert_int_equal(paper_find("/news/a"), FOUND_ARTICLE);
	assert_int_equal(paper_find("/news/a/"), FOUND_NOTHING);
	assert_int_equal(paper_find("/news/a.gmi"), FOUND_NOTHING);
	assert_int_equal(paper_find("/news/a/picture.png"), FOUND_FILE);
	assert_int_equal(paper_find("/news/a/picture.png/"), FOUND_NOTHING);
	assert_int_equal(paper_find("/edition.ini"), FOUND_NOTHING);
	assert_int_equal(paper_find("/%"), FOUND_NOTHING);
	assert_int_equal(paper_find("/news/a' OR 1 --"), FOUND_NOTHING);
}

static void what_the_store_returns_outlives_the_reading(void **state)
{
	struct store *store;

	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "Tag: x\n");
	paper_scan();
	paper_get("/news/a");
	store = paper_read();
	store_end(store);
	paper_remove("news/a.gmi");
	paper_scan();
	paper_read();
	assert_text(paper_headline.title, "A");
	assert_text(paper_text.body, "The text of A.");
	assert_text(paper_text.tags.items[0], "x");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, paper_set_up, paper_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(neighbours_are_of_the_same_section_by_date),
		TEST(related_articles_share_most_tags_then_are_the_newest),
		TEST(translations_have_the_same_id_in_another_edition),
		TEST(a_short_id_finds_its_article_in_its_edition_wherever_it_moved),
		TEST(a_moved_article_is_given_whole),
		TEST(paths_are_found_with_their_canonical_form),
		TEST(what_the_store_returns_outlives_the_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
