/* A worker: answers requests from a read-only catalogue. The only kind of process that talks to the network. */
#ifndef WORKER_H
#define WORKER_H

#include "access.h"
#include "board.h"
#include "net/limit.h"
#include "outlet.h"

struct tls;

/* All of it made before the fork, and borrowed. */
struct worker_job {
	const struct config *config;
	const struct outlets *outlets;
	size_t number;		/* which sockets of the outlets are ours */
	struct tls *const *tls; /* of each site; NULL ones when nothing speaks TLS */
	struct access access;
	struct limit *limit;
	size_t seat; /* ours in limit */
	size_t connections;
	int tally[CONFIG_SITES_MAX]; /* the workers' end, of each site */
	struct board_seat *told;     /* where our counts are */
};

/*
 * Runs until SIGTERM, which lets connections finish first (a second one does not), or
 * until the supervisor is gone. The exit code.
 */
int worker_run(const struct worker_job *job, int lifeline);

#endif
