/* Gopher+: attribute blocks, made from what the page holds. */
#include "proto/gopherplus.h"

#include "base/date.h"
#include "base/text.h"
#include "render/render.h"

/* One reply of attributes. */
struct attributes {
	struct buf *out;
	const struct origin *origin;
	const struct page *page;
	struct str blocks; /* wanted; empty: all */
};

static bool is_wanted(const struct attributes *to, struct str block)
{
	struct str rest = to->blocks;
	struct str name;

	while (str_next(&rest, '+', &name))
		if (str_eq_nocase(str_trim(name), block))
			return true;
	return to->blocks.len == 0;
}

/* What a page leaves as. */
static struct str page_type(const struct page *page)
{
	switch (page->format) {
	case FORMAT_NATIVE:
		break;
	case FORMAT_GEMTEXT:
		return STR("text/gemini");
	case FORMAT_PLAIN:
		return STR("text/plain");
	case FORMAT_ATOM:
		return STR("application/atom+xml");
	case FORMAT_RAW:
	case FORMAT_FILE:
		return page->mime;
	}
	return STR("application/gopher+-menu");
}

/* What a link leads to, as far as its form tells; empty for files, of which the form does not tell enough. */
static struct str link_type(enum link_form form)
{
	if (form == LINK_MENU || form == LINK_SEARCH)
		return STR("application/gopher+-menu");
	if (form == LINK_TEXT)
		return STR("text/plain");
	return form == LINK_GIF ? STR("image/gif") : STR("");
}

/* A BCP 47 tag as Gopher+ writes languages: "En", "Pt_BR". */
static struct str plus_language(struct arena *arena, struct str language)
{
	struct str tag = arena_str(arena, language);
	char *out = (char *)tag.data; /* ours: just copied */
	size_t dash = str_find(tag, '-');

	if (tag.len && out[0] >= 'a' && out[0] <= 'z')
		out[0] = (char)(out[0] - 'a' + 'A');
	if (dash < tag.len)
		out[dash] = '_';
	for (size_t i = dash; i < tag.len; i++)
		if (out[i] >= 'a' && out[i] <= 'z')
			out[i] = (char)(out[i] - 'a' + 'A');
	return text_line(arena, tag);
}

/* " text/plain En: <3k>"; the size is left out when it is 0 for unknown. */
static void put_view(const struct attributes *to, struct str type, struct str language,
		     uint64_t size)
{
	buf_char(to->out, ' ');
	buf_str(to->out, text_line(to->page->arena, type));
	if (language.len) {
		buf_char(to->out, ' ');
		buf_str(to->out, plus_language(to->page->arena, language));
	}
	buf_char(to->out, ':');
	if (size)
		buf_format(to->out, " <%lluk>", (unsigned long long)((size + 1023) / 1024));
	buf_str(to->out, STR("\r\n"));
}

static void put_info(const struct attributes *to, const struct link *link, struct str label)
{
	buf_str(to->out, STR("+INFO: "));
	gophermap_item(to->out, to->page->arena, to->origin, link, label, true);
}

static struct str contact_of(const struct attributes *to)
{
	struct str contact = to->page->contact.len ? to->page->contact : to->origin->admin;

	return text_line(to->page->arena, contact);
}

static void put_date(const struct attributes *to, const char *name, int64_t seconds)
{
	char text[DATE_TEXT];

	if (seconds == 0)
		return;
	buf_format(to->out, " %s: %s", name, date_minute(seconds, text));
	buf_format(to->out, " <%s>\r\n", date_compact(seconds, text));
}

static void put_admin(const struct attributes *to, int64_t created, int64_t updated,
		      struct str author)
{
	struct arena *arena = to->page->arena;
	struct str name = text_line(arena, to->page->site_name.len ? to->page->site_name
								   : to->origin->description);
	struct str contact = contact_of(to);

	if (!is_wanted(to, STR("ADMIN")))
		return;
	buf_str(to->out, STR("+ADMIN:\r\n Admin: "));
	buf_str(to->out, name.len ? name : to->origin->hosts[0]);
	if (contact.len)
		buf_format(to->out, " <" STR_FMT ">", STR_ARG(contact));
	buf_str(to->out, STR("\r\n"));
	put_date(to, "Mod-Date", updated);
	put_date(to, "Creation-Date", created);
	author = text_line(arena, author);
	if (author.len)
		buf_format(to->out, " Author: " STR_FMT "\r\n", STR_ARG(author));
}

static void put_abstract(const struct attributes *to, struct str summary)
{
	struct str rest = text_line(to->page->arena, summary);
	struct str line;

	if (rest.len == 0 || !is_wanted(to, STR("ABSTRACT")))
		return;
	buf_str(to->out, STR("+ABSTRACT:\r\n"));
	while (text_wrap(&rest, RENDER_COLUMNS - 1, &line))
		buf_format(to->out, " " STR_FMT "\r\n", STR_ARG(line));
}

