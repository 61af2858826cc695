/*
 * The server's figures for Prometheus, over HTTP, by a child of its own: the supervisor
 * reads nothing foreign, and a worker has readers to serve.
 */
#ifndef METRICS_H
#define METRICS_H

#include "base/buf.h"
#include "board.h"
#include "config.h"

/* Where they are handed out; made by the supervisor, and kept for the child's successors. */
struct metrics {
	int sockets[CONFIG_LIST_MAX];
	size_t count; /* 0: nowhere */
};

/*
 * Opens what [metrics] says, if it is there, and logs each address as
 * "listening protocol=metrics address=127.0.0.1 port=9165". False with err set.
 */
bool metrics_open(const struct config *config, struct metrics *ret_metrics, struct err *err);
void metrics_close(struct metrics *metrics);

struct metrics_job {
	const struct metrics *metrics;
	const struct board *board;
};

/* Answers until SIGTERM or until the supervisor is gone. The exit code. */
int metrics_run(const struct metrics_job *job, int lifeline);

/* Appends the page at now, which is loop_now(), in Prometheus's text format 0.0.4. */
void metrics_write(const struct board *board, int64_t now, struct buf *out);

#endif
