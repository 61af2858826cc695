/* render/gemtext, entry, escape and link: pages as gemtext. */
#include "writing.h"

static void write_page(absolute_link *absolute)
{
	gemtext_write(&reply.head, &origin, &page, absolute);
}

static void every_block_becomes_its_line(void **state)
{
	(void)state;
	page_heading(&page, 1, STR("One"));
	page_heading(&page, 2, STR("Two"));
	page_heading(&page, 3, STR("Three"));
	page_text(&page, STR("Text"));
	page_quote(&page, STR("Said"));
	page_item(&page, STR("Thing"));
	page_pre(&page, STR("Table"), STR("a  b\n c"));
	page_link(&page, link_to(LINK_MENU, "/ar/", "Arabic"));
	write_page(NULL);
	assert_written("# One\n## Two\n### Three\nText\n> Said\n* Thing\n"
		       "```Table\na  b\n c\n```\n=> /ar/ Arabic\n");
}

static void levels_out_of_range_become_the_nearest(void **state)
{
	(void)state;
	page_heading(&page, 0, STR("Zero"));
	page_heading(&page, 4, STR("Four"));
	write_page(NULL);
	assert_written("# Zero\n### Four\n");
}

static void text_that_looks_like_another_line_is_protected(void **state)
{
	static const char *const marks[] = { "=> /x y", "=>x", "#1 of all", "# a",   "> b",
					     ">c",	"* d", "```",	    "```alt" };

	(void)state;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		page_text(&page, str_from(marks[i]));
		write_page(NULL);
		assert_written(arena_format(arena, "\u200B%s\n", marks[i]).data);
		buf_clear(&reply.head);
		page.first = page.last = NULL;
	}
}

static void text_that_only_resembles_a_mark_is_left_alone(void **state)
{
	(void)state;
	page_text(&page, STR("*emphasis*"));
	page_text(&page, STR("= > x"));
	page_text(&page, STR("``quoted``"));
	write_page(NULL);
	assert_written("*emphasis*\n= > x\n``quoted``\n");
}

static void fence_inside_a_preformatted_block_does_not_end_it(void **state)
{
	(void)state;
	page_pre(&page, STR(""), STR("a\n```\n=> /evil x\n\u202E```\nb"));
	write_page(NULL);
	assert_written("```\na\n ```\n=> /evil x\n ```\nb\n```\n");
}

static void controls_in_any_text_cannot_start_a_line(void **state)
{
	(void)state;
	page_text(&page, STR("a\n=> /evil b\r\n# c"));
	page_heading(&page, 1, STR("a\nb\x1B[1m"));
	page_quote(&page, STR("a\u2028b"));
	page_item(&page, STR("a\xC2\x85"
			     "b"));
	page_link(&page, link_to(LINK_MENU, "/a\n=> /evil", "x\n=> /evil y"));
	page_pre(&page, STR("alt\n```\n=> /evil"), STR("a\x1B[1m\tb"));
	write_page(NULL);
	assert_written("a => /evil b  # c\n# a b [1m\n> a b\n* a b\n"
		       "=> /a%0A=%3E%20/evil x => /evil y\n"
		       "```alt ``` => /evil\na [1m   b\n```\n");
}

static void malformed_bytes_become_replacement_characters(void **state)
{
	(void)state;
	page_text(&page, STR("a\xFF"
			     "b"));
	page_pre(&page, STR(""), STR("\xC3"));
	write_page(NULL);
	assert_written("a\uFFFDb\n```\n\uFFFD\n```\n");
}

static void blanks_collapse_and_stand_at_no_end(void **state)
{
	(void)state;
	page.first = ARENA_NEW(arena, struct block);
	page.first->kind = BLOCK_BLANK;
	page.last = page.first;
	page_text(&page, STR("a"));
	page_blank(&page);
	page_text(&page, STR("   "));
	page_blank(&page);
	page_text(&page, STR("b"));
	page_blank(&page);
	write_page(NULL);
	assert_written("a\n\nb\n");
}

