/*
 * Folding: what a character is to the search, and words in the one form in
 * which they are compared, whatever case, accents or spelling they came in.
 */
#ifndef STORE_FOLD_H
#define STORE_FOLD_H

#include "base/str.h"

enum fold_class {
	FOLD_BREAK,  /* ends a word: blanks, punctuation, symbols */
	FOLD_WORD,   /* letter or digit of a script that sets blanks between words */
	FOLD_GRAM,   /* of one that does not: Han, kana, Hangul, Thai, Lao, Khmer, Burmese */
	FOLD_EXTEND, /* goes with the character before: marks, joiners, tatweel */
};

enum fold_class fold_class(uint32_t rune);

enum {
	FOLD_RUNES_MAX = 64,			 /* characters of a word that are looked at */
	FOLD_BYTES_MAX = 4 * 3 * FOLD_RUNES_MAX, /* case folding makes up to three of one */
};

/*
 * Folds a word, or a character with its marks: NFKC, case, accents, Hebrew and
 * Arabic vowel signs, tatweel, forms of alef, ya and ta marbuta, digits of all
 * scripts to ASCII. What stands behind FOLD_RUNES_MAX characters is left out.
 * Folding again changes nothing more. Returns the bytes written; 0 when
 * nothing is left.
 */
size_t fold(struct str word, char out[FOLD_BYTES_MAX]);

#endif
