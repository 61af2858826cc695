/* Gemini (0.24.1): replies. Requests are in gemini_request.c. */
#include <stdio.h>

#include "base/text.h"
#include "base/uri.h"
#include "proto/gemini_request.h"
#include "proto/proto.h"
#include "render/escape.h"
#include "render/render.h"

enum {
	META_MAX = 1024, /* bytes; older clients assume that there are no more */
	ERROR_MAX = 99,
};

/* A status and what is said when the page says nothing. */
static const struct {
	int number;
	const char *sentence;
} statuses[] = {
	[PAGE_OK] = { 20, "" },
	[PAGE_INPUT] = { 10, "Words, please" },
	[PAGE_MOVED] = { 31, "" },
	[PAGE_REDIRECT] = { 30, "" },
	[PAGE_UNAVAILABLE] = { 40, "Not available at the moment" },
	[PAGE_NOT_FOUND] = { 51, "There is no such page" },
	[PAGE_GONE] = { 52, "This page is gone" },
	[PAGE_FOREIGN] = { 53, "That is not served here" },
	[PAGE_BAD_REQUEST] = { 59, "The request is not a proper one" },
	[PAGE_KEY_NEEDED] = { 60, "A client certificate is needed here" },
	[PAGE_KEY_REFUSED] = { 61, "This client certificate is not on the list" },
	[PAGE_KEY_INVALID] = { 62, "This client certificate is expired or not valid yet" },
};

static void put_header(struct reply *reply, int status, struct str meta)
{
	reply->status = status;
	buf_format(&reply->head, "%d ", status);
	buf_str(&reply->head, meta);
	buf_str(&reply->head, STR("\r\n"));
}

/* At most max bytes of a clean line, cut between characters. */
static struct str shortened(struct arena *arena, struct str line, size_t max)
{
	size_t len = max - STR("…").len;

	if (line.len <= max)
		return line;
	while (len > 0 && ((unsigned char)line.data[len] & 0xC0) == 0x80)
		len--;
	return arena_join(arena, str_head(line, len), STR("…"), STR(""));
}

static void put_sentence(struct page *page, struct reply *reply)
{
	struct str meta = text_line(page->arena, page->message);
	size_t max = page->status == PAGE_INPUT ? META_MAX : ERROR_MAX;

	if (meta.len == 0)
		meta = str_from(statuses[page->status].sentence);
	put_header(reply, statuses[page->status].number, shortened(page->arena, meta, max));
}

static void put_failure(struct page *page, struct reply *reply, struct str why)
{
	buf_clear(&reply->head);
	page_fail(page, PAGE_UNAVAILABLE, why);
	put_sentence(page, reply);
}

static void put_redirect(struct page *page, struct reply *reply)
{
	struct buf target;

	buf_init(&target, META_MAX);
	if (uri_has_scheme(page->target))
		escape_url(&target, page->target);
	else
		escape_path(&target, page->target);
	if (target.full || target.len == 0)
		put_failure(page, reply, STR("The way to this page is lost"));
	else
		put_header(reply, statuses[page->status].number, buf_view(&target));
	buf_done(&target);
}

static bool is_language(struct str language)
{
	for (size_t i = 0; i < language.len; i++) {
		char c = language.data[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '-' || c == ','))
			return false;
	}
	return language.len > 0;
}

/* Several languages need quotes, because of the comma (Gemtext, Language). */
static struct str with_language(const struct page *page, struct str meta)
{
	const char *quote = str_find(page->language, ',') < page->language.len ? "\"" : "";

	if (!is_language(page->language))
		return meta;
	return arena_format(page->arena, STR_FMT "; lang=%s" STR_FMT "%s", STR_ARG(meta), quote,
			    STR_ARG(page->language), quote);
}

static bool is_mime(struct str mime)
{
	for (size_t i = 0; i < mime.len; i++)
		if (mime.data[i] <= ' ' || mime.data[i] > '~')
			return false;
	return str_find(mime, '/') < mime.len && mime.len < META_MAX / 2;
}

static struct str with_charset(struct arena *arena, struct str mime)
{
	if (!is_mime(mime))
		return STR("application/octet-stream");
	if (!str_starts(mime, STR("text/")))
		return mime;
	return arena_join(arena, mime, STR("; charset=utf-8"), STR(""));
}

static void put_content(const struct origin *origin, struct page *page, struct reply *reply)
{
	switch (page->format) {
	case FORMAT_NATIVE:
	case FORMAT_GEMTEXT:
		put_header(reply, 20, with_language(page, STR("text/gemini; charset=utf-8")));
		gemtext_write(&reply->head, origin, page,
			      page->format == FORMAT_GEMTEXT ? gemini_link : NULL);
		break;
	case FORMAT_PLAIN:
		put_header(reply, 20, with_language(page, STR("text/plain; charset=utf-8")));
		plain_write(&reply->head, origin, page, gemini_link, "\n");
		break;
	case FORMAT_ATOM:
		put_header(reply, 20, STR("application/atom+xml; charset=utf-8"));
		atom_write(&reply->head, origin, page, gemini_link);
		break;
	case FORMAT_RAW:
		put_header(reply, 20, with_charset(page->arena, page->mime));
		buf_str(&reply->head, page->raw);
		break;
	case FORMAT_FILE:
		put_header(reply, 20, with_charset(page->arena, page->mime));
		reply->file = page->file;
		reply->file_size = page->file_size;
		page->file = -1;
		break;
	}
}

static void write(const struct origin *origin, struct str line, struct page *page,
		  struct reply *reply)
{
	(void)line;
	if (page->status == PAGE_OK)
		put_content(origin, page, reply);
	else if (page->status == PAGE_MOVED || page->status == PAGE_REDIRECT)
		put_redirect(page, reply);
	else
		put_sentence(page, reply);
	if (reply->head.full)
		put_failure(page, reply, STR("This page is too long to be sent"));
	reply->count = page->count;
	reply->article = page->article;
	reply->is_for_robots = page->is_for_robots;
}

/* 44 begins with a number, which is all that older clients read of it. */
static void refuse(const struct origin *origin, enum refusal refusal, unsigned seconds,
		   struct reply *reply)
{
	char wait[32];

	(void)origin;
	switch (refusal) {
	case REFUSAL_SLOW_DOWN:
		snprintf(wait, sizeof(wait), "%u seconds, please", seconds);
		put_header(reply, 44, str_from(wait));
		break;
	case REFUSAL_OVERLOAD:
		put_header(reply, 41, STR("Too many readers at the moment"));
		break;
	case REFUSAL_TIMEOUT:
		put_header(reply, 59, STR("The request did not come in time"));
		break;
	}
}

const struct proto gemini_proto = {
	.name = "gemini",
	.scheme = "gemini",
	.port = GEMINI_PORT_STANDARD,
	.request_max = GEMINI_URL_MAX,
	.has_status = true,
	.ends_with_lf = false,
	.is_for = gemini_is_for,
	.parse = gemini_parse,
	.write = write,
	.refuse = refuse,
};
