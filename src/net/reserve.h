/*
 * Descriptors that are kept back, so that when there are no more the replies under way still get
 * one for their file, while new clients wait.
 */
#ifndef NET_RESERVE_H
#define NET_RESERVE_H

#include <stdbool.h>

enum { RESERVE_COUNT = 8 };

struct reserve {
	int kept[RESERVE_COUNT]; /* -1: given away */
	bool is_whole;
};

/* Nothing is kept back yet. */
void reserve_init(struct reserve *reserve);

/*
 * Keeps back all of them again. False, and none is, when there are not so many yet, and one more
 * for whoever waits.
 */
bool reserve_fill(struct reserve *reserve);

/* Gives all of them away: whether there were any. */
bool reserve_release(struct reserve *reserve);

/* Whether none is left beside the reserve. */
bool reserve_is_needed(void);

#endif
