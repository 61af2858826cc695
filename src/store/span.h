/*
 * How many of a long list's articles were published in which span of time, so that its n-th
 * article is found without going through those before it. Internal to store/.
 */
#ifndef STORE_SPAN_H
#define STORE_SPAN_H

#include "store/catalogue.h"

struct scan;

enum {
	SPANS_MIN = 1024, /* articles; shorter lists do without */
	SPAN_LEVELS = 2,
};

/* The number of an article's span. A level 0 span is 194 days, and 64 level 1 spans of 3 days. */
static inline int64_t span_number(int level, int64_t article)
{
	return article >> (TIE_BITS + (level == 0 ? 24 : 18));
}

/* What is being added to a list's spans; zero at first. Articles come in order. */
struct span_sums {
	int64_t list;
	struct {
		int64_t number;
		int64_t count;
	} open[SPAN_LEVELS];
};

/* Adds an article, or (spans_end()) what was added so far. */
void spans_add(struct scan *scan, struct span_sums *sums, int64_t article);
void spans_end(struct scan *scan, struct span_sums *sums);

/* Counts a list that has become long. */
void spans_make(struct scan *scan, int64_t list);

/*
 * The article of a list that has so many newer ones; every row counts, visible or not. False
 * when there are not so many.
 */
bool spans_nth(struct store *store, int64_t list, int64_t newer, int64_t *ret_article);

/* How many articles of a list have that id or a higher one. */
int64_t spans_from(struct store *store, int64_t list, int64_t id);

#endif
