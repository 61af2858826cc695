/*
 * Human text: UTF-8 as people see it. Cleaning at the border, display width,
 * wrapping, slugs. Columns are terminal cells (wcwidth's notion).
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/arena.h"
#include "base/str.h"

/* Whether s is well-formed UTF-8 (RFC 3629). */
bool text_valid(struct str s);

/* How many bytes at the start of s are printable ASCII, each of them one column wide. */
size_t text_plain(struct str s);

/* text_rune() of what is neither ASCII nor two bytes long; s is not empty. */
size_t text_long_rune(struct str s, uint32_t *ret_rune);

/* Decodes the character at the start of s; its length in bytes, 0 when s is empty, and U+FFFD with length 1 when it is malformed. */
static inline size_t text_rune(struct str s, uint32_t *ret_rune)
{
	const unsigned char *bytes = (const unsigned char *)s.data;

	if (s.len == 0)
		return 0;
	if (bytes[0] < 0x80) {
		*ret_rune = bytes[0];
		return 1;
	}
	if (bytes[0] < 0xC2 || bytes[0] > 0xDF || s.len == 1 || (bytes[1] & 0xC0) != 0x80)
		return text_long_rune(s, ret_rune);
	*ret_rune = (bytes[0] & 0x1Fu) << 6 | (bytes[1] & 0x3Fu);
	return 2;
}

/* s without the bytes of a character that was cut off at its end. */
struct str text_whole(struct str s);

/* Writes a character as UTF-8; the bytes used, at most 4. */
size_t text_encode(uint32_t rune, char out[4]);

/* C0, DEL, C1, line and paragraph separators, bidirectional embedding, override and isolate controls, BOM. */
bool text_is_control(uint32_t rune);

/*
 * One printable line: what text_is_control() names becomes a space (the bidi
 * controls and the BOM vanish), malformed bytes become U+FFFD, blanks at both
 * ends go. Returns s itself when there is nothing to do.
 */
struct str text_line(struct arena *arena, struct str s);

/* Display width in columns. */
size_t text_width(struct str s);

/* s cut to at most columns, at a grapheme boundary, with "…" as its last column when anything was cut. */
struct str text_cut(struct arena *arena, struct str s, size_t columns);

/*
 * Takes the next line of at most columns from *rest: breaks at spaces and
 * where UAX #14 allows, inside a word only when it alone is too wide. Blanks at
 * the break are dropped. False when nothing is left.
 */
bool text_wrap(struct str *rest, size_t columns, struct str *ret_line);

/* Whether the first strong character is right-to-left (UAX #9, P2 and P3). */
bool text_is_rtl(struct str s);

/*
 * A name for a path: lower-case [a-z0-9-], accents dropped, Arabic, Cyrillic
 * and Greek letters transliterated, other letters as hexadecimal code points.
 * At most 60 bytes; never empty ("x" then).
 */
struct str text_slug(struct arena *arena, struct str s);

/* "812 B", "3.1 KB", "84 KB", "1.2 MB" (1 KB = 1024 bytes). */
struct str text_size(struct arena *arena, uint64_t bytes);

/* Words, counted at blanks; for scripts without blanks two characters count as one. */
size_t text_words(struct str s);

#endif
