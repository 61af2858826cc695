/* Points in time as seconds since 1970 (UTC), and the calendar around them. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/str.h"

/* A day and time of the proleptic Gregorian calendar, in UTC. month and day count from 1. */
struct civil {
	int year;
	int month;
	int day;
	int hour;
	int minute;
	int second;
};

/*
 * Reads an RFC 3339 date-time ("2026-10-03T08:40:00Z", offset allowed, "T" may
 * be a space, seconds and fraction may be missing) or a bare "2026-10-03"
 * (midnight UTC). Years 1970 to 9999 only. False leaves *ret_seconds alone.
 */
bool date_parse(struct str text, int64_t *ret_seconds);

/* The calendar day and time of seconds. */
struct civil date_civil(int64_t seconds);

/* The reverse; fields may be out of range and carry over (month 13 is January). */
int64_t date_seconds(struct civil civil);

enum { DATE_TEXT = 24 }; /* bytes that the formats below need, NUL included */

/* "2026-10-03T08:40:00Z" */
const char *date_rfc3339(int64_t seconds, char out[DATE_TEXT]);

/* "2026-10-03" */
const char *date_day(int64_t seconds, char out[DATE_TEXT]);

/* "2026-10-03 08:40 UTC" */
const char *date_minute(int64_t seconds, char out[DATE_TEXT]);

/* "20261003084000", as Gopher+ writes Mod-Date */
const char *date_compact(int64_t seconds, char out[DATE_TEXT]);

#endif
