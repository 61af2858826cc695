/* Dates as feeds and pages write them: a line is read as a row of numbers and words. */
#include "import/when.h"

#include "base/date.h"
#include "base/text.h"
#include "import/when_words.h"

enum { TEXT_MAX = 160, STRANGERS_MAX = 3, NUMBERS_MAX = 4, ZONE_NONE = 10000 };

/* A date under way; -1 is what has not been said. */
struct when {
	struct str rest;
	struct str last; /* what stood before rest when the number under way began */
	int year;
	int month;
	int day;
	int hour;
	int minute;
	int second;
	int half;		/* 0: not said, 1: am, 2: pm */
	int zone;		/* minutes; ZONE_NONE: not said */
	int loose[NUMBERS_MAX]; /* numbers whose meaning the others tell */
	int loose_digits[NUMBERS_MAX];
	size_t loose_count;
	unsigned strangers; /* words that have no place in a date */
	bool is_american;
	bool has_soft_month; /* "mar" may be a Tuesday */
	bool is_wrong;
};

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* Takes the digits in front; how many there were. More than nine are too many for a part of a date. */
static size_t take_digits(struct str *rest, int *ret_value)
{
	size_t count = 0;
	int value = 0;

	while (count < rest->len && is_digit(rest->data[count]) && count < 9)
		value = value * 10 + (rest->data[count++] - '0');
	*rest = str_skip(*rest, count);
	*ret_value = value;
	return count;
}

static char head(struct str text)
{
	return text.len ? text.data[0] : '\0';
}

static int full_year(int year, size_t digits)
{
	if (digits > 2)
		return year;
	return year < 70 ? 2000 + year : 1900 + year;
}

/* ":40", ":40:21.5" behind an hour. */
static void take_time(struct when *when, int hour)
{
	size_t digits;

	when->hour = hour;
	when->rest = str_skip(when->rest, 1);
	while (head(when->rest) == ' ')
		when->rest = str_skip(when->rest, 1);
	digits = take_digits(&when->rest, &when->minute);
	when->is_wrong |= digits == 0 || digits > 2;
	if (head(when->rest) == ':' && when->rest.len > 1 && is_digit(when->rest.data[1])) {
		when->rest = str_skip(when->rest, 1);
		digits = take_digits(&when->rest, &when->second);
		when->is_wrong |= digits > 2;
	}
	if ((head(when->rest) == '.' || head(when->rest) == ',') && when->rest.len > 1 &&
	    is_digit(when->rest.data[1])) {
		int fraction;

		when->rest = str_skip(when->rest, 1);
		while (take_digits(&when->rest, &fraction) == 9)
			;
	}
}

/* "+02:00", "-0500", "+2" behind a time. False when it is none. */
static bool take_offset(struct when *when)
{
	struct str rest = str_skip(when->rest, 1);
	int sign = head(when->rest) == '-' ? -1 : 1;
	int value;
	int minutes = 0;
	size_t digits = take_digits(&rest, &value);

	if (digits == 4 || digits == 3) {
		minutes = value % 100;
		value /= 100;
	} else if (digits == 0 || digits > 4) {
		return false;
	} else if (head(rest) == ':') {
		rest = str_skip(rest, 1);
		take_digits(&rest, &minutes);
	}
	if (value > 15 || minutes > 59)
		return false;
	when->zone = sign * (value * 60 + minutes);
	when->rest = rest;
	return true;
}

