/* The Arabic article. */
#include "store/arabic.h"

/* Every Arabic letter that folding leaves has two bytes. */
enum { LETTER = 2 };

static bool take(struct str *word, struct str prefix)
{
	if (!str_starts(*word, prefix))
		return false;
	*word = str_skip(*word, prefix.len);
	return true;
}

static bool is_stem(struct str word)
{
	return word.len >= ARABIC_STEM_LETTERS * LETTER && (unsigned char)word.data[0] >= 0xD8 &&
	       (unsigned char)word.data[0] <= 0xDB;
}

size_t arabic_stems(struct str word, struct str ret_stems[ARABIC_STEMS_MAX])
{
	struct str rest = word;
	size_t count = 0;

	if (!take(&rest, STR("و")))
		take(&rest, STR("ف"));
	if (take(&rest, STR("لل"))) {
		struct str lam = { rest.data - LETTER, rest.len + LETTER };

		if (is_stem(rest))
			ret_stems[count++] = rest;
		if (is_stem(lam))
			ret_stems[count++] = lam;
		return count;
	}
	if (!take(&rest, STR("ب")))
		take(&rest, STR("ك"));
	if (take(&rest, STR("ال")) && is_stem(rest))
		ret_stems[count++] = rest;
	return count;
}
