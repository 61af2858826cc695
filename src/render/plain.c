/* Plain text, for paper, mail, braille, and Gopher's type 0. */
#include "base/text.h"
#include "render/layout.h"
#include "render/render.h"

/* The layout comes first: its put finds the rest behind it. */
struct plain {
	struct layout layout;
	const struct origin *origin;
	absolute_link *absolute;
	const char *eol;
};

static void put(struct layout *layout, struct str indent, struct str text)
{
	const struct plain *plain = (const struct plain *)layout;

	buf_str(layout->out, indent);
	buf_str(layout->out, text);
	buf_str(layout->out, str_from(plain->eol));
}

/* The one line that is never broken: a URL in two pieces is none. */
static void put_url(struct plain *plain, const struct link *link)
{
	layout_begin(&plain->layout);
	buf_str(plain->layout.out, STR("  "));
	plain->absolute(plain->layout.out, plain->origin, link);
	buf_str(plain->layout.out, str_from(plain->eol));
}

static void put_link(struct plain *plain, const struct link *link)
{
	layout_text(&plain->layout, link->label, STR(""), STR("  "));
	put_url(plain, link);
}

static void put_entry(struct plain *plain, const struct block *block)
{
	struct arena *arena = plain->layout.arena;
	const struct entry *entry = block->entry;

	if (entry_is_split(arena, block)) {
		layout_text(&plain->layout, entry_title(arena, block), STR(""), STR("  "));
		layout_text(&plain->layout, entry_note(arena, block), STR("  "), STR("  "));
	} else {
		layout_text(&plain->layout, entry_text(arena, block), STR(""), STR("  "));
	}
	if (entry->summary_shown)
		layout_text(&plain->layout, entry->summary, STR("  "), STR("  "));
	layout_text(&plain->layout, entry->snippet, STR("  > "), STR("  > "));
	put_url(plain, &block->link);
}

void plain_write(struct buf *out, const struct origin *origin, const struct page *page,
		 absolute_link *absolute, const char *eol)
{
	struct plain plain = {
		.layout = { .out = out,
			    .arena = page->arena,
			    .put = put,
			    .guards_dots = true,
			    .rules = 2 },
		.origin = origin,
		.absolute = absolute,
		.eol = eol,
	};

	for (const struct block *block = page->first; block; block = block->next) {
		if (block->kind == BLOCK_LINK)
			put_link(&plain, &block->link);
		else if (block->kind == BLOCK_ENTRY)
			put_entry(&plain, block);
		else
			layout_block(&plain.layout, block);
	}
	layout_done(&plain.layout);
}
