/* Borrowed text: a pointer and a length in bytes, never owned, not NUL-terminated. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *data;
	size_t len;
};

/* A str from a string literal. */
#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })

/* printf("%.*s") for a str; len must fit an int, which every ceiling here sees to. */
#define STR_FMT	   "%.*s"
#define STR_ARG(s) (int)(s).len, (s).data

/* A str that borrows a C string; NULL gives the empty str. */
struct str str_from(const char *text);

/* Byte-wise equality. */
bool str_eq(struct str a, struct str b);

/* Equality that ignores the case of ASCII letters only. */
bool str_eq_nocase(struct str a, struct str b);

/* Byte-wise order as strcmp gives it; a prefix comes first. */
int str_cmp(struct str a, struct str b);

static inline bool str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len &&
	       (prefix.len == 0 || memcmp(s.data, prefix.data, prefix.len) == 0);
}
bool str_ends(struct str s, struct str suffix);

/* The first byte's index, or s.len when it is not there. */
size_t str_find(struct str s, char byte);

/* The last byte's index, or s.len when it is not there. */
size_t str_rfind(struct str s, char byte);

/* Index of needle in s, or s.len when it is not there. An empty needle is at 0. */
size_t str_search(struct str s, struct str needle);

/* s without its first count bytes; empty when it has fewer. */
static inline struct str str_skip(struct str s, size_t count)
{
	if (count > s.len)
		count = s.len;
	/* An empty str may have no data, to which C adds nothing. */
	return (struct str){ count ? s.data + count : s.data, s.len - count };
}

/* The first count bytes of s; all of it when it has fewer. */
static inline struct str str_head(struct str s, size_t count)
{
	return (struct str){ s.data, count < s.len ? count : s.len };
}

/* s without blanks (space, TAB, CR, LF) at both ends. */
struct str str_trim(struct str s);

/*
 * Takes the part of *rest before the next separator byte and moves *rest
 * behind it. The last part is all that is left; false when nothing is.
 */
bool str_next(struct str *rest, char separator, struct str *ret_part);

/* Takes the next line of *rest, without its LF or CRLF. False at the end. */
bool str_next_line(struct str *rest, struct str *ret_line);

/* A decimal number of at most max, digits only. False leaves *ret_value alone. */
bool str_number(struct str s, uint64_t max, uint64_t *ret_value);

/* A short stable hash (64-bit FNV-1a); not for anything an attacker may aim at. */
uint64_t str_hash(struct str s);

#endif
