/* edition.ini and section.ini, and the editions, sections and labels that readers see. */
#include <stdio.h>

#include "store/edition_ini.h"
#include "unit/paper.h"

static struct edition edition;
static struct texts order;
static struct err err;

static bool read_edition(const char *text)
{
	err.text[0] = '\0';
	return edition_ini_read(paper_arena, str_from(text), "edition.ini", STR("ar"), &edition,
				&order, &err);
}

static void refused(const char *text, const char *sentence)
{
	assert_false(read_edition(text));
	if (!strstr(err.text, sentence))
		print_error("\"%s\" does not hold \"%s\"\n", err.text, sentence);
	assert_non_null(strstr(err.text, sentence));
}

static void every_key_is_read(void **state)
{
	(void)state;
	assert_true(read_edition(
		"name = The Courier\nslogan = Light\nlanguage = es-MX\n"
		"sections = live, news ,,articles\nfront = 0\nlead = 3\n"
		"boxes = 50\nsummaries = no\nsubsections = no\ncontact = desk@example.org\n"
		"license = CC BY 4.0\npicks = /ar/news/a, news/b\n"
		"[labels]\nmost-read = Muy leído\n"
		"[links]\nA browser = https://example.org/\nAbout = /ar/about\n"));
	assert_text(edition.prefix, "ar");
	assert_text(edition.root, "/ar/");
	assert_text(edition.name, "The Courier");
	assert_text(edition.slogan, "Light");
	assert_text(edition.language, "es-MX");
	assert_int_equal(order.count, 3);
	assert_text(order.items[1], "news");
	assert_int_equal(edition.front, 0);
	assert_int_equal(edition.lead, 3);
	assert_int_equal(edition.boxes, 50);
	assert_false(edition.summaries);
	assert_false(edition.subsections);
	assert_text(edition.contact, "desk@example.org");
	assert_text(edition.license, "CC BY 4.0");
	assert_int_equal(edition.picks.count, 2);
	assert_text(edition.picks.items[1], "/ar/news/b");
	assert_text(edition_label(&edition, LABEL_MOST_READ), "Muy leído");
	assert_text(edition_label(&edition, LABEL_SEARCH), "Buscar");
	assert_int_equal(edition.link_count, 2);
	assert_text(edition.links[0].label, "A browser");
	assert_text(edition.links[0].target, "https://example.org/");
	assert_int_equal(edition.links[0].form, LINK_REMOTE);
	assert_int_equal(edition.links[1].form, LINK_MENU);
}

static void an_empty_text_gives_the_defaults(void **state)
{
	(void)state;
	assert_true(read_edition("; nothing\n"));
	assert_text(edition.name, "ar");
	assert_text(edition.language, "en");
	assert_text(edition.slogan, "");
	assert_int_equal(edition.front, 5);
	assert_int_equal(edition.lead, 1);
	assert_int_equal(edition.boxes, 5);
	assert_true(edition.summaries);
	assert_true(edition.subsections);
	assert_int_equal(order.count, 0);
	assert_text(edition_label(&edition, LABEL_SEARCH), "Search");
	assert_true(edition_ini_read(paper_arena, STR(""), "", STR(""), &edition, &order, &err));
	assert_text(edition.name, "Tidings");
	assert_text(edition.root, "/");
}

static void labels_of_the_language_hold_wherever_the_key_stands(void **state)
{
	(void)state;
	assert_true(read_edition("[labels]\nsearch = Find\n[links]\n"));
	assert_text(edition_label(&edition, LABEL_SEARCH), "Find");
	assert_true(read_edition("name = x\nlanguage = ar\n[labels]\nhome = Start\n"));
	assert_text(edition_label(&edition, LABEL_HOME), "Start");
	assert_text(edition_label(&edition, LABEL_SEARCH), "بحث");
}

