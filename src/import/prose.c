/* HTML to prose: one walk over the tree, one line under way. */
#include "import/prose.h"

#include <stdlib.h>

#include "base/text.h"
#include "import/address.h"
#include "import/prose_making.h"

struct prose_block *making_block(struct making *making, enum prose_kind kind)
{
	struct prose *prose = making->prose;
	struct prose_block *block;

	if (prose->count == PROSE_BLOCKS_MAX)
		return NULL;
	if (prose->count == making->room) {
		struct prose_block *old = prose->blocks;

		making->room = making->room ? 2 * making->room : 16;
		prose->blocks = ARENA_ARRAY(making->arena, making->room, struct prose_block);
		for (size_t i = 0; i < prose->count; i++)
			prose->blocks[i] = old[i];
	}
	block = &prose->blocks[prose->count++];
	block->kind = kind;
	return block;
}

static bool is_dropped(uint32_t rune)
{
	return rune == 0xAD || rune == 0x200B || rune == 0xFEFF || rune == 0x2060 || rune == 0xFFFC;
}

static bool is_space(uint32_t rune)
{
	return rune <= ' ' || rune == 0x85 || (rune >= 0x2000 && rune <= 0x200A) ||
	       rune == 0x205F || rune == 0x3000 || rune == 0x2028 || rune == 0x2029;
}

void making_text(struct making *making, struct str text)
{
	struct buf *line = &making->line;
	uint32_t rune;
	size_t len;

	while ((len = text_rune(text, &rune)) > 0) {
		if (line->len > LINE_BYTES_MAX - 64 && is_space(rune))
			making_flush(making);
		if (is_space(rune)) {
			if (line->len && line->data[line->len - 1] != ' ')
				buf_char(line, ' ');
		} else if (!is_dropped(rune)) {
			buf_bytes(line, text.data, len);
		}
		text = str_skip(text, len);
	}
}

/* U+00A0 holds a number and its unit together; anywhere else it is a blank of an editor's. */
static bool holds_together(struct str before, struct str after)
{
	uint32_t rune;

	text_rune(after, &rune);
	if (before.len && before.data[before.len - 1] >= '0' && before.data[before.len - 1] <= '9')
		return true;
	return after.len &&
	       ((rune >= '0' && rune <= '9') || rune == ':' || rune == ';' || rune == '!' ||
		rune == '?' || rune == '%' || rune == 0xBB || rune == 0x2013);
}

/* The line with its no-break spaces where they mean something. */
static struct str finish_line(struct arena *arena, struct str line)
{
	struct buf out;
	struct str all = line;
	struct str done;

	if (str_search(line, STR("\xC2\xA0")) == line.len)
		return text_line(arena, arena_str(arena, str_trim(line)));
	buf_init(&out, line.len + 1);
	while (line.len) {
		bool is_hard = str_starts(line, STR("\xC2\xA0"));
		struct str before = str_head(all, (size_t)(line.data - all.data));
		struct str after = str_skip(line, is_hard ? 2 : 1);

		if (!is_hard)
			buf_char(&out, line.data[0]);
		else if (holds_together(before, after))
			buf_str(&out, STR("\xC2\xA0"));
		else if (out.len && out.data[out.len - 1] != ' ' && !str_starts(after, STR(" ")))
			buf_char(&out, ' ');
		line = after;
	}
	done = text_line(arena, arena_str(arena, str_trim(buf_view(&out))));
	buf_done(&out);
	return done;
}

static struct str number_item(struct making *making, struct str text)
{
	struct buf number;
	struct str item;

	buf_init(&number, 128);
	for (size_t i = 0; i < making->list_depth; i++)
		if (making->lists[i].is_ordered)
			buf_format(&number, "%u.", making->lists[i].number);
	item = arena_join(making->arena, buf_view(&number), STR(" "), text);
	buf_done(&number);
	return item;
}

/* What a line in a list is: its item's first line has a bullet or a number, an inner list's a dash. */
static void set_item(struct making *making, struct prose_block *block)
{
	const struct making_list *list = &making->lists[making->list_depth - 1];

	block->is_joined = true;
	if (!making->is_item_start)
		return;
	if (list->is_ordered) {
		block->text = number_item(making, block->text);
		return;
	}
	block->kind = PROSE_ITEM;
	if (making->list_depth > 1)
		block->text = arena_join(making->arena, STR("\xE2\x80\x93 "), block->text, STR(""));
}

