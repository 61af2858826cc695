/* What readers get from the catalogue: lists, overviews, what is at a path, what leads on. */
#include <stdio.h>

#include "base/date.h"
#include "unit/paper.h"

static struct headline headline;
static struct article article;

static int64_t at(const char *date)
{
	int64_t seconds = 0;

	assert_true(date_parse(str_from(date), &seconds));
	return seconds;
}

static void assert_text(struct str have, const char *want)
{
	if (!str_eq(have, str_from(want)))
		print_error("\"" STR_FMT "\" is not \"%s\"\n", STR_ARG(have), want);
	assert_true(str_eq(have, str_from(want)));
}

/* Loads headline and article. */
static enum found get(const char *path)
{
	return store_article(paper_read(), str_from(path), paper_now, paper_arena, &headline,
			     &article);
}

/* "slug=Name:count" of every bucket, joined by blanks. */
static const char *written(const struct buckets *buckets)
{
	struct str all = STR("");

	for (size_t i = 0; i < buckets->count; i++)
		all = arena_format(paper_arena, STR_FMT "%s" STR_FMT "=" STR_FMT ":%zu",
				   STR_ARG(all), i ? " " : "", STR_ARG(buckets->items[i].slug),
				   STR_ARG(buckets->items[i].name), buckets->items[i].count);
	return arena_str(paper_arena, all).data;
}

static const char *tags(void)
{
	struct buckets buckets;
	struct store *store = paper_read();

	store_tags(store, paper_edition(""), paper_now, paper_arena, &buckets);
	return written(&buckets);
}

static const char *authors(void)
{
	struct buckets buckets;
	struct store *store = paper_read();

	store_authors(store, paper_edition(""), paper_now, paper_arena, &buckets);
	return written(&buckets);
}

static const char *calendar(int64_t from, int64_t before, int width)
{
	struct buckets buckets;
	struct store *store = paper_read();

	store_calendar(store, paper_edition(""), paper_now, from, before, width, paper_arena,
		       &buckets);
	return written(&buckets);
}

static void a_headline_says_what_the_file_says(void **state)
{
	(void)state;
	paper_put("ar/edition.ini", "name = Arabic\n");
	paper_put("ar/news/world/section.ini", "name = World\n");
	paper_put("ar/news/world/a.gmi",
		  "Title: River\nDate: 2026-10-01T10:00:00Z\nUpdated: 2026-10-02T10:00:00Z\n"
		  "Summary: Short.\nAuthor: A One\nAuthor: B Two\nType: opinion\nUrgency: 2\n\n"
		  "# Heading\n\nFour words of text.\n\n=> /x And a link\n");
	paper_scan();
	assert_int_equal(get("/ar/news/world/a"), FOUND_ARTICLE);
	assert_text(headline.path, "/ar/news/world/a");
	assert_text(headline.section, "/ar/news/world/");
	assert_text(headline.uid, "news/world/a");
	assert_text(headline.title, "River");
	assert_text(headline.kicker, "World");
	assert_text(headline.summary, "Short.");
	assert_text(headline.author, "A One, B Two");
	assert_text(headline.snippet, "");
	assert_text(headline.edition->prefix, "ar");
	assert_int_equal(headline.type, TYPE_OPINION);
	assert_int_equal(headline.urgency, 2);
	assert_int_equal(headline.published, at("2026-10-01T10:00:00Z"));
	assert_int_equal(headline.updated, at("2026-10-02T10:00:00Z"));
	assert_int_equal(headline.id >> 20, headline.published);
	assert_int_equal(headline.size, article.body.len);
	assert_int_equal(headline.minutes, 1);
	assert_int_equal(headline.short_id.len, 8);
	assert_text(article.title, "River");
	assert_true(str_starts(article.body, STR("# Heading\n")));
}

static void lists_are_newest_first_and_paged(void **state)
{
	struct query query = { .limit = 2, .now = 0 };
	struct headlines list;
	struct store *store;
	char path[32];
	char date[32];

	(void)state;
	paper_put("edition.ini", "");
	for (int i = 1; i <= 5; i++) {
		snprintf(path, sizeof(path), "news/a%d.gmi", i);
		snprintf(date, sizeof(date), "2026-10-%02d", i);
		paper_article(path, path, date, "");
	}
	paper_scan();
	store = paper_read();
	query.edition = paper_edition("");
	query.now = paper_now;
	store_list(store, &query, paper_arena, &list);
	assert_string_equal(paper_paths(&list), "news/a5 news/a4");
	assert_true(list.has_more);
	query.offset = 3;
	store_list(store, &query, paper_arena, &list);
	assert_string_equal(paper_paths(&list), "news/a2 news/a1");
	assert_false(list.has_more);
	query.offset = 5;
	store_list(store, &query, paper_arena, &list);
	assert_int_equal(list.count, 0);
	assert_int_equal(store_count(store, &query), 5);
}

