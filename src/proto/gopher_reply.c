/* Gopher: replies, plain and Gopher+. */
#include "proto/gopher_reply.h"

#include "base/uri.h"
#include "proto/gopher_line.h"
#include "proto/gopher_own.h"
#include "proto/gopherplus.h"
#include "render/render.h"

/* Lines end with CRLF, and none begins with a dot, so that nobody needs to undo anything (RFC 1436, Textfile Entity). */
static void put_text(struct buf *out, struct str text)
{
	struct str line;

	while (str_next_line(&text, &line)) {
		if (str_starts(line, STR(".")))
			buf_char(out, ' ');
		buf_str(out, line);
		buf_str(out, STR("\r\n"));
	}
}

/* The formats that other protocols have too, made for type 0. */
static void put_foreign(struct buf *out, const struct origin *origin, const struct page *page)
{
	struct buf text;

	buf_init(&text, out->max);
	if (page->format == FORMAT_ATOM)
		atom_write(&text, origin, page, gopher_link);
	else
		gemtext_write(&text, origin, page, gopher_link);
	put_text(out, buf_view(&text));
	if (text.full)
		out->full = true;
	buf_done(&text);
}

static bool is_text(const struct page *page)
{
	if (page->format == FORMAT_RAW)
		return str_eq(page->mime, STR("text/plain")) ||
		       str_eq(page->mime, STR("text/gemini"));
	return page->format != FORMAT_NATIVE && page->format != FORMAT_FILE;
}

static void put_content(struct buf *out, const struct origin *origin, const struct page *page,
			bool plus)
{
	switch (page->format) {
	case FORMAT_NATIVE:
		gophermap_write(out, origin, page, plus);
		break;
	case FORMAT_GEMTEXT:
	case FORMAT_ATOM:
		put_foreign(out, origin, page);
		break;
	case FORMAT_PLAIN:
		plain_write(out, origin, page, gopher_link, "\r\n");
		break;
	case FORMAT_RAW:
		if (is_text(page))
			put_text(out, page->raw);
		else
			buf_str(out, page->raw);
		break;
	case FORMAT_FILE: /* follows the head by itself */
		break;
	}
	if (origin->text_lastline && is_text(page))
		gophermap_end(out);
}

static struct str paper_name(const struct origin *origin, const struct page *page)
{
	if (page->site_name.len)
		return page->site_name;
	return origin->description.len ? origin->description : origin->hosts[0];
}

static struct str sentence(const struct page *page)
{
	return page->message.len ? page->message : STR("This page is not available");
}

/* A menu of this one link. Gopher has no statuses: what a page cannot be is said in menus. */
static void put_menu_of(struct buf *out, const struct origin *origin, const struct page *page,
			struct link link, bool plus)
{
	struct page menu;

	page_init(&menu, page->arena);
	page_link(&menu, link);
	gophermap_write(out, origin, &menu, plus);
}

static void put_error(struct buf *out, const struct origin *origin, const struct page *page)
{
	struct link root = { LINK_MENU, STR("/"), paper_name(origin, page) };

	gophermap_text(out, page->arena, '3', sentence(page));
	gophermap_text(out, page->arena, 'i', page->path);
	put_menu_of(out, origin, page, root, false);
}

static struct link input_link(const struct page *page)
{
	return (struct link){ LINK_SEARCH, page->path.len ? page->path : STR("/"), page->message };
}

static struct link target_link(const struct page *page)
{
	return (struct link){ uri_has_scheme(page->target) ? LINK_REMOTE : LINK_MENU, page->target,
			      page->target };
}

static bool is_redirect(const struct page *page)
{
	return page->status == PAGE_MOVED || page->status == PAGE_REDIRECT;
}

static void put_page(struct buf *out, const struct origin *origin, const struct page *page,
		     bool plus)
{
	if (page->status == PAGE_OK || page->format == FORMAT_RAW) {
		put_content(out, origin, page, plus);
	} else if (page->status == PAGE_INPUT) {
		put_menu_of(out, origin, page, input_link(page), plus);
	} else if (is_redirect(page)) {
		gophermap_text(out, page->arena, 'i', STR("This page has moved to:"));
		put_menu_of(out, origin, page, target_link(page), plus);
	} else {
		put_error(out, origin, page);
	}
}

static void move_file(struct page *page, struct reply *reply)
{
	if (page->status != PAGE_OK || page->format != FORMAT_FILE)
		return;
	reply->file = page->file;
	reply->file_size = page->file_size;
	page->file = -1;
}

/* The content with its length in front, so that a cut reply can be told from a whole one. */
static void put_fetched(struct buf *out, const struct origin *origin, const struct page *page)
{
	bool is_file = page->status == PAGE_OK && page->format == FORMAT_FILE;
	struct buf content;

	buf_init(&content, out->max);
	put_page(&content, origin, page, true);
	buf_format(out, "+%llu\r\n",
		   is_file ? (unsigned long long)page->file_size : (unsigned long long)content.len);
	buf_str(out, buf_view(&content));
	if (content.full)
		out->full = true;
	buf_done(&content);
}

