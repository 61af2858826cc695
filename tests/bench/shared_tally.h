/* What came of many requests. */
#ifndef BENCH_SHARED_TALLY_H
#define BENCH_SHARED_TALLY_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

enum outcome {
	OUTCOME_RIGHT,
	OUTCOME_WRONG,	     /* other bytes, or fewer, or more */
	OUTCOME_BROKEN,	     /* refused, reset, a TLS error, no close_notify */
	OUTCOME_NOT_RESUMED, /* right, after a full handshake where a resumed one was wanted */
	OUTCOME_LATE,	     /* not ended in time */
	OUTCOMES,
};

struct tally {
	size_t count[OUTCOMES];
	size_t done;		     /* their sum */
	int64_t *nanoseconds;	     /* of each that was right; room for all */
	int64_t bytes_in, bytes_out; /* payload of TCP, to the client and from it */
	int64_t segments_in, data_segments_in, segments_out, data_segments_out;
};

/* For at most max requests. */
void tally_init(struct tally *tally, size_t max);

/* Adds a request whose socket is still open (-1: never was) and that took that long. */
void tally_add(struct tally *tally, int fd, enum outcome outcome, int64_t nanoseconds);

/* Prints everything as one JSON object and a line end; cpu_ns is what the server used, seconds how long all took. */
void tally_print(struct tally *tally, int64_t cpu_ns, double seconds);

/* Requests that went wrong. */
size_t tally_failures(const struct tally *tally);

#endif
