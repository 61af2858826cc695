/* Small texts made from configuration and store: robots.txt, favicon.txt, security.txt. A file of that name in the store comes first. */
#include "base/buf.h"
#include "base/date.h"
#include "site/visit.h"

enum { TEXT_MAX = 64 * 1024, SECURITY_DAYS = 180, DAY = 86400 };

static void give(const struct visit *visit, struct page *page, struct buf *text)
{
	page->format = FORMAT_RAW;
	page->mime = STR("text/plain");
	page->raw = arena_str(visit->arena, buf_view(text));
	buf_done(text);
}

static void write_group(const struct visit *visit, const char *agent, struct buf *text)
{
	size_t count;
	const struct edition *editions = store_editions(visit->store, &count);

	buf_format(text, "User-agent: %s\n", agent);
	for (size_t i = 0; i < count; i++)
		buf_format(text, "Disallow: " STR_FMT "search\nDisallow: " STR_FMT "s/\n",
			   STR_ARG(editions[i].root), STR_ARG(editions[i].root));
	buf_str(text, visit->site->robots);
}

/*
 * Search results and short links are no place for robots; the rest is. What was written elsewhere is not for
 * those who build indexes ("indexer" of the robots.txt companion specification); a group of their own stands in for the first one.
 */
static void build_robots(const struct visit *visit, struct page *page)
{
	struct buf text;

	buf_init(&text, TEXT_MAX);
	write_group(visit, "*", &text);
	if (visit->site->unindexed.len) {
		buf_char(&text, '\n');
		write_group(visit, "indexer", &text);
		buf_str(&text, visit->site->unindexed);
	}
	give(visit, page, &text);
}

static void build_favicon(const struct visit *visit, struct page *page)
{
	struct buf text;

	if (visit->site->favicon.len == 0) {
		furniture_fail(visit, page, PAGE_NOT_FOUND, LABEL_NOT_FOUND);
		return;
	}
	buf_init(&text, TEXT_MAX);
	buf_str(&text, visit->site->favicon);
	buf_char(&text, '\n');
	give(visit, page, &text);
}

/* RFC 9116; Expires is always half a year ahead, counted from the day. */
static void build_security(const struct visit *visit, struct page *page)
{
	size_t count;
	const struct edition *editions = store_editions(visit->store, &count);
	char expires[DATE_TEXT];
	struct buf text;

	if (editions[0].contact.len == 0) {
		furniture_fail(visit, page, PAGE_NOT_FOUND, LABEL_NOT_FOUND);
		return;
	}
	buf_init(&text, TEXT_MAX);
	buf_format(&text, "Contact: %s" STR_FMT "\nExpires: %s\nPreferred-Languages: ",
		   str_find(editions[0].contact, ':') == editions[0].contact.len ? "mailto:" : "",
		   STR_ARG(editions[0].contact),
		   date_rfc3339((visit->now / DAY + SECURITY_DAYS) * DAY, expires));
	for (size_t i = 0; i < count; i++)
		buf_format(&text, "%s" STR_FMT, i ? ", " : "", STR_ARG(editions[i].language));
	buf_char(&text, '\n');
	give(visit, page, &text);
}

const struct page_kind robots_kind = {
	.pattern = "robots.txt", .form = LINK_TEXT, .at_root = true, .build = build_robots
};
const struct page_kind favicon_kind = {
	.pattern = "favicon.txt", .form = LINK_TEXT, .at_root = true, .build = build_favicon
};
const struct page_kind security_kind = { .pattern = ".well-known/security.txt",
					 .form = LINK_TEXT,
					 .at_root = true,
					 .build = build_security };
