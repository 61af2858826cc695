/* Folding of words for the search, on libunistring's tables. */
#include "store/fold.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include "base/mem.h"
#include "base/text.h"

struct range {
	uint32_t first;
	uint32_t last;
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Scripts that are written without blanks between words. */
static const struct range gram_ranges[] = {
	{ 0x0E00, 0x0EFF }, { 0x1000, 0x109F },	  { 0x1100, 0x11FF },	{ 0x1780, 0x17FF },
	{ 0x2E80, 0x2FDF }, { 0x3005, 0x3007 },	  { 0x3021, 0x3035 },	{ 0x303B, 0x303C },
	{ 0x3041, 0x31BF }, { 0x31F0, 0x31FF },	  { 0x3400, 0x4DBF },	{ 0x4E00, 0x9FFF },
	{ 0xA960, 0xA97F }, { 0xAA60, 0xAA7F },	  { 0xAC00, 0xD7FF },	{ 0xF900, 0xFAFF },
	{ 0xFF66, 0xFFDC }, { 0x1AFF0, 0x1B16F }, { 0x20000, 0x3FFFF },
};

/*
 * Marks that a reader leaves out or a writer adds: accents, niqqud, harakat,
 * variation selectors. Marks of other scripts are vowels and tell words apart,
 * as do the voicing marks of kana (U+3099, U+309A); those stay.
 */
static const struct range accent_ranges[] = {
	{ 0x0300, 0x036F },   { 0x0483, 0x0489 }, { 0x0591, 0x05C7 }, { 0x0610, 0x061A },
	{ 0x064B, 0x065F },   { 0x0670, 0x0670 }, { 0x06D6, 0x06ED }, { 0x0711, 0x0711 },
	{ 0x0730, 0x074A },   { 0x0898, 0x089F }, { 0x08CA, 0x08FF }, { 0x1AB0, 0x1AFF },
	{ 0x1DC0, 0x1DFF },   { 0x20D0, 0x20FF }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F },
	{ 0xE0100, 0xE01EF },
};

/* Letters that readers take for one, and their common composed forms. In order of the first column. */
static const struct {
	uint32_t rune;
	const char *folded;
} letters[] = {
	{ 0x00C6, "ae" }, { 0x00D8, "o" },  { 0x00DE, "th" }, { 0x00E6, "ae" }, { 0x00F8, "o" },
	{ 0x00FE, "th" }, { 0x0110, "d" },  { 0x0111, "d" },  { 0x0131, "i" },	{ 0x0141, "l" },
	{ 0x0142, "l" },  { 0x0152, "oe" }, { 0x0153, "oe" }, { 0x0622, "ا" },	{ 0x0623, "ا" },
	{ 0x0624, "و" },  { 0x0625, "ا" },  { 0x0626, "ي" },  { 0x0629, "ه" },	{ 0x0649, "ي" },
	{ 0x0671, "ا" },  { 0x06A9, "ك" },  { 0x06C0, "ه" },  { 0x06C1, "ه" },	{ 0x06CC, "ي" },
	{ 0x06D2, "ي" },  { 0x06D5, "ه" },
};

static bool is_within(uint32_t rune, const struct range *ranges, size_t count)
{
	size_t low = 0;

	while (low < count) {
		size_t middle = (low + count) / 2;

		if (rune < ranges[middle].first)
			count = middle;
		else if (rune > ranges[middle].last)
			low = middle + 1;
		else
			return true;
	}
	return false;
}

/* Nothing but letters of words: what most text is made of need not be looked up. */
static const struct range word_ranges[] = {
	{ 0x00C0, 0x00D6 }, { 0x00D8, 0x00F6 }, { 0x00F8, 0x02C1 }, { 0x0391, 0x03A1 },
	{ 0x03A3, 0x03F5 }, { 0x0400, 0x0481 }, { 0x05D0, 0x05EA }, { 0x0620, 0x063F },
	{ 0x0641, 0x064A }, { 0x0671, 0x06D3 },
};

