/* Blocks as lines of bounded width. */
#include "render/layout.h"

#include "base/text.h"
#include "render/escape.h"
#include "render/render.h"

void layout_done(struct layout *layout)
{
	buf_done(&layout->line);
}

/* Asks for an empty line before the next line, if there is one and it is not the first. */
static void layout_blank(struct layout *layout)
{
	layout->is_blank_due = true;
}

void layout_begin(struct layout *layout)
{
	if (layout->is_blank_due && layout->has_lines)
		layout->put(layout, STR(""), STR(""));
	layout->is_blank_due = false;
	layout->has_lines = true;
}

static void put_line(struct layout *layout, struct str indent, struct str text)
{
	layout_begin(layout);
	layout->put(layout, indent, text);
}

/* The indent that keeps a line from beginning with a dot. */
static struct str guarded(const struct layout *layout, struct str indent, struct str text)
{
	bool has_dot = str_starts(str_trim(text), STR("."));

	return layout->guards_dots && indent.len == 0 && has_dot ? STR(" ") : indent;
}

/* Returns the width of the widest line, indents included. */
static size_t put_wrapped(struct layout *layout, struct str text, struct str first, struct str next)
{
	struct str rest = text_line(layout->arena, text);
	struct str indent = guarded(layout, first, rest);
	size_t widest = 0;
	struct str line;

	if (text_is_rtl(rest) && str_trim(next).len == 0)
		next = STR("");
	while (text_wrap(&rest, RENDER_COLUMNS - text_width(indent), &line)) {
		size_t width = text_width(indent) + text_width(line);

		put_line(layout, indent, line);
		widest = width > widest ? width : widest;
		indent = guarded(layout, next, rest);
	}
	return widest;
}

void layout_text(struct layout *layout, struct str text, struct str first, struct str next)
{
	put_wrapped(layout, text, first, next);
}

static void put_heading(struct layout *layout, const struct block *block)
{
	size_t width;

	if (block->level > 1)
		layout_blank(layout);
	width = put_wrapped(layout, block->text, STR(""), STR(""));
	if (width == 0 || block->level > layout->rules)
		return;
	buf_clear(&layout->line);
	buf_repeat(&layout->line, block->level > 1 ? '-' : '=', width);
	put_line(layout, STR(""), buf_view(&layout->line));
}

/* Quotes and list items show even when they are empty. */
static void put_marked(struct layout *layout, struct str text, struct str first, struct str next)
{
	if (put_wrapped(layout, text, first, next) == 0)
		put_line(layout, STR(""), str_trim(first));
}

/* Whether rune belongs to the character before it: marks, joiners and what they join, skin tones. */
static bool is_joined(uint32_t rune, size_t width, uint32_t before)
{
	const uint32_t joiner = 0x200D;

	return width == 0 || before == joiner || (rune >= 0x1F3FB && rune <= 0x1F3FF);
}

/* Takes what fits columns off the start of *rest, blanks and all. */
static struct str take_columns(struct str *rest, size_t columns)
{
	size_t width = 0;
	size_t len = 0;
	size_t boundary = 0;
	uint32_t before = 0;
	uint32_t rune;
	size_t used;
	struct str taken;

	while ((used = text_rune(str_skip(*rest, len), &rune)) != 0) {
		size_t wide = text_width(str_head(str_skip(*rest, len), used));

		if (!is_joined(rune, wide, before))
			boundary = len;
		if (width + wide > columns)
			break;
		width += wide;
		len += used;
		before = rune;
	}
	if (used == 0 || boundary == 0)
		boundary = len;
	taken = str_head(*rest, boundary);
	*rest = str_skip(*rest, boundary);
	return taken;
}

static void put_pre_line(struct layout *layout, struct str line)
{
	struct str rest;

	buf_clear(&layout->line);
	escape_pre(&layout->line, line);
	if (layout->line.full)
		layout->out->full = true;
	rest = buf_view(&layout->line);
	do {
		bool has_dot = layout->guards_dots && str_starts(rest, STR("."));
		struct str indent = has_dot ? STR(" ") : STR("");

		put_line(layout, indent, take_columns(&rest, RENDER_COLUMNS - indent.len));
	} while (rest.len);
}

/* Tables and drawings are wrapped without mercy rather than cut: no byte of them is lost. */
static void put_pre(struct layout *layout, const struct block *block)
{
	struct str rest = block->text;
	struct str line;

	if (block->alt.len)
		put_wrapped(layout, arena_join(layout->arena, STR("["), block->alt, STR("]")),
			    STR(""), STR(""));
	while (str_next_line(&rest, &line))
		put_pre_line(layout, line);
}

void layout_block(struct layout *layout, const struct block *block)
{
	if (layout->line.max == 0)
		buf_init(&layout->line, layout->out->max);
	switch (block->kind) {
	case BLOCK_TEXT:
		put_wrapped(layout, block->text, STR(""), STR(""));
		break;
	case BLOCK_HEADING:
		put_heading(layout, block);
		break;
	case BLOCK_QUOTE:
		put_marked(layout, block->text, STR("> "), STR("> "));
		break;
	case BLOCK_ITEM:
		put_marked(layout, block->text, STR("* "), STR("  "));
		break;
	case BLOCK_PRE:
		put_pre(layout, block);
		break;
	case BLOCK_BLANK:
		layout_blank(layout);
		break;
	case BLOCK_LINK:
	case BLOCK_ENTRY:
		break;
	}
}