static void a_limit_above_200_is_200(void **state)
{
	struct query query = { .limit = 100000 };
	struct headlines list;
	struct store *store;
	char path[32];

	(void)state;
	paper_put("edition.ini", "");
	for (int i = 0; i < 201; i++) {
		snprintf(path, sizeof(path), "news/a%d.gmi", i);
		paper_article(path, path, "2026-10-01", "");
	}
	paper_scan();
	store = paper_read();
	query.edition = paper_edition("");
	query.now = paper_now;
	store_list(store, &query, paper_arena, &list);
	assert_int_equal(list.count, STORE_LIMIT_MAX);
	assert_true(list.has_more);
	assert_int_equal(store_count(store, &query), 201);
}

static void bounds_are_of_publication_and_half_open(void **state)
{
	struct query query = { .limit = 20 };
	struct headlines list;
	struct store *store;

	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-09-30T23:59:59Z", "");
	paper_article("news/b.gmi", "B", "2026-10-01T00:00:00Z", "");
	paper_article("news/c.gmi", "C", "2026-10-31T23:59:59Z", "");
	paper_article("news/d.gmi", "D", "2026-11-01T00:00:00Z", "");
	paper_scan();
	store = paper_read();
	query.edition = paper_edition("");
	query.now = paper_now;
	query.from = at("2026-10-01");
	query.before = at("2026-11-01");
	store_list(store, &query, paper_arena, &list);
	assert_string_equal(paper_paths(&list), "news/c news/b");
	assert_int_equal(store_count(store, &query), 2);
	query.before = at("2027-01-01");
	store_list(store, &query, paper_arena, &list);
	assert_string_equal(paper_paths(&list), "news/d news/c news/b");
}

static void a_first_level_section_includes_its_subsections(void **state)
{
	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "");
	paper_article("news/arts/b.gmi", "B", "2026-10-02", "");
	paper_article("newsroom/c.gmi", "C", "2026-10-03", "");
	paper_scan();
	assert_string_equal(paper_list(LISTING_SECTION, "/news/"), "news/arts/b news/a");
	assert_string_equal(paper_list(LISTING_SECTION, "/news/arts/"), "news/arts/b");
	assert_string_equal(paper_list(LISTING_SECTION, "/nowhere/"), "");
}

static void sections_by_title_ignore_case_and_accents(void **state)
{
	struct query query = { .limit = 20, .listing = LISTING_SECTION, .by_title = true };
	struct headlines list;
	struct store *store;

	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "zebra", "2026-10-01", "");
	paper_article("news/b.gmi", "\xC3\x89toile", "2026-10-02", "");
	paper_article("news/c.gmi", "Apple", "2026-10-03", "");
	paper_article("news/d.gmi", "fig", "2026-10-04", "");
	paper_scan();
	store = paper_read();
	query.edition = paper_edition("");
	query.now = paper_now;
	query.key = STR("/news/");
	store_list(store, &query, paper_arena, &list);
	assert_string_equal(paper_paths(&list), "news/c news/b news/d news/a");
}

static void tags_authors_and_types_have_lists(void **state)
{
	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "Tag: Climate\nAuthor: Lina Haddad\n");
	paper_article("news/b.gmi", "B", "2026-10-02", "Tag: climate\nTag: Tides\nType: live\n");
	paper_article("news/c.gmi", "C", "2026-10-03", "Author: Lina Haddad\nAuthor: Jonas Vik\n");
	paper_scan();
	assert_string_equal(paper_list(LISTING_TAG, "climate"), "news/b news/a");
	assert_string_equal(paper_list(LISTING_AUTHOR, "lina-haddad"), "news/c news/a");
	assert_string_equal(paper_list(LISTING_TYPE, "live"), "news/b");
	assert_string_equal(paper_list(LISTING_TYPE, "article"), "news/c news/a");
	assert_string_equal(tags(), "climate=climate:2 tides=Tides:1");
	assert_string_equal(authors(), "jonas-vik=Jonas Vik:1 lina-haddad=Lina Haddad:2");
}