/* Tatweel stretches a word; half-width voicing marks and the vowels and finals of split Hangul syllables are letters to Unicode. */
static bool is_extending_letter(uint32_t rune)
{
	return rune == 0x0640 || rune == 0x07FA || rune == 0xFF9E || rune == 0xFF9F ||
	       (rune >= 0x1160 && rune <= 0x11FF) || (rune >= 0xD7B0 && rune <= 0xD7FB);
}

enum fold_class fold_class(uint32_t rune)
{
	if (rune < 0x80)
		return (rune >= '0' && rune <= '9') ||
				       ((rune | 0x20) >= 'a' && (rune | 0x20) <= 'z')
			       ? FOLD_WORD
			       : FOLD_BREAK;
	if (is_within(rune, word_ranges, COUNT_OF(word_ranges)))
		return FOLD_WORD;
	if (is_extending_letter(rune) ||
	    uc_is_general_category_withtable(rune, UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_Cf))
		return FOLD_EXTEND;
	if (uc_is_general_category_withtable(rune, UC_CATEGORY_MASK_Nd))
		return FOLD_WORD;
	if (!uc_is_general_category_withtable(rune, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N))
		return FOLD_BREAK;
	return is_within(rune, gram_ranges, COUNT_OF(gram_ranges)) ? FOLD_GRAM : FOLD_WORD;
}

