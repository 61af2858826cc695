/* render/gophermap and layout: pages as Gopher menus. */
#include "base/text.h"
#include "writing.h"

#define INFO "\t\terror.host\t1\r\n"
#define HERE "\tnews.example\t7070\r\n"

static void write_page(void)
{
	gophermap_write(&reply.head, &origin, &page, false);
}

static void every_form_of_link_has_its_type(void **state)
{
	static const struct {
		enum link_form form;
		char type;
	} forms[] = {
		{ LINK_MENU, '1' }, { LINK_TEXT, '0' },	 { LINK_SEARCH, '7' }, { LINK_BINARY, '9' },
		{ LINK_GIF, 'g' },  { LINK_IMAGE, 'I' }, { LINK_SOUND, 's' },  { LINK_VIDEO, ';' },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct link link = link_to(forms[i].form, "/x", "X");

		assert_int_equal(gopher_type(&link), forms[i].type);
		page.first = page.last = NULL;
		page_link(&page, link);
		buf_clear(&reply.head);
		write_page();
		assert_written(arena_format(arena, "%cX\t/x" HERE ".\r\n", forms[i].type).data);
	}
}

static void every_block_becomes_info_lines(void **state)
{
	(void)state;
	page_heading(&page, 1, STR("Title"));
	page_text(&page, STR("Text"));
	page_heading(&page, 2, STR("Part"));
	page_quote(&page, STR("Said"));
	page_item(&page, STR("Thing"));
	page_pre(&page, STR("Table"), STR(" a\n\n.b"));
	write_page();
	assert_written("iTitle" INFO "i=====" INFO "iText" INFO "i" INFO "iPart" INFO "i> Said" INFO
		       "i* Thing" INFO "i[Table]" INFO "i a" INFO "i" INFO "i.b" INFO ".\r\n");
	assert_menu();
}

static void titles_cannot_forge_a_menu_line(void **state)
{
	const char *title = "Nice\t/evil\tevil.example\t70\r\n0Forged\t/x\tevil.example\t70\x1B[2J";
	struct entry *entry = entry_named(title);

	(void)state;
	entry->summary = str_from(title);
	entry->snippet = str_from(title);
	entry->summary_shown = true;
	page_title(&page, str_from(title));
	page_text(&page, str_from(title));
	page_link(&page, link_to(LINK_MENU, title, title));
	page_entry(&page, link_to(LINK_MENU, title, title), entry);
	page_pre(&page, str_from(title), str_from(title));
	write_page();
	assert_menu();
	assert_lacks("\n0Forged");
	assert_lacks("\x1B");
	assert_lacks("\tevil.example");
}

static void label_of_exactly_67_columns_stays_on_one_line(void **state)
{
	(void)state;
	page_link(&page, (struct link){ LINK_MENU, STR("/x"), repeated("a", 67) });
	write_page();
	assert_int_equal(assert_menu(), 2);
}

static void label_of_68_columns_continues_in_an_indented_info_line(void **state)
{
	struct str label = arena_join(arena, repeated("a", 60), STR(" "), repeated("b", 7));

	(void)state;
	page_link(&page, (struct link){ LINK_MENU, STR("/x"), label });
	write_page();
	assert_int_equal(assert_menu(), 3);
	assert_has("a\t/x" HERE "i  bbbbbbb" INFO);
}

static void right_to_left_labels_continue_without_indent(void **state)
{
	struct str label = repeated("\u0645\u0639\u0627\u0647\u062F\u0629 ", 20);

	(void)state;
	page_link(&page, (struct link){ LINK_MENU, STR("/ar/x"), label });
	write_page();
	assert_int_equal(assert_menu(), 4);
	assert_has("\ni\u0645");
}

/* What a menu shows, without blanks and without the types of its lines. */
static struct str shown(void)
{
	struct str rest = buf_view(&reply.head);
	char *out = arena_alloc(arena, rest.len + 1, 1);
	struct str line;
	size_t len = 0;

	while (str_next_line(&rest, &line))
		for (size_t i = 1; i < str_find(line, '\t'); i++)
			if (line.data[i] != ' ')
				out[len++] = line.data[i];
	return (struct str){ out, len };
}

static void no_byte_of_a_long_label_is_lost(void **state)
{
	(void)state;
	page_link(&page, (struct link){ LINK_MENU, STR("/x"),
					repeated("word \u6C34\u6C34 \U0001F600 e\u0301 ", 40) });
	write_page();
	assert_in_range(assert_menu(), 10, 20);
	assert_true(str_eq(shown(), repeated("word\u6C34\u6C34\U0001F600e\u0301", 40)));
}

