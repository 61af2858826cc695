/* The bytes of one reply on their way out: what protocols fill and the network sends. */
#ifndef BASE_REPLY_H
#define BASE_REPLY_H

#include <stdint.h>

#include "base/buf.h"

/* What a reply counts as when, and only when, its last byte has been written. */
enum reply_count { COUNT_NOTHING, COUNT_READ, COUNT_SHARE };

/*
 * head is sent in one write, then file_size bytes of file, if there is one.
 * The reply owns both.
 */
struct reply {
	struct buf head;
	int file; /* -1: none */
	uint64_t file_size;
	enum reply_count count;
	int64_t article;    /* whom it counts for */
	int status;	    /* the protocol's own number, for the log; 0 where it has none */
	size_t site;	    /* which of the sites behind a listener has answered */
	bool is_for_robots; /* whoever has asked for it is one, as far as can be told */
	bool is_error;	    /* in place of a number: what was asked for is not in it */
};

/* An empty reply whose head may grow to max bytes. */
void reply_init(struct reply *reply, size_t max);

/* Frees the bytes and closes the file. */
void reply_done(struct reply *reply);

#endif
