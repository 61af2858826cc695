/*
 * What is asked and what the answer is: a text file with lines of REQUEST, a tab, and FILE. Servers
 * answer REQUEST with the bytes of FILE, and the load generator wants exactly those bytes.
 */
#ifndef BENCH_SHARED_PAGES_H
#define BENCH_SHARED_PAGES_H

#include <stddef.h>

struct page {
	char *line; /* with CR and LF */
	size_t line_len;
	const char *reply;
	size_t reply_len;
};

struct pages {
	struct page *items;
	size_t count;
};

/* In the order of the list; the program ends when it or one of its files cannot be read. Kept until the end. */
struct pages pages_load(const char *list);

/* Puts them into the order that pages_find() wants. */
void pages_sort(struct pages *pages);

/* The page of a request line with its CR and LF; NULL when there is none. */
const struct page *pages_find(const struct pages *pages, const char *line, size_t len);

#endif
