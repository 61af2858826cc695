/* UTF-8 as people see it: decoding, cleaning, counting. Wrapping is in wrap.c, slugs are in slug.c. */
#include "base/text.h"

#include <string.h>
#include <unictype.h>
#include <unistr.h>

/* Eight bytes at once: all of them are 0x20 to 0x7E. A borrow or carry only leaves a byte that is not. */
static bool are_plain(uint64_t bytes)
{
	const uint64_t each = UINT64_C(0x0101010101010101);

	return ((bytes | (bytes - each * 0x20) | (bytes + each)) & each * 0x80) == 0;
}

size_t text_plain(struct str s)
{
	size_t len = 0;
	uint64_t bytes;

	if (s.len && (s.data[0] < 0x20 || s.data[0] >= 0x7F))
		return 0;
	for (; s.len - len >= sizeof(bytes); len += sizeof(bytes)) {
		memcpy(&bytes, s.data + len, sizeof(bytes));
		if (!are_plain(bytes))
			break;
	}
	while (len < s.len && s.data[len] >= 0x20 && s.data[len] < 0x7F)
		len++;
	return len;
}

bool text_valid(struct str s)
{
	s = str_skip(s, text_plain(s));
	return s.len == 0 || u8_check((const uint8_t *)s.data, s.len) == NULL;
}

size_t text_long_rune(struct str s, uint32_t *ret_rune)
{
	ucs4_t rune;
	int used = u8_mbtoucr(&rune, (const uint8_t *)s.data, s.len);

	*ret_rune = used > 0 ? rune : 0xFFFD;
	return used > 0 ? (size_t)used : 1;
}

struct str text_whole(struct str s)
{
	size_t start = s.len;
	uint32_t rune = 0;

	while (start > 0 && s.len - start < 4 && ((unsigned char)s.data[start - 1] & 0xC0) == 0x80)
		start--;
	if (start == 0 || (unsigned char)s.data[start - 1] < 0xC0)
		return s;
	start--;
	text_rune(str_skip(s, start), &rune);
	return rune == 0xFFFD && !str_ends(s, STR("\xEF\xBF\xBD")) ? str_head(s, start) : s;
}

size_t text_encode(uint32_t rune, char out[4])
{
	int used = u8_uctomb((uint8_t *)out, rune, 4);

	return used > 0 ? (size_t)used : 0;
}

/* Marks that change the direction of what follows, and the byte order mark: they vanish rather than become blanks. */
static bool is_invisible(uint32_t rune)
{
	return (rune >= 0x202A && rune <= 0x202E) || (rune >= 0x2066 && rune <= 0x2069) ||
	       rune == 0xFEFF;
}

bool text_is_control(uint32_t rune)
{
	return rune < 0x20 || (rune >= 0x7F && rune < 0xA0) || rune == 0x2028 || rune == 0x2029 ||
	       is_invisible(rune);
}

static bool is_clean(struct str s)
{
	uint32_t rune;
	size_t used;

	for (;;) {
		s = str_skip(s, text_plain(s));
		used = text_rune(s, &rune);
		if (used == 0)
			return true;
		if (text_is_control(rune) || (rune == 0xFFFD && used == 1))
			return false;
		s = str_skip(s, used);
	}
}

struct str text_line(struct arena *arena, struct str s)
{
	char *out;
	size_t len = 0;
	uint32_t rune;
	size_t used;

	s = str_trim(s);
	if (is_clean(s))
		return s;
	out = arena_alloc(arena, s.len * 3 + 1, 1); /* a bad byte becomes the three of U+FFFD */
	for (; (used = text_rune(s, &rune)) != 0; s = str_skip(s, used)) {
		if (is_invisible(rune))
			continue;
		len += text_encode(text_is_control(rune) ? ' ' : rune, out + len);
	}
	return str_trim((struct str){ out, len });
}

bool text_is_rtl(struct str s)
{
	uint32_t rune;
	size_t used;

	for (; (used = text_rune(s, &rune)) != 0; s = str_skip(s, used)) {
		int class;

		if (rune < 0x80 && !((rune | 0x20) >= 'a' && (rune | 0x20) <= 'z'))
			continue;
		class = uc_bidi_category(rune);
		if (class == UC_BIDI_L)
			return false;
		if (class == UC_BIDI_R || class == UC_BIDI_AL)
			return true;
	}
	return false;
}

struct str text_size(struct arena *arena, uint64_t bytes)
{
	static const char *const units[] = { "KB", "MB", "GB" };
	uint64_t tenths;
	size_t unit = 0;

	if (bytes < 1024)
		return arena_format(arena, "%u B", (unsigned)bytes);
	tenths = bytes / 1024 > UINT64_MAX / 100 ? bytes / 1024 * 10 : bytes * 10 / 1024;
	while (tenths >= 10240 && unit < 2) {
		tenths /= 1024;
		unit++;
	}
	if (tenths < 100)
		return arena_format(arena, "%u.%u %s", (unsigned)(tenths / 10),
				    (unsigned)(tenths % 10), units[unit]);
	return arena_format(arena, "%llu %s", (unsigned long long)((tenths + 5) / 10), units[unit]);
}

/* Han, kana and the scripts of South-East Asia are written without blanks. */
static bool is_unspaced(uint32_t rune)
{
	return (rune >= 0x0E00 && rune <= 0x0EFF) || (rune >= 0x1780 && rune <= 0x17FF) ||
	       (rune >= 0x3040 && rune <= 0x30FF) || (rune >= 0x3400 && rune <= 0x9FFF) ||
	       (rune >= 0x20000 && rune <= 0x3FFFF);
}

size_t text_words(struct str s)
{
	size_t words = 0;
	size_t unspaced = 0;
	bool inside = false;
	uint32_t rune;
	size_t used;

	for (; (used = text_rune(s, &rune)) != 0; s = str_skip(s, used)) {
		bool blank = rune == ' ' || rune == '\n' || rune == '\t' || rune == 0xA0;

		if (is_unspaced(rune)) {
			unspaced++;
			inside = false;
		} else if (blank) {
			inside = false;
		} else if (!inside) {
			inside = true;
			words++;
		}
	}
	return words + (unspaced + 1) / 2;
}