static void two_spellings_of_a_tag_in_one_article_count_once(void **state)
{
	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "Tag: Climate\nTag: climate\n");
	paper_scan();
	assert_string_equal(tags(), "climate=Climate:1");
	paper_remove("news/a.gmi");
	paper_scan();
	assert_string_equal(tags(), "");
}

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
		paper_now = at("2026-11-01T12:00:00Z") + i;
		assert_string_equal(paper_list(LISTING_ALL, ""), i ? "news/soon news/a" : "news/a");
		assert_string_equal(paper_list(LISTING_SECTION, "/news/"),
				    i ? "news/soon news/a" : "news/a");
		assert_string_equal(paper_list(LISTING_TAG, "secret"), i ? "news/soon" : "");
		assert_string_equal(paper_list(LISTING_AUTHOR, "new-one"), i ? "news/soon" : "");
		assert_string_equal(paper_list(LISTING_TYPE, "live"), i ? "news/soon" : "");
		assert_string_equal(paper_list(LISTING_PICKS, ""), i ? "news/soon" : "");
		assert_string_equal(paper_list(LISTING_CORRECTED, ""), i ? "news/soon" : "");
		assert_string_equal(tags(), i ? "x=x:2 secret=secret:1" : "x=x:1");
		assert_string_equal(authors(), i ? "new-one=New One:1" : "");
		assert_string_equal(calendar(0, 0, 4), i ? "2026=2026:2" : "2026=2026:1");
		assert_int_equal(paper_find("/news/soon"), i ? FOUND_ARTICLE : FOUND_NOTHING);
		assert_int_equal(get("/news/soon"), i ? FOUND_ARTICLE : FOUND_NOTHING);
		assert_int_equal(store_tag_name(paper_read(), paper_edition(""), STR("secret"),
						paper_now, paper_arena, &name),
				 i);
		get("/news/a");
		assert_int_equal(
			store_newer(paper_read(), &headline, paper_now, paper_arena, &headline), i);
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
		paper_now = at("2026-11-01T11:59:59Z") + i;
		assert_string_equal(paper_list(LISTING_ALL, ""), i ? "news/a" : "news/b news/a");
		assert_string_equal(paper_list(LISTING_TAG, "x"), i ? "" : "news/b");
		assert_string_equal(paper_list(LISTING_CORRECTED, ""), i ? "" : "news/b");
		assert_string_equal(tags(), i ? "" : "x=x:1");
		assert_string_equal(authors(), i ? "" : "b=B:1");
		assert_string_equal(calendar(0, 0, 10),
				    i ? "01=2026-10-01:1" : "02=2026-10-02:1 01=2026-10-01:1");
		assert_int_equal(get("/news/b"), i ? FOUND_NOTHING : FOUND_ARTICLE);
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
	assert_string_equal(tags(), "");
	assert_int_equal(get("/news/a"), FOUND_NOTHING);
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
	get("/news/a");
	snprintf(short_id, sizeof(short_id), STR_FMT, STR_ARG(headline.short_id));
	paper_article("news/a.gmi", "A", "2026-10-01",
		      "Tag: x\nAuthor: B\nPick: yes\nStatus: retracted\n"
		      "Correction: 2026-10-04 | It was made up.\n");
	paper_scan();
	assert_int_equal(paper_find("/news/a"), FOUND_GONE);
	assert_int_equal(get("/news/a"), FOUND_GONE);
	assert_text(headline.title, "A");
	assert_int_equal(article.correction_count, 1);
	assert_string_equal(paper_list(LISTING_ALL, ""), "news/b");
	assert_string_equal(paper_list(LISTING_PICKS, ""), "");
	assert_string_equal(paper_list(LISTING_CORRECTED, ""), "");
	assert_string_equal(tags(), "");
	assert_string_equal(authors(), "");
	assert_false(store_short(paper_read(), paper_edition(""), str_from(short_id), paper_now,
				 paper_arena, &headline));
	/* Not before it would have been published. */
	paper_now = at("2026-09-30");
	assert_int_equal(paper_find("/news/a"), FOUND_NOTHING);
}

