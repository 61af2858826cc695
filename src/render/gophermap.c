/* Gopher menus (RFC 1436 3.9 and appendix). */
#include "base/text.h"
#include "render/escape.h"
#include "render/gopher_target.h"
#include "render/layout.h"
#include "render/render.h"

/* The layout comes first: its put finds the rest behind it. */
struct menu {
	struct layout layout;
	const struct origin *origin;
	bool plus;
};

/* Clients drop lines with fewer than four fields, so text names a host that is none. */
static void put_text(struct buf *out, char type, struct str indent, struct str text)
{
	buf_char(out, type);
	buf_str(out, indent);
	buf_str(out, text);
	buf_str(out, STR("\t\terror.host\t1\r\n"));
}

static void put_info(struct layout *layout, struct str indent, struct str text)
{
	put_text(layout->out, 'i', indent, text);
}

void gophermap_text(struct buf *out, struct arena *arena, char type, struct str text)
{
	struct str rest = text_line(arena, text);
	struct str line;

	while (text_wrap(&rest, RENDER_COLUMNS, &line)) {
		put_text(out, type, STR(""), line);
		type = 'i';
	}
}

void gophermap_end(struct buf *out)
{
	buf_str(out, STR(".\r\n"));
}

void gophermap_item(struct buf *out, struct arena *arena, const struct origin *origin,
		    const struct link *link, struct str text, bool plus)
{
	struct gopher_target target;

	text = text_line(arena, text);
	if (text.len == 0)
		text = text_line(arena, link->target);
	gopher_target_set(arena, origin, link, &target);
	buf_char(out, target.type);
	buf_str(out, text_cut(arena, text, RENDER_COLUMNS));
	buf_char(out, '\t');
	if (target.is_url) {
		buf_str(out, STR("URL:"));
		escape_url(out, target.selector);
	} else {
		escape_line(out, target.selector);
	}
	buf_char(out, '\t');
	buf_str(out, target.host);
	buf_char(out, '\t');
	buf_number(out, target.port);
	buf_str(out, plus && target.is_ours ? STR("\t+\r\n") : STR("\r\n"));
}

/* A label that is too wide goes on in info lines below its item. */
static void put_item(struct menu *menu, const struct link *link, struct str label)
{
	struct arena *arena = menu->layout.arena;
	struct str rest = text_line(arena, label);
	struct str indent = text_is_rtl(rest) ? STR("") : STR("  ");
	struct str line = STR("");

	text_wrap(&rest, RENDER_COLUMNS, &line);
	layout_begin(&menu->layout);
	gophermap_item(menu->layout.out, arena, menu->origin, link, line, menu->plus);
	layout_text(&menu->layout, rest, indent, indent);
}

static void put_entry(struct menu *menu, const struct block *block)
{
	struct arena *arena = menu->layout.arena;
	const struct entry *entry = block->entry;
	struct str below = text_is_rtl(entry->title) ? STR("") : STR("  ");

	if (entry_is_split(arena, block)) {
		put_item(menu, &block->link, entry_title(arena, block));
		layout_text(&menu->layout, entry_note(arena, block), below, below);
	} else {
		put_item(menu, &block->link, entry_text(arena, block));
	}
	if (entry->summary_shown)
		layout_text(&menu->layout, entry->summary, below, below);
	layout_text(&menu->layout, entry->snippet, below, below);
}

void gophermap_write(struct buf *out, const struct origin *origin, const struct page *page,
		     bool plus)
{
	struct menu menu = {
		.layout = { .out = out, .arena = page->arena, .put = put_info, .rules = 1 },
		.origin = origin,
		.plus = plus,
	};

	for (const struct block *block = page->first; block; block = block->next) {
		if (block->kind == BLOCK_LINK)
			put_item(&menu, &block->link, block->link.label);
		else if (block->kind == BLOCK_ENTRY)
			put_entry(&menu, block);
		else
			layout_block(&menu.layout, block);
	}
	layout_done(&menu.layout);
	gophermap_end(out);
}
