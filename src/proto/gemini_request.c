/* Gemini requests: one absolute URL, and everything that may be wrong with it. */
#include "proto/gemini_request.h"

#include "base/text.h"
#include "base/uri.h"
#include "proto/host.h"

static bool fail(struct page *page, enum page_status status, const char *why)
{
	page_fail(page, status, str_from(why));
	return false;
}

static bool is_our_port(const struct origin *origin, const struct uri *uri)
{
	uint64_t port = GEMINI_PORT_STANDARD;

	if (uri->port.len)
		str_number(uri->port, 65535, &port);
	return !origin->strict_port || port == origin->port;
}

/* A client that names one of our hosts in TLS and another in the URL wants us to be a proxy. A name that we never heard of is only a careless client. */
static bool is_other_name(const struct origin *origin, struct arena *arena, size_t host)
{
	size_t named;

	if (origin->server_name.len == 0)
		return false;
	named = host_index(origin, arena, origin->server_name);
	if (named < origin->host_count)
		return named != host;
	return host_is_neighbour(origin, arena, origin->server_name);
}

static bool check_authority(const struct origin *origin, struct arena *arena, const struct uri *uri,
			    struct page *page)
{
	size_t host;

	if (!uri->has_authority || uri->host.len == 0)
		return fail(page, PAGE_BAD_REQUEST, "The URL names no host");
	host = host_index(origin, arena, uri->host);
	if (host == origin->host_count)
		return fail(page, PAGE_FOREIGN, "That host is not served here");
	if (!is_our_port(origin, uri))
		return fail(page, PAGE_FOREIGN, "That port is not served here");
	if (is_other_name(origin, arena, host))
		return fail(page, PAGE_FOREIGN, "TLS and URL name different hosts");
	return true;
}

static bool check_url(const struct origin *origin, struct arena *arena, const struct uri *uri,
		      struct page *page)
{
	if (uri->scheme.len == 0)
		return fail(page, PAGE_BAD_REQUEST, "The request is not an absolute URL");
	if (uri->has_userinfo)
		return fail(page, PAGE_BAD_REQUEST, "The URL must not name a user");
	if (uri->has_fragment)
		return fail(page, PAGE_BAD_REQUEST, "The URL must not have a fragment");
	if (str_eq_nocase(uri->scheme, STR("titan")))
		return fail(page, PAGE_FOREIGN, "Titan is not offered here");
	if (!str_eq_nocase(uri->scheme, STR("gemini")))
		return fail(page, PAGE_FOREIGN, "Only gemini URLs are served here");
	return check_authority(origin, arena, uri, page);
}

/* Dots and hidden separators name nothing here, and saying so tells nobody anything. */
static bool read_path(struct arena *arena, struct str raw, struct request *request,
		      struct page *page)
{
	struct str decoded;

	if (!uri_decode(arena, raw, &decoded))
		return fail(page, PAGE_BAD_REQUEST, "The path holds bytes that are no text");
	if (!uri_path(arena, raw, &request->path))
		return fail(page, PAGE_NOT_FOUND, "There is no such page");
	return true;
}

/* Line ends and tabs, which clients with several lines of input send, become blanks before uri_decode() objects to them. */
static struct str on_one_line(struct arena *arena, struct str query)
{
	char *out = arena_alloc(arena, query.len + 1, 1);

	for (size_t i = 0; i < query.len; i++) {
		struct str escape = str_head(str_skip(query, i), 3);

		out[i] = query.data[i];
		if (str_eq_nocase(escape, STR("%0A")) || str_eq_nocase(escape, STR("%0D")) ||
		    str_eq(escape, STR("%09"))) {
			out[i + 1] = '2';
			out[i + 2] = '0';
			i += 2;
		}
	}
	return (struct str){ out, query.len };
}

static bool read_query(struct arena *arena, const struct uri *uri, struct request *request,
		       struct page *page)
{
	struct str words;

	request->has_query = uri->has_query;
	if (!uri_decode(arena, on_one_line(arena, uri->query), &words))
		return fail(page, PAGE_BAD_REQUEST, "The query holds bytes that are no text");
	if (words.len > GEMINI_WORDS_MAX)
		return fail(page, PAGE_BAD_REQUEST, "The query is longer than 512 bytes");
	request->query = text_line(arena, words);
	return true;
}

/*
 * Before anything is looked up, so that the answer tells nobody what there is. A key that is
 * refused is named, to be sent to the editor; with colons it would be too long for an error.
 */
static bool enter_zone(const struct origin *origin, struct arena *arena, struct request *request,
		       struct page *page)
{
	const struct zone *zone = zones_find(origin->zones, request->path);
	enum zone_answer answer = zone ? zone_judge(zone, origin->identity) : ZONE_ADMITS;

	switch (answer) {
	case ZONE_ASKS:
		return fail(page, PAGE_KEY_NEEDED, "");
	case ZONE_FINDS_INVALID:
		return fail(page, PAGE_KEY_INVALID, "");
	case ZONE_REFUSES:
		page_fail(page, PAGE_KEY_REFUSED,
			  arena_join(arena, STR("Not on the list; your key is "),
				     zone_key_digits(arena, &origin->identity->key), STR("")));
		return false;
	case ZONE_ADMITS:
		break;
	}
	request->admitted = zone ? origin->identity : NULL;
	return true;
}

bool gemini_parse(const struct origin *origin, struct str line, struct arena *arena,
		  struct request *request, struct page *page)
{
	struct uri uri;

	request->can_redirect = true;
	if (line.len > GEMINI_URL_MAX)
		return fail(page, PAGE_BAD_REQUEST, "The URL is longer than 1024 bytes");
	if (!uri_split(line, &uri))
		return fail(page, PAGE_BAD_REQUEST, "The request is not a URL");
	return check_url(origin, arena, &uri, page) && read_path(arena, uri.path, request, page) &&
	       enter_zone(origin, arena, request, page) && read_query(arena, &uri, request, page);
}

bool gemini_is_for(const struct origin *origin, struct arena *arena, struct str line)
{
	struct uri uri;

	return line.len <= GEMINI_URL_MAX && uri_split(line, &uri) && uri.host.len > 0 &&
	       host_index(origin, arena, uri.host) < origin->host_count;
}