static void picks_of_edition_ini_come_first_in_their_order(void **state)
{
	(void)state;
	paper_put("edition.ini", "picks = /news/b, news/a, /news/nowhere, /news/b\n");
	paper_article("news/a.gmi", "A", "2026-10-01", "");
	paper_article("news/b.gmi", "B", "2026-10-02", "Pick: yes\n");
	paper_article("news/c.gmi", "C", "2026-10-03", "Pick: yes\n");
	paper_article("news/d.gmi", "D", "2026-10-04", "");
	paper_scan();
	assert_string_equal(paper_list(LISTING_PICKS, ""), "news/b news/a news/c");
	paper_put("edition.ini", "");
	paper_scan();
	assert_string_equal(paper_list(LISTING_PICKS, ""), "news/c news/b");
}

static void corrections_are_listed_by_the_newest_correction(void **state)
{
	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01",
		      "Correction: 2026-10-03 | x\nCorrection: 2026-10-30 | y\n");
	paper_article("news/b.gmi", "B", "2026-10-02", "Correction: 2026-10-09 | x\n");
	paper_article("news/c.gmi", "C", "2026-10-04", "");
	paper_scan();
	assert_string_equal(paper_list(LISTING_CORRECTED, ""), "news/a news/b");
}

static void authors_are_those_with_articles_or_a_biography(void **state)
{
	struct str name;

	(void)state;
	paper_put("edition.ini", "");
	paper_put("authors/lina-haddad.gmi", "Title: Dr Lina Haddad\n\nShe writes.\n");
	paper_put("authors/no-articles.gmi", "Title: Silent Sam\n\nHe does not.\n");
	paper_article("news/a.gmi", "A", "2026-10-01", "Author: Lina Haddad\nAuthor: Jonas Vik\n");
	paper_scan();
	assert_string_equal(authors(), "jonas-vik=Jonas Vik:1 lina-haddad=Dr Lina Haddad:1 "
				       "no-articles=Silent Sam:0");
	assert_true(store_author_name(paper_read(), paper_edition(""), STR("no-articles"),
				      paper_now, paper_arena, &name));
	assert_text(name, "Silent Sam");
	assert_true(store_author_name(paper_read(), paper_edition(""), STR("jonas-vik"), paper_now,
				      paper_arena, &name));
	assert_text(name, "Jonas Vik");
	assert_false(store_author_name(paper_read(), paper_edition(""), STR("nobody"), paper_now,
				       paper_arena, &name));
	assert_true(
		store_document(paper_read(), STR("/authors/lina-haddad"), paper_arena, &article));
	assert_text(article.body, "She writes.");
}

static void tags_stand_by_count_then_by_name(void **state)
{
	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "Tag: b\nTag: a\nTag: c\n");
	paper_article("news/b.gmi", "B", "2026-10-02", "Tag: c\n");
	paper_scan();
	assert_string_equal(tags(), "c=c:2 a=a:1 b=b:1");
}

static void the_calendar_counts_days_months_and_years(void **state)
{
	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2024-02-29T23:59:59Z", "");
	paper_article("news/b.gmi", "B", "2026-10-01T00:00:00Z", "");
	paper_article("news/c.gmi", "C", "2026-10-01T23:00:00Z", "");
	paper_article("news/d.gmi", "D", "2026-10-31", "");
	paper_article("news/e.gmi", "E", "2026-09-30", "");
	paper_article("news/f.gmi", "F", "2027-01-01", "");
	paper_scan();
	assert_string_equal(calendar(0, 0, 4), "2026=2026:4 2024=2024:1");
	assert_string_equal(calendar(at("2026-01-01"), at("2027-01-01"), 7),
			    "10=2026-10:3 09=2026-09:1");
	assert_string_equal(calendar(at("2026-10-01"), at("2026-11-01"), 10),
			    "31=2026-10-31:1 01=2026-10-01:2");
	assert_string_equal(calendar(at("2025-01-01"), at("2026-01-01"), 7), "");
}

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
	get("/news/arts/b");
	assert_true(store_newer(paper_read(), &headline, paper_now, paper_arena, &other));
	assert_text(other.path, "/news/arts/d");
	assert_true(store_older(paper_read(), &headline, paper_now, paper_arena, &other));
	assert_text(other.path, "/news/arts/a");
	get("/news/arts/a");
	assert_false(store_older(paper_read(), &headline, paper_now, paper_arena, &other));
	get("/news/arts/d");
	assert_false(store_newer(paper_read(), &headline, paper_now, paper_arena, &other));
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
	get("/news/a");
	store_related(paper_read(), &headline, paper_now, 5, paper_arena, &list);
	assert_string_equal(paper_paths(&list), "news/b news/d news/c");
	assert_false(list.has_more);
	store_related(paper_read(), &headline, paper_now, 2, paper_arena, &list);
	assert_string_equal(paper_paths(&list), "news/b news/d");
	assert_true(list.has_more);
	get("/news/g");
	store_related(paper_read(), &headline, paper_now, 2, paper_arena, &list);
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
	get("/news/a");
	store_translations(paper_read(), &headline, paper_now, paper_arena, &list);
	assert_int_equal(list.count, 1);
	assert_text(list.items[0].path, "/es/news/otro");
	get("/news/b");
	store_translations(paper_read(), &headline, paper_now, paper_arena, &list);
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
	get("/news/a");
	snprintf(short_id, sizeof(short_id), STR_FMT, STR_ARG(headline.short_id));
	paper_remove("news/a.gmi");
	paper_article("world/b.gmi", "A", "2026-10-09", "Id: river\n");
	paper_scan();
	assert_true(store_short(paper_read(), paper_edition(""), str_from(short_id), paper_now,
				paper_arena, &headline));
	assert_text(headline.path, "/world/b");
	assert_text(headline.short_id, short_id);
	assert_false(store_short(paper_read(), paper_edition("ar"), str_from(short_id), paper_now,
				 paper_arena, &headline));
	assert_false(store_short(paper_read(), paper_edition(""), STR("00000000"), paper_now,
				 paper_arena, &headline));
	assert_false(store_short(paper_read(), paper_edition(""), STR("ABCDEFGH"), paper_now,
				 paper_arena, &headline));
	assert_false(store_short(paper_read(), paper_edition(""), STR(""), paper_now, paper_arena,
				 &headline));
}

