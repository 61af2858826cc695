/* Counting what a part of a page is made of. */
#include "base/text.h"
#include "import/readable_parts.h"

/* Commas of the world's scripts; sentences of news have them, menus do not. */
static bool is_comma(uint32_t rune)
{
	return rune == ',' || rune == 0x60C || rune == 0xFE50 || rune == 0xFE10 || rune == 0xFE11 ||
	       rune == 0x2E41 || rune == 0x2E34 || rune == 0x2E32 || rune == 0xFF0C ||
	       rune == 0x3001;
}

/* Characters; ones that are written without blanks between words say as much as two others. */
static size_t count_text(struct str text, struct census *census)
{
	size_t count = 0;
	bool was_blank = true;
	uint32_t rune;
	size_t len;

	while ((len = text_rune(text, &rune)) > 0) {
		bool blank = rune <= ' ' || rune == 0xA0;

		if (!blank || !was_blank)
			count++;
		if (rune >= 0x3040 && rune <= 0x9FFF)
			count++;
		if (is_comma(rune))
			census->commas++;
		was_blank = blank;
		text = str_skip(text, len);
	}
	return was_blank && count ? count - 1 : count;
}

/* What kinds of elements a text stands in, between itself and the top. */
struct standing {
	bool link;
	bool link_within;
	bool heading;
	bool prose;
};

static struct standing standing_of(const xmlNode *text, const xmlNode *top)
{
	struct standing standing = { false, false, false, false };

	for (const xmlNode *node = text->parent; node; node = node->parent) {
		if (dom_is(node, "a") && dom_attribute(node, "href").len) {
			standing.link = true;
			standing.link_within |= str_starts(dom_attribute(node, "href"), STR("#"));
		}
		standing.heading |= dom_tag(node)->class == DOM_HEADING;
		standing.prose |=
			dom_is_one(node, "p span li td blockquote ol ul dl div pre em strong b i");
		if (node == top)
			break;
	}
	return standing;
}

static void count_element(const xmlNode *node, struct census *census)
{
	if (dom_is(node, "p"))
		census->paragraphs++;
	else if (dom_is(node, "img"))
		census->pictures++;
	else if (dom_is(node, "li"))
		census->items++;
	else if (dom_is_one(node, "input select textarea"))
		census->inputs++;
	else if (dom_is_one(node, "iframe object embed"))
		*(is_film(node) ? &census->films : &census->embeds) += 1;
}

struct census census_of(const xmlNode *top)
{
	struct census census = { 0 };

	for (const xmlNode *node = top; node; node = dom_next(node, top)) {
		struct str text = dom_content(node);
		struct standing standing;
		size_t count;

		count_element(node, &census);
		if (text.len == 0)
			continue;
		count = count_text(text, &census);
		if (count == 0)
			continue;
		standing = standing_of(node, top);
		census.text += count;
		if (standing.link)
			census.link_text += standing.link_within ? count / 3 : count;
		if (standing.heading)
			census.heading_text += count;
		if (standing.prose)
			census.prose_text += count;
	}
	return census;
}

double census_link_density(const struct census *census)
{
	return census->text ? (double)census->link_text / (double)census->text : 0;
}

/* A table with a head, a caption or a summary, or a large one, holds data; one in a table or for layout does not. */
static bool says_data(const xmlNode *table)
{
	struct str role = dom_attribute(table, "role");

	if (str_eq(role, STR("presentation")) ||
	    str_eq(dom_attribute(table, "datatable"), STR("0")))
		return false;
	for (const xmlNode *node = dom_next(table, table); node; node = dom_next(node, table))
		if (dom_is_one(node, "caption col colgroup tfoot thead th"))
			return true;
	return dom_attribute(table, "summary").len > 0;
}

bool is_data_table(const xmlNode *table)
{
	size_t rows = 0;
	size_t cells = 0;

	for (const xmlNode *node = dom_next(table, table); node; node = dom_next(node, table)) {
		if (dom_is(node, "table"))
			return false;
		rows += dom_is(node, "tr");
		cells += dom_is_one(node, "td th");
	}
	if (cells == 0 || rows == 0 || cells == rows)
		return false; /* one column is a list */
	if (says_data(table))
		return true;
	return str_eq(dom_attribute(table, "role"), STR("presentation"))
		       ? false
		       : rows >= 10 || cells > 4 * rows || cells > 10;
}
