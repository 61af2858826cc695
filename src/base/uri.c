/* URIs (RFC 3986). */
#include "base/uri.h"

#include <string.h>

#include "base/text.h"

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* unreserved, reserved and "%": all that a URI is made of (RFC 3986 2). */
static bool is_uri_char(char c)
{
	return is_alpha(c) || is_digit(c) || (c && strchr("-._~:/?#[]@!$&'()*+,;=%", c));
}

static bool is_uri_text(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!is_uri_char(text.data[i]))
			return false;
		if (text.data[i] == '%' && (i + 2 >= text.len || hex_value(text.data[i + 1]) < 0 ||
					    hex_value(text.data[i + 2]) < 0))
			return false;
	}
	return true;
}

/* Length of "scheme" when text starts with "scheme:", else 0. */
static size_t scheme_len(struct str text)
{
	size_t i = 0;

	if (text.len == 0 || !is_alpha(text.data[0]))
		return 0;
	while (i < text.len &&
	       (is_alpha(text.data[i]) || is_digit(text.data[i]) || strchr("+-.", text.data[i])))
		i++;
	return i < text.len && text.data[i] == ':' ? i : 0;
}

bool uri_has_scheme(struct str text)
{
	return scheme_len(text) > 0;
}

/* Takes everything behind the first of separator out of *text. */
static bool cut_tail(struct str *text, char separator, struct str *ret_tail)
{
	size_t at = str_find(*text, separator);

	if (at == text->len)
		return false;
	*ret_tail = str_skip(*text, at + 1);
	*text = str_head(*text, at);
	return true;
}

static bool is_ipv6(struct str literal)
{
	if (literal.len < 4)
		return false;
	for (size_t i = 1; i + 1 < literal.len; i++)
		if (hex_value(literal.data[i]) < 0 && literal.data[i] != ':' &&
		    literal.data[i] != '.')
			return false;
	return true;
}

static bool split_authority(struct str authority, struct uri *uri)
{
	size_t at = str_rfind(authority, '@');
	size_t host_len;
	uint64_t port;

	if (at != authority.len) {
		uri->has_userinfo = true;
		uri->userinfo = str_head(authority, at);
		authority = str_skip(authority, at + 1);
	}
	if (authority.len && authority.data[0] == '[') {
		host_len = str_find(authority, ']') + 1;
		if (host_len > authority.len || !is_ipv6(str_head(authority, host_len)))
			return false;
	} else {
		host_len = str_find(authority, ':');
		if (str_find(str_head(authority, host_len), ']') != host_len ||
		    str_find(str_head(authority, host_len), '[') != host_len)
			return false;
	}
	uri->host = str_head(authority, host_len);
	authority = str_skip(authority, host_len);
	if (authority.len == 0)
		return true;
	if (authority.data[0] != ':')
		return false;
	uri->has_port = true;
	uri->port = str_skip(authority, 1);
	return uri->port.len == 0 || str_number(uri->port, 65535, &port);
}

bool uri_split(struct str text, struct uri *ret_uri)
{
	struct uri uri = { 0 };
	size_t scheme;

	if (!is_uri_text(text))
		return false;
	uri.has_fragment = cut_tail(&text, '#', &uri.fragment);
	uri.has_query = cut_tail(&text, '?', &uri.query);
	scheme = scheme_len(text);
	if (scheme) {
		uri.scheme = str_head(text, scheme);
		text = str_skip(text, scheme + 1);
	}
	if (str_starts(text, STR("//"))) {
		struct str rest = str_skip(text, 2);
		size_t end = str_find(rest, '/');

		uri.has_authority = true;
		if (!split_authority(str_head(rest, end), &uri))
			return false;
		text = str_skip(rest, end);
	}
	uri.path = text;
	*ret_uri = uri;
	return true;
}

