/* The full text of an Atom entry: HTML, escaped. */
#include "render/atom_body.h"

#include "base/text.h"
#include "render/escape.h"

struct body {
	struct buf *out;
	struct arena *arena;
	const struct origin *origin;
	absolute_link *absolute;
	struct buf html; /* scratch: one block before it is escaped */
};

/* Moves the HTML of one block into the feed. */
static void flush(struct body *body)
{
	escape_markup(body->out, buf_view(&body->html));
	if (body->html.full)
		body->out->full = true;
	buf_clear(&body->html);
}

static void put_element(struct body *body, const char *name, struct str text)
{
	buf_format(&body->html, "<%s>", name);
	escape_markup(&body->html, text_line(body->arena, text));
	buf_format(&body->html, "</%s>\n", name);
}

static void put_pre(struct body *body, const struct block *block)
{
	struct str rest = block->text;
	struct str line;
	struct buf clean;

	buf_init(&clean, body->out->max);
	while (str_next_line(&rest, &line)) {
		escape_pre(&clean, line);
		buf_char(&clean, '\n');
	}
	if (clean.full)
		body->out->full = true;
	buf_str(&body->html, STR("<pre"));
	if (block->alt.len) {
		buf_str(&body->html, STR(" title=\""));
		escape_markup(&body->html, text_line(body->arena, block->alt));
		buf_char(&body->html, '"');
	}
	buf_char(&body->html, '>');
	escape_markup(&body->html, buf_view(&clean));
	buf_str(&body->html, STR("</pre>\n"));
	buf_done(&clean);
}

static void put_link(struct body *body, const struct link *link, struct str label)
{
	struct buf url;

	label = text_line(body->arena, label);
	buf_init(&url, body->out->max);
	body->absolute(&url, body->origin, link);
	buf_str(&body->html, STR("<p><a href=\""));
	escape_markup(&body->html, buf_view(&url));
	buf_str(&body->html, STR("\">"));
	escape_markup(&body->html, label.len ? label : buf_view(&url));
	buf_str(&body->html, STR("</a></p>\n"));
	buf_done(&url);
}

static void put_block(struct body *body, const struct block *block)
{
	switch (block->kind) {
	case BLOCK_TEXT:
	case BLOCK_QUOTE:
		put_element(body, "p", block->text);
		break;
	case BLOCK_HEADING:
		put_element(body, block->level > 2 ? "h3" : "h2", block->text);
		break;
	case BLOCK_ITEM:
		put_element(body, "li", block->text);
		break;
	case BLOCK_PRE:
		put_pre(body, block);
		break;
	case BLOCK_LINK:
		put_link(body, &block->link, block->link.label);
		break;
	case BLOCK_ENTRY:
		put_link(body, &block->link, entry_text(body->arena, block));
		break;
	case BLOCK_BLANK:
		break;
	}
	flush(body);
}

/* What encloses neighbours of one kind; empty: nothing. */
static struct str group_of(const struct block *block)
{
	if (block->kind == BLOCK_ITEM)
		return STR("ul");
	return block->kind == BLOCK_QUOTE ? STR("blockquote") : STR("");
}

static void put_group(struct body *body, const char *before, struct str group)
{
	if (group.len == 0)
		return;
	buf_str(&body->html, str_from(before));
	buf_str(&body->html, group);
	buf_str(&body->html, STR(">\n"));
	flush(body);
}

void atom_body(struct buf *out, struct arena *arena, const struct origin *origin,
	       const struct block *first, absolute_link *absolute)
{
	struct body body = { .out = out, .arena = arena, .origin = origin, .absolute = absolute };
	struct str open = STR("");

	buf_init(&body.html, out->max);
	for (const struct block *block = first; block; block = block->next) {
		struct str group = group_of(block);

		if (!str_eq(group, open)) {
			put_group(&body, "</", open);
			put_group(&body, "<", group);
			open = group;
		}
		put_block(&body, block);
	}
	put_group(&body, "</", open);
	buf_done(&body.html);
}
