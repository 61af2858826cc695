/* Feeds that web pages name. */
#include "import/discover.h"

#include "import/address.h"
#include "import/dom.h"

static bool is_feed_type(struct str type)
{
	static const char *const types[] = { "application/rss+xml",   "application/atom+xml",
					     "application/feed+json", "application/rdf+xml",
					     "application/json",      NULL };

	type = str_trim(str_head(type, str_find(type, ';')));
	for (const char *const *each = types; *each; each++)
		if (str_eq_nocase(type, str_from(*each)))
			return true;
	return false;
}

static bool contains(struct str text, const char *word)
{
	for (; text.len; text = str_skip(text, 1))
		if (str_eq_nocase(str_head(text, strlen(word)), str_from(word)))
			return true;
	return false;
}

/* How good a link is: 0 is none, more is better. */
static int worth(const xmlNode *node)
{
	struct str href = dom_attribute(node, "href");
	struct str title = dom_attribute(node, "title");
	bool is_comments = contains(href, "comment") || contains(title, "comment");

	if (href.len == 0)
		return 0;
	if (dom_is(node, "link") && dom_has_word(node, "rel", "alternate") &&
	    is_feed_type(dom_attribute(node, "type")))
		return is_comments ? 3 : 4;
	if (!dom_is(node, "a") || is_comments)
		return 0;
	return contains(href, "/feed") || contains(href, "rss") || contains(href, "atom.xml") ||
	       contains(href, "feed.json");
}

struct str discover_feed(struct arena *arena, struct str html, struct str url)
{
	xmlDoc *doc = dom_parse(html);
	xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	const xmlNode *base = dom_find(root, "base");
	const xmlNode *best = NULL;
	struct str found = STR("");

	for (const xmlNode *node = root; node; node = dom_next(node, root))
		if (node->type == XML_ELEMENT_NODE && worth(node) > (best ? worth(best) : 0))
			best = node;
	if (best && dom_attribute(base, "href").len)
		url = address_resolve(arena, url, dom_attribute(base, "href"));
	if (best)
		found = address_resolve(arena, url, dom_attribute(best, "href"));
	xmlFreeDoc(doc);
	return found;
}
