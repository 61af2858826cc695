/* When the importer is started; for the supervisor. */
#ifndef IMPORTING_H
#define IMPORTING_H

#include <sys/types.h>

#include "config.h"
#include "net/loop.h"
#include "privilege.h"

struct importing {
	const struct privilege *privilege;
	const struct config *config; /* in force */
	struct hook *timer;
	int64_t *next; /* shared with the importer: when a source is due, seconds */
	pid_t pid;     /* 0: nobody imports */
	int lifeline;
};

/* Begins to look every few seconds whether a source is due. */
void importing_start(struct importing *importing, struct loop *loop, const struct config *config,
		     const struct privilege *privilege);

/* Another configuration is in force. */
void importing_follow(struct importing *importing, const struct config *config);

/* Ends the importer, if there is one, and looks no more. */
void importing_stop(struct importing *importing);

#endif