/* Files are in no language that we know of. */
static struct str page_language(const struct page *page)
{
	return page->format == FORMAT_FILE || page->format == FORMAT_RAW ? STR("") : page->language;
}

static bool is_other(const struct page *page, const struct link *view)
{
	return view->form != page->form || !str_eq(view->target, page->path);
}

void gopherplus_item(struct buf *out, const struct origin *origin, const struct page *page,
		     const struct link *self, uint64_t size, struct str blocks)
{
	const struct attributes to = { out, origin, page, blocks };

	buf_str(out, STR("+-1\r\n"));
	put_info(&to, self, self->label);
	put_admin(&to, 0, page->updated, STR(""));
	if (is_wanted(&to, STR("VIEWS"))) {
		buf_str(out, STR("+VIEWS:\r\n"));
		put_view(&to, page_type(page), page_language(page), size);
		for (size_t i = 0; i < page->view_count; i++)
			if (is_other(page, &page->views[i]))
				put_view(&to, link_type(page->views[i].form), page->views[i].label,
					 0);
	}
	put_abstract(&to, page->summary);
	gophermap_end(out);
}

static void put_link(const struct attributes *to, const struct block *block)
{
	const struct link *link = &block->link;
	struct str type = link_type(link->form);

	put_info(to, link, link->label);
	put_admin(to, 0, 0, STR(""));
	if (type.len == 0 || !is_wanted(to, STR("VIEWS")))
		return;
	buf_str(to->out, STR("+VIEWS:\r\n"));
	put_view(to, type, link->form == LINK_GIF ? STR("") : to->page->language, 0);
}

static void put_entry(const struct attributes *to, const struct block *block)
{
	const struct entry *entry = block->entry;
	struct str language = entry->language.len ? entry->language : to->page->language;

	put_info(to, &block->link, entry_text(to->page->arena, block));
	put_admin(to, entry->published, entry->updated, entry->author);
	if (is_wanted(to, STR("VIEWS"))) {
		buf_str(to->out, STR("+VIEWS:\r\n"));
		put_view(to, link_type(block->link.form), language, entry->size);
	}
	put_abstract(to, entry->summary);
}

void gopherplus_menu(struct buf *out, const struct origin *origin, const struct page *page,
		     struct str blocks)
{
	const struct attributes to = { out, origin, page, blocks };

	buf_str(out, STR("+-1\r\n"));
	for (const struct block *block = page->first; block; block = block->next) {
		if (block->kind == BLOCK_LINK)
			put_link(&to, block);
		else if (block->kind == BLOCK_ENTRY)
			put_entry(&to, block);
	}
	gophermap_end(out);
}

static void begin_error(const struct attributes *to, enum gopherplus_error error)
{
	struct str contact = contact_of(to);

	buf_format(to->out, "--1\r\n%d", (int)error);
	if (contact.len)
		buf_format(to->out, " " STR_FMT, STR_ARG(contact));
	buf_str(to->out, STR("\r\n"));
}

void gopherplus_fail(struct buf *out, const struct origin *origin, const struct page *page,
		     enum gopherplus_error error, struct str text)
{
	const struct attributes to = { .out = out, .origin = origin, .page = page };

	begin_error(&to, error);
	buf_str(out, text_line(page->arena, text));
	buf_str(out, STR("\r\n"));
	gophermap_end(out);
}

void gopherplus_moved(struct buf *out, const struct origin *origin, const struct page *page,
		      const struct link *link)
{
	const struct attributes to = { .out = out, .origin = origin, .page = page };

	begin_error(&to, PLUS_MOVED);
	gophermap_item(out, page->arena, origin, link, link->label, true);
	gophermap_end(out);
}

/* Clients may know a country that we do not: "En_US" will do for "En", and so will no language at all. */
static bool is_language(struct arena *arena, struct str wanted, struct str language)
{
	struct str have = plus_language(arena, language);

	return wanted.len == 0 || str_eq_nocase(wanted, have) ||
	       str_eq_nocase(str_head(wanted, str_find(wanted, '_')),
			     str_head(have, str_find(have, '_')));
}

bool gopherplus_is_view(const struct page *page, struct str view, const struct link **ret_link)
{
	struct str type = str_head(view, str_find(view, ' '));
	struct str language = str_trim(str_skip(view, type.len));

	*ret_link = NULL;
	if (view.len == 0 || (str_eq_nocase(type, page_type(page)) &&
			      is_language(page->arena, language, page_language(page))))
		return true;
	for (size_t i = 0; i < page->view_count; i++)
		if (is_other(page, &page->views[i]) &&
		    str_eq_nocase(type, link_type(page->views[i].form)) &&
		    is_language(page->arena, language, page->views[i].label)) {
			*ret_link = &page->views[i];
			return false;
		}
	return false;
}
