/* Feeds: which kind it is. */
#include "import/feed.h"

#include "base/text.h"
#include "import/charset.h"
#include "import/feed_draft.h"

enum { LOOK_BYTES = 4096 };

static bool contains_nocase(struct str text, struct str part)
{
	for (; text.len >= part.len; text = str_skip(text, 1))
		if (str_eq_nocase(str_head(text, part.len), part))
			return true;
	return false;
}

static bool has_type(struct str type, const char *name)
{
	return str_eq_nocase(str_trim(str_head(type, str_find(type, ';'))), str_from(name));
}

static struct str skip_blanks(struct str text)
{
	if (str_starts(text, STR("\xEF\xBB\xBF")))
		text = str_skip(text, 3);
	while (text.len && (unsigned char)text.data[0] <= ' ')
		text = str_skip(text, 1);
	return text;
}

/* The root elements that XML feeds have, at the start of a tag. */
static bool has_feed_root(struct str head)
{
	static const char *const roots[] = { "<rss",	  "<feed",	"<rdf:RDF", "<RDF",
					     "<opml",	  "<atom:feed", "<channel", "<a:feed",
					     "<ns0:feed", "<entry",	NULL };

	for (const char *const *root = roots; *root; root++)
		if (contains_nocase(head, str_from(*root)))
			return true;
	/* Any prefix will do. */
	return contains_nocase(head, STR("http://www.w3.org/2005/Atom")) ||
	       contains_nocase(head, STR("http://purl.org/rss/1.0/"));
}

static bool is_web_page(struct str head)
{
	head = skip_blanks(head);
	return str_eq_nocase(str_head(head, 9), STR("<!doctype"))
		       ? contains_nocase(str_head(head, 60), STR("html")) &&
				 !contains_nocase(head, STR("<rss"))
		       : str_eq_nocase(str_head(head, 5), STR("<html"));
}

/* A JSON feed names its version in the first lines (JSON Feed 1.1, Top-level). */
static bool is_json_feed(struct str head)
{
	return str_starts(skip_blanks(head), STR("{")) &&
	       (contains_nocase(head, STR("jsonfeed.org")) ||
		contains_nocase(head, STR("\"items\"")));
}

/* Two-byte text shows its ASCII when every other byte is left out. */
static struct str narrow(struct str bytes, char out[LOOK_BYTES])
{
	size_t len = 0;

	bytes = str_head(bytes, LOOK_BYTES);
	for (size_t i = 0; i < bytes.len; i++)
		if (bytes.data[i])
			out[len++] = bytes.data[i];
	return (struct str){ out, len };
}

bool feed_looks_like(struct str bytes, struct str type)
{
	char narrowed[LOOK_BYTES];
	struct str head = narrow(bytes, narrowed);

	if (is_json_feed(head))
		return true;
	if (has_type(type, "text/gemini") || has_type(type, "application/gopher-menu"))
		return true;
	return str_find(head, '<') < head.len && !is_web_page(head) && has_feed_root(head);
}

bool feed_read(struct arena *arena, struct str bytes, struct str type, struct str base, int64_t now,
	       struct feed *ret_feed, struct err *err)
{
	struct feed_draft draft = { .arena = arena, .feed = ret_feed, .base = base, .now = now };
	char narrowed[LOOK_BYTES];
	struct str head = skip_blanks(narrow(bytes, narrowed));

	*ret_feed = (struct feed){ .format = FEED_RSS };
	if (has_type(type, "text/gemini")) {
		feed_read_gemtext(&draft, charset_utf8(arena, bytes, type, CHARSET_TEXT));
		return true;
	}
	if (has_type(type, "application/gopher-menu")) {
		feed_read_gophermap(&draft, charset_utf8(arena, bytes, type, CHARSET_TEXT));
		return true;
	}
	if (str_starts(head, STR("{")))
		return feed_read_json(&draft, charset_utf8(arena, bytes, STR(""), CHARSET_TEXT),
				      err);
	if (str_find(head, '<') == head.len)
		return err_set(err, "is no feed");
	return feed_read_xml(&draft, charset_utf8(arena, bytes, type, CHARSET_XML), err);
}
