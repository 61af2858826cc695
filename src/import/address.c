/* URLs: cleaning, taking apart, resolving. */
#include "import/address.h"

#include "base/buf.h"
#include "base/text.h"

/* A reference taken apart; nothing is decoded (RFC 3986 appendix B). */
struct parts {
	struct str scheme; /* without ":" */
	struct str authority;
	struct str path;
	struct str query;    /* without "?" */
	struct str fragment; /* without "#" */
	bool has_authority;
	bool has_query;
	bool has_fragment;
};

static bool is_scheme_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '+' || byte == '-' || byte == '.';
}

static struct str take_scheme(struct str *rest)
{
	size_t end = 0;
	struct str scheme;

	while (end < rest->len && is_scheme_byte(rest->data[end]))
		end++;
	if (end < 2 || end == rest->len || rest->data[end] != ':')
		return STR("");
	scheme = str_head(*rest, end);
	*rest = str_skip(*rest, end + 1);
	return scheme;
}

static struct parts split(struct str url)
{
	struct parts parts = { .path = STR("") };
	size_t end = str_find(url, '#');

	parts.has_fragment = end < url.len;
	parts.fragment = str_skip(url, end + 1);
	url = str_head(url, end);
	end = str_find(url, '?');
	parts.has_query = end < url.len;
	parts.query = str_skip(url, end + 1);
	url = str_head(url, end);
	parts.scheme = take_scheme(&url);
	parts.has_authority = str_starts(url, STR("//"));
	if (parts.has_authority) {
		url = str_skip(url, 2);
		end = str_find(url, '/');
		parts.authority = str_head(url, end);
		url = str_skip(url, end);
	}
	parts.path = url;
	return parts;
}

static bool is_hierarchical(struct str scheme)
{
	return str_eq_nocase(scheme, STR("http")) || str_eq_nocase(scheme, STR("https")) ||
	       str_eq_nocase(scheme, STR("gemini")) || str_eq_nocase(scheme, STR("gopher")) ||
	       str_eq_nocase(scheme, STR("ftp"));
}

/* Percent-encodes what no URL has, drops TAB, CR and LF; backslashes are slashes before the query. */
static struct str encode(struct arena *arena, struct str text)
{
	struct buf out;
	struct str done;
	bool in_path = is_hierarchical(split(text).scheme) || split(text).scheme.len == 0;

	text = str_trim(text);
	buf_init(&out, 3 * ADDRESS_BYTES_MAX);
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		if (byte == '?' || byte == '#')
			in_path = false;
		if (byte == '\t' || byte == '\r' || byte == '\n')
			continue;
		if (byte == '\\' && in_path)
			buf_char(&out, '/');
		else if (byte <= ' ' || byte >= 0x7F || strchr("<>\"{}|\\^`", byte))
			buf_format(&out, "%%%02X", byte);
		else
			buf_char(&out, (char)byte);
	}
	done = out.full ? STR("") : arena_str(arena, buf_view(&out));
	buf_done(&out);
	return done;
}

/* RFC 3986 5.2.4. */
static struct str remove_dots(struct arena *arena, struct str path)
{
	char *out = ARENA_ARRAY(arena, path.len + 1, char);
	size_t len = 0;

	while (path.len) {
		size_t end = path.data[0] == '/' ? 1 + str_find(str_skip(path, 1), '/')
						 : str_find(path, '/');
		struct str segment = str_head(path, end);
		bool is_last = end >= path.len;

		path = str_skip(path, end);
		if (str_eq(segment, STR("/..")) || str_eq(segment, STR(".."))) {
			while (len > 0 && out[--len] != '/')
				;
			if (is_last)
				out[len++] = '/';
		} else if (str_eq(segment, STR("/.")) || str_eq(segment, STR("."))) {
			if (is_last)
				out[len++] = '/';
		} else {
			memcpy(out + len, segment.data, segment.len);
			len += segment.len;
		}
	}
	return (struct str){ out, len };
}

static struct str merge(struct arena *arena, const struct parts *base, struct str path)
{
	size_t slash = str_rfind(base->path, '/');

	if (base->path.len == 0)
		return arena_join(arena, STR("/"), path, STR(""));
	if (slash == base->path.len)
		return path;
	return arena_join(arena, str_head(base->path, slash + 1), path, STR(""));
}

static struct str lower(struct arena *arena, struct str text)
{
	struct str copy = arena_str(arena, text);
	char *bytes = (char *)copy.data;

	for (size_t i = 0; i < copy.len; i++)
		if (bytes[i] >= 'A' && bytes[i] <= 'Z')
			bytes[i] = (char)(bytes[i] + 32);
	return copy;
}

static struct str join(struct arena *arena, const struct parts *parts)
{
	struct buf out;
	struct str url;

	buf_init(&out, 8 * ADDRESS_BYTES_MAX);
	if (parts->scheme.len) {
		buf_str(&out, lower(arena, parts->scheme));
		buf_char(&out, ':');
	}
	if (parts->has_authority) {
		size_t at = str_rfind(parts->authority, '@');
		size_t host = at < parts->authority.len ? at + 1 : 0;

		buf_str(&out, STR("//"));
		buf_str(&out, str_head(parts->authority, host));
		buf_str(&out, lower(arena, str_skip(parts->authority, host)));
	}
	buf_str(&out, parts->path);
	if (parts->has_query) {
		buf_char(&out, '?');
		buf_str(&out, parts->query);
	}
	if (parts->has_fragment) {
		buf_char(&out, '#');
		buf_str(&out, parts->fragment);
	}
	url = out.full || out.len > ADDRESS_BYTES_MAX ? STR("") : arena_str(arena, buf_view(&out));
	buf_done(&out);
	return url;
}