/* The signs that follow numbers in the East of Asia. */
static bool take_sign(struct when *when, int value, size_t digits)
{
	static const struct {
		const char *sign;
		int part;
	} signs[] = {
		{ "\xE5\xB9\xB4", 0 }, { "\xEB\x85\x84", 0 }, { "\xE6\x9C\x88", 1 },
		{ "\xEC\x9B\x94", 1 }, { "\xE6\x97\xA5", 2 }, { "\xEC\x9D\xBC", 2 },
		{ "\xE5\x8F\xB7", 2 }, { "\xE6\x97\xB6", 3 }, { "\xE6\x99\x82", 3 },
		{ "\xEC\x8B\x9C", 3 }, { "\xE7\x82\xB9", 3 }, { "\xE5\x88\x86", 4 },
		{ "\xEB\xB6\x84", 4 }, { "\xE7\xA7\x92", 5 }, { "\xEC\xB4\x88", 5 },
	};
	int *parts[] = { &when->year, &when->month,  &when->day,
			 &when->hour, &when->minute, &when->second };

	while (head(when->rest) == ' ')
		when->rest = str_skip(when->rest, 1);
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (!str_starts(when->rest, str_from(signs[i].sign)))
			continue;
		*parts[signs[i].part] = signs[i].part == 0 ? full_year(value, digits) : value;
		when->rest = str_skip(when->rest, 3);
		return true;
	}
	return false;
}

/* Three numbers with one mark between: which is what. */
static void put_triple(struct when *when, const int values[3], const size_t digits[3], char mark)
{
	bool month_first = when->is_american || (values[1] > 12 && values[0] <= 12);

	if (digits[0] == 4 || (digits[0] == 2 && values[0] > 31)) {
		when->year = full_year(values[0], digits[0]);
		when->month = values[1];
		when->day = values[2];
		return;
	}
	/* "04-07-08" is how some feeds cut ISO 8601 short. */
	if (mark == '-' && digits[0] == 2 && digits[2] == 2) {
		when->year = full_year(values[0], 2);
		when->month = values[1];
		when->day = values[2];
		return;
	}
	if (values[0] > 12)
		month_first = false;
	when->day = values[month_first];
	when->month = values[!month_first];
	when->year = full_year(values[2], digits[2]);
}

/* "2026-10-03", "3.10.2026", "2026/10", "2026-277" from the first number on. False when no mark follows it. */
static bool take_marked(struct when *when, int first, size_t digits)
{
	int values[3] = { first, -1, -1 };
	size_t lengths[3] = { digits, 0, 0 };
	char mark = head(when->rest);
	struct str rest = when->rest;
	size_t count = 1;

	if ((mark != '-' && mark != '/' && mark != '.') || when->year >= 0 || when->month >= 0)
		return false;
	while (count < 3 && head(rest) == mark) {
		struct str after = str_skip(rest, 1);

		while (mark == '.' && head(after) == ' ')
			after = str_skip(after, 1);
		lengths[count] = take_digits(&after, &values[count]);
		if (lengths[count] == 0)
			break;
		rest = after;
		count++;
	}
	if (count == 1 || (count == 2 && digits != 4))
		return false;
	when->rest = rest;
	if (count == 2 && lengths[1] == 3) {
		when->year = first;
		when->month = 1;
		when->day = values[1];
		when->is_wrong |= values[1] == 0 || values[1] > 366;
		return true;
	}
	if (count == 2) {
		when->year = first;
		when->month = values[1];
		return true;
	}
	put_triple(when, values, lengths, mark);
	return true;
}

/* "20261003", "20261003T0840", "202610" without marks. */
static bool take_packed(struct when *when, struct str number)
{
	struct str part = str_head(number, 4);
	int values[6] = { 0, 1, 1, -1, -1, -1 };
	size_t count = 1;

	if (number.len != 8 && number.len != 12 && number.len != 14 && number.len != 6)
		return false;
	take_digits(&part, &values[0]);
	if (values[0] < 1970 || values[0] > 2100 || when->year >= 0)
		return false;
	for (struct str rest = str_skip(number, 4); rest.len; rest = str_skip(rest, 2)) {
		part = str_head(rest, 2);
		take_digits(&part, &values[count++]);
	}
	when->year = values[0];
	when->month = values[1];
	when->day = values[2];
	if (values[3] >= 0) {
		when->hour = values[3];
		when->minute = values[4];
		when->second = values[5];
	}
	return true;
}

/* "T0840" and "T084021" behind a packed date. */
static bool take_packed_time(struct when *when, int value, size_t digits)
{
	if (when->year < 0 || when->hour >= 0 || when->month < 0 || (digits != 4 && digits != 6) ||
	    when->last.len == 0 || when->last.data[when->last.len - 1] != 'T')
		return false;
	when->second = digits == 6 ? value % 100 : 0;
	value = digits == 6 ? value / 100 : value;
	when->hour = value / 100;
	when->minute = value % 100;
	return true;
}

