/* Prose as gemtext and as plain text. */
#include "base/text.h"
#include "import/prose.h"

enum { HEADING_LEVEL_MAX = 3 };

struct writing {
	const struct prose *prose;
	struct buf *out;
	bool with_images;
	int least_heading; /* the level that becomes "##" */
	size_t start;	   /* of the text in out */
	struct prose_link later[PROSE_LINKS_MAX];
	size_t later_count;
};

static void blank_line(struct writing *writing)
{
	if (writing->out->len > writing->start)
		buf_char(writing->out, '\n');
}

/*
 * A line of text that begins as markup does gets a blank before it, which clients do not
 * show (Gemini: gemtext line types are told by their first characters).
 */
static void write_text(struct buf *out, struct str text)
{
	if (str_starts(text, STR("=>")) || str_starts(text, STR("#")) ||
	    str_starts(text, STR("* ")) || str_starts(text, STR(">")) ||
	    str_starts(text, STR("```")))
		buf_char(out, ' ');
	buf_str(out, text);
	buf_char(out, '\n');
}

static void write_link(struct buf *out, const struct prose_link *link)
{
	buf_format(out, "=> " STR_FMT " ", STR_ARG(link->url));
	buf_str(out, link->label);
	buf_char(out, '\n');
}

static void write_pre(struct buf *out, const struct prose_block *block)
{
	struct str rest = block->text;
	struct str line;

	buf_str(out, STR("```"));
	buf_str(out, block->alt);
	buf_char(out, '\n');
	while (str_next_line(&rest, &line)) {
		if (str_starts(line, STR("```")))
			buf_char(out, ' ');
		buf_str(out, line);
		buf_char(out, '\n');
	}
	buf_str(out, STR("```\n"));
}

/* "A lighthouse (Photo: N. Name)": the caption, else what the picture is described as. */
static void write_image(struct writing *writing, const struct prose_image *image)
{
	struct str label = image->caption.len ? image->caption : image->alt;

	buf_format(writing->out, "=> " STR_FMT, STR_ARG(image->url));
	if (label.len) {
		buf_char(writing->out, ' ');
		buf_str(writing->out, label);
	}
	if (image->credit.len)
		buf_format(writing->out, " (" STR_FMT ")", STR_ARG(image->credit));
	buf_char(writing->out, '\n');
}

static void write_heading(struct writing *writing, const struct prose_block *block)
{
	int level = 2 + block->level - writing->least_heading;

	buf_repeat(writing->out, '#',
		   (size_t)(level < HEADING_LEVEL_MAX ? level : HEADING_LEVEL_MAX));
	buf_char(writing->out, ' ');
	buf_str(writing->out, block->text);
	buf_char(writing->out, '\n');
}

static void write_links(struct writing *writing, const struct prose_block *block)
{
	for (size_t i = 0; i < block->link_count; i++) {
		if (i < PROSE_LINKS_NEAR)
			write_link(writing->out, &block->links[i]);
		else if (writing->later_count < PROSE_LINKS_MAX)
			writing->later[writing->later_count++] = block->links[i];
	}
}

static bool is_listed(const struct prose_block *block)
{
	return block->kind == PROSE_ITEM || block->kind == PROSE_QUOTE;
}

/* Whether block goes on right below the one before it. */
static bool goes_on(const struct prose_block *before, const struct prose_block *block)
{
	if (!before)
		return false;
	if (block->kind == PROSE_ITEM || (block->kind == PROSE_TEXT && block->is_joined))
		return is_listed(before) ||
		       (before->kind == PROSE_TEXT && (before->is_joined || block->is_joined));
	return block->kind == PROSE_QUOTE && before->kind == PROSE_QUOTE && block->is_joined;
}

/* The links of lines that go on without a blank line stand behind the last of them. */
static void write_pending(struct writing *writing, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (!writing->prose->blocks[i].is_link)
			write_links(writing, &writing->prose->blocks[i]);
}

static void write_block(struct writing *writing, const struct prose_block *block)
{
	struct buf *out = writing->out;

	switch (block->kind) {
	case PROSE_TEXT:
		if (block->is_link)
			write_link(out, &block->links[0]);
		else
			write_text(out, block->text);
		break;
	case PROSE_HEADING:
		write_heading(writing, block);
		break;
	case PROSE_ITEM:
		if (block->is_link) {
			write_link(out, &block->links[0]);
			break;
		}
		buf_format(out, "* ");
		buf_str(out, block->text);
		buf_char(out, '\n');
		break;
	case PROSE_QUOTE:
		buf_str(out, STR("> "));
		buf_str(out, block->text);
		buf_char(out, '\n');
		break;
	case PROSE_PRE:
		write_pre(out, block);
		break;
	case PROSE_IMAGE:
		write_image(writing, &writing->prose->images[block->image]);
		break;
	case PROSE_MEDIA:
		write_link(out, &block->links[0]);
		break;
	}
}

static int least_heading(const struct prose *prose)
{
	int least = 6;

	for (size_t i = 0; i < prose->count; i++)
		if (prose->blocks[i].kind == PROSE_HEADING && prose->blocks[i].level < least)
			least = prose->blocks[i].level;
	return least;
}

void prose_gemtext(const struct prose *prose, bool with_images, struct buf *out)
{
	struct writing writing = { .prose = prose,
				   .out = out,
				   .with_images = with_images,
				   .least_heading = least_heading(prose),
				   .start = out->len };
	const struct prose_block *before = NULL;
	size_t pending = 0;

	for (size_t i = 0; i < prose->count; i++) {
		const struct prose_block *block = &prose->blocks[i];

		if (block->kind == PROSE_IMAGE && !with_images)
			continue;
		if (!goes_on(before, block)) {
			write_pending(&writing, pending, i);
			pending = i;
			blank_line(&writing);
		}
		write_block(&writing, block);
		before = block;
		if (block->kind == PROSE_MEDIA)
			pending = i + 1;
	}
	write_pending(&writing, pending, prose->count);
	if (writing.later_count)
		blank_line(&writing);
	for (size_t i = 0; i < writing.later_count; i++)
		write_link(out, &writing.later[i]);
}

void prose_text(const struct prose *prose, struct buf *out)
{
	for (size_t i = 0; i < prose->count; i++) {
		const struct prose_block *block = &prose->blocks[i];

		if (block->kind == PROSE_IMAGE || block->kind == PROSE_MEDIA)
			continue;
		if (out->len)
			buf_char(out, '\n');
		buf_str(out, block->text);
	}
}

size_t prose_length(const struct prose *prose)
{
	size_t length = 0;

	for (size_t i = 0; i < prose->count; i++)
		if (prose->blocks[i].kind != PROSE_IMAGE && prose->blocks[i].kind != PROSE_MEDIA)
			length += prose->blocks[i].text.len;
	return length;
}