static const char *folded_letter(uint32_t rune)
{
	size_t low = 0;
	size_t high = COUNT_OF(letters);

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (letters[middle].rune == rune)
			return letters[middle].folded;
		if (letters[middle].rune < rune)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static bool is_left_out(uint32_t rune)
{
	return rune == 0x0640 || rune == 0x07FA ||
	       is_within(rune, accent_ranges, COUNT_OF(accent_ranges)) ||
	       uc_is_general_category_withtable(rune, UC_CATEGORY_MASK_Cf);
}

/* Appends what one decomposed character becomes; the new count. */
static size_t put_folded(uint32_t rune, uint32_t *out, size_t count)
{
	const char *letter;
	int digit;

	if (is_left_out(rune))
		return count;
	digit = uc_decimal_value(rune);
	if (digit >= 0)
		rune = (uint32_t)('0' + digit);
	letter = folded_letter(rune);
	if (!letter) {
		out[count++] = rune;
		return count;
	}
	for (struct str rest = str_from(letter); rest.len != 0 && count < FOLD_RUNES_MAX;)
		rest = str_skip(rest, text_rune(rest, &out[count++]));
	return count;
}

/* Letters, digits and the marks that stayed; compatibility forms may hold blanks and signs. */
static size_t encode(const uint32_t *runes, size_t count, char out[FOLD_BYTES_MAX])
{
	size_t len = 0;

	for (size_t i = 0; i < count && i < FOLD_RUNES_MAX; i++)
		if (uc_is_general_category_withtable(
			    runes[i], UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N | UC_CATEGORY_MASK_M))
			len += text_encode(runes[i], out + len);
	return len;
}

/* A word that cannot be folded is none; one for which memory is out would be lost. */
static size_t nothing_folded(void)
{
	if (errno == ENOMEM)
		mem_out();
	return 0;
}

/* The whole way, through decomposition, case folding and composition. */
static size_t fold_runes(const uint32_t *runes, size_t count, char out[FOLD_BYTES_MAX])
{
	uint32_t parts[18 * FOLD_RUNES_MAX]; /* U+FDFA has 18 */
	uint32_t kept[FOLD_RUNES_MAX];
	uint32_t cased[3 * FOLD_RUNES_MAX];
	size_t part_count = COUNT_OF(parts);
	size_t kept_count = 0;
	size_t cased_count = COUNT_OF(cased);
	uint32_t *result;
	size_t len;

	/* What does not fit into the room given would be allocated; it always fits. */
	if (u32_normalize(UNINORM_NFKD, runes, count, parts, &part_count) != parts)
		return nothing_folded();
	for (size_t i = 0; i < part_count && kept_count < FOLD_RUNES_MAX; i++)
		kept_count = put_folded(parts[i], kept, kept_count);
	result = u32_casefold(kept, kept_count, NULL, UNINORM_NFKC, cased, &cased_count);
	if (!result)
		return nothing_folded();
	len = encode(result, cased_count, out);
	if (result != cased)
		free(result);
	return len;
}

/* Letters without case, marks or other forms: each folds to itself, whatever follows that is of its kind. */
static const struct range inert_ranges[] = {
	{ 0x0430, 0x0438 }, { 0x043A, 0x044F }, { 0x05D0, 0x05EA }, { 0x0621, 0x0621 },
	{ 0x0627, 0x0628 }, { 0x062A, 0x063A }, { 0x0641, 0x0648 }, { 0x064A, 0x064A },
	{ 0x0E01, 0x0E30 }, { 0x3041, 0x3096 }, { 0x30A1, 0x30FA }, { 0x4E00, 0x9FFF },
	{ 0xAC00, 0xD7A3 },
};

/* What a character becomes on the quick way; empty with false when it needs the whole way. */
static bool quick_piece(uint32_t rune, struct str written, struct str *ret_piece)
{
	const char *letter;

	*ret_piece = STR("");
	if (is_left_out(rune))
		return true;
	letter = folded_letter(rune);
	*ret_piece = letter ? str_from(letter) : written;
	return letter || is_within(rune, inert_ranges, COUNT_OF(inert_ranges));
}

/*
 * Most words of most papers, at a tenth of the cost. False when the word needs
 * the whole way; out is then spoilt.
 */
static bool fold_quickly(struct str word, char out[FOLD_BYTES_MAX], size_t *ret_len)
{
	size_t len = 0;
	uint32_t rune;
	size_t used;

	if (word.len > FOLD_RUNES_MAX)
		return false;
	for (; (used = text_rune(word, &rune)) != 0; word = str_skip(word, used)) {
		struct str piece;

		if (rune < 0x80) {
			out[len++] = (char)(rune >= 'A' && rune <= 'Z' ? rune + 32 : rune);
			continue;
		}
		if (!quick_piece(rune, str_head(word, used), &piece))
			return false;
		memcpy(out + len, piece.data, piece.len);
		len += piece.len;
	}
	*ret_len = len;
	return true;
}

static size_t fold_ascii(struct str word, char out[FOLD_BYTES_MAX])
{
	for (size_t i = 0; i < word.len; i++)
		out[i] = (char)(word.data[i] >= 'A' && word.data[i] <= 'Z' ? word.data[i] + 32
									   : word.data[i]);
	return word.len;
}

static size_t fold_any(struct str word, char out[FOLD_BYTES_MAX])
{
	uint32_t runes[FOLD_RUNES_MAX];
	size_t count = 0;
	size_t used;
	size_t len;

	if (fold_quickly(word, out, &len))
		return len;
	for (; count < FOLD_RUNES_MAX && (used = text_rune(word, &runes[count])) != 0; count++)
		word = str_skip(word, used);
	return fold_runes(runes, count, out);
}

/* Words come again: a table of those that took longest, with one place for each. */
enum { FOLDED_PLACES = 4096, FOLDED_WORD = 30, FOLDED_TEXT = 32 };

struct folded {
	unsigned char word_len; /* 0: the place is free */
	unsigned char text_len;
	char word[FOLDED_WORD];
	char text[FOLDED_TEXT];
};

size_t fold(struct str word, char out[FOLD_BYTES_MAX])
{
	static _Thread_local struct folded places[FOLDED_PLACES];
	struct folded *folded;
	size_t len;

	if (word.len <= FOLD_RUNES_MAX && text_plain(word) == word.len)
		return fold_ascii(word, out);
	if (word.len > FOLDED_WORD)
		return fold_any(word, out);
	folded = &places[(str_hash(word) * UINT64_C(0x9E3779B97F4A7C15)) >> 52];
	if (folded->word_len == word.len && memcmp(folded->word, word.data, word.len) == 0) {
		memcpy(out, folded->text, folded->text_len);
		return folded->text_len;
	}
	len = fold_any(word, out);
	if (len <= FOLDED_TEXT) {
		memcpy(folded->word, word.data, word.len);
		memcpy(folded->text, out, len);
		folded->word_len = (unsigned char)word.len;
		folded->text_len = (unsigned char)len;
	}
	return len;
}
