/* Names for paths: letters of many scripts become [a-z0-9-]. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

#include "base/mem.h"
#include "base/text.h"

enum { SLUG_MAX = 60 };

/* Latin letters for what does not decompose into them. One row a letter, in order of code point. */
static const struct {
	uint32_t rune;
	const char *latin;
} letters[] = {
	{ 0x00DF, "ss" }, { 0x00E6, "ae" }, { 0x00F0, "d" },  { 0x00F8, "o" },	  { 0x00FE, "th" },
	{ 0x0111, "d" },  { 0x0131, "i" },  { 0x0142, "l" },  { 0x0153, "oe" },	  { 0x03B1, "a" },
	{ 0x03B2, "v" },  { 0x03B3, "g" },  { 0x03B4, "d" },  { 0x03B5, "e" },	  { 0x03B6, "z" },
	{ 0x03B7, "i" },  { 0x03B8, "th" }, { 0x03B9, "i" },  { 0x03BA, "k" },	  { 0x03BB, "l" },
	{ 0x03BC, "m" },  { 0x03BD, "n" },  { 0x03BE, "x" },  { 0x03BF, "o" },	  { 0x03C0, "p" },
	{ 0x03C1, "r" },  { 0x03C2, "s" },  { 0x03C3, "s" },  { 0x03C4, "t" },	  { 0x03C5, "y" },
	{ 0x03C6, "f" },  { 0x03C7, "ch" }, { 0x03C8, "ps" }, { 0x03C9, "o" },	  { 0x0430, "a" },
	{ 0x0431, "b" },  { 0x0432, "v" },  { 0x0433, "g" },  { 0x0434, "d" },	  { 0x0435, "e" },
	{ 0x0436, "zh" }, { 0x0437, "z" },  { 0x0438, "i" },  { 0x043A, "k" },	  { 0x043B, "l" },
	{ 0x043C, "m" },  { 0x043D, "n" },  { 0x043E, "o" },  { 0x043F, "p" },	  { 0x0440, "r" },
	{ 0x0441, "s" },  { 0x0442, "t" },  { 0x0443, "u" },  { 0x0444, "f" },	  { 0x0445, "kh" },
	{ 0x0446, "ts" }, { 0x0447, "ch" }, { 0x0448, "sh" }, { 0x0449, "shch" }, { 0x044A, "" },
	{ 0x044B, "y" },  { 0x044C, "" },   { 0x044D, "e" },  { 0x044E, "yu" },	  { 0x044F, "ya" },
	{ 0x0454, "ye" }, { 0x0456, "i" },  { 0x0621, "" },   { 0x0627, "a" },	  { 0x0628, "b" },
	{ 0x0629, "ah" }, { 0x062A, "t" },  { 0x062B, "th" }, { 0x062C, "j" },	  { 0x062D, "h" },
	{ 0x062E, "kh" }, { 0x062F, "d" },  { 0x0630, "dh" }, { 0x0631, "r" },	  { 0x0632, "z" },
	{ 0x0633, "s" },  { 0x0634, "sh" }, { 0x0635, "s" },  { 0x0636, "d" },	  { 0x0637, "t" },
	{ 0x0638, "z" },  { 0x0639, "a" },  { 0x063A, "gh" }, { 0x0640, "" },	  { 0x0641, "f" },
	{ 0x0642, "q" },  { 0x0643, "k" },  { 0x0644, "l" },  { 0x0645, "m" },	  { 0x0646, "n" },
	{ 0x0647, "h" },  { 0x0648, "w" },  { 0x0649, "a" },  { 0x064A, "y" },	  { 0x067E, "p" },
	{ 0x0686, "ch" }, { 0x0698, "zh" }, { 0x06A9, "k" },  { 0x06AF, "g" },	  { 0x06CC, "y" },
};

static const char *latin_of(uint32_t rune)
{
	size_t low = 0;
	size_t high = sizeof(letters) / sizeof(letters[0]);

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (letters[middle].rune == rune)
			return letters[middle].latin;
		if (letters[middle].rune < rune)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* What one character adds to a slug; "-" for what separates words. */
static const char *piece_of(uint32_t rune, char room[12])
{
	const char *latin;

	if ((rune >= 'a' && rune <= 'z') || (rune >= '0' && rune <= '9')) {
		room[0] = (char)rune;
		room[1] = '\0';
		return room;
	}
	if (rune == '\'' || rune == 0x2019 || uc_is_general_category(rune, UC_MARK))
		return "";
	latin = rune < 0x80 ? NULL : latin_of(rune);
	if (latin)
		return latin;
	if (rune < 0x80 || !uc_is_general_category(rune, UC_LETTER))
		return "-";
	snprintf(room, 12, "u%04x", (unsigned)rune);
	return room;
}

/* NFKD splits accents off, so that dropping marks leaves the bare letters. */
static struct str decompose(struct arena *arena, struct str s)
{
	size_t len = 0;
	uint8_t *bytes = u8_normalize(UNINORM_NFKD, (const uint8_t *)s.data, s.len, NULL, &len);
	struct str copy;

	if (!bytes && errno == ENOMEM)
		mem_out();
	if (!bytes)
		return STR("");
	copy = arena_str(arena, (struct str){ (const char *)bytes, len });
	free(bytes);
	return copy;
}

struct str text_slug(struct arena *arena, struct str s)
{
	struct str rest = decompose(arena, str_head(s, 4 * SLUG_MAX));
	char *out = arena_alloc(arena, SLUG_MAX + 1, 1);
	size_t len = 0;
	uint32_t rune;
	size_t used;

	for (; (used = text_rune(rest, &rune)) != 0; rest = str_skip(rest, used)) {
		char room[12];
		const char *piece = piece_of(uc_tolower(rune), room);
		size_t piece_len = strlen(piece);

		if (piece[0] == '-' && (len == 0 || out[len - 1] == '-'))
			continue;
		if (len + piece_len > SLUG_MAX)
			break;
		memcpy(out + len, piece, piece_len);
		len += piece_len;
	}
	while (len && out[len - 1] == '-')
		len--;
	if (len == 0)
		return STR("x");
	out[len] = '\0';
	return (struct str){ out, len };
}