static void mistakes_are_refused_with_their_line(void **state)
{
	(void)state;
	refused("name = A\nnmae = B\n", "edition.ini:2: the key \"nmae\" is not known");
	refused("name = A\nname = B\n", "edition.ini:2: name is set twice");
	refused("[labels]\nfoo = B\n", "edition.ini:2: there is no label \"foo\"");
	refused("[labels]\nhome = B\nhome = C\n", "edition.ini:3: home is set twice");
	refused("[lables]\nhome = B\n", "edition.ini:2: there is no section [lables] here");
	refused("[links]\nA = nowhere\n", "edition.ini:2: \"nowhere\" is neither a URL nor a path");
	refused("front = 51\n", "\"51\" is not a number from 0 to 50");
	refused("front = -1\n", "\"-1\" is not a number");
	refused("summaries = maybe\n", "\"maybe\" is not yes or no");
	refused("language = e\n", "\"e\" is not a language tag");
	refused("language = en_GB\n", "\"en_GB\" is not a language tag");
	refused("just words\n", "edition.ini:1: not a");
	refused("name = \xFF\n", "not UTF-8");
	assert_true(read_edition("front = 50\n"));
}

static void control_characters_of_values_vanish(void **state)
{
	(void)state;
	assert_true(read_edition("name = A\xC2\x9B"
				 "1mB\tC\xE2\x80\xAE\n"));
	assert_text(edition.name, "A 1mB C");
	refused("name = A\x1B[1mB\n", "edition.ini:1: the line has a control character");
}

static void a_section_ini_may_say_nothing(void **state)
{
	struct section section;

	(void)state;
	assert_true(section_ini_read(paper_arena, STR(""), "", &section, &order, &err));
	assert_text(section.name, "");
	assert_false(section.by_title);
	assert_true(section_ini_read(
		paper_arena, STR("name = N\ndescription = D\norder = title\nsections = b, a\n"), "",
		&section, &order, &err));
	assert_text(section.name, "N");
	assert_text(section.description, "D");
	assert_true(section.by_title);
	assert_int_equal(order.count, 2);
	assert_false(
		section_ini_read(paper_arena, STR("slogan = x\n"), "", &section, &order, &err));
	assert_false(section_ini_read(paper_arena, STR("[labels]\nhome = x\n"), "", &section,
				      &order, &err));
}

static void every_label_has_a_key_of_its_own_and_a_text_in_each_language(void **state)
{
	enum label label;

	(void)state;
	assert_true(label_find(STR("most-read"), &label));
	assert_int_equal(label, LABEL_MOST_READ);
	assert_false(label_find(STR("most read"), &label));
	for (int i = 0; i < LABEL_COUNT; i++) {
		struct str english = label_text((enum label)i, STR("en"));

		assert_true(english.len > 0);
		assert_true(label_text((enum label)i, STR("es-MX")).len > 0);
		assert_true(label_text((enum label)i, STR("ar")).len > 0);
		assert_true(str_eq(label_text((enum label)i, STR("fr")), english));
	}
}

/* The sections of an edition as "/news/=News" and so on. */
static const char *sections(const char *prefix)
{
	const struct edition *one = paper_edition(prefix);
	struct str all = STR("");

	for (size_t i = 0; i < one->section_count; i++) {
		const struct section *section = &one->sections[i];

		assert_int_equal(section->depth, section->parent == -1 ? 1 : 2);
		assert_true(section->parent < (int)i);
		if (section->parent >= 0)
			assert_true(str_starts(section->path, one->sections[section->parent].path));
		all = arena_format(paper_arena, STR_FMT "%s" STR_FMT "=" STR_FMT, STR_ARG(all),
				   i ? " " : "", STR_ARG(section->path), STR_ARG(section->name));
	}
	return arena_str(paper_arena, all).data;
}

static void sections_stand_in_the_order_asked_for_then_by_name(void **state)
{
	(void)state;
	paper_put("edition.ini", "sections = videos, news\n");
	paper_put("news/section.ini", "name = News\nsections = world, arts\n");
	paper_put("news/arts/section.ini", "name = Arts\n");
	paper_put("news/science/section.ini", "");
	paper_article("news/world/a.gmi", "A", "2026-10-01", "");
	paper_put("videos/section.ini", "name = Films\n");
	paper_put("pictures/section.ini", "name = Zoo\n");
	paper_put("blog/section.ini", "name = Blog\n");
	paper_scan();
	assert_string_equal(sections(""),
			    "/videos/=Films /news/=News /news/world/=world /news/arts/=Arts "
			    "/news/science/=science /blog/=Blog /pictures/=Zoo");
}

