/* The Arabic article: words with ال, alone or behind و ف ب ك ل, and what they are without it. */
#ifndef STORE_ARABIC_H
#define STORE_ARABIC_H

#include "base/str.h"

enum { ARABIC_STEMS_MAX = 2, ARABIC_STEM_LETTERS = 3 };

/*
 * The forms of a folded word without its article, all of them ends of word;
 * their number. None when fewer than ARABIC_STEM_LETTERS letters would be left:
 * the ال of الله or الف is no article. للجنة may be ل + الجنة or ل + اللجنة,
 * and gives both.
 */
size_t arabic_stems(struct str word, struct str ret_stems[ARABIC_STEMS_MAX]);

#endif
