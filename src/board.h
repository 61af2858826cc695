/*
 * What the processes tell of themselves, for `tidings status` and the metrics: numbers in
 * memory that all of them share. Each number has one writer at a time, so there is nothing to
 * lock; a seat's counts go on where a dead worker left them. A reader believes no
 * number so far as to use it as a length or an index.
 */
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/reply.h"
#include "net/counts.h"
#include "sandbox.h"

enum {
	BOARD_PROTOCOLS = 8,
	BOARD_CLASSES = 8,
	BOARD_SITES = 16,
	BOARD_SITE_NAME = 64,
	CLASS_OK = 0, /* of a protocol without numbers; 1 to 6 are the first digit of Gemini's */
	CLASS_ERROR = 7,
};

/* Written by the process that has the seat. */
struct board_seat {
	struct conn_counts conns;
	uint64_t replies[BOARD_PROTOCOLS][BOARD_CLASSES];
	uint64_t reads_lost;
	uint64_t walls; /* see board_put_walls() */
};

/* Written by the supervisor: who works at a post. */
struct board_post {
	uint64_t pid;  /* 0: nobody at the moment */
	uint64_t born; /* loop_now() */
	uint64_t restarts;
	uint64_t is_ready;
	uint64_t seat;
};

/* Written by the editor of a site: the last scan of its content/. */
struct board_scan {
	uint64_t ended; /* seconds since 1970; 0: there was none yet */
	uint64_t milliseconds;
	uint64_t is_ok;
	uint64_t articles; /* these three of the last scan that was ok */
	uint64_t files;
	uint64_t left_out;
};

/* A site: what it is called, which the supervisor writes, and what its editor tells. */
struct board_site {
	char name[BOARD_SITE_NAME]; /* its last byte stays NUL */
	uint64_t is_served;
	struct board_scan scan;
};

/* Pointers of this process into the shared memory. */
struct board {
	int64_t born; /* loop_now() of the start */
	size_t seats;
	size_t workers;
	size_t posts; /* the sites' editors, the workers, and the metrics if they are handed out */
	uint64_t
		*finishing; /* workers of before a reload that still serve somebody; supervisor's */
	struct board_site *site; /* BOARD_SITES of them */
	struct board_post *post; /* posts of them */
	struct board_seat *seat; /* seats of them */
	size_t bytes;
};

/* Make it before forking. NULL with err set. */
struct board *board_new(size_t seats, size_t workers, bool has_metrics, struct err *err);
void board_free(struct board *board);

/* Tells what the site is called, or (name "") that there is none. */
void board_name_site(struct board_site *site, struct str name);

/* Counts a reply of the protocol with that index in proto_list. */
void board_reply(struct board_seat *seat, size_t protocol, const struct reply *reply);

/* Which walls stand around the process at a seat. */
void board_put_walls(uint64_t *walls, const struct sandbox *sandbox);
struct sandbox board_walls(const struct board_seat *seat);

/* The seat's process is gone: what it had open went with it, what it counted stays. */
void board_leave(struct board_seat *seat);

/* The sum of all seats, without walls. */
struct board_seat board_total(const struct board *board);

#endif