static void keep_links(struct making *making, struct prose_block *block)
{
	block->link_count = making->link_count;
	block->links = ARENA_ARRAY(making->arena, making->link_count, struct prose_link);
	for (size_t i = 0; i < making->link_count; i++)
		block->links[i] = making->links[i];
	block->is_link = making->link_count == 1 && making->link_text >= block->text.len;
}

void making_flush(struct making *making)
{
	struct str text = finish_line(making->arena, buf_view(&making->line));
	enum prose_kind kind = making->heading	? PROSE_HEADING
			       : making->quotes ? PROSE_QUOTE
						: PROSE_TEXT;
	struct prose_block *block = text.len ? making_block(making, kind) : NULL;

	if (block) {
		block->text = text;
		block->level = making->heading;
		block->is_joined = making->is_after_break;
		keep_links(making, block);
		if (making->list_depth && kind == PROSE_TEXT)
			set_item(making, block);
		making->is_item_start = false;
	}
	if (text.len)
		making->is_after_break = false;
	buf_clear(&making->line);
	making->link_count = 0;
	making->link_text = 0;
}

struct str making_url(struct making *making, struct str reference)
{
	struct str url;
	struct str local = { NULL, 0 };

	reference = str_trim(reference);
	if (reference.len == 0 || reference.data[0] == '#')
		return STR("");
	url = address_resolve(making->arena, making->plan->base, reference);
	if (!str_starts(url, STR("http:")) && !str_starts(url, STR("https:")) &&
	    !str_starts(url, STR("gemini:")) && !str_starts(url, STR("gopher:")) &&
	    !str_starts(url, STR("mailto:")))
		return STR("");
	if (making->plan->local)
		local = making->plan->local(making->plan->context, url);
	return local.len ? local : url;
}

static void take_link(struct making *making, const xmlNode *a)
{
	struct str url = making_url(making, dom_attribute(a, "href"));
	size_t start = making->line.len;
	struct str label;

	making_children(making, a);
	if (making->line.len <= start || url.len == 0)
		return;
	label = finish_line(making->arena, str_skip(buf_view(&making->line), start));
	making->link_text += making->line.len - start;
	for (size_t i = 0; i < making->links_in_all; i++)
		if (str_eq(making->seen[i], url))
			return;
	if (label.len == 0 || making->link_count == LINE_LINKS_MAX ||
	    making->links_in_all == PROSE_LINKS_MAX)
		return;
	making->links[making->link_count++] = (struct prose_link){ url, label };
	making->seen[making->links_in_all++] = url;
}

/* A raised or lowered digit as the character of its own that it has; anything else as it is. */
static void take_script(struct making *making, const xmlNode *node, bool is_raised)
{
	static const char *const raised[] = { "\xE2\x81\xB0", "\xC2\xB9",     "\xC2\xB2",
					      "\xC2\xB3",     "\xE2\x81\xB4", "\xE2\x81\xB5",
					      "\xE2\x81\xB6", "\xE2\x81\xB7", "\xE2\x81\xB8",
					      "\xE2\x81\xB9" };
	struct str text = dom_line(making->arena, node, 64);
	bool digits = text.len > 0 && text.len <= 3 && !dom_find((xmlNode *)node, "a");

	for (size_t i = 0; i < text.len; i++)
		digits &= text.data[i] >= '0' && text.data[i] <= '9';
	if (!digits) {
		making_children(making, node);
		return;
	}
	for (size_t i = 0; i < text.len; i++) {
		unsigned digit = (unsigned)(text.data[i] - '0');

		if (is_raised)
			buf_str(&making->line, str_from(raised[digit]));
		else
			buf_bytes(&making->line, (char[]){ '\xE2', '\x82', (char)(0x80 + digit) },
				  3);
	}
}

static void take_list(struct making *making, const xmlNode *list)
{
	struct str start = dom_attribute(list, "start");
	uint64_t first = 1;

	making_flush(making);
	if (making->list_depth == LISTS_MAX) {
		making_children(making, list);
		making_flush(making);
		return;
	}
	if (!str_number(start, 100000, &first))
		first = 1;
	making->lists[making->list_depth++] = (struct making_list){ dom_is(list, "ol"),
								    (unsigned)first - 1 };
	making_children(making, list);
	making_flush(making);
	making->list_depth--;
}

static void take_item(struct making *making, const xmlNode *item)
{
	making_flush(making);
	if (making->list_depth) {
		making->lists[making->list_depth - 1].number++;
		making->is_item_start = true;
	}
	making_children(making, item);
	making_flush(making);
	making->is_item_start = false;
}

