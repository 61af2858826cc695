/* After the choice: furniture within the article goes. */
#include <string.h>

#include "base/text.h"
#include "import/readable_parts.h"

enum {
	FEW_COMMAS = 10,    /* below which an element has to prove that it is text */
	SHARING_TEXT = 500, /* characters above which "share" in a name means something else */
	ASIDE_TEXT = 1500,
};

static bool stands_in_one(const xmlNode *node, const xmlNode *top, const char *names)
{
	for (node = node->parent; node && node != top; node = node->parent)
		if (dom_is_one(node, names))
			return true;
	return false;
}

static bool stands_in_data(const xmlNode *node, const xmlNode *top)
{
	for (node = node->parent; node && node != top; node = node->parent)
		if (dom_is(node, "table") && is_data_table(node))
			return true;
	return false;
}

/* Share of an element's characters that belongs to parts of some names. */
static bool is_list(const xmlNode *node, const struct census *census)
{
	size_t in_lists = 0;

	if (dom_is_one(node, "ul ol"))
		return true;
	for (const xmlNode *part = dom_next(node, node); part;) {
		if (dom_is_one(part, "ul ol")) {
			in_lists += census_of(part).text;
			part = dom_next_beside(part, node);
		} else {
			part = dom_next(part, node);
		}
	}
	return census->text && (double)in_lists / (double)census->text > 0.9;
}

/* A list whose every item is a picture is a gallery. */
static bool is_gallery(const xmlNode *list, const struct census *census)
{
	for (const xmlNode *item = list->children; item; item = item->next) {
		size_t elements = 0;

		for (const xmlNode *child = item->children; child; child = child->next)
			elements += child->type == XML_ELEMENT_NODE;
		if (item->type == XML_ELEMENT_NODE && elements > 1)
			return false;
	}
	return census->items > 0 && census->pictures == census->items;
}

static bool fails(const xmlNode *node, const xmlNode *top, const struct census *census, int weight)
{
	const bool list = is_list(node, census);
	const bool in_figure = stands_in_one(node, top, "figure");
	const double links = census_link_density(census);
	const double headings = census->text ? (double)census->heading_text / (double)census->text
					     : 0;
	const bool is_short = census->text < 25 && (census->pictures == 0 || census->pictures > 2);

	if (!in_figure && census->pictures > 1 &&
	    (double)census->paragraphs / (double)census->pictures < 0.5)
		return true;
	if (!list && census->items > census->paragraphs + 100)
		return true;
	if (census->inputs > census->paragraphs / 3)
		return true;
	if (!list && !in_figure && headings < 0.9 && is_short && links > 0)
		return true;
	if (!list && weight < 25 && links > 0.2)
		return true;
	if (weight >= 25 && links > 0.5)
		return true;
	if ((census->embeds == 1 && census->text < 75) || census->embeds > 1)
		return true;
	return census->pictures == 0 && census->films == 0 && census->prose_text == 0 &&
	       census->text > 0;
}

/* Whether a form, table, list or box looks like furniture by what is in it. */
static bool is_furniture(const xmlNode *node, const xmlNode *top, unsigned flags)
{
	int weight = flags & READABLE_WEIGHS_NAMES ? names_weight(node) : 0;
	struct census census;

	if (dom_is(node, "table") && is_data_table(node))
		return false;
	if (stands_in_data(node, top) || stands_in_one(node, top, "code"))
		return false;
	if (weight < 0)
		return true;
	census = census_of(node);
	if (census.commas >= FEW_COMMAS)
		return false;
	if (dom_is_one(node, "ul ol") && is_gallery(node, &census))
		return false;
	return fails(node, top, &census, weight);
}

/* The title again, above the text. */
static bool repeats_title(const xmlNode *node, struct str title)
{
	struct arena *arena;
	bool same;

	if (!dom_is_one(node, "h1 h2") || title.len == 0)
		return false;
	arena = arena_new(1 << 16);
	same = str_eq_nocase(dom_line(arena, node, 1000), title);
	arena_free(arena);
	return same;
}

static bool is_always_furniture(const xmlNode *node, const xmlNode *top, struct str title)
{
	if (dom_is_one(node, "nav footer aside menu fieldset"))
		return !stands_in_one(node, top, "blockquote");
	if (dom_is_one(node, "iframe object embed"))
		return !is_film(node);
	if (repeats_title(node, title))
		return true;
	if (names_are_sharing(node) && !dom_is_one(node, "body p"))
		return census_of(node).text < SHARING_TEXT;
	return names_are_aside(node) && !dom_is_one(node, "body a p") &&
	       census_of(node).text < ASIDE_TEXT;
}

/* Whether nothing is left of an element. */
static bool is_empty(const xmlNode *node)
{
	if (!dom_is_one(node, "p div section article header ul ol li h1 h2 h3 h4 h5 h6 figure span "
			      "blockquote"))
		return false;
	for (const xmlNode *part = dom_next(node, node); part; part = dom_next(part, node)) {
		struct str text = dom_content(part);

		if (dom_tag(part)->class == DOM_REPLACED || dom_is_one(part, "hr table"))
			return false;
		for (size_t i = 0; i < text.len; i++)
			if ((unsigned char)text.data[i] > ' ')
				return false;
	}
	return true;
}

/* From the innermost outwards, so that what has lost its parts is judged by the rest. */
static xmlNode *deepest(xmlNode *node)
{
	while (node->type == XML_ELEMENT_NODE && node->children)
		node = node->children;
	return node;
}

static xmlNode *next_outwards(const xmlNode *node, const xmlNode *top)
{
	if (node == top)
		return NULL;
	return node->next ? deepest(node->next) : node->parent;
}

static void tidy_all(xmlNode *article, bool (*goes)(const xmlNode *, const xmlNode *, unsigned),
		     unsigned flags)
{
	xmlNode *node = deepest(article);

	while (node && node != article) {
		xmlNode *next = next_outwards(node, article);

		if (node->type == XML_ELEMENT_NODE && goes(node, article, flags))
			dom_remove(node);
		node = next;
	}
}

static bool goes_when_furniture(const xmlNode *node, const xmlNode *top, unsigned flags)
{
	return dom_is_one(node, "form table ul ol div section") && is_furniture(node, top, flags);
}

static bool goes_when_heading_of_furniture(const xmlNode *node, const xmlNode *top, unsigned flags)
{
	(void)top;
	return flags & READABLE_WEIGHS_NAMES && dom_is_one(node, "h1 h2") && names_weight(node) < 0;
}

static bool goes_when_empty(const xmlNode *node, const xmlNode *top, unsigned flags)
{
	(void)top;
	(void)flags;
	return is_empty(node);
}

void readable_tidy(xmlNode *article, unsigned flags, struct str title)
{
	xmlNode *node = dom_next(article, article);

	while (node) {
		xmlNode *next = dom_next(node, article);

		if (node->type == XML_ELEMENT_NODE && is_always_furniture(node, article, title)) {
			next = dom_next_beside(node, article);
			dom_remove(node);
		}
		node = next;
	}
	if (flags & READABLE_CLEANS)
		tidy_all(article, goes_when_furniture, flags);
	tidy_all(article, goes_when_heading_of_furniture, flags);
	tidy_all(article, goes_when_empty, flags);
}
