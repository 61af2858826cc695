/* Gemtext (0.24.1) as output. */
#include "base/text.h"
#include "render/escape.h"
#include "render/render.h"

/* Lines on their way out. */
struct gemtext {
	struct buf *out;
	struct arena *arena;
	const struct origin *origin;
	absolute_link *absolute;
	struct buf line; /* scratch */
	bool has_lines;
	bool is_blank_due;
};

/* Pays the empty line that is due: none at the start, never two together. */
static void begin(struct gemtext *text)
{
	if (text->is_blank_due && text->has_lines)
		buf_char(text->out, '\n');
	text->is_blank_due = false;
	text->has_lines = true;
}

static void put_line(struct gemtext *text, struct str mark, struct str line)
{
	begin(text);
	buf_str(text->out, mark);
	buf_str(text->out, line);
	buf_char(text->out, '\n');
}

/* Whether a line would be read as something else than text. */
static bool is_marked(struct str line)
{
	return str_starts(line, STR("=>")) || str_starts(line, STR("```")) ||
	       str_starts(line, STR("#")) || str_starts(line, STR("* ")) ||
	       str_starts(line, STR(">"));
}

/* A paragraph; a zero width space keeps it one. */
static void put_text(struct gemtext *text, struct str paragraph)
{
	struct str line = text_line(text->arena, paragraph);

	if (line.len)
		put_line(text, is_marked(line) ? STR("\u200B") : STR(""), line);
}

static void put_heading(struct gemtext *text, const struct block *block)
{
	static const struct str marks[] = { { "# ", 2 }, { "## ", 3 }, { "### ", 4 } };
	struct str line = text_line(text->arena, block->text);
	int level = block->level < 1 ? 1 : block->level;

	if (line.len)
		put_line(text, marks[(level > 3 ? 3 : level) - 1], line);
}

/* A quote shows even when it is empty, as the mark alone. */
static void put_quote(struct gemtext *text, struct str quote)
{
	struct str line = text_line(text->arena, quote);

	put_line(text, line.len ? STR("> ") : STR(">"), line);
}

/* A fence inside would end the block early. */
static void put_pre_line(struct gemtext *text, struct str line)
{
	buf_clear(&text->line);
	escape_pre(&text->line, line);
	if (text->line.full)
		text->out->full = true;
	line = buf_view(&text->line);
	put_line(text, str_starts(line, STR("```")) ? STR(" ") : STR(""), line);
}

static void put_pre(struct gemtext *text, const struct block *block)
{
	struct str rest = block->text;
	struct str line;

	put_line(text, STR("```"), text_line(text->arena, block->alt));
	while (str_next_line(&rest, &line))
		put_pre_line(text, line);
	put_line(text, STR("```"), STR(""));
}

static void put_link(struct gemtext *text, const struct link *link, struct str label)
{
	label = text_line(text->arena, label);
	begin(text);
	buf_str(text->out, STR("=> "));
	if (text->absolute)
		text->absolute(text->out, text->origin, link);
	else if (link->form == LINK_REMOTE)
		escape_url(text->out, link->target);
	else
		escape_path(text->out, link->target);
	if (label.len) {
		buf_char(text->out, ' ');
		buf_str(text->out, label);
	}
	buf_char(text->out, '\n');
}

static void put_entry(struct gemtext *text, const struct block *block)
{
	const struct entry *entry = block->entry;

	put_link(text, &block->link, entry_text(text->arena, block));
	if (entry->summary_shown)
		put_text(text, entry->summary);
	if (entry->snippet.len)
		put_quote(text, entry->snippet);
}

static void put_block(struct gemtext *text, const struct block *block)
{
	switch (block->kind) {
	case BLOCK_TEXT:
		put_text(text, block->text);
		break;
	case BLOCK_HEADING:
		put_heading(text, block);
		break;
	case BLOCK_QUOTE:
		put_quote(text, block->text);
		break;
	case BLOCK_ITEM:
		put_line(text, STR("* "), text_line(text->arena, block->text));
		break;
	case BLOCK_PRE:
		put_pre(text, block);
		break;
	case BLOCK_LINK:
		put_link(text, &block->link, block->link.label);
		break;
	case BLOCK_ENTRY:
		put_entry(text, block);
		break;
	case BLOCK_BLANK:
		text->is_blank_due = true;
		break;
	}
}

void gemtext_write(struct buf *out, const struct origin *origin, const struct page *page,
		   absolute_link *absolute)
{
	struct gemtext text = {
		.out = out,
		.arena = page->arena,
		.origin = origin,
		.absolute = absolute,
	};

	buf_init(&text.line, out->max);
	for (const struct block *block = page->first; block; block = block->next)
		put_block(&text, block);
	buf_done(&text.line);
}
