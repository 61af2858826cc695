/* Before points are given: what is never text goes, bare text in boxes becomes paragraphs. */
#include "base/text.h"
#include "import/readable_parts.h"

/* The picture that a page shows to those who run no scripts is often the only one with an address. */
static bool is_picture_for_all(const xmlNode *node)
{
	return dom_is(node, "noscript") && dom_find((xmlNode *)node, "img");
}

static bool is_never_text(const xmlNode *node)
{
	if (node->type == XML_COMMENT_NODE || node->type == XML_PI_NODE)
		return true;
	if (dom_is_one(node, "script style link template button input select textarea svg canvas "
			     "noembed noframes dialog datalist"))
		return true;
	return (dom_is(node, "noscript") && !is_picture_for_all(node)) || is_out_of_sight(node);
}

/* Puts the children of node in its place. */
static xmlNode *unwrap(xmlNode *node)
{
	xmlNode *first = node->children;
	xmlNode *child;

	while ((child = node->children)) {
		xmlUnlinkNode(child);
		xmlAddPrevSibling(node, child);
	}
	dom_remove(node);
	return first;
}

static bool is_blank_text(const xmlNode *node)
{
	struct str text = dom_content(node);

	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] > ' ')
			return false;
	return true;
}

/* Whether an element has a block somewhere in it. */
static bool holds_block(const xmlNode *top)
{
	for (const xmlNode *node = dom_next(top, top); node; node = dom_next(node, top))
		if (dom_is_block(node))
			return true;
	return false;
}

static bool is_phrase(const xmlNode *node)
{
	if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE ||
	    node->type == XML_ENTITY_REF_NODE)
		return true;
	return node->type == XML_ELEMENT_NODE && !dom_is_block(node) && !holds_block(node);
}

/* Skips blanks; true (with *node behind them) when two or more line breaks stand there. */
static bool skip_breaks(xmlNode **node)
{
	xmlNode *at = *node;
	size_t breaks = 0;

	while (at && (dom_is(at, "br") || (at->type == XML_TEXT_NODE && is_blank_text(at)))) {
		breaks += dom_is(at, "br");
		at = at->next;
	}
	if (breaks < 2 && at)
		return false;
	*node = at;
	return true;
}

static bool has_text(const xmlNode *first, const xmlNode *end)
{
	for (const xmlNode *node = first; node != end; node = node->next)
		if (node->type == XML_ELEMENT_NODE ? !dom_is(node, "br") : !is_blank_text(node))
			return true;
	return false;
}

/* Moves the nodes from first up to end into a new paragraph before end; blank ones are left as they are. */
static void wrap(xmlNode *parent, xmlNode *first, xmlNode *end)
{
	xmlNode *paragraph;

	if (!has_text(first, end))
		return;
	paragraph = xmlNewDocNode(parent->doc, NULL, BAD_CAST "p", NULL);
	xmlAddPrevSibling(first, paragraph);
	while (first != end) {
		xmlNode *next = first->next;

		xmlUnlinkNode(first);
		/* Adding a text after a text would merge and free it. */
		if (first->type == XML_TEXT_NODE && paragraph->last &&
		    paragraph->last->type == XML_TEXT_NODE)
			xmlAddChild(paragraph,
				    xmlNewDocNode(parent->doc, NULL, BAD_CAST "span", NULL));
		xmlAddChild(paragraph, first);
		first = next;
	}
}

/* Text that stands bare in a box becomes paragraphs, parted by blocks and doubled line breaks. */
static void make_paragraphs(xmlNode *box)
{
	xmlNode *node = box->children;
	xmlNode *start = NULL;

	while (node) {
		xmlNode *behind = node;

		if (!is_phrase(node)) {
			if (start)
				wrap(box, start, node);
			start = NULL;
			node = node->next;
		} else if (dom_is(node, "br") && skip_breaks(&behind)) {
			if (start)
				wrap(box, start, node);
			start = NULL;
			node = behind;
		} else {
			if (!start)
				start = node;
			node = node->next;
		}
	}
	if (start)
		wrap(box, start, NULL);
}

/* A paragraph in which doubled breaks part what are paragraphs to the reader. */
static bool has_double_break(const xmlNode *paragraph)
{
	for (xmlNode *node = paragraph->children; node; node = node->next) {
		xmlNode *behind = node;

		if (dom_is(node, "br") && skip_breaks(&behind) && behind)
			return true;
	}
	return false;
}

static void drop_never_text(xmlNode *body)
{
	xmlNode *node = dom_next(body, body);

	while (node) {
		xmlNode *next;

		if (is_never_text(node)) {
			next = dom_next_beside(node, body);
			dom_remove(node);
		} else if (dom_is(node, "noscript")) {
			next = unwrap(node);
		} else {
			next = dom_next(node, body);
		}
		node = next;
	}
}

/* The paragraph that is all there is in a box; NULL. */
static xmlNode *lone_paragraph(const xmlNode *box)
{
	xmlNode *found = NULL;

	if (!dom_is(box, "div") || names_are_aside(box) || names_are_sharing(box))
		return NULL;
	for (xmlNode *child = box->children; child; child = child->next) {
		if (child->type == XML_ELEMENT_NODE && (found || !dom_is(child, "p")))
			return NULL;
		if (child->type == XML_ELEMENT_NODE)
			found = child;
		else if (!is_blank_text(child))
			return NULL;
	}
	return found;
}

static void copy_names(const xmlNode *from, xmlNode *to)
{
	static const char *const names[] = { "class", "id" };

	for (size_t i = 0; i < 2; i++) {
		struct str value = dom_attribute(from, names[i]);

		if (value.len && dom_attribute(to, names[i]).len == 0)
			xmlNewProp(to, BAD_CAST names[i], BAD_CAST value.data);
	}
}

/* A box around one paragraph is that paragraph: its points go to what holds them all. */
static xmlNode *lose_box(xmlNode *box)
{
	xmlNode *paragraph = lone_paragraph(box);

	if (!paragraph)
		return box;
	copy_names(box, paragraph);
	unwrap(box);
	return paragraph;
}

void readable_prepare(xmlNode *body)
{
	drop_never_text(body);
	for (xmlNode *node = body; node; node = dom_next(node, body)) {
		if (dom_is(node, "p") && has_double_break(node))
			xmlNodeSetName(node, BAD_CAST "div");
		if (dom_is_one(node, "body div section article main td center font form"))
			make_paragraphs(node);
		if (node != body)
			node = lose_box(node);
	}
}
