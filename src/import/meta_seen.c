/* What readers see of an article's facts: microdata, marked elements, bylines, times, the URL. */
#include "base/date.h"
#include "base/text.h"
#include "import/meta_draft.h"
#include "import/readable_parts.h"

enum { BYLINE_MAX = 120 };

static struct str value_of(struct meta_draft *draft, const xmlNode *node)
{
	static const char *const attributes[] = { "content", "datetime", "title" };

	for (size_t i = 0; i < 2; i++)
		if (dom_attribute(node, attributes[i]).len)
			return dom_attribute(node, attributes[i]);
	return dom_line(draft->arena, node, META_LINE_MAX);
}

/* Whether the property is of a thing in the article, not of the article: a comment, a listed story. */
static bool is_of_another(const xmlNode *node)
{
	for (const xmlNode *above = node->parent; above; above = above->parent) {
		struct str type = dom_attribute(above, "itemtype");

		if (str_ends(type, STR("Comment")) || str_ends(type, STR("ItemList")) ||
		    str_ends(type, STR("UserComments")))
			return true;
		if (dom_is(above, "aside") || names_are_aside(above))
			return true;
	}
	return false;
}

static void read_property(struct meta_draft *draft, const xmlNode *node)
{
	if (dom_has_word(node, "itemprop", "headline"))
		meta_offer(draft, FACT_TITLE, PLACE_MICRODATA,
			   dom_line(draft->arena, node, META_LINE_MAX));
	else if (dom_has_word(node, "itemprop", "datePublished"))
		meta_offer_date(draft, FACT_PUBLISHED, PLACE_MICRODATA, value_of(draft, node));
	else if (dom_has_word(node, "itemprop", "dateModified"))
		meta_offer_date(draft, FACT_UPDATED, PLACE_MICRODATA, value_of(draft, node));
	else if (dom_has_word(node, "itemprop", "author") ||
		 dom_has_word(node, "itemprop", "creator"))
		meta_offer_author(
			draft, PLACE_MICRODATA,
			value_of(draft, dom_find_word((xmlNode *)node, "itemprop", "name")
						? dom_find_word((xmlNode *)node, "itemprop", "name")
						: (xmlNode *)node));
	else if (dom_has_word(node, "itemprop", "keywords"))
		meta_offer_tags(draft, PLACE_MICRODATA, value_of(draft, node));
	else if (dom_has_word(node, "itemprop", "articleSection"))
		meta_offer(draft, FACT_SECTION, PLACE_MICRODATA, value_of(draft, node));
}

void meta_read_microdata(struct meta_draft *draft, xmlNode *root)
{
	for (xmlNode *node = root; node; node = dom_next(node, root))
		if (dom_attribute(node, "itemprop").len && !dom_is(node, "meta") &&
		    !is_of_another(node))
			read_property(draft, node);
}

static bool name_has(const xmlNode *node, const char *word)
{
	static const char *const attributes[] = { "class", "id", "data-testid" };

	for (size_t i = 0; i < 3; i++)
		for (struct str name = dom_attribute(node, attributes[i]); name.len;
		     name = str_skip(name, 1))
			if (str_eq_nocase(str_head(name, strlen(word)), str_from(word)))
				return true;
	return false;
}

static void read_byline(struct meta_draft *draft, const xmlNode *node)
{
	struct str line;

	if (dom_has_word(node, "rel", "author"))
		meta_offer_author(draft, PLACE_MARKED, dom_line(draft->arena, node, META_LINE_MAX));
	else if (dom_has_word(node, "rel", "tag"))
		meta_offer_tag(draft, PLACE_MARKED, dom_line(draft->arena, node, META_LINE_MAX));
	else if (name_has(node, "byline") || name_has(node, "author") || name_has(node, "writer")) {
		line = dom_line(draft->arena, node, META_LINE_MAX);
		/* The first one is the article's; further ones belong to pictures, comments, other stories. */
		if (line.len > 0 && line.len <= BYLINE_MAX && draft->authors.count == 0)
			meta_offer_author(draft, PLACE_SEEN, line);
	}
}

static void read_time(struct meta_draft *draft, const xmlNode *node)
{
	struct str value = dom_attribute(node, "datetime");
	bool is_update = name_has(node, "updated") || name_has(node, "modified");
	bool is_marked = dom_attribute(node, "pubdate").len ||
			 dom_has_word(node, "class", "published") || name_has(node, "entry-date") ||
			 name_has(node, "publish");

	if (value.len == 0)
		value = dom_line(draft->arena, node, 100);
	meta_offer_date(draft, is_update ? FACT_UPDATED : FACT_PUBLISHED,
			is_marked ? PLACE_MARKED : PLACE_SEEN, value);
}

/* A text in an element that is called a date or a time: itself, or what stands behind a word or a bar in it. */
static void read_dated(struct meta_draft *draft, const xmlNode *node)
{
	struct str line = dom_line(draft->arena, node, 200);
	size_t at;

	if (line.len == 0 || line.len > 100)
		return;
	meta_offer_date(draft, FACT_PUBLISHED, PLACE_SEEN, line);
	at = str_find(line, ':');
	if (at < line.len)
		meta_offer_date(draft, FACT_PUBLISHED, PLACE_SEEN, str_skip(line, at + 1));
	at = str_find(line, '|');
	if (at < line.len) {
		meta_offer_date(draft, FACT_PUBLISHED, PLACE_SEEN, str_skip(line, at + 1));
		meta_offer_date(draft, FACT_PUBLISHED, PLACE_SEEN, str_head(line, at));
	}
}

/* "/2026/10/03/" or "2026-10-03" in the URL. */
static void read_address(struct meta_draft *draft)
{
	struct str url = draft->facts[FACT_URL].len ? draft->facts[FACT_URL] : draft->base;

	for (; url.len > 10; url = str_skip(url, 1)) {
		uint64_t year;
		uint64_t month;
		uint64_t day;
		char mark = url.data[5];

		if ((url.data[0] != '/' && url.data[0] != '-' && url.data[0] != '_') ||
		    (mark != '/' && mark != '-') || url.data[8] != mark ||
		    !str_number(str_head(str_skip(url, 1), 4), 2100, &year) || year < 1990 ||
		    !str_number(str_head(str_skip(url, 6), 2), 12, &month) || month == 0 ||
		    !str_number(str_head(str_skip(url, 9), 2), 31, &day) || day == 0)
			continue;
		meta_offer_date(draft, FACT_PUBLISHED, PLACE_ADDRESS,
				arena_format(draft->arena, "%04d-%02d-%02d", (int)year, (int)month,
					     (int)day));
		return;
	}
}

void meta_read_seen(struct meta_draft *draft, xmlNode *root)
{
	for (xmlNode *node = root; node; node = dom_next(node, root)) {
		if (node->type != XML_ELEMENT_NODE || is_of_another(node))
			continue;
		if (dom_is(node, "time") || dom_is(node, "abbr"))
			read_time(draft, node);
		else if (dom_tag(node)->class != DOM_HIDDEN &&
			 dom_is_one(node, "span p div a li address em small td h4 h5 h6") &&
			 (name_has(node, "date") || name_has(node, "time") ||
			  name_has(node, "publish")))
			read_dated(draft, node);
		if (dom_tag(node)->class != DOM_HIDDEN)
			read_byline(draft, node);
	}
	read_address(draft);
}