static void normalise_path(struct arena *arena, struct parts *parts)
{
	if (!is_hierarchical(parts->scheme))
		return;
	parts->path = remove_dots(arena, parts->path);
	if (parts->path.len == 0 && parts->has_authority)
		parts->path = STR("/");
}

/* RFC 3986 5.2.2; reference has no scheme. */
static void inherit(struct arena *arena, const struct parts *base, struct parts *reference)
{
	reference->scheme = base->scheme;
	if (reference->has_authority)
		return;
	reference->authority = base->authority;
	reference->has_authority = base->has_authority;
	if (reference->path.len == 0) {
		reference->path = base->path;
		if (!reference->has_query) {
			reference->query = base->query;
			reference->has_query = base->has_query;
		}
	} else if (reference->path.data[0] != '/') {
		reference->path = merge(arena, base, reference->path);
	}
}

struct str address_resolve(struct arena *arena, struct str base, struct str reference)
{
	struct parts above;
	struct parts parts;

	if (reference.len > ADDRESS_BYTES_MAX || base.len > ADDRESS_BYTES_MAX)
		return STR("");
	parts = split(encode(arena, reference));
	above = split(encode(arena, base));
	/* "http:page" is how some write a relative reference. */
	if (parts.scheme.len && is_hierarchical(parts.scheme) && !parts.has_authority &&
	    str_eq_nocase(parts.scheme, above.scheme))
		parts.scheme = STR("");
	if (parts.scheme.len == 0 && is_hierarchical(above.scheme))
		inherit(arena, &above, &parts);
	normalise_path(arena, &parts);
	return join(arena, &parts);
}

/* Parameters that readers' ways leave in URLs; a name that ends in "*" is a beginning. */
static bool is_tracking(struct str name)
{
	static const char *const names[] = {
		"utm_*",       "at_medium",	 "at_campaign", "at_custom*",
		"at_link*",    "at_ptr*",	 "at_bbc*",	"at_format",
		"fbclid",      "gclid",		 "dclid",	"msclkid",
		"yclid",       "twclid",	 "igshid",	"mc_cid",
		"mc_eid",      "cmpid",		 "cmp",		"CMP",
		"ns_*",	       "ref_src",	 "ref_url",	"ito",
		"ocid",	       "xtor",		 "partner",	"smid",
		"smtyp",       "wt_mc",		 "WT.mc*",	"_hsenc",
		"_hsmi",       "hsCtaTracking",	 "spm",		"share",
		"sr_share",    "traffic_source", "ncid",	"rssid",
		"source_feed", "feedType",	 "feedName",	"__twitter_impression",
		NULL,
	};

	for (const char *const *each = names; *each; each++) {
		struct str word = str_from(*each);

		if (str_ends(word, STR("*")) ? str_starts(name, str_head(word, word.len - 1))
					     : str_eq(name, word))
			return true;
	}
	return false;
}

static struct str clean_query(struct arena *arena, struct str query)
{
	struct buf out;
	struct str pair;
	struct str clean;

	buf_init(&out, ADDRESS_BYTES_MAX);
	while (str_next(&query, '&', &pair)) {
		if (pair.len == 0 || is_tracking(str_head(pair, str_find(pair, '='))))
			continue;
		if (out.len)
			buf_char(&out, '&');
		buf_str(&out, pair);
	}
	clean = arena_str(arena, buf_view(&out));
	buf_done(&out);
	return clean;
}

static struct str without_default_port(const struct parts *parts)
{
	struct str port = str_eq_nocase(parts->scheme, STR("https")) ? STR(":443") : STR(":80");

	return str_ends(parts->authority, port)
		       ? str_head(parts->authority, parts->authority.len - port.len)
		       : parts->authority;
}

struct str address_canonical(struct arena *arena, struct str url)
{
	struct parts parts = split(encode(arena, url));

	parts.has_fragment = false;
	if (str_eq_nocase(parts.scheme, STR("http")) || str_eq_nocase(parts.scheme, STR("https"))) {
		parts.authority = without_default_port(&parts);
		parts.query = clean_query(arena, parts.query);
		parts.has_query = parts.query.len > 0;
	}
	normalise_path(arena, &parts);
	return join(arena, &parts);
}

struct str address_alias(struct arena *arena, struct str url)
{
	struct parts parts = split(address_canonical(arena, url));

	parts.scheme = STR("");
	if (str_starts(parts.authority, STR("www.")))
		parts.authority = str_skip(parts.authority, 4);
	if (str_ends(parts.path, STR("/")))
		parts.path.len--;
	return join(arena, &parts);
}

struct str address_host(struct str url)
{
	struct parts parts = split(url);
	struct str host = parts.authority;

	host = str_skip(host, str_rfind(host, '@') < host.len ? str_rfind(host, '@') + 1 : 0);
	if (str_starts(host, STR("[")))
		return str_head(host, str_find(host, ']') + 1);
	return str_head(host, str_find(host, ':'));
}
