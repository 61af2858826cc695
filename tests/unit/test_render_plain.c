/* render/plain and layout: pages as wrapped plain text. */
#include "base/text.h"
#include "writing.h"

static void write_page(const char *eol)
{
	plain_write(&reply.head, &origin, &page, gopher_link, eol);
}

static void every_block_becomes_readable_lines(void **state)
{
	(void)state;
	page_heading(&page, 1, STR("Title"));
	page_text(&page, STR("Text"));
	page_heading(&page, 2, STR("Part"));
	page_heading(&page, 3, STR("Detail"));
	page_quote(&page, STR("Said"));
	page_item(&page, STR("Thing"));
	page_pre(&page, STR("Table"), STR(" a\n b"));
	page_blank(&page);
	page_link(&page, link_to(LINK_MENU, "/x", "Label"));
	write_page("\n");
	assert_written("Title\n=====\nText\n\nPart\n----\n\nDetail\n> Said\n* Thing\n"
		       "[Table]\n a\n b\n\nLabel\n  gopher://news.example:7070/1/x\n");
}

static void line_ends_are_what_the_caller_wants(void **state)
{
	(void)state;
	page_title(&page, STR("A"));
	page_pre(&page, STR(""), STR("b\nc"));
	page_link(&page, link_to(LINK_REMOTE, "https://e.example/", "D"));
	write_page("\r\n");
	assert_written("A\r\n=\r\nb\r\nc\r\nD\r\n  https://e.example/\r\n");
}

static void paragraphs_wrap_at_67_columns(void **state)
{
	(void)state;
	page_text(&page, arena_join(arena, repeated("a", 67), STR(" "), repeated("b", 68)));
	write_page("\n");
	assert_written(
		arena_format(arena, "%s\n%s\nb\n", repeated("a", 67).data, repeated("b", 67).data)
			.data);
}

static void quotes_and_items_wrap_below_themselves(void **state)
{
	(void)state;
	page_quote(&page, arena_join(arena, repeated("a", 65), STR(" "), STR("b")));
	page_item(&page, arena_join(arena, repeated("c", 65), STR(" "), STR("d")));
	write_page("\n");
	assert_written(arena_format(arena, "> %s\n> b\n* %s\n  d\n", repeated("a", 65).data,
				    repeated("c", 65).data)
			       .data);
}

/* Fails for any line that is too wide or begins with a dot. */
static void assert_bounds(void)
{
	struct str rest = buf_view(&reply.head);
	struct str line;

	while (str_next_line(&rest, &line)) {
		assert_false(str_starts(line, STR(".")));
		if (!str_starts(line, STR("  gopher://")))
			assert_in_range(text_width(line), 0, RENDER_COLUMNS);
	}
}

static void no_line_begins_with_a_dot(void **state)
{
	struct entry *entry = entry_named(".");

	(void)state;
	entry->summary_shown = true;
	entry->summary = STR(".summary");
	page_title(&page, STR(". title"));
	page_text(&page, STR("."));
	page_text(&page, STR("..."));
	page_text(&page, repeated("\u2026.", 100));
	page_text(&page, repeated(".", 200));
	page_item(&page, STR("."));
	page_quote(&page, STR("."));
	page_pre(&page, STR("."), STR(".\n..\n.x"));
	page_pre(&page, STR(""), repeated(".", 200));
	page_link(&page, link_to(LINK_MENU, "/x", ". label"));
	page_entry(&page, link_to(LINK_MENU, "/y", "."), entry);
	write_page("\n");
	assert_bounds();
	assert_has("\n .\n");
	assert_has("\n ..\n .x\n");
}

static void a_dotted_line_of_exactly_67_columns_still_fits(void **state)
{
	struct str dotted = arena_join(arena, STR("."), repeated("a", 66), STR(""));

	(void)state;
	page_text(&page, dotted);
	page_text(&page, arena_join(arena, STR(".5 "), repeated("a ", 31), STR("b c")));
	write_page("\n");
	assert_bounds();
	page.first = page.last = NULL;
	buf_clear(&reply.head);
	page_pre(&page, STR(""), dotted);
	write_page("\n");
	assert_written(arena_format(arena, " .%s\na\n", repeated("a", 65).data).data);
}

static void urls_are_never_broken(void **state)
{
	struct str path = arena_join(arena, STR("/"), repeated("long-", 40), STR("x"));

	(void)state;
	page_link(&page, (struct link){ LINK_TEXT, path, STR("L") });
	write_page("\n");
	assert_written(
		arena_format(arena, "L\n  gopher://news.example:7070/0%s\n", path.data).data);
}

static void no_text_of_any_script_is_wider_than_67_columns(void **state)
{
	static const char *const scripts[] = { "\u0645\u0639\u0627\u0647\u062F\u0629\u064E ",
					       "\u6CB3\u6D41\u6761\u7EA6\u3002",
					       "\U0001F468\u200D\U0001F469 ", "e\u0301",
					       "unbroken" };

	(void)state;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		struct str text = repeated(scripts[i], 90);
		struct entry *entry = entry_named(text.data);

		page.first = page.last = NULL;
		entry->summary = entry->snippet = text;
		entry->summary_shown = true;
		page_title(&page, text);
		page_text(&page, text);
		page_quote(&page, text);
		page_item(&page, text);
		page_pre(&page, text, text);
		page_link(&page, (struct link){ LINK_MENU, STR("/x"), text });
		page_entry(&page, link_to(LINK_MENU, "/y", ""), entry);
		write_page("\n");
		assert_bounds();
	}
}

static void controls_never_reach_the_text(void **state)
{
	(void)state;
	page_text(&page, STR("a\x1B[31mb\r\n.\r\nc"));
	page_pre(&page, STR("x\n.\ny"), STR("\x1B[31m\u202E.z\r"));
	page_link(&page, link_to(LINK_REMOTE, "https://e.example/\r\n.\r\n", "d\n.\ne"));
	write_page("\n");
	assert_written(
		"a [31mb  .  c\n[x . y]\n [31m.z\nd . e\n  https://e.example/%0D%0A.%0D%0A\n");
}

static void entries_show_what_belongs_to_them(void **state)
{
	struct entry *entry = entry_named("River treaty signed");

	(void)state;
	entry->note = STR("Politics");
	entry->summary = STR("In short");
	entry->snippet = STR("the river");
	entry->summary_shown = true;
	page_entry(&page, link_to(LINK_MENU, "/news/treaty", "x"), entry);
	write_page("\n");
	assert_written("2026-10-03 River treaty signed (Politics)\n  In short\n  > the river\n"
		       "  gopher://news.example:7070/1/news/treaty\n");
}

static void blanks_collapse_and_stand_at_no_end(void **state)
{
	(void)state;
	page_heading(&page, 2, STR("A"));
	page_blank(&page);
	page_text(&page, STR(""));
	page_blank(&page);
	page_heading(&page, 2, STR("B"));
	page_blank(&page);
	write_page("\n");
	assert_written("A\n-\n\nB\n-\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, writing_set_up, writing_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_block_becomes_readable_lines),
		TEST(line_ends_are_what_the_caller_wants),
		TEST(paragraphs_wrap_at_67_columns),
		TEST(quotes_and_items_wrap_below_themselves),
		TEST(no_line_begins_with_a_dot),
		TEST(a_dotted_line_of_exactly_67_columns_still_fits),
		TEST(urls_are_never_broken),
		TEST(no_text_of_any_script_is_wider_than_67_columns),
		TEST(controls_never_reach_the_text),
		TEST(entries_show_what_belongs_to_them),
		TEST(blanks_collapse_and_stand_at_no_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
