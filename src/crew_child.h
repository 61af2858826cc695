/* A child of the crew, and how one is started; for crew*.c only. */
#ifndef CREW_CHILD_H
#define CREW_CHILD_H

#include <sys/types.h>

#include "crew.h"

struct child {
	struct child *next;
	struct crew *crew;
	struct post *post;
	pid_t pid;
	char name[64];
	int lifeline;
	struct hook *lifeline_hook;
	size_t seat; /* a worker's; unused by the others */
	int log;     /* a worker's: the access log, which its setup owns */
	int64_t started;
	bool is_ready;
	bool is_busy;	 /* it said so */
	unsigned silent; /* seconds of ours that it was asked in and said nothing */
	bool is_leaving; /* was told to finish */
	struct hook *patience;
};

/* Forks an editor, a worker or the metrics. NULL (logged) when it cannot be. */
struct child *crew_hire(struct post *post, const struct setup *setup);

/* Lets go of one that has ended. */
void crew_forget(struct child *child);

/* Tells one to finish, and ends it when it has not after so many seconds. */
void crew_dismiss(struct child *child, unsigned seconds);

/* Called when a child has said that it is ready. */
void crew_on_ready(struct child *child);

/* A candidate has become ready: what comes next of the reload. */
void crew_go_on_trying(struct crew *crew, const struct child *ready);

/*
 * The way for the counts of a slot's site, made before its first editor and kept for that one's
 * successors. False (logged) when it cannot be made.
 */
bool crew_open_slot(struct crew *crew, size_t slot);
void crew_close_slot(struct crew *crew, size_t slot);

/* A second has passed: asks a child whether it is there, and ends it when it was silent for too long. */
void crew_check(struct child *child);

/* Begins to do so for all of them. */
void crew_watch(struct crew *crew);

/* Its seat on the board. */
size_t crew_seat(const struct child *child);

static inline bool child_is_editor(const struct child *child)
{
	return child->post->number < CREW_FIRST_WORKER;
}

static inline bool child_is_worker(const struct child *child)
{
	return !child_is_editor(child) &&
	       child->post->number < CREW_FIRST_WORKER + child->crew->workers;
}

#endif