static uint64_t content_size(const struct origin *origin, const struct page *page, size_t max)
{
	struct buf content;
	uint64_t size;

	if (page->format == FORMAT_FILE)
		return page->file_size;
	buf_init(&content, max);
	put_page(&content, origin, page, false);
	size = content.len;
	buf_done(&content);
	return size;
}

/* The item as menus show it, under the selector that was asked for. */
static struct link self_link(const struct page *page, const struct gopher_line *line)
{
	struct link self = { page->form, page->path, page->title };
	struct str url;

	if (gopher_own_is_url(line->selector, &url))
		return (struct link){ LINK_REMOTE, url, url };
	if (self.label.len == 0)
		self.label = page->message.len ? page->message : page->path;
	gopher_path(page->arena, line->selector, &self.target);
	return self;
}

/* An answer that has no Gopher+ form: an error, or where it is now. */
static void put_plus_failure(struct buf *out, const struct origin *origin, const struct page *page)
{
	struct link link = target_link(page);

	if (is_redirect(page))
		gopherplus_moved(out, origin, page, &link);
	else
		gopherplus_fail(out, origin, page,
				page->status == PAGE_UNAVAILABLE ? PLUS_TRY_LATER
								 : PLUS_NOT_AVAILABLE,
				sentence(page));
}

/* False when it is another view than the page is written as: then the answer says where that is. */
static bool put_view(struct buf *out, const struct origin *origin, const struct page *page,
		     struct str view)
{
	const struct link *link;

	if (gopherplus_is_view(page, view, &link)) {
		put_fetched(out, origin, page);
		return true;
	}
	if (link)
		gopherplus_moved(out, origin, page, link);
	else
		gopherplus_fail(out, origin, page, PLUS_NOT_AVAILABLE,
				STR("There is no such view of this item"));
	return false;
}

/* False when the answer is not the page itself; it does not count as read then. */
static bool put_plus(struct buf *out, const struct origin *origin, const struct page *page,
		     const struct gopher_line *line)
{
	struct link self = self_link(page, line);

	if (page->status != PAGE_OK && page->status != PAGE_INPUT)
		put_plus_failure(out, origin, page);
	else if (line->ask == ASK_FETCH)
		return put_view(out, origin, page, line->detail);
	else if (line->ask == ASK_ITEM)
		gopherplus_item(out, origin, page, &self, content_size(origin, page, out->max),
				line->detail);
	else if (page->status == PAGE_OK && page->format == FORMAT_NATIVE)
		gopherplus_menu(out, origin, page, line->detail);
	else
		gopherplus_fail(out, origin, page, PLUS_NOT_AVAILABLE,
				STR("This item is not a menu"));
	return false;
}

static bool is_http(const struct page *page)
{
	return page->format == FORMAT_RAW && str_eq(page->mime, STR(GOPHER_HTTP_MIME));
}

/* False when the answer is not the page itself. */
static bool put_reply(struct buf *out, const struct origin *origin, const struct page *page,
		      const struct gopher_line *line)
{
	if (line->ask != ASK_PLAIN && !is_http(page))
		return put_plus(out, origin, page, line);
	put_page(out, origin, page, false);
	return true;
}

void gopher_write(const struct origin *origin, struct str text, struct page *page,
		  struct reply *reply)
{
	struct gopher_line line;
	bool is_page;

	gopher_line_split(text, &line);
	is_page = put_reply(&reply->head, origin, page, &line);
	if (reply->head.full) {
		buf_clear(&reply->head);
		page_fail(page, PAGE_UNAVAILABLE, STR("This page is too long to be sent"));
		is_page = put_reply(&reply->head, origin, page, &line);
	}
	reply->is_error = page->status != PAGE_OK && page->status != PAGE_INPUT &&
			  !is_redirect(page);
	if (!is_page)
		return;
	move_file(page, reply);
	reply->count = page->count;
	reply->article = page->article;
	reply->is_for_robots = page->is_for_robots;
}

void gopher_refuse(const struct origin *origin, enum refusal refusal, unsigned seconds,
		   struct reply *reply)
{
	static const char *const sentences[] = {
		[REFUSAL_SLOW_DOWN] = "Too many requests at once: please wait",
		[REFUSAL_OVERLOAD] = "Too many readers at the moment: please try again",
		[REFUSAL_TIMEOUT] = "The request did not come in time",
	};

	(void)origin;
	reply->is_error = true;
	buf_format(&reply->head, "3%s", sentences[refusal]);
	if (refusal == REFUSAL_SLOW_DOWN)
		buf_format(&reply->head, " %u seconds", seconds);
	buf_str(&reply->head, STR("\t\terror.host\t1\r\n"));
	gophermap_end(&reply->head);
}
