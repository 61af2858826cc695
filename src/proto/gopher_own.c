/* What Gopher answers by itself: redirect pages, caps.txt, and browsers at the wrong door. */
#include "proto/gopher_own.h"

#include "base/buf.h"
#include "base/text.h"
#include "base/uri.h"
#include "render/escape.h"
#include "render/render.h"

enum { OWN_BYTES_MAX = 32 * 1024 };

static void give(struct page *page, struct buf *text, struct str mime)
{
	page->format = FORMAT_RAW;
	page->mime = mime;
	page->raw = arena_str(page->arena, buf_view(text));
	buf_done(text);
}

void gopher_own_http(const struct origin *origin, struct str line, struct page *page)
{
	const struct link root = { .form = LINK_MENU, .target = STR("/") };
	struct buf body;
	struct buf text;

	buf_init(&body, OWN_BYTES_MAX);
	buf_init(&text, OWN_BYTES_MAX);
	buf_str(&body, STR("This is a Gopher server, and it does not speak HTTP.\r\n"
			   "A Gopher client finds the paper at "));
	gopher_link(&body, origin, &root);
	buf_str(&body, STR("\r\n"));
	buf_format(&text,
		   "HTTP/1.0 400 Bad Request\r\n"
		   "Content-Type: text/plain; charset=utf-8\r\n"
		   "Content-Length: %zu\r\n"
		   "Connection: close\r\n\r\n",
		   body.len);
	if (!str_starts(line, STR("HEAD ")))
		buf_str(&text, buf_view(&body));
	buf_done(&body);
	page->status = PAGE_BAD_REQUEST;
	give(page, &text, STR(GOPHER_HTTP_MIME));
}

static void put_cap(struct buf *text, struct arena *arena, const char *name, struct str value)
{
	value = text_line(arena, value);
	if (value.len)
		buf_format(text, "%s=" STR_FMT "\n", name, STR_ARG(value));
}

/* "Delimeter" is how the keys are spelt. */
void gopher_own_caps(const struct origin *origin, struct page *page)
{
	struct buf text;

	buf_init(&text, OWN_BYTES_MAX);
	buf_str(&text, STR("CAPS\n\n"
			   "CapsVersion=1\n"
			   "ExpireCapsAfter=3600\n\n"
			   "PathDelimeter=/\n"
			   "PathIdentity=.\n"
			   "PathParent=..\n"
			   "PathParentDouble=FALSE\n"
			   "PathKeepPreDelimeter=FALSE\n\n"
			   "ServerDefaultEncoding=UTF-8\n"));
	if (origin->tls_port)
		buf_format(&text, "ServerTLSPort=%u\n", origin->tls_port);
	buf_str(&text, STR("\nServerSoftware=Tidings\n"
			   "ServerSoftwareVersion=" TIDINGS_VERSION "\n"));
	put_cap(&text, page->arena, "ServerDescription", origin->description);
	put_cap(&text, page->arena, "ServerAdmin", origin->admin);
	page->form = LINK_TEXT;
	page->title = STR("caps.txt");
	page->path = STR("/caps.txt");
	give(page, &text, STR("text/plain"));
}

bool gopher_own_is_url(struct str selector, struct str *ret_url)
{
	const struct str mark = STR("URL:");

	if (str_starts(selector, STR("h")))
		selector = str_skip(selector, 1);
	if (str_starts(selector, STR("/")))
		selector = str_skip(selector, 1);
	if (!str_eq_nocase(str_head(selector, mark.len), mark))
		return false;
	*ret_url = str_skip(selector, mark.len);
	return true;
}

static bool is_allowed(struct str url)
{
	static const char *const schemes[] = { "http", "https", "gemini", "mailto" };
	struct str scheme = str_head(url, str_find(url, ':'));

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (scheme.len < url.len && str_eq_nocase(scheme, str_from(schemes[i])))
			return true;
	return false;
}

/* HTML 3.2 as the hURL convention asks: a refresh of at most ten seconds, a link, no picture, no script. */
static void put_html(struct buf *text, struct str url)
{
	buf_str(text, STR("<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\">\n"
			  "<HTML><HEAD>\n"
			  "<META HTTP-EQUIV=\"refresh\" CONTENT=\"5;URL="));
	escape_markup(text, url);
	buf_str(text, STR("\">\n"
			  "<TITLE>A link out of Gopher</TITLE>\n"
			  "</HEAD><BODY>\n"
			  "<P>This link leads out of Gopher, to:\n"
			  "<P><A HREF=\""));
	escape_markup(text, url);
	buf_str(text, STR("\">"));
	escape_markup(text, url);
	buf_str(text, STR("</A>\n"
			  "</BODY></HTML>\n"));
}

void gopher_own_url(struct str url, struct page *page)
{
	struct buf clean;
	struct buf text;

	if (url.len > GOPHER_URL_MAX) {
		page_fail(page, PAGE_BAD_REQUEST, STR("The URL is longer than 1000 bytes"));
		return;
	}
	if (!is_allowed(url)) {
		page_fail(page, PAGE_BAD_REQUEST,
			  STR("Only http, https, gemini and mailto links lead out of here"));
		return;
	}
	buf_init(&clean, OWN_BYTES_MAX);
	buf_init(&text, OWN_BYTES_MAX);
	escape_url(&clean, url);
	put_html(&text, buf_view(&clean));
	buf_done(&clean);
	give(page, &text, STR("text/html"));
}
