/* render/atom: lists as Atom feeds (RFC 4287). */
#include "writing.h"

static void write_page(void)
{
	atom_write(&reply.head, &origin, &page, gemini_link);
}

static struct entry *add_entry(const char *title)
{
	struct entry *entry = entry_named(title);

	page_entry(&page, link_to(LINK_MENU, "/news/treaty", "x"), entry);
	return entry;
}

static int as_news_feed(void **state)
{
	writing_set_up(state);
	page.title = STR("The Courier - News");
	page.site_name = STR("The Courier");
	page.feed_self = STR("/news/atom.xml");
	page.updated = 1791016800;
	return 0;
}

/* Elements open and close in order, and nothing but the five known entities and references is there. */
static void assert_well_formed(void)
{
	struct str rest = str_skip(buf_view(&reply.head),
				   strlen("<?xml version=\"1.0\" encoding=\"utf-8\"?>"));
	struct str open[16];
	size_t depth = 0;

	assert_true(str_starts(buf_view(&reply.head),
			       STR("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n")));
	while (str_find(rest, '<') < rest.len) {
		struct str tag;
		struct str name;

		rest = str_skip(rest, str_find(rest, '<') + 1);
		tag = str_head(rest, str_find(rest, '>'));
		assert_int_equal(str_find(tag, '<'), tag.len);
		name = str_head(tag, str_find(tag, ' '));
		if (str_starts(name, STR("/"))) {
			assert_true(depth > 0);
			depth--;
			assert_true(str_eq(str_skip(name, 1), open[depth]));
		} else if (!str_ends(tag, STR("/"))) {
			assert_true(depth < 16);
			open[depth] = name;
			depth++;
		}
	}
	assert_int_equal(depth, 0);
}

static size_t count_of(const char *part)
{
	size_t count = 0;

	for (const char *at = written(); (at = strstr(at, part)) != NULL; at++)
		count++;
	return count;
}

static void feed_has_what_the_rfc_demands(void **state)
{
	(void)state;
	page.rights = STR("CC BY 4.0");
	page.summary = STR("All the news");
	write_page();
	assert_well_formed();
	assert_has("<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n");
	assert_has("<id>tag:news.example,2026:/news/atom.xml</id>\n");
	assert_has("<title>The Courier - News</title>\n");
	assert_has("<subtitle>All the news</subtitle>\n");
	assert_has("<updated>2026-10-03T08:40:00Z</updated>\n");
	assert_has("<author><name>The Courier</name>\n</author>\n");
	assert_has("<link rel=\"self\" type=\"application/atom+xml\" "
		   "href=\"gemini://news.example:7070/news/atom.xml\"/>\n");
	assert_has("<link rel=\"alternate\" href=\"gemini://news.example:7070/news/\"/>\n");
	assert_has("<rights>CC BY 4.0</rights>\n");
}

static void feed_is_complete_even_when_the_page_knows_little(void **state)
{
	(void)state;
	page.title = page.site_name = page.feed_self = STR("");
	page.updated = 0;
	write_page();
	assert_well_formed();
	assert_has("<id>tag:news.example,2026:/news/</id>");
	assert_has("<title>news.example</title>");
	assert_has("<name>news.example</name>");
	assert_has("<updated>1970-01-01T00:00:00Z</updated>");
}

static void entry_has_what_the_rfc_demands(void **state)
{
	struct entry *entry = add_entry("River treaty signed");

	(void)state;
	entry->author = STR("Lina Haddad, Tom Ray");
	entry->summary = STR("In short");
	entry->updated += 3600;
	entry->language = STR("ar");
	write_page();
	assert_well_formed();
	assert_has("<entry xml:lang=\"ar\">\n<id>tag:news.example,2026:/-/news/treaty</id>\n"
		   "<title>River treaty signed</title>\n"
		   "<published>2026-10-03T08:40:00Z</published>\n"
		   "<updated>2026-10-03T09:40:00Z</updated>\n"
		   "<author><name>Lina Haddad</name>\n</author>\n"
		   "<author><name>Tom Ray</name>\n</author>\n"
		   "<link rel=\"alternate\" href=\"gemini://news.example:7070/news/treaty\"/>\n"
		   "<summary>In short</summary>\n</entry>\n");
	assert_int_equal(count_of("<updated>2026-10-03T09:40:00Z</updated>"), 2);
}

static void ids_do_not_depend_on_protocol_or_port(void **state)
{
	const char *gemini;

	(void)state;
	add_entry("A")->edition = STR("ar");
	write_page();
	assert_has("<id>tag:news.example,2026:/ar/news/treaty</id>");
	gemini = strstr(written(), "<id>");
	gemini = arena_str(arena, str_head(str_from(gemini), 60)).data;
	buf_clear(&reply.head);
	origin.port = 70;
	atom_write(&reply.head, &origin, &page, gopher_link);
	assert_has("<id>tag:news.example,2026:/ar/news/treaty</id>");
	assert_has("href=\"gopher://news.example/0/news/atom.xml\"");
	assert_has("href=\"gopher://news.example/1/news/treaty\"");
	assert_memory_equal(strstr(written(), "<id>"), gemini, 50);
}