/* Each script at a length that needs several lines, as label, paragraph, quote, item, heading, entry and table. */
static void no_line_of_any_script_is_wider_than_67_columns(void **state)
{
	static const char *const scripts[] = {
		"\u0645\u0639\u0627\u0647\u062F\u0629\u064E \u0627\u0644\u0646\u0647\u0631 ",
		"\u6CB3\u6D41\u6761\u7EA6\u3002",
		"\U0001F600\U0001F468\u200D\U0001F469\u200D\U0001F467 ",
		"e\u0301\u0302o\u0308",
		"\uFF21\uFF22",
		"\u0E41\u0E21\u0E48\u0E19\u0E49\u0E33",
		"unbroken",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		struct str text = repeated(scripts[i], 60);
		struct entry *entry = entry_named(text.data);

		page.first = page.last = NULL;
		buf_clear(&reply.head);
		entry->summary = text;
		entry->snippet = text;
		entry->note = text;
		entry->summary_shown = true;
		page_title(&page, text);
		page_heading(&page, 2, text);
		page_text(&page, text);
		page_quote(&page, text);
		page_item(&page, text);
		page_pre(&page, text, text);
		page_link(&page, (struct link){ LINK_MENU, STR("/x"), text });
		page_entry(&page, link_to(LINK_MENU, "/y", ""), entry);
		write_page();
		assert_in_range(assert_menu(), 20, 300);
	}
}

static void wide_characters_count_twice_and_marks_not_at_all(void **state)
{
	(void)state;
	page_text(&page, repeated("\u6C34", 33));
	page_text(&page, repeated("e\u0301", 67));
	write_page();
	assert_int_equal(assert_menu(), 3);
	page_text(&page, repeated("\u6C34", 34));
	page_text(&page, repeated("e\u0301", 68));
	buf_clear(&reply.head);
	write_page();
	assert_int_equal(assert_menu(), 7);
}

static void wide_tables_are_continued_not_cut(void **state)
{
	(void)state;
	page_pre(&page, STR(""),
		 arena_join(arena, repeated("x", 67), repeated(" ", 3), STR("end")));
	write_page();
	assert_int_equal(assert_menu(), 3);
	assert_has("i   end" INFO);
}

static void a_letter_and_its_marks_are_not_parted_in_tables(void **state)
{
	(void)state;
	page_pre(&page, STR(""),
		 arena_join(arena, repeated("x", 66), STR("e\u0301"), STR("\u0302y")));
	write_page();
	assert_has("xe\u0301\u0302" INFO "iy" INFO);
	page.first = page.last = NULL;
	buf_clear(&reply.head);
	page_pre(&page, STR(""),
		 arena_join(arena, repeated("x", 65), STR("\U0001F468\u200D\U0001F469"), STR("")));
	write_page();
	assert_has("x" INFO "i\U0001F468\u200D\U0001F469" INFO);
}

static void rule_below_a_title_is_as_wide_as_its_widest_line(void **state)
{
	(void)state;
	page_title(&page, STR("\u6C34\u6C34"));
	write_page();
	assert_has("i\u6C34\u6C34" INFO "i====" INFO);
	page.first = page.last = NULL;
	buf_clear(&reply.head);
	page_title(&page, repeated("long ", 20));
	write_page();
	assert_has(arena_format(arena, "\ni%s" INFO, repeated("=", 64).data).data);
}

static void blanks_collapse_and_stand_at_no_end(void **state)
{
	(void)state;
	page_heading(&page, 2, STR("First"));
	page_blank(&page);
	page_heading(&page, 2, STR("Second"));
	page_text(&page, STR("  "));
	page_blank(&page);
	write_page();
	assert_written("iFirst" INFO "i" INFO "iSecond" INFO ".\r\n");
}

static void entry_shows_date_title_note_and_what_belongs_below(void **state)
{
	struct entry *entry = entry_named("River treaty signed");

	(void)state;
	entry->note = STR("Politics, 3.0 KB");
	entry->summary = STR("In short");
	entry->snippet = STR("the river");
	page_entry(&page, link_to(LINK_MENU, "/news/treaty", "x"), entry);
	write_page();
	assert_written("12026-10-03 River treaty signed (Politics, 3.0 KB)\t/news/treaty" HERE
		       "i  the river" INFO ".\r\n");
	entry->summary_shown = true;
	buf_clear(&reply.head);
	write_page();
	assert_has("i  In short" INFO "i  the river" INFO);
}

static void note_that_does_not_fit_beside_its_title_stands_below_it(void **state)
{
	struct entry *entry = entry_named(repeated("t", 42).data);

	(void)state;
	entry->note = STR("Health, 3 KB");
	page_entry(&page, link_to(LINK_MENU, "/x", ""), entry);
	write_page();
	assert_has(" ttt");
	assert_lacks("t (Health");
	assert_has("tt\t/x" HERE "i  (Health, 3 KB)" INFO);
	entry->title.len--;
	buf_clear(&reply.head);
	write_page();
	assert_has("tt (Health, 3 KB)\t/x" HERE ".\r\n");
}

static void remote_links_go_through_url_selectors(void **state)
{
	(void)state;
	page_link(&page, link_to(LINK_REMOTE, "https://e.example/a b\t\xC3\xA9", "Web"));
	page_link(&page, link_to(LINK_REMOTE, "mailto:desk@e.example", ""));
	write_page();
	assert_written("hWeb\tURL:https://e.example/a%20b%09%C3%A9" HERE
		       "hmailto:desk@e.example\tURL:mailto:desk@e.example" HERE ".\r\n");
}

