/* Dates as feeds and pages write them. */
#ifndef IMPORT_WHEN_H
#define IMPORT_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/*
 * Reads a point in time: RFC 822 and 2822 in all their variants (two-digit years, missing days
 * and seconds, names and offsets of zones, comments, full names of days and months), RFC 3339 and
 * every prefix of W3C-DTF, RFC 850, asctime, Unix seconds and milliseconds, and the common local forms ("3 October 2026",
 * "October 3, 2026 8:40 pm", "03.10.2026 08:40", "2026/10/03", names of months in the large European languages,
 * Arabic, and Chinese/Japanese/Korean numerals with year, month and day signs). A time without a zone is UTC. A month alone is its first day, a
 * year alone its first. False for what is no date, for one before 1970, and leaves *ret_seconds alone.
 * Between 01/02/2026 forms the day comes first unless is_american.
 */
bool when_parse(struct str text, bool is_american, int64_t *ret_seconds);

#endif
