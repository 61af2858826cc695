/* Borrowed text. */
#include "base/str.h"

#include <string.h>

static unsigned char lower(char byte)
{
	return (unsigned char)(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
}

struct str str_from(const char *text)
{
	return (struct str){ text ? text : "", text ? strlen(text) : 0 };
}

bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.data[i]) != lower(b.data[i]))
			return false;
	return true;
}

int str_cmp(struct str a, struct str b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? memcmp(a.data, b.data, len) : 0;

	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len && str_eq(str_skip(s, s.len - suffix.len), suffix);
}

size_t str_find(struct str s, char byte)
{
	const char *at = s.len ? memchr(s.data, byte, s.len) : NULL;

	return at ? (size_t)(at - s.data) : s.len;
}

size_t str_rfind(struct str s, char byte)
{
	const char *at = s.len ? memrchr(s.data, byte, s.len) : NULL;

	return at ? (size_t)(at - s.data) : s.len;
}

size_t str_search(struct str s, struct str needle)
{
	const char *at;

	if (needle.len == 0)
		return 0;
	at = s.len ? memmem(s.data, s.len, needle.data, needle.len) : NULL;
	return at ? (size_t)(at - s.data) : s.len;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

struct str str_trim(struct str s)
{
	while (s.len && is_blank(s.data[0]))
		s = str_skip(s, 1);
	while (s.len && is_blank(s.data[s.len - 1]))
		s.len--;
	return s;
}

bool str_next(struct str *rest, char separator, struct str *ret_part)
{
	size_t at;

	if (rest->len == 0)
		return false;
	at = str_find(*rest, separator);
	*ret_part = str_head(*rest, at);
	*rest = str_skip(*rest, at + 1);
	return true;
}

bool str_next_line(struct str *rest, struct str *ret_line)
{
	if (!str_next(rest, '\n', ret_line))
		return false;
	if (ret_line->len && ret_line->data[ret_line->len - 1] == '\r')
		ret_line->len--;
	return true;
}

bool str_number(struct str s, uint64_t max, uint64_t *ret_value)
{
	uint64_t value = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		unsigned digit = (unsigned)(unsigned char)s.data[i] - '0';

		if (digit > 9 || value > (max - digit) / 10 || digit > max)
			return false;
		value = value * 10 + digit;
	}
	*ret_value = value;
	return true;
}

uint64_t str_hash(struct str s)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < s.len; i++)
		hash = (hash ^ (unsigned char)s.data[i]) * UINT64_C(1099511628211);
	return hash;
}
