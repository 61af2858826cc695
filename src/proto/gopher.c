/* Gopher (RFC 1436 and the conventions around it): requests. Replies are in gopher_reply.c. */
#include "base/text.h"
#include "proto/gopher_line.h"
#include "proto/gopher_own.h"
#include "proto/gopher_reply.h"
#include "proto/proto.h"

enum { GOPHER_PORT_STANDARD = 70 };

static bool fail(struct page *page, enum page_status status, const char *why)
{
	page_fail(page, status, str_from(why));
	return false;
}

static bool is_clean(struct str text)
{
	uint32_t rune;
	size_t used;

	if (!text_valid(text))
		return false;
	for (; (used = text_rune(text, &rune)) != 0; text = str_skip(text, used))
		if (text_is_control(rune))
			return false;
	return true;
}

static bool check_selector(const struct gopher_line *line, struct page *page)
{
	if (line->has_data)
		return fail(page, PAGE_BAD_REQUEST, "Nothing can be sent to this server");
	if (line->selector.len > GOPHER_SELECTOR_MAX)
		return fail(page, PAGE_BAD_REQUEST, "The selector is longer than 255 bytes");
	return true;
}

static bool read_words(struct arena *arena, const struct gopher_line *line, struct request *request,
		       struct page *page)
{
	if (line->words.len > GOPHER_WORDS_MAX)
		return fail(page, PAGE_BAD_REQUEST, "The search words are longer than 512 bytes");
	if (!text_valid(line->words))
		return fail(page, PAGE_BAD_REQUEST, "The search words are not UTF-8");
	request->has_query = line->has_words;
	request->query = text_line(arena, line->words);
	return true;
}

static bool parse(const struct origin *origin, struct str text, struct arena *arena,
		  struct request *request, struct page *page)
{
	struct gopher_line line;
	struct str url;

	if (gopher_is_http(text)) {
		gopher_own_http(origin, text, page);
		return false;
	}
	if (text.len > GOPHER_LINE_MAX)
		return fail(page, PAGE_BAD_REQUEST, "The request is longer than 1024 bytes");
	gopher_line_split(text, &line);
	if (!is_clean(line.selector))
		return fail(page, PAGE_BAD_REQUEST, "The selector holds bytes that are no text");
	if (gopher_own_is_url(line.selector, &url)) {
		gopher_own_url(url, page);
		return false;
	}
	if (!check_selector(&line, page) || !read_words(arena, &line, request, page))
		return false;
	if (!gopher_path(arena, line.selector, &request->path))
		return fail(page, PAGE_NOT_FOUND, "There is no such page");
	if (str_eq(request->path, STR("/caps.txt"))) {
		gopher_own_caps(origin, page);
		return false;
	}
	return true;
}

const struct proto gopher_proto = {
	.name = "gopher",
	.scheme = "gopher",
	.port = GOPHER_PORT_STANDARD,
	.request_max = GOPHER_LINE_MAX,
	.ends_with_lf = true,
	.parse = parse,
	.write = gopher_write,
	.refuse = gopher_refuse,
};
