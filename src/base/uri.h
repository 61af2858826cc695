/* URIs (RFC 3986): splitting, percent-encoding, and turning paths into clean ones. */
#ifndef BASE_URI_H
#define BASE_URI_H

#include "base/arena.h"
#include "base/str.h"

/* The parts of a URI reference, as written (nothing is decoded). A has_ flag tells an empty part from a missing one. */
struct uri {
	struct str scheme; /* without ":" ; empty in a relative reference */
	struct str userinfo;
	struct str host; /* an IPv6 literal keeps its brackets */
	struct str port;
	struct str path;
	struct str query;
	struct str fragment;
	bool has_authority;
	bool has_userinfo;
	bool has_port;
	bool has_query;
	bool has_fragment;
};

/*
 * Splits text (RFC 3986 appendix B, with the authority taken apart). False for
 * characters that no URI has (controls, blanks, <>"{}|\^`, bytes above 127), a
 * "%" without two hex digits, a port that is not a number up to 65535, or a broken IPv6 literal.
 */
bool uri_split(struct str text, struct uri *ret_uri);

/* Percent-decodes s. False for a broken escape, a decoded NUL or control character, or text that is not UTF-8 then. */
bool uri_decode(struct arena *arena, struct str s, struct str *ret_text);

/*
 * Decodes an absolute path segment by segment: splits at "/" first, then
 * decodes, so that no escape can smuggle a separator in. False when a segment
 * holds "/", "\", a control or is "." or "..". Doubled slashes become one; a
 * missing first slash is added; a trailing slash stays.
 */
bool uri_path(struct arena *arena, struct str raw, struct str *ret_path);

/* Percent-encodes everything but unreserved characters (RFC 3986 2.3) and the bytes in keep. */
struct str uri_encode(struct arena *arena, struct str s, const char *keep);

/*
 * Resolves a relative reference against an absolute path ("/news/a/x" and
 * "../b/y" give "/news/b/y"; RFC 3986 5.2). The reference has no scheme or
 * authority. Dots that would leave the root are dropped.
 */
struct str uri_resolve(struct arena *arena, struct str base_path, struct str reference);

/* Whether text starts with a scheme and a colon ("https:", "mailto:"). */
bool uri_has_scheme(struct str text);

#endif