static void take_number(struct when *when, struct str all)
{
	struct str start = when->rest;
	struct str number;
	int value;
	size_t digits = 0;

	when->last = str_head(all, (size_t)(start.data - all.data));
	while (digits < start.len && is_digit(start.data[digits]))
		digits++;
	number = str_head(start, digits);
	if (digits >= 6 && take_packed(when, number)) {
		when->rest = str_skip(start, digits);
		return;
	}
	if (digits > 9) {
		when->is_wrong = true;
		when->rest = str_skip(start, digits);
		return;
	}
	digits = take_digits(&when->rest, &value);
	if (digits <= 2 && when->hour < 0 && head(when->rest) == ':') {
		take_time(when, value);
		return;
	}
	if (take_packed_time(when, value, digits) || take_marked(when, value, digits) ||
	    take_sign(when, value, digits))
		return;
	if (when->loose_count == NUMBERS_MAX) {
		when->is_wrong = true;
		return;
	}
	when->loose[when->loose_count] = value;
	when->loose_digits[when->loose_count++] = (int)digits;
}

/* "am", "a.m.", and the halves of the day in other scripts. */
static bool take_half(struct when *when)
{
	static const struct {
		const char *word;
		int half;
	} halves[] = {
		{ "a.m.", 1 },
		{ "p.m.", 2 },
		{ "A.M.", 1 },
		{ "P.M.", 2 },
		{ "am", 1 },
		{ "pm", 2 },
		{ "AM", 1 },
		{ "PM", 2 },
		{ "Am", 1 },
		{ "Pm", 2 },
		{ "a.m", 1 },
		{ "p.m", 2 },
		{ "\xEC\x98\xA4\xEC\xA0\x84", 1 },
		{ "\xEC\x98\xA4\xED\x9B\x84", 2 },
		{ "\xE4\xB8\x8A\xE5\x8D\x88", 1 },
		{ "\xE4\xB8\x8B\xE5\x8D\x88", 2 },
		{ "\xE5\x8D\x88\xE5\x89\x8D", 1 },
		{ "\xE5\x8D\x88\xE5\xBE\x8C", 2 },
	};

	for (size_t i = 0; i < sizeof(halves) / sizeof(halves[0]); i++) {
		struct str word = str_from(halves[i].word);
		struct str after = str_skip(when->rest, word.len);

		if (!str_starts(when->rest, word) || (head(after) >= 'a' && head(after) <= 'z'))
			continue;
		when->half = halves[i].half;
		when->rest = after;
		return true;
	}
	return false;
}

static bool is_letter(struct str text)
{
	unsigned char byte = (unsigned char)head(text);

	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte >= 0x80;
}

/* The signs of take_sign() are no letters of a word. */
static size_t word_length(struct str text)
{
	size_t len = 0;

	while (len < text.len && is_letter(str_skip(text, len))) {
		uint32_t rune;
		size_t step = text_rune(str_skip(text, len), &rune);

		/* A width-less mark, a no-break space, a CJK character: ends of words. */
		if (rune == 0xA0 || rune == 0x202F || rune == 0x200F || rune == 0x200E ||
		    rune == 0x60C || rune >= 0x2E80)
			return len ? len : step;
		len += step;
	}
	return len;
}

static void take_word(struct when *when)
{
	size_t len = word_length(when->rest);
	struct str word = str_head(when->rest, len);
	char folded[64];
	struct str fold = when_fold(word, folded);
	int month = when_month(fold);
	int zone;

	when->rest = str_skip(when->rest, len);
	if (month && (when->month < 0 || when->has_soft_month)) {
		when->month = month;
		when->has_soft_month = str_eq(fold, STR("mar"));
		return;
	}
	/* The T of ISO 8601 stands between digits. */
	if (str_eq(word, STR("T")) && is_digit(head(when->rest)))
		return;
	if (when->hour >= 0 && when_zone(fold, &zone)) {
		if (when->zone == ZONE_NONE)
			when->zone = zone;
		return;
	}
	if (fold.len && !when_is_noise(fold) && !when_zone(fold, &zone) &&
	    (unsigned char)word.data[0] < 0xE2)
		when->strangers++;
}