static void odd_ids_are_encoded(void **state)
{
	(void)state;
	add_entry("A")->uid = STR("a b<\u00E9>");
	write_page();
	assert_has("<id>tag:news.example,2026:/-/a%20b%3C%C3%A9%3E</id>");
}

static void markup_in_texts_is_escaped(void **state)
{
	struct entry *entry = add_entry("<b>&amp;\"'</b>");

	(void)state;
	entry->summary = STR("]]></summary><evil/>");
	entry->author = STR("<x>");
	page.site_name = STR("A & B");
	write_page();
	assert_well_formed();
	assert_has("<title>&lt;b&gt;&amp;amp;&quot;&#39;&lt;/b&gt;</title>");
	assert_has("<summary>]]&gt;&lt;/summary&gt;&lt;evil/&gt;</summary>");
	assert_lacks("<evil");
}

static void characters_that_xml_forbids_are_left_out(void **state)
{
	struct entry *entry = add_entry("a\x01\x0B\uFFFE\uFFFF"
					"b\xFF"
					"c");

	(void)state;
	entry->summary = STR("x\x1By\nz");
	write_page();
	assert_well_formed();
	assert_has("<title>a  b\uFFFDc</title>");
	assert_has("<summary>x y z</summary>");
}

static void body_becomes_escaped_html(void **state)
{
	struct entry *entry = add_entry("A");
	struct page body;

	(void)state;
	page_init(&body, arena);
	page_heading(&body, 1, STR("One"));
	page_heading(&body, 3, STR("Three"));
	page_text(&body, STR("a < b & c"));
	page_item(&body, STR("x"));
	page_item(&body, STR("y"));
	page_quote(&body, STR("p"));
	page_quote(&body, STR("q"));
	page_pre(&body, STR("Table"), STR(" 1\t2\n<3>"));
	page_link(&body, link_to(LINK_MENU, "/news/other", "Other"));
	page_link(&body, link_to(LINK_REMOTE, "https://e.example/?a=1&b=2", ""));
	page_blank(&body);
	entry->body = body.first;
	write_page();
	assert_well_formed();
	assert_has("<content type=\"html\">"
		   "&lt;h2&gt;One&lt;/h2&gt;\n"
		   "&lt;h3&gt;Three&lt;/h3&gt;\n"
		   "&lt;p&gt;a &amp;lt; b &amp;amp; c&lt;/p&gt;\n"
		   "&lt;ul&gt;\n&lt;li&gt;x&lt;/li&gt;\n&lt;li&gt;y&lt;/li&gt;\n&lt;/ul&gt;\n"
		   "&lt;blockquote&gt;\n&lt;p&gt;p&lt;/p&gt;\n&lt;p&gt;q&lt;/p&gt;\n"
		   "&lt;/blockquote&gt;\n"
		   "&lt;pre title=&quot;Table&quot;&gt; 1      2\n&amp;lt;3&amp;gt;\n&lt;/pre&gt;\n"
		   "&lt;p&gt;&lt;a href=&quot;gemini://news.example:7070/news/other&quot;&gt;"
		   "Other&lt;/a&gt;&lt;/p&gt;\n"
		   "&lt;p&gt;&lt;a href=&quot;https://e.example/?a=1&amp;amp;b=2&quot;&gt;"
		   "https://e.example/?a=1&amp;amp;b=2&lt;/a&gt;&lt;/p&gt;\n"
		   "</content>\n");
}

static void list_at_the_end_of_a_body_is_closed(void **state)
{
	struct entry *entry = add_entry("A");
	struct page body;

	(void)state;
	page_init(&body, arena);
	page_item(&body, STR("x"));
	entry->body = body.first;
	write_page();
	assert_has("&lt;/li&gt;\n&lt;/ul&gt;\n</content>");
}

static void feed_that_does_not_fit_says_so(void **state)
{
	struct entry *entry = add_entry("A");
	struct page body;

	(void)state;
	page_init(&body, arena);
	page_text(&body, repeated("<", 400));
	entry->body = body.first;
	reply.head.max = 2048;
	write_page();
	assert_true(reply.head.full);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, as_news_feed, writing_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(feed_has_what_the_rfc_demands),
		TEST(feed_is_complete_even_when_the_page_knows_little),
		TEST(entry_has_what_the_rfc_demands),
		TEST(ids_do_not_depend_on_protocol_or_port),
		TEST(odd_ids_are_encoded),
		TEST(markup_in_texts_is_escaped),
		TEST(characters_that_xml_forbids_are_left_out),
		TEST(body_becomes_escaped_html),
		TEST(list_at_the_end_of_a_body_is_closed),
		TEST(feed_that_does_not_fit_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
