/* The editor: the only writer of the catalogue. Keeps it in line with content/ and writes down reads. */
#ifndef EDITOR_H
#define EDITOR_H

#include "board.h"
#include "config.h"

struct editor_job {
	const struct config *config;
	int tally; /* the editor's end */
	struct board_scan *told;
};

/*
 * Says that it is ready after the first scan. Runs until SIGTERM or until the supervisor
 * is gone; SIGHUP scans at once. The exit code: 1 when there is no catalogue to be had or
 * content/ cannot be read at the start.
 */
int editor_run(const struct editor_job *job, int lifeline);

#endif