/* "(CEST)" says what the offset before it has said. */
static void skip_comment(struct when *when)
{
	when->rest = str_skip(when->rest, str_find(when->rest, ')') + 1);
}

static void scan(struct when *when)
{
	struct str all = when->rest;

	while (when->rest.len && !when->is_wrong && when->strangers <= STRANGERS_MAX) {
		char byte = head(when->rest);

		if (is_digit(byte))
			take_number(when, all);
		else if (take_half(when))
			continue;
		else if (is_letter(when->rest))
			take_word(when);
		else if (byte == '(')
			skip_comment(when);
		else if ((byte != '+' && byte != '-') || when->hour < 0 ||
			 when->zone != ZONE_NONE || !take_offset(when))
			when->rest = str_skip(when->rest, 1);
	}
}

/* Numbers beside the name of a month: the long one is the year, the first of the others the day. */
static void place_loose(struct when *when)
{
	for (size_t i = 0; i < when->loose_count; i++) {
		int value = when->loose[i];
		int digits = when->loose_digits[i];

		if (digits == 4 && when->year < 0)
			when->year = value;
		else if (when->day < 0 && when->month >= 0 && digits <= 2 && value >= 1 &&
			 value <= 31)
			when->day = value;
		else if (when->year < 0 && digits == 2 && when->day >= 0)
			when->year = full_year(value, 2);
		else if (digits == 4 && when->hour < 0 && value / 100 < 24 && value % 100 < 60) {
			when->hour = value / 100;
			when->minute = value % 100;
		} else
			when->is_wrong |= digits > 2;
	}
}

static int or_else(int value, int preset)
{
	return value < 0 ? preset : value;
}

static bool is_possible(const struct when *when)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int month = or_else(when->month, 1);
	int day = or_else(when->day, 1);
	bool is_ordinal = month == 1 && day > 31;

	return !when->is_wrong && when->strangers <= STRANGERS_MAX && when->year >= 1970 &&
	       when->year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
	       (is_ordinal || day <= days[month - 1]) && when->hour <= 24 && when->minute <= 59 &&
	       when->second <= 60 && (when->hour < 24 || when->minute <= 0);
}

static int hour_of(const struct when *when)
{
	int hour = or_else(when->hour, 0);

	if (when->half == 1 && hour == 12)
		return 0;
	return when->half == 2 && hour < 12 ? hour + 12 : hour;
}

/* "1790000000": seconds, or with three digits more milliseconds, since 1970. */
static bool read_count(struct str text, int64_t *ret_seconds)
{
	uint64_t value;

	if (text.len < 9 || text.len > 13 || text.len == 12 ||
	    !str_number(text, 9999999999999, &value))
		return false;
	*ret_seconds = (int64_t)(text.len == 13 ? value / 1000 : value);
	return true;
}

bool when_parse(struct str text, bool is_american, int64_t *ret_seconds)
{
	struct when when = { .year = -1,
			     .month = -1,
			     .day = -1,
			     .hour = -1,
			     .minute = -1,
			     .second = -1,
			     .zone = ZONE_NONE,
			     .is_american = is_american };
	int64_t seconds;

	text = str_trim(text);
	if (text.len < 4 || text.len > TEXT_MAX)
		return false;
	if (read_count(text, ret_seconds))
		return true;
	when.rest = text;
	scan(&when);
	place_loose(&when);
	if (!is_possible(&when))
		return false;
	seconds = date_seconds((struct civil){ when.year, or_else(when.month, 1),
					       or_else(when.day, 1), hour_of(&when),
					       or_else(when.minute, 0), or_else(when.second, 0) });
	if (when.zone != ZONE_NONE)
		seconds -= when.zone * 60;
	if (seconds < 0)
		return false;
	*ret_seconds = seconds;
	return true;
}
