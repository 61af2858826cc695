/* A page and its blocks. */
#include "page/page.h"

#include <unistd.h>

void page_init(struct page *page, struct arena *arena)
{
	*page = (struct page){
		.arena = arena,
		.status = PAGE_OK,
		.format = FORMAT_NATIVE,
		.form = LINK_MENU,
		.language = STR("en"),
		.file = -1,
	};
}

void page_done(struct page *page)
{
	if (page->file != -1)
		close(page->file);
	page->file = -1;
}

void page_fail(struct page *page, enum page_status status, struct str message)
{
	page_done(page);
	page->status = status;
	page->format = FORMAT_NATIVE;
	page->message = message;
	page->count = COUNT_NOTHING;
	page->first = NULL;
	page->last = NULL;
}

void page_redirect(struct page *page, enum page_status status, struct str target)
{
	page_fail(page, status, STR(""));
	page->target = target;
}

static struct block *add(struct page *page, enum block_kind kind)
{
	struct block *block = ARENA_NEW(page->arena, struct block);

	block->kind = kind;
	if (page->last)
		page->last->next = block;
	else
		page->first = block;
	page->last = block;
	return block;
}

void page_text(struct page *page, struct str text)
{
	add(page, BLOCK_TEXT)->text = text;
}

void page_heading(struct page *page, int level, struct str text)
{
	struct block *block = add(page, BLOCK_HEADING);

	block->level = level;
	block->text = text;
}

void page_quote(struct page *page, struct str text)
{
	add(page, BLOCK_QUOTE)->text = text;
}

void page_item(struct page *page, struct str text)
{
	add(page, BLOCK_ITEM)->text = text;
}

void page_pre(struct page *page, struct str alt, struct str text)
{
	struct block *block = add(page, BLOCK_PRE);

	block->alt = alt;
	block->text = text;
}

void page_link(struct page *page, struct link link)
{
	add(page, BLOCK_LINK)->link = link;
}

void page_entry(struct page *page, struct link link, const struct entry *entry)
{
	struct block *block = add(page, BLOCK_ENTRY);

	block->link = link;
	block->entry = entry;
}

void page_blank(struct page *page)
{
	if (page->last && page->last->kind != BLOCK_BLANK)
		add(page, BLOCK_BLANK);
}

void page_title(struct page *page, struct str title)
{
	page->title = title;
	page_heading(page, 1, title);
}