static void empty_lines_of_a_preformatted_block_stay(void **state)
{
	(void)state;
	page_pre(&page, STR(""), STR("a\n\n\nb"));
	write_page(NULL);
	assert_written("```\na\n\n\nb\n```\n");
}

static void tabs_go_to_multiples_of_eight_columns(void **state)
{
	(void)state;
	page_pre(&page, STR(""), STR("\ta\n1234567\tb\n12345678\tc\n\u6C34\td\t"));
	write_page(NULL);
	assert_written("```\n        a\n1234567 b\n12345678        c\n\u6C34      d\n```\n");
}

static void entry_is_a_line_that_feed_readers_take(void **state)
{
	struct entry *entry = entry_named("River treaty signed");

	(void)state;
	entry->note = STR("Politics, 3.0 KB");
	entry->summary = STR("# Not a heading");
	entry->snippet = STR("the river");
	page_entry(&page, link_to(LINK_MENU, "/news/treaty", "x"), entry);
	write_page(NULL);
	assert_written("=> /news/treaty 2026-10-03 River treaty signed (Politics, 3.0 KB)\n"
		       "> the river\n");
	buf_clear(&reply.head);
	entry->summary_shown = true;
	write_page(NULL);
	assert_has("\n\u200B# Not a heading\n> the river\n");
}

static void entry_without_note_or_title_still_has_a_label(void **state)
{
	(void)state;
	page_entry(&page, link_to(LINK_MENU, "/news/treaty", ""), entry_named(" \t"));
	write_page(NULL);
	assert_written("=> /news/treaty 2026-10-03 /news/treaty\n");
}

static void targets_are_percent_encoded(void **state)
{
	(void)state;
	page_link(&page, link_to(LINK_MENU, "/caf\u00E9 a?b#c%d", ""));
	page_link(&page,
		  link_to(LINK_REMOTE, "https://e.example/a b?x=%20&y=100%#z\u00E9<\"", "L"));
	write_page(NULL);
	assert_written("=> /caf%C3%A9%20a%3Fb%23c%25d\n"
		       "=> https://e.example/a%20b?x=%20&y=100%25#z%C3%A9%3C%22 L\n");
}

static void absolute_links_name_host_and_unusual_ports(void **state)
{
	(void)state;
	page_link(&page, link_to(LINK_MENU, "/a", "A"));
	page_link(&page, link_to(LINK_REMOTE, "https://e.example/", "B"));
	write_page(gemini_link);
	assert_written("=> gemini://news.example:7070/a A\n=> https://e.example/ B\n");
	origin.port = 1965;
	buf_clear(&reply.head);
	write_page(gemini_link);
	assert_has("=> gemini://news.example/a A\n");
}

static void gopher_urls_carry_the_type(void **state)
{
	(void)state;
	page_link(&page, link_to(LINK_TEXT, "/a.txt", "A"));
	page_link(&page, link_to(LINK_IMAGE, "/b.png", "B"));
	write_page(gopher_link);
	assert_written("=> gopher://news.example:7070/0/a.txt A\n"
		       "=> gopher://news.example:7070/I/b.png B\n");
	origin.port = 70;
	buf_clear(&reply.head);
	write_page(gopher_link);
	assert_has("=> gopher://news.example/0/a.txt A\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, writing_set_up, writing_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_block_becomes_its_line),
		TEST(levels_out_of_range_become_the_nearest),
		TEST(text_that_looks_like_another_line_is_protected),
		TEST(text_that_only_resembles_a_mark_is_left_alone),
		TEST(fence_inside_a_preformatted_block_does_not_end_it),
		TEST(controls_in_any_text_cannot_start_a_line),
		TEST(malformed_bytes_become_replacement_characters),
		TEST(blanks_collapse_and_stand_at_no_end),
		TEST(empty_lines_of_a_preformatted_block_stay),
		TEST(tabs_go_to_multiples_of_eight_columns),
		TEST(entry_is_a_line_that_feed_readers_take),
		TEST(entry_without_note_or_title_still_has_a_label),
		TEST(targets_are_percent_encoded),
		TEST(absolute_links_name_host_and_unusual_ports),
		TEST(gopher_urls_carry_the_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
