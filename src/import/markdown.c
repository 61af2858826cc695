/* Markdown: the head by ourselves, the text by cmark. */
#include "import/markdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <stdlib.h>

#include "base/text.h"
#include "import/dom.h"
#include "import/when.h"

enum { VALUE_BYTES_MAX = 2000, VALUES_MAX = 20 };

/* A head under way. */
struct head {
	struct arena *arena;
	struct feed_entry *entry;
	bool is_draft;
	struct str list; /* the name that "- item" lines belong to */
	char mark;	 /* between name and value */
};

static struct str unquote(struct str value)
{
	value = str_trim(value);
	if (value.len >= 2 && (value.data[0] == '"' || value.data[0] == '\'') &&
	    value.data[value.len - 1] == value.data[0])
		return str_head(str_skip(value, 1), value.len - 2);
	return value;
}

static void add(struct head *head, struct texts *texts, struct str value)
{
	value = dom_clean_line(head->arena, unquote(value), VALUE_BYTES_MAX);
	if (value.len == 0 || texts->count == VALUES_MAX)
		return;
	if (!texts->items)
		texts->items = ARENA_ARRAY(head->arena, VALUES_MAX, struct str);
	texts->items[texts->count++] = value;
}

/* "[a, b]", "a, b" or one value. */
static void add_all(struct head *head, struct texts *texts, struct str value, bool splits)
{
	struct str item;

	value = str_trim(value);
	if (str_starts(value, STR("[")) && str_ends(value, STR("]"))) {
		value = str_head(str_skip(value, 1), value.len - 2);
		splits = true;
	}
	if (!splits) {
		add(head, texts, value);
		return;
	}
	while (str_next(&value, ',', &item))
		add(head, texts, item);
}

static void set_date(int64_t *seconds, struct str value)
{
	when_parse(unquote(value), false, seconds);
}

static void set(struct head *head, struct str name, struct str value)
{
	struct feed_entry *entry = head->entry;
	struct str line = dom_clean_line(head->arena, unquote(value), VALUE_BYTES_MAX);

	if (str_eq_nocase(name, STR("title")))
		entry->title = line;
	else if (str_eq_nocase(name, STR("date")) || str_eq_nocase(name, STR("published")))
		set_date(&entry->published, value);
	else if (str_eq_nocase(name, STR("updated")) || str_eq_nocase(name, STR("lastmod")) ||
		 str_eq_nocase(name, STR("modified")))
		set_date(&entry->updated, value);
	else if (str_eq_nocase(name, STR("author")) || str_eq_nocase(name, STR("authors")))
		add_all(head, &entry->authors, value, false);
	else if (str_eq_nocase(name, STR("tags")) || str_eq_nocase(name, STR("keywords")) ||
		 str_eq_nocase(name, STR("categories")))
		add_all(head, &entry->tags, value, true);
	else if (str_eq_nocase(name, STR("summary")) || str_eq_nocase(name, STR("description")) ||
		 str_eq_nocase(name, STR("excerpt")))
		entry->summary = line;
	else if (str_eq_nocase(name, STR("language")) || str_eq_nocase(name, STR("lang")))
		entry->language = line;
	else if (str_eq_nocase(name, STR("url")) || str_eq_nocase(name, STR("canonical")))
		entry->url = line;
	else if (str_eq_nocase(name, STR("id")))
		entry->id = line;
	else if (str_eq_nocase(name, STR("license")))
		entry->license = line;
	else if (str_eq_nocase(name, STR("draft")))
		head->is_draft = str_eq_nocase(line, STR("true")) ||
				 str_eq_nocase(line, STR("yes"));
}

static void read_line(struct head *head, struct str line)
{
	size_t at = str_find(line, head->mark);
	struct str name = str_trim(str_head(line, at));
	struct str trimmed = str_trim(line);

	if (str_starts(trimmed, STR("- ")) && head->list.len) {
		set(head, head->list, str_skip(trimmed, 2));
		return;
	}
	/* What is indented belongs to structures that say nothing to us. */
	if (at == line.len || line.data[0] == ' ' || line.data[0] == '\t' || line.data[0] == '#')
		return;
	head->list = name;
	if (str_trim(str_skip(line, at + 1)).len)
		set(head, name, str_skip(line, at + 1));
}

/* Takes the head off the text. */
static void read_head(struct head *head, struct str *text)
{
	struct str rest = *text;
	struct str fence;
	struct str line;

	if (!str_next_line(&rest, &fence) ||
	    (!str_eq(str_trim(fence), STR("---")) && !str_eq(str_trim(fence), STR("+++"))))
		return;
	head->mark = fence.data[0] == '+' ? '=' : ':';
	while (str_next_line(&rest, &line)) {
		if (str_eq(str_trim(line), str_trim(fence))) {
			*text = rest;
			return;
		}
		read_line(head, line);
	}
}

static struct str to_html(struct arena *arena, struct str text)
{
	static const char *const extensions[] = { "table", "strikethrough", "autolink", NULL };
	const int options = CMARK_OPT_UNSAFE | CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_FOOTNOTES;
	cmark_parser *parser;
	cmark_node *root;
	struct str html;
	char *made;

	cmark_gfm_core_extensions_ensure_registered();
	parser = cmark_parser_new(options);
	for (const char *const *name = extensions; *name; name++)
		cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(*name));
	cmark_parser_feed(parser, text.data, text.len);
	root = cmark_parser_finish(parser);
	/* HTML in it is kept: what becomes of it is decided where pages are read. */
	made = cmark_render_html(root, options, cmark_parser_get_syntax_extensions(parser));
	html = arena_str(arena, str_from(made));
	free(made);
	cmark_node_free(root);
	cmark_parser_free(parser);
	return html;
}

/* A first heading is the title where the head has none. */
static void take_heading(struct arena *arena, struct feed_entry *entry)
{
	struct str html = entry->content;
	size_t end = str_search(html, STR("</h1>"));

	if (entry->title.len || !str_starts(html, STR("<h1>")) || end == html.len)
		return;
	entry->title = dom_plain(arena, str_head(html, end), VALUE_BYTES_MAX);
	entry->content = str_skip(html, end + 5);
}

void markdown_read(struct arena *arena, struct str text, struct feed_entry *ret_entry,
		   bool *ret_is_draft)
{
	struct head head = { .arena = arena, .entry = ret_entry };

	*ret_entry = (struct feed_entry){ .published = 0 };
	read_head(&head, &text);
	ret_entry->content = to_html(arena, text);
	take_heading(arena, ret_entry);
	*ret_is_draft = head.is_draft;
}
