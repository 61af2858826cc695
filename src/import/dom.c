/* Web pages as trees: parsing, walking, reading. */
#include "import/dom.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* In order of name. What is not here is inline. */
static const struct dom_tag tags[] = {
	{ "address", DOM_BLOCK },   { "applet", DOM_HIDDEN },	 { "article", DOM_BLOCK },
	{ "aside", DOM_BLOCK },	    { "audio", DOM_REPLACED },	 { "blockquote", DOM_BLOCK },
	{ "body", DOM_BLOCK },	    { "br", DOM_INLINE },	 { "button", DOM_HIDDEN },
	{ "canvas", DOM_HIDDEN },   { "caption", DOM_BLOCK },	 { "center", DOM_BLOCK },
	{ "datalist", DOM_HIDDEN }, { "dd", DOM_BLOCK },	 { "details", DOM_BLOCK },
	{ "dialog", DOM_HIDDEN },   { "dir", DOM_BLOCK },	 { "div", DOM_BLOCK },
	{ "dl", DOM_BLOCK },	    { "dt", DOM_BLOCK },	 { "embed", DOM_REPLACED },
	{ "fieldset", DOM_BLOCK },  { "figcaption", DOM_BLOCK }, { "figure", DOM_BLOCK },
	{ "footer", DOM_BLOCK },    { "form", DOM_BLOCK },	 { "h1", DOM_HEADING },
	{ "h2", DOM_HEADING },	    { "h3", DOM_HEADING },	 { "h4", DOM_HEADING },
	{ "h5", DOM_HEADING },	    { "h6", DOM_HEADING },	 { "head", DOM_HIDDEN },
	{ "header", DOM_BLOCK },    { "hgroup", DOM_BLOCK },	 { "hr", DOM_BLOCK },
	{ "html", DOM_BLOCK },	    { "iframe", DOM_REPLACED },	 { "img", DOM_REPLACED },
	{ "input", DOM_HIDDEN },    { "isindex", DOM_HIDDEN },	 { "legend", DOM_BLOCK },
	{ "li", DOM_BLOCK },	    { "link", DOM_HIDDEN },	 { "main", DOM_BLOCK },
	{ "math", DOM_INLINE },	    { "menu", DOM_BLOCK },	 { "meta", DOM_HIDDEN },
	{ "nav", DOM_BLOCK },	    { "noembed", DOM_HIDDEN },	 { "noframes", DOM_HIDDEN },
	{ "noscript", DOM_HIDDEN }, { "object", DOM_REPLACED },	 { "ol", DOM_BLOCK },
	{ "optgroup", DOM_HIDDEN }, { "option", DOM_HIDDEN },	 { "p", DOM_BLOCK },
	{ "param", DOM_HIDDEN },    { "picture", DOM_INLINE },	 { "pre", DOM_BLOCK },
	{ "script", DOM_HIDDEN },   { "search", DOM_BLOCK },	 { "section", DOM_BLOCK },
	{ "select", DOM_HIDDEN },   { "source", DOM_HIDDEN },	 { "style", DOM_HIDDEN },
	{ "summary", DOM_BLOCK },   { "svg", DOM_HIDDEN },	 { "table", DOM_BLOCK },
	{ "tbody", DOM_BLOCK },	    { "td", DOM_BLOCK },	 { "template", DOM_HIDDEN },
	{ "textarea", DOM_HIDDEN }, { "tfoot", DOM_BLOCK },	 { "th", DOM_BLOCK },
	{ "thead", DOM_BLOCK },	    { "title", DOM_HIDDEN },	 { "tr", DOM_BLOCK },
	{ "track", DOM_HIDDEN },    { "ul", DOM_BLOCK },	 { "video", DOM_REPLACED },
	{ "xmp", DOM_BLOCK },
};

static const struct dom_tag unknown = { "", DOM_INLINE };

static int by_name(const void *name, const void *tag)
{
	return strcmp(name, ((const struct dom_tag *)tag)->name);
}