static void take_heading(struct making *making, const xmlNode *heading)
{
	making_flush(making);
	making->heading = heading->name[1] - '0';
	making_children(making, heading);
	making_flush(making);
	making->heading = 0;
}

static void take_break(struct making *making)
{
	bool had_text = str_trim(buf_view(&making->line)).len > 0;

	making_flush(making);
	making->is_after_break = had_text;
}

static void take_block(struct making *making, const xmlNode *node)
{
	bool is_quote = dom_is(node, "blockquote");

	making_flush(making);
	making->is_after_break = false;
	making->quotes += is_quote;
	if (dom_is(node, "dd") && !making->list_depth) {
		struct making_list *list = &making->lists[making->list_depth++];

		*list = (struct making_list){ false, 0 };
		making->is_item_start = true;
		making_children(making, node);
		making_flush(making);
		making->list_depth--;
	} else {
		making_children(making, node);
		making_flush(making);
	}
	making->quotes -= is_quote;
	making->is_after_break = false;
}

static void take_inline(struct making *making, const xmlNode *node)
{
	if (dom_is(node, "a")) {
		take_link(making, node);
	} else if (dom_is(node, "br")) {
		take_break(making);
	} else if (dom_is(node, "sup") || dom_is(node, "sub")) {
		take_script(making, node, dom_is(node, "sup"));
	} else if (dom_is(node, "q")) {
		buf_str(&making->line, STR("\xE2\x80\x9C"));
		making_children(making, node);
		buf_str(&making->line, STR("\xE2\x80\x9D"));
	} else if (dom_is(node, "rt")) {
		buf_char(&making->line, '(');
		making_children(making, node);
		buf_char(&making->line, ')');
	} else if (dom_is(node, "math") && dom_attribute(node, "alttext").len) {
		making_text(making, dom_attribute(node, "alttext"));
	} else if (!dom_is(node, "rp")) {
		making_children(making, node);
	}
}

static void take_element(struct making *making, const xmlNode *node)
{
	switch (dom_tag(node)->class) {
	case DOM_HIDDEN:
		break;
	case DOM_INLINE:
		take_inline(making, node);
		break;
	case DOM_REPLACED:
		if (dom_is(node, "img"))
			making_picture(making, node);
		else
			making_media(making, node);
		break;
	case DOM_HEADING:
		take_heading(making, node);
		break;
	case DOM_BLOCK:
		if (dom_is_one(node, "ul ol menu dir"))
			take_list(making, node);
		else if (dom_is(node, "li"))
			take_item(making, node);
		else if (dom_is(node, "table"))
			making_table(making, node);
		else if (dom_is_one(node, "pre xmp listing plaintext"))
			making_pre(making, node);
		else if (!dom_is(node, "figure") || !making_figure(making, node))
			take_block(making, node);
		break;
	}
}

void making_children(struct making *making, const xmlNode *node)
{
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (child->type == XML_ELEMENT_NODE)
			take_element(making, child);
		else
			making_text(making, dom_content(child));
	}
}

void prose_read(struct arena *arena, const xmlNode *top, const struct prose_plan *plan,
		struct prose *ret_prose)
{
	struct making making = { .arena = arena, .plan = plan, .prose = ret_prose };

	*ret_prose = (struct prose){ NULL, 0, NULL, 0 };
	buf_init(&making.line, LINE_BYTES_MAX);
	making_children(&making, top);
	making_flush(&making);
	buf_done(&making.line);
}

void prose_read_html(struct arena *arena, struct str html, const struct prose_plan *plan,
		     struct prose *ret_prose)
{
	xmlDoc *doc = dom_parse(html);

	*ret_prose = (struct prose){ NULL, 0, NULL, 0 };
	if (!doc)
		return;
	prose_read(arena, xmlDocGetRootElement(doc), plan, ret_prose);
	xmlFreeDoc(doc);
}

void prose_read_text(struct arena *arena, struct str text, struct prose *ret_prose)
{
	const struct prose_plan plan = { .base = STR("") };
	struct making making = { .arena = arena, .plan = &plan, .prose = ret_prose };
	struct str line;

	*ret_prose = (struct prose){ NULL, 0, NULL, 0 };
	buf_init(&making.line, LINE_BYTES_MAX);
	while (str_next_line(&text, &line)) {
		making_text(&making, line);
		making_flush(&making);
	}
	buf_done(&making.line);
}