static void folders_of_pictures_only_are_no_sections(void **state)
{
	(void)state;
	paper_put("edition.ini", "");
	paper_put("images/a.png", "x");
	paper_article("a/b/x.gmi", "X", "2026-10-01", "");
	paper_put("d/e/section.ini", "name = E\n");
	paper_article("drafts/x.gmi", "X", "2026-10-01", "Status: draft\n");
	paper_put("authors/lina.gmi", "Title: Lina\n\nx\n");
	paper_scan();
	assert_string_equal(sections(""), "/a/=a /a/b/=b /d/=d /d/e/=E");
	assert_int_equal(paper_find("/images"), FOUND_NOTHING);
	assert_int_equal(paper_find("/a"), FOUND_SECTION);
	assert_true(str_eq(paper_found, STR("/a/")));
	assert_int_equal(paper_find("/a/b/"), FOUND_SECTION);
}

static void a_section_goes_with_its_last_article(void **state)
{
	(void)state;
	paper_put("edition.ini", "");
	paper_article("a/x.gmi", "X", "2026-10-01", "");
	paper_article("b/y.gmi", "Y", "2026-10-01", "");
	paper_scan();
	assert_string_equal(sections(""), "/a/=a /b/=b");
	paper_remove("a/x.gmi");
	paper_scan();
	assert_string_equal(sections(""), "/b/=b");
}

static void pages_are_listed_by_file_name_with_their_titles(void **state)
{
	const struct edition *one;

	(void)state;
	paper_put("edition.ini", "");
	paper_put("privacy.gmi", "Title: Nothing is kept\n\nx\n");
	paper_put("about.gmi", "Title: Who we are\n\nx\n");
	paper_put("hidden.gmi", "Title: Not yet\nStatus: draft\n\nx\n");
	paper_put("authors/lina.gmi", "Title: Lina\n\nx\n");
	paper_scan();
	one = paper_edition("");
	assert_int_equal(one->page_count, 2);
	assert_text(one->pages[0].target, "/about");
	assert_text(one->pages[0].label, "Who we are");
	assert_text(one->pages[1].target, "/privacy");
	assert_int_equal(paper_find("/hidden"), FOUND_NOTHING);
}

static void the_default_edition_comes_first_and_paths_find_theirs(void **state)
{
	struct store *store;
	const struct edition *editions;
	size_t count;

	(void)state;
	paper_put("edition.ini", "name = One\n");
	paper_put("es/edition.ini", "name = Two\n");
	paper_put("ar/edition.ini", "name = Three\n");
	paper_scan();
	store = paper_read();
	editions = store_editions(store, &count);
	assert_int_equal(count, 3);
	assert_text(editions[0].name, "One");
	assert_text(editions[1].name, "Three");
	assert_text(editions[2].name, "Two");
	assert_text(store_edition_of(store, STR("/ar/news/"))->name, "Three");
	assert_text(store_edition_of(store, STR("/ar"))->name, "Three");
	assert_text(store_edition_of(store, STR("/are/news/"))->name, "One");
	assert_text(store_edition_of(store, STR("/"))->name, "One");
	assert_text(store_edition_of(store, STR(""))->name, "One");
	assert_int_equal(paper_find("/"), FOUND_EDITION);
	assert_int_equal(paper_find("/ar"), FOUND_EDITION);
	assert_text(paper_found, "/ar/");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, paper_set_up, paper_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_key_is_read),
		TEST(an_empty_text_gives_the_defaults),
		TEST(labels_of_the_language_hold_wherever_the_key_stands),
		TEST(mistakes_are_refused_with_their_line),
		TEST(control_characters_of_values_vanish),
		TEST(a_section_ini_may_say_nothing),
		TEST(every_label_has_a_key_of_its_own_and_a_text_in_each_language),
		TEST(sections_stand_in_the_order_asked_for_then_by_name),
		TEST(folders_of_pictures_only_are_no_sections),
		TEST(a_section_goes_with_its_last_article),
		TEST(pages_are_listed_by_file_name_with_their_titles),
		TEST(the_default_edition_comes_first_and_paths_find_theirs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
