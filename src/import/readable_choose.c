/* Points for paragraphs and for what they stand in; the element with most of them. */
#include <stdlib.h>

#include "base/mem.h"
#include "import/readable_parts.h"

enum {
	LEVELS = 5,	    /* of elements above a paragraph that get a part of its points */
	LEAST_TEXT = 25,    /* characters that make a paragraph count */
	FEW = 5,	    /* elements that are compared in the end */
	AGREEING = 3,	    /* of them that must stand in another one to make that the article */
	SHORT_SIBLING = 80, /* characters that a paragraph beside the article needs */
	SCORES_MAX = 100000,
};

/* Points of an element, which has its number, counted from 1, as _private. */
struct score {
	xmlNode *node;
	double points;
};

struct scores {
	struct score *items;
	size_t count;
};

/* What an element is worth by itself. */
static double own_points(const xmlNode *node, unsigned flags)
{
	double points = 0;

	if (dom_is_one(node, "div article main section"))
		points = 5;
	else if (dom_is_one(node, "pre td blockquote"))
		points = 3;
	else if (dom_is_one(node, "address ol ul dl dd dt li form"))
		points = -3;
	else if (dom_is_one(node, "h1 h2 h3 h4 h5 h6 th"))
		points = -5;
	if (flags & READABLE_WEIGHS_NAMES)
		points += names_weight(node);
	return points;
}

static struct score *score_of(struct scores *scores, xmlNode *node, unsigned flags)
{
	struct score *score;

	if (node->_private)
		return &scores->items[(size_t)node->_private - 1];
	if (scores->count == SCORES_MAX)
		return NULL;
	score = &scores->items[scores->count++];
	score->node = node;
	score->points = own_points(node, flags);
	node->_private = (void *)scores->count;
	return score;
}

static double text_points(const struct census *census)
{
	double points = 1 + 1 + (double)census->commas;
	double length = (double)(census->text / 100);

	return points + (length < 3 ? length : 3);
}

/* The nearer an element is to the text, the more of its points it gets. */
static void spread(struct scores *scores, xmlNode *from, double points, unsigned flags)
{
	xmlNode *above = from->parent;

	for (int level = 0; level < LEVELS && above && above->type == XML_ELEMENT_NODE; level++) {
		struct score *score = dom_is(above, "html") ? NULL : score_of(scores, above, flags);
		double divider = level == 0 ? 1 : level == 1 ? 2 : level * 3;

		if (score)
			score->points += points / divider;
		above = above->parent;
	}
}

/* Also what is a paragraph in all but name: a box that holds nothing but text. */
static bool is_scored(const xmlNode *node)
{
	return dom_is_one(node, "p td pre section h2 h3 h4 h5 h6 blockquote");
}

static void give_points(struct scores *scores, xmlNode *body, unsigned flags)
{
	for (xmlNode *node = body; node; node = dom_next(node, body)) {
		struct census census;

		if (!is_scored(node))
			continue;
		census = census_of(node);
		if (census.text >= LEAST_TEXT)
			spread(scores, node, text_points(&census), flags);
	}
}

static int by_points(const void *a, const void *b)
{
	const struct score *one = a;
	const struct score *two = b;

	return (one->points < two->points) - (one->points > two->points);
}

/* Links take away from what text gives. */
static void weigh_links(struct scores *scores)
{
	for (size_t i = 0; i < scores->count; i++) {
		struct census census = census_of(scores->items[i].node);

		scores->items[i].points *= 1 - census_link_density(&census);
	}
}

static bool stands_in(const xmlNode *node, const xmlNode *above)
{
	for (node = node->parent; node; node = node->parent)
		if (node == above)
			return true;
	return false;
}

/* When others of the best are near the top in points and stand in one element, that is the article. */
static xmlNode *common_above(const struct score *best, size_t count)
{
	for (xmlNode *above = best[0].node->parent;
	     above && above->type == XML_ELEMENT_NODE && !dom_is(above, "body");
	     above = above->parent) {
		size_t agree = 0;

		for (size_t i = 1; i < count; i++)
			agree += best[i].points / best[0].points >= 0.75 &&
				 stands_in(best[i].node, above);
		if (agree >= AGREEING)
			return above;
	}
	return best[0].node;
}

static double points_at(const struct scores *scores, const xmlNode *node)
{
	return node->_private ? scores->items[(size_t)node->_private - 1].points : 0;
}

