/* Words in dates: months, days, zones; for when*.c only. */
#ifndef IMPORT_WHEN_WORDS_H
#define IMPORT_WHEN_WORDS_H

#include "base/str.h"

/* A word in lower case and without accents, in out; empty when it is too long to be one of a date. */
struct str when_fold(struct str word, char out[64]);

/* 1 to 12; 0 for what is no month. Folded words, in a dozen languages. */
int when_month(struct str word);

/* Whether a folded word only accompanies a date: days of the week, "at", "the", "published". */
bool when_is_noise(struct str word);

/* Minutes east of Greenwich of a zone's name; false when it is none. */
bool when_zone(struct str word, int *ret_minutes);

#endif