bool uri_decode(struct arena *arena, struct str s, struct str *ret_text)
{
	char *out;
	size_t len = 0;
	struct str text;

	out = arena_alloc(arena, s.len + 1, 1);
	for (size_t i = 0; i < s.len; i++) {
		int high;
		int low;

		if (s.data[i] != '%') {
			out[len++] = s.data[i];
			continue;
		}
		high = i + 2 < s.len ? hex_value(s.data[i + 1]) : -1;
		low = i + 2 < s.len ? hex_value(s.data[i + 2]) : -1;
		if (high < 0 || low < 0)
			return false;
		out[len++] = (char)(high * 16 + low);
		i += 2;
	}
	text = (struct str){ out, len };
	if (!text_valid(text))
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)out[i] < 0x20 || out[i] == 0x7F)
			return false;
	*ret_text = text;
	return true;
}

static bool is_good_segment(struct str segment)
{
	return !str_eq(segment, STR(".")) && !str_eq(segment, STR("..")) &&
	       str_find(segment, '/') == segment.len && str_find(segment, '\\') == segment.len;
}

bool uri_path(struct arena *arena, struct str raw, struct str *ret_path)
{
	char *out = arena_alloc(arena, raw.len + 2, 1);
	size_t len = 0;
	bool slash_last = raw.len == 0 || raw.data[raw.len - 1] == '/';
	struct str segment;

	while (str_next(&raw, '/', &segment)) {
		struct str text;

		if (segment.len == 0)
			continue;
		if (!uri_decode(arena, segment, &text) || !is_good_segment(text))
			return false;
		out[len++] = '/';
		memcpy(out + len, text.data, text.len);
		len += text.len;
	}
	if (slash_last || len == 0)
		out[len++] = '/';
	*ret_path = (struct str){ out, len };
	return true;
}

struct str uri_encode(struct arena *arena, struct str s, const char *keep)
{
	static const char digits[] = "0123456789ABCDEF";
	char *out = arena_alloc(arena, s.len * 3 + 1, 1);
	size_t len = 0;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.data[i];

		if (is_alpha(c) || is_digit(c) || (c && (strchr("-._~", c) || strchr(keep, c)))) {
			out[len++] = c;
			continue;
		}
		out[len++] = '%';
		out[len++] = digits[(unsigned char)c >> 4];
		out[len++] = digits[(unsigned char)c & 15];
	}
	return (struct str){ out, len };
}

/* Drops the last segment of the len bytes in out, and its slash. */
static size_t pop_segment(const char *out, size_t len)
{
	while (len > 0 && out[--len] != '/')
		;
	return len;
}

/* RFC 3986 5.2.4 on an absolute path. */
static struct str remove_dots(struct arena *arena, struct str path)
{
	char *out = arena_alloc(arena, path.len + 2, 1);
	size_t len = 0;
	bool folder = true;
	struct str rest = str_skip(path, 1);
	struct str segment;

	while (str_next(&rest, '/', &segment)) {
		folder = true;
		if (str_eq(segment, STR(".."))) {
			len = pop_segment(out, len);
		} else if (!str_eq(segment, STR(".")) && segment.len > 0) {
			out[len++] = '/';
			memcpy(out + len, segment.data, segment.len);
			len += segment.len;
			folder = false;
		}
	}
	if (folder || path.data[path.len - 1] == '/')
		out[len++] = '/';
	return (struct str){ out, len };
}

struct str uri_resolve(struct arena *arena, struct str base_path, struct str reference)
{
	struct str folder = str_head(base_path, str_rfind(base_path, '/'));
	struct str path = reference;
	struct str suffix;
	size_t end = str_find(path, '#');

	if (str_find(path, '?') < end)
		end = str_find(path, '?');
	suffix = str_skip(path, end);
	path = str_head(path, end);
	if (path.len == 0)
		return arena_join(arena, base_path, suffix, STR(""));
	if (path.data[0] != '/')
		path = arena_join(arena, folder, STR("/"), path);
	return arena_join(arena, remove_dots(arena, path), suffix, STR(""));
}