/* Upwards while it pays: an element above that has more points has more of the article in it. */
static xmlNode *climb(const struct scores *scores, xmlNode *top)
{
	double last = points_at(scores, top);
	double least = last / 3;
	xmlNode *above = top->parent;

	while (above && above->type == XML_ELEMENT_NODE && !dom_is_one(above, "body html")) {
		double points = points_at(scores, above);

		if (points != 0 && points < least)
			break;
		if (points > last) {
			top = above;
			break;
		}
		if (points != 0)
			last = points;
		above = above->parent;
	}
	return top;
}

static bool is_only_child(const xmlNode *node)
{
	for (const xmlNode *child = node->parent->children; child; child = child->next)
		if (child != node && child->type == XML_ELEMENT_NODE)
			return false;
	return true;
}

static bool ends_sentence(const xmlNode *node)
{
	struct buf text;
	bool ends;

	buf_init(&text, 1 << 12);
	dom_text(node, &text);
	ends = str_search(buf_view(&text), STR(". ")) < text.len ||
	       str_ends(str_trim(buf_view(&text)), STR("."));
	buf_done(&text);
	return ends;
}

/* Whether a neighbour of the article belongs to it. */
static bool belongs(const struct scores *scores, const xmlNode *node, const xmlNode *top,
		    double least)
{
	struct str name = dom_attribute(top, "class");
	double top_points = points_at(scores, top);
	double bonus = name.len && str_eq(name, dom_attribute(node, "class")) ? top_points * 0.2
									      : 0;
	double points = points_at(scores, node);
	struct census census;
	double density;

	if (points != 0 && points + bonus >= least)
		return true;
	if (!dom_is(node, "p"))
		return false;
	census = census_of(node);
	density = census_link_density(&census);
	if (census.text > SHORT_SIBLING)
		return density < 0.25;
	return census.text > 0 && density == 0 && ends_sentence(node);
}

/* The chosen element and those neighbours that belong to it, in a new one. */
static xmlNode *join(const struct scores *scores, xmlNode *top)
{
	double least = points_at(scores, top) * 0.2;
	xmlNode *article = xmlNewDocNode(top->doc, NULL, BAD_CAST "div", NULL);
	xmlNode *node = dom_is(top, "body") ? top->children : top->parent->children;
	const bool is_body = dom_is(top, "body");

	if (least < 10)
		least = 10;
	while (node) {
		xmlNode *next = node->next;

		if (is_body || node == top ||
		    (node->type == XML_ELEMENT_NODE && belongs(scores, node, top, least)))
			xmlAddChild(article, xmlDocCopyNode(node, top->doc, 1));
		node = next;
	}
	return article;
}

static void drop_unlikely(xmlNode *body)
{
	xmlNode *node = dom_next(body, body);

	while (node) {
		xmlNode *next = dom_next(node, body);

		if (node->type == XML_ELEMENT_NODE &&
		    !dom_is_one(node, "a article main html body") && names_are_unlikely(node)) {
			bool in_data = false;

			for (const xmlNode *above = node->parent; above && above != body;
			     above = above->parent)
				in_data |= dom_is_one(above, "table code");
			if (!in_data) {
				next = dom_next_beside(node, body);
				dom_remove(node);
			}
		}
		node = next;
	}
}

static xmlNode *best_of(struct scores *scores, xmlNode *body)
{
	struct score best[FEW];
	struct scores sorted = *scores;
	size_t count = scores->count < FEW ? scores->count : FEW;
	xmlNode *top;

	if (count == 0)
		return body;
	sorted.items = mem_alloc(scores->count, sizeof(struct score));
	memcpy(sorted.items, scores->items, scores->count * sizeof(struct score));
	qsort(sorted.items, sorted.count, sizeof(struct score), by_points);
	memcpy(best, sorted.items, count * sizeof(struct score));
	free(sorted.items);
	if (best[0].points <= 0)
		return body;
	top = climb(scores, common_above(best, count));
	while (!dom_is(top, "body") && !dom_is(top->parent, "body") && is_only_child(top))
		top = top->parent;
	return top;
}

xmlNode *readable_choose(xmlNode *body, unsigned flags)
{
	struct scores scores = { mem_alloc(SCORES_MAX, sizeof(struct score)), 0 };
	xmlNode *article;

	if (flags & READABLE_DROPS_UNLIKELY)
		drop_unlikely(body);
	give_points(&scores, body, flags);
	weigh_links(&scores);
	article = join(&scores, best_of(&scores, body));
	free(scores.items);
	return article;
}
