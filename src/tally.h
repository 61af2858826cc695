/*
 * Reads and shares on their way from the workers, which see them, to the editor,
 * which alone writes them down. A worker gathers for a second and never waits.
 */
#ifndef TALLY_H
#define TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
	TALLY_MAX = 256,	 /* articles in one message, and those that wait in a worker */
	TALLY_COUNT_MAX = 10000, /* of one article in one message; the editor believes no more */
};

struct tally_entry {
	int64_t article;
	uint32_t reads;
	uint32_t shares;
};

/* A worker's side. */
struct tally {
	int fd;
	size_t count;
	uint64_t lost; /* counts that found no room while the editor was away */
	struct tally_entry entries[TALLY_MAX];
};

/* Makes the way, [0] for the editor and [1] for all workers. The supervisor keeps both, so that what waits outlives either. */
bool tally_make(int ret_ends[2], struct err *err);

void tally_init(struct tally *tally, int fd);

/* Adds one read, or one share. */
void tally_add(struct tally *tally, int64_t article, bool is_share);

/* Sends what was gathered, if the way is free; otherwise it stays. */
void tally_send(struct tally *tally);

/*
 * The editor's side: the next message, checked entry by entry, for it comes from a
 * process that talks to strangers. False when there is none.
 */
bool tally_receive(int fd, struct tally_entry entries[TALLY_MAX], size_t *ret_count);

#endif