static void a_moved_article_is_given_whole(void **state)
{
	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "Id: river\n");
	paper_scan();
	paper_rename("news/a.gmi", "news/b.gmi");
	paper_scan();
	assert_int_equal(get("/news/a"), FOUND_MOVED);
	assert_text(headline.path, "/news/b");
	assert_text(article.title, "A");
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

static void articles_of_the_same_second_keep_apart(void **state)
{
	char path[32];

	(void)state;
	paper_put("edition.ini", "");
	for (int i = 0; i < 10; i++) {
		snprintf(path, sizeof(path), "news/a%d.gmi", i);
		paper_article(path, path, "2026-10-01", "");
	}
	paper_scan();
	assert_int_equal(paper_report.articles, 10);
	assert_int_equal(get("/news/a7"), FOUND_ARTICLE);
	assert_text(headline.title, "news/a7.gmi");
}

static void what_the_store_returns_outlives_the_reading(void **state)
{
	struct store *store;

	(void)state;
	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "Tag: x\n");
	paper_scan();
	get("/news/a");
	store = paper_read();
	store_end(store);
	paper_remove("news/a.gmi");
	paper_scan();
	paper_read();
	assert_text(headline.title, "A");
	assert_text(article.body, "The text of A.");
	assert_text(article.tags.items[0], "x");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, paper_set_up, paper_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_headline_says_what_the_file_says),
		TEST(lists_are_newest_first_and_paged),
		TEST(a_limit_above_200_is_200),
		TEST(bounds_are_of_publication_and_half_open),
		TEST(a_first_level_section_includes_its_subsections),
		TEST(sections_by_title_ignore_case_and_accents),
		TEST(tags_authors_and_types_have_lists),
		TEST(two_spellings_of_a_tag_in_one_article_count_once),
		TEST(an_embargoed_article_is_absent_from_everything_until_its_second),
		TEST(an_expired_article_is_absent_from_its_second_on),
		TEST(a_draft_is_nowhere_but_its_problems_are_told),
		TEST(a_retracted_article_is_gone_and_in_no_list),
		TEST(picks_of_edition_ini_come_first_in_their_order),
		TEST(corrections_are_listed_by_the_newest_correction),
		TEST(authors_are_those_with_articles_or_a_biography),
		TEST(tags_stand_by_count_then_by_name),
		TEST(the_calendar_counts_days_months_and_years),
		TEST(neighbours_are_of_the_same_section_by_date),
		TEST(related_articles_share_most_tags_then_are_the_newest),
		TEST(translations_have_the_same_id_in_another_edition),
		TEST(a_short_id_finds_its_article_in_its_edition_wherever_it_moved),
		TEST(a_moved_article_is_given_whole),
		TEST(paths_are_found_with_their_canonical_form),
		TEST(articles_of_the_same_second_keep_apart),
		TEST(what_the_store_returns_outlives_the_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