const struct dom_tag *dom_tag(const xmlNode *node)
{
	const struct dom_tag *found;

	if (!node || node->type != XML_ELEMENT_NODE)
		return &unknown;
	found = bsearch(node->name, tags, sizeof(tags) / sizeof(tags[0]), sizeof(tags[0]), by_name);
	return found ? found : &unknown;
}

bool dom_is(const xmlNode *node, const char *name)
{
	return node && node->type == XML_ELEMENT_NODE &&
	       strcmp((const char *)node->name, name) == 0;
}

bool dom_is_one(const xmlNode *node, const char *names)
{
	struct str rest = str_from(names);
	struct str name;

	if (!node || node->type != XML_ELEMENT_NODE)
		return false;
	while (str_next(&rest, ' ', &name))
		if (str_eq(name, str_from((const char *)node->name)))
			return true;
	return false;
}

bool dom_is_block(const xmlNode *node)
{
	enum dom_class class = dom_tag(node)->class;

	return class == DOM_BLOCK || class == DOM_HEADING;
}

struct str dom_attribute(const xmlNode *node, const char *name)
{
	if (!node || node->type != XML_ELEMENT_NODE)
		return STR("");
	for (const xmlAttr *attr = node->properties; attr; attr = attr->next)
		if (strcmp((const char *)attr->name, name) == 0)
			return attr->children ? str_from((const char *)attr->children->content)
					      : STR("");
	return STR("");
}

xmlNode *dom_next_beside(const xmlNode *node, const xmlNode *top)
{
	while (node != top) {
		if (node->next)
			return node->next;
		node = node->parent;
		if (!node || node->type == XML_HTML_DOCUMENT_NODE)
			return NULL;
	}
	return NULL;
}

xmlNode *dom_next(const xmlNode *node, const xmlNode *top)
{
	if (node->type == XML_ELEMENT_NODE && node->children)
		return node->children;
	return dom_next_beside(node, top);
}

xmlNode *dom_find(xmlNode *top, const char *name)
{
	for (xmlNode *node = top; node; node = dom_next(node, top))
		if (dom_is(node, name))
			return node;
	return NULL;
}

bool dom_has_word(const xmlNode *node, const char *attribute, const char *word)
{
	struct str rest = dom_attribute(node, attribute);
	struct str part;

	while (str_next(&rest, ' ', &part))
		if (str_eq_nocase(str_trim(part), str_from(word)))
			return true;
	return false;
}

xmlNode *dom_find_word(xmlNode *top, const char *attribute, const char *word)
{
	for (xmlNode *node = top; node; node = dom_next(node, top))
		if (dom_has_word(node, attribute, word))
			return node;
	return NULL;
}

struct str dom_content(const xmlNode *node)
{
	if (node->type != XML_TEXT_NODE && node->type != XML_CDATA_SECTION_NODE)
		return STR("");
	return str_from((const char *)node->content);
}

/* Where a block begins or ends its text is apart from its neighbours'. */
static bool parts_text(const xmlNode *node)
{
	return dom_is_block(node) || dom_is(node, "br");
}

static void add_blank(struct buf *out)
{
	if (out->len && out->data[out->len - 1] != ' ')
		buf_char(out, ' ');
}

/* Blanks in a row become one. */
static void add_text(struct buf *out, struct str text)
{
	size_t word = 0;

	for (size_t i = 0; i <= text.len; i++) {
		if (i < text.len && (unsigned char)text.data[i] > ' ')
			continue;
		buf_bytes(out, text.data + word, i - word);
		if (i < text.len)
			add_blank(out);
		word = i + 1;
	}
}

void dom_text(const xmlNode *top, struct buf *out)
{
	const xmlNode *node = top;
	const xmlNode *next;

	while (node) {
		enum dom_class class = dom_tag(node)->class;

		if (parts_text(node))
			add_blank(out);
		add_text(out, dom_content(node));
		if (node != top && (class == DOM_HIDDEN || class == DOM_REPLACED))
			next = dom_next_beside(node, top);
		else
			next = dom_next(node, top);
		/* What is left on the way from node to next ends here. */
		for (const xmlNode *left = node; next && left != next->parent && left != top;
		     left = left->parent)
			if (parts_text(left) && !(left == node && next->parent == node))
				add_blank(out);
		node = next;
	}
}

