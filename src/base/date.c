/* Points in time and the calendar around them. */
#include "base/date.h"

#include <stdio.h>
#include <string.h>

enum { DAY = 86400 };

/* Days since 1970-01-01; month may be out of range. The year is taken to start in March, which puts leap days last. */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
	int64_t era;
	int64_t year_of_era;
	int64_t day_of_year;

	year += (month - 1) / 12;
	month = (month - 1) % 12 + 1;
	if (month < 1) {
		month += 12;
		year--;
	}
	if (month <= 2)
		year--;
	era = (year >= 0 ? year : year - 399) / 400;
	year_of_era = year - era * 400;
	day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

int64_t date_seconds(struct civil civil)
{
	return days_from_civil(civil.year, civil.month, civil.day) * DAY + civil.hour * 3600 +
	       civil.minute * 60 + civil.second;
}

struct civil date_civil(int64_t seconds)
{
	int64_t days = seconds / DAY - (seconds % DAY < 0);
	int rest = (int)(seconds - days * DAY);
	int64_t shifted = days + 719468;
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int64_t of_era = shifted - era * 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;

	return (struct civil){
		.year = (int)(year + era * 400 + (month >= 10)),
		.month = (int)(month < 10 ? month + 3 : month - 9),
		.day = (int)(of_year - (153 * month + 2) / 5 + 1),
		.hour = rest / 3600,
		.minute = rest / 60 % 60,
		.second = rest % 60,
	};
}

/* Takes count digits from *text. */
static bool take_digits(struct str *text, size_t count, int *ret_value)
{
	uint64_t value;

	if (text->len < count || !str_number(str_head(*text, count), 9999, &value))
		return false;
	*text = str_skip(*text, count);
	*ret_value = (int)value;
	return true;
}

static bool take_char(struct str *text, char wanted)
{
	if (text->len == 0 || text->data[0] != wanted)
		return false;
	*text = str_skip(*text, 1);
	return true;
}

static bool take_time(struct str *text, struct civil *civil)
{
	if (!take_digits(text, 2, &civil->hour) || !take_char(text, ':') ||
	    !take_digits(text, 2, &civil->minute))
		return false;
	if (take_char(text, ':') && !take_digits(text, 2, &civil->second))
		return false;
	if (take_char(text, '.')) {
		int digit;

		if (!take_digits(text, 1, &digit))
			return false;
		while (take_digits(text, 1, &digit))
			;
	}
	/* 60 is a leap second (RFC 3339 5.7). */
	return civil->hour < 24 && civil->minute < 60 && civil->second <= 60;
}

/* "Z" or "+hh:mm"; seconds to take off local time. */
static bool take_offset(struct str *text, int *ret_offset)
{
	int hours;
	int minutes;
	int sign = 1;

	*ret_offset = 0;
	if (take_char(text, 'Z') || take_char(text, 'z'))
		return true;
	if (take_char(text, '-'))
		sign = -1;
	else if (!take_char(text, '+'))
		return false;
	if (!take_digits(text, 2, &hours) || !take_char(text, ':') ||
	    !take_digits(text, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*ret_offset = sign * (hours * 3600 + minutes * 60);
	return true;
}

static int month_days(int year, int month)
{
	return (int)(days_from_civil(year, month + 1, 1) - days_from_civil(year, month, 1));
}

bool date_parse(struct str text, int64_t *ret_seconds)
{
	struct civil civil = { 0 };
	int offset = 0;
	int64_t seconds;

	if (!take_digits(&text, 4, &civil.year) || !take_char(&text, '-') ||
	    !take_digits(&text, 2, &civil.month) || !take_char(&text, '-') ||
	    !take_digits(&text, 2, &civil.day))
		return false;
	if (civil.year < 1970 || civil.month < 1 || civil.month > 12 || civil.day < 1 ||
	    civil.day > month_days(civil.year, civil.month))
		return false;
	if (text.len != 0) {
		if (!take_char(&text, 'T') && !take_char(&text, 't') && !take_char(&text, ' '))
			return false;
		if (!take_time(&text, &civil) || !take_offset(&text, &offset) || text.len != 0)
			return false;
	}
	seconds = date_seconds(civil) - offset;
	if (seconds < 0)
		return false;
	*ret_seconds = seconds;
	return true;
}

/* The fields of seconds as unsigned numbers of bounded width, in the order in which every format has them. */
#define PRINT(out, format, seconds)                                                                \
	do {                                                                                       \
		struct civil at = date_civil(seconds);                                             \
		snprintf(out, DATE_TEXT, format, (unsigned)at.year % 10000,                        \
			 (unsigned)at.month % 100, (unsigned)at.day % 100,                         \
			 (unsigned)at.hour % 100, (unsigned)at.minute % 100,                       \
			 (unsigned)at.second % 100);                                               \
	} while (0)

const char *date_rfc3339(int64_t seconds, char out[DATE_TEXT])
{
	PRINT(out, "%04u-%02u-%02uT%02u:%02u:%02uZ", seconds);
	return out;
}

const char *date_minute(int64_t seconds, char out[DATE_TEXT])
{
	date_rfc3339(seconds, out);
	memcpy(out + 10, " ", 1);
	memcpy(out + 16, " UTC", 5);
	return out;
}

const char *date_day(int64_t seconds, char out[DATE_TEXT])
{
	date_rfc3339(seconds, out);
	out[10] = '\0';
	return out;
}

const char *date_compact(int64_t seconds, char out[DATE_TEXT])
{
	PRINT(out, "%04u%02u%02u%02u%02u%02u", seconds);
	return out;
}