static void gopher_urls_become_items_of_their_own_host(void **state)
{
	(void)state;
	page_link(&page, link_to(LINK_REMOTE, "gopher://g.example/0/a%20b?c", "A"));
	page_link(&page, link_to(LINK_REMOTE, "GOPHER://g.example:7071", "B"));
	page_link(&page, link_to(LINK_REMOTE, "gopher://[::1]/7/find%09words#x", "C"));
	page_link(&page, link_to(LINK_REMOTE, "gopher://g.example/i/x", "D"));
	page_link(&page, link_to(LINK_REMOTE, "gopher://g.example/", "E"));
	write_page();
	assert_written(
		"0A\t/a b?c\tg.example\t70\r\n1B\t\tg.example\t7071\r\n"
		"7C\t/find\t::1\t70\r\n1D\t/x\tg.example\t70\r\n1E\t\tg.example\t70\r\n.\r\n");
}

static void gopher_urls_that_would_forge_a_line_stay_urls(void **state)
{
	(void)state;
	page_link(&page, link_to(LINK_REMOTE, "gopher://g.example/1/a%0D%0A0Forged", "A"));
	page_link(&page, link_to(LINK_REMOTE, "gopher://user@g.example/1/a", "B"));
	page_link(&page, link_to(LINK_REMOTE, "gopher://g.example:99999/1/a", "C"));
	page_link(&page, link_to(LINK_REMOTE, "gopher:///1/a", "D"));
	write_page();
	assert_menu();
	assert_has("hA\tURL:gopher://g.example/1/a%0D%0A0Forged" HERE);
	assert_has("hB\tURL:");
	assert_has("hC\tURL:");
	assert_has("hD\tURL:");
}

static void ipv6_host_stands_without_brackets_in_a_menu(void **state)
{
	static const struct str host = { "[::1]", 5 };

	(void)state;
	origin.hosts = &host;
	page_link(&page, link_to(LINK_MENU, "/x", "X"));
	write_page();
	assert_written("1X\t/x\t::1\t7070\r\n.\r\n");
}

static void plus_marks_our_items_and_nothing_else(void **state)
{
	(void)state;
	page_text(&page, STR("Text"));
	page_link(&page, link_to(LINK_MENU, "/x", "X"));
	page_link(&page, link_to(LINK_REMOTE, "gopher://g.example/1/y", "Y"));
	gophermap_write(&reply.head, &origin, &page, true);
	assert_written("iText" INFO
		       "1X\t/x\tnews.example\t7070\t+\r\n1Y\t/y\tg.example\t70\r\n.\r\n");
}

static void an_item_without_any_text_shows_its_target(void **state)
{
	(void)state;
	page_link(&page, link_to(LINK_MENU, "/x", " \t "));
	write_page();
	assert_written("1/x\t/x" HERE ".\r\n");
}

static void a_single_item_is_cut_and_a_notice_is_wrapped(void **state)
{
	struct link link = link_to(LINK_MENU, "/x", "");

	(void)state;
	gophermap_item(&reply.head, arena, &origin, &link, repeated("a", 68), false);
	gophermap_text(&reply.head, arena, '3', repeated("no ", 30));
	gophermap_end(&reply.head);
	assert_int_equal(assert_menu(), 4);
	assert_has("a\u2026\t/x" HERE "3no no");
	assert_has("\nino no");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, writing_set_up, writing_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_form_of_link_has_its_type),
		TEST(every_block_becomes_info_lines),
		TEST(titles_cannot_forge_a_menu_line),
		TEST(label_of_exactly_67_columns_stays_on_one_line),
		TEST(label_of_68_columns_continues_in_an_indented_info_line),
		TEST(right_to_left_labels_continue_without_indent),
		TEST(no_byte_of_a_long_label_is_lost),
		TEST(no_line_of_any_script_is_wider_than_67_columns),
		TEST(wide_characters_count_twice_and_marks_not_at_all),
		TEST(wide_tables_are_continued_not_cut),
		TEST(a_letter_and_its_marks_are_not_parted_in_tables),
		TEST(rule_below_a_title_is_as_wide_as_its_widest_line),
		TEST(blanks_collapse_and_stand_at_no_end),
		TEST(entry_shows_date_title_note_and_what_belongs_below),
		TEST(note_that_does_not_fit_beside_its_title_stands_below_it),
		TEST(remote_links_go_through_url_selectors),
		TEST(gopher_urls_become_items_of_their_own_host),
		TEST(gopher_urls_that_would_forge_a_line_stay_urls),
		TEST(ipv6_host_stands_without_brackets_in_a_menu),
		TEST(plus_marks_our_items_and_nothing_else),
		TEST(an_item_without_any_text_shows_its_target),
		TEST(a_single_item_is_cut_and_a_notice_is_wrapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