/* U+00AD, U+200B, U+FEFF, U+2060: they say where a line may break, or nothing at all. */
static bool is_invisible(uint32_t rune)
{
	return rune == 0xAD || rune == 0x200B || rune == 0xFEFF || rune == 0x2060;
}

static bool is_blank(uint32_t rune)
{
	return rune <= ' ' || rune == 0xA0 || (rune >= 0x2000 && rune <= 0x200A) ||
	       rune == 0x202F || rune == 0x205F || rune == 0x3000 || rune == 0x2028 ||
	       rune == 0x2029 || rune == 0x85;
}

struct str dom_clean_line(struct arena *arena, struct str text, size_t max)
{
	struct buf out;
	struct str line;
	bool wants_blank = false;
	uint32_t rune;
	size_t len;

	buf_init(&out, max);
	while (!out.full && (len = text_rune(text, &rune)) > 0) {
		if (is_blank(rune)) {
			wants_blank = out.len > 0;
		} else if (!is_invisible(rune)) {
			if (wants_blank)
				buf_char(&out, ' ');
			wants_blank = false;
			buf_bytes(&out, text.data, len);
		}
		text = str_skip(text, len);
	}
	line = text_line(arena, arena_str(arena, buf_view(&out)));
	buf_done(&out);
	return line;
}

struct str dom_line(struct arena *arena, const xmlNode *top, size_t max)
{
	struct buf text;
	struct str line;

	buf_init(&text, max * 2 + 64);
	dom_text(top, &text);
	line = dom_clean_line(arena, text_whole(buf_view(&text)), max);
	buf_done(&text);
	return line;
}

void dom_remove(xmlNode *node)
{
	xmlUnlinkNode(node);
	xmlFreeNode(node);
}

/* An element that is too deep keeps its text and loses its elements. */
static void flatten(xmlNode *node)
{
	xmlChar *text = xmlNodeGetContent(node);
	xmlNode *child;

	while ((child = node->children))
		dom_remove(child);
	xmlAddChild(node, xmlNewText(text ? text : BAD_CAST ""));
	xmlFree(text);
}

static void bound_depth(xmlNode *root)
{
	unsigned depth = 0;
	xmlNode *node = root;

	while (node) {
		if (node->type == XML_ELEMENT_NODE && node->children && depth < DOM_DEPTH_MAX) {
			node = node->children;
			depth++;
			continue;
		}
		if (node->type == XML_ELEMENT_NODE && node->children)
			flatten(node);
		while (node != root && !node->next) {
			node = node->parent;
			depth--;
		}
		node = node == root ? NULL : node->next;
	}
}

xmlDoc *dom_parse(struct str html)
{
	const int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
			    HTML_PARSE_NONET | HTML_PARSE_COMPACT;
	xmlDoc *doc;
	xmlNode *root;

	if (html.len == 0 || html.len > DOM_BYTES_MAX)
		return NULL;
	doc = htmlReadMemory(html.data, (int)html.len, NULL, "UTF-8", options);
	root = doc ? xmlDocGetRootElement(doc) : NULL;
	if (!root) {
		xmlFreeDoc(doc);
		return NULL;
	}
	bound_depth(root);
	return doc;
}

struct str dom_plain(struct arena *arena, struct str html, size_t max)
{
	struct str line = STR("");
	xmlDoc *doc;

	if (str_find(html, '<') == html.len && str_find(html, '&') == html.len)
		return dom_clean_line(arena, html, max);
	doc = dom_parse(html);
	if (doc)
		line = dom_line(arena, xmlDocGetRootElement(doc), max);
	xmlFreeDoc(doc);
	return line;
}
