/* Links as absolute URLs of each protocol, and the types that Gopher gives them (RFC 4266, RFC 1436 3.8). */
#include "base/uri.h"
#include "render/escape.h"
#include "render/gopher_target.h"
#include "render/render.h"

enum { GEMINI_PORT = 1965 };

static void put_origin(struct buf *out, const char *scheme, const struct origin *origin,
		       unsigned standard_port)
{
	buf_format(out, "%s://" STR_FMT, scheme, STR_ARG(origin->hosts[0]));
	if (origin->port != standard_port)
		buf_format(out, ":%u", origin->port);
}

void gemini_link(struct buf *out, const struct origin *origin, const struct link *link)
{
	if (link->form == LINK_REMOTE) {
		escape_url(out, link->target);
		return;
	}
	put_origin(out, "gemini", origin, GEMINI_PORT);
	escape_path(out, link->target);
}

void gopher_link(struct buf *out, const struct origin *origin, const struct link *link)
{
	if (link->form == LINK_REMOTE) {
		escape_url(out, link->target);
		return;
	}
	put_origin(out, "gopher", origin, GOPHER_PORT);
	buf_char(out, '/');
	buf_char(out, gopher_type(link));
	escape_path(out, link->target);
}

/* What stands behind the host, query included: "?" means nothing in a gopher URL. */
static struct str gopher_rest(struct str url, const struct uri *uri)
{
	size_t start = (size_t)(uri->path.data - url.data);
	struct str rest = str_skip(url, start);

	return str_head(rest, str_find(rest, '#'));
}

static bool split_gopher(const struct link *link, struct uri *ret_uri)
{
	return link->form == LINK_REMOTE && uri_split(link->target, ret_uri) &&
	       str_eq_nocase(ret_uri->scheme, STR("gopher")) && ret_uri->has_authority &&
	       !ret_uri->has_userinfo && ret_uri->host.len > 0;
}

/* A type that another server claims; one that is no item, or that no client knows how to ask for, becomes a menu. */
static char claimed_type(struct str rest)
{
	char type = rest.len > 1 ? rest.data[1] : '1';
	bool is_known = type == ';' || (type >= '0' && type <= '9') ||
			(type >= 'A' && type <= 'Z') || (type >= 'a' && type <= 'z');

	return is_known && type != 'i' && type != '3' ? type : '1';
}

char gopher_type(const struct link *link)
{
	static const char types[] = {
		[LINK_MENU] = '1',   [LINK_TEXT] = '0',	 [LINK_SEARCH] = '7',
		[LINK_BINARY] = '9', [LINK_GIF] = 'g',	 [LINK_IMAGE] = 'I',
		[LINK_SOUND] = 's',  [LINK_VIDEO] = ';', [LINK_REMOTE] = 'h',
	};
	struct uri uri;

	if (split_gopher(link, &uri))
		return claimed_type(gopher_rest(link->target, &uri));
	return types[link->form];
}

/* An IPv6 literal loses its brackets outside of URLs. */
static struct str bare_host(struct str host)
{
	if (str_starts(host, STR("[")) && str_ends(host, STR("]")))
		return str_head(str_skip(host, 1), host.len - 2);
	return host;
}

static bool set_elsewhere(struct arena *arena, const struct link *link,
			  struct gopher_target *target)
{
	struct uri uri;
	struct str rest;
	struct str selector;
	uint64_t port = GOPHER_PORT;

	if (!split_gopher(link, &uri))
		return false;
	rest = gopher_rest(link->target, &uri);
	for (size_t i = 0; i + 2 < rest.len; i++)
		if (str_starts(str_skip(rest, i), STR("%09")))
			rest = str_head(rest, i); /* search words have no place in a menu line */
	if (!uri_decode(arena, str_skip(rest, 2), &selector) ||
	    (uri.port.len && !str_number(uri.port, 65535, &port)))
		return false;
	*target = (struct gopher_target){
		.type = claimed_type(rest),
		.selector = selector,
		.host = bare_host(uri.host),
		.port = (unsigned)port,
	};
	return true;
}

void gopher_target_set(struct arena *arena, const struct origin *origin, const struct link *link,
		       struct gopher_target *ret_target)
{
	if (set_elsewhere(arena, link, ret_target))
		return;
	*ret_target = (struct gopher_target){
		.type = link->form == LINK_REMOTE ? 'h' : gopher_type(link),
		.is_url = link->form == LINK_REMOTE,
		.is_ours = true,
		.selector = link->target,
		.host = bare_host(origin->hosts[0]),
		.port = origin->port,
	};
}
