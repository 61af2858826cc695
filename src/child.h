/*
 * One forked process of the server and its lifeline: a socket pair on which the child
 * says that it is ready, and whose end tells each that the other is gone.
 */
#ifndef CHILD_H
#define CHILD_H

#include <sys/types.h>

#include "base/err.h"
#include "board.h"
#include "privilege.h"
#include "sandbox.h"

struct child_plan {
	const char *name; /* for its log lines; copied */
	int death_signal; /* what the kernel sends it when the supervisor vanishes */
	const struct privilege *privilege;
	const int *
		keep; /* descriptors it goes on with besides 0 to 2 and its lifeline; -1 is passed over */
	size_t keep_count;
	const struct sandbox_path
		*paths; /* what it may open; all else is walled off, the network too */
	size_t path_count;
	bool has_network; /* but not for this one */
	bool tells_walls; /* it logs what the kernel has no wall for */
	uint64_t *walls;  /* shared memory where it tells its walls, see board.h; NULL: nowhere */
	/* Runs in the child, without rights and behind its walls; its result is the exit code. */
	int (*run)(const void *job, int lifeline);
	const void *job;
};

/*
 * Forks. The child has only SIGTERM and SIGHUP blocked, ignores SIGINT, SIGQUIT,
 * SIGUSR1 and SIGPIPE, and has no other descriptors than planned, least of all another child's
 * lifeline. -1 with err set.
 */
pid_t child_fork(const struct child_plan *plan, int *ret_lifeline, struct err *err);

/* In the child: tells the supervisor that it does its work now. */
void child_say_ready(int lifeline);

/*
 * In the child: that it will not answer for long, for it has much to do; and that it does again.
 * One that neither answers nor is busy is taken for dead.
 */
void child_say_busy(int lifeline);
void child_say_here(int lifeline);

/* What a child has heard from the supervisor. */
enum child_word {
	WORD_NOTHING, /* that wants anything to be done */
	WORD_LOG,     /* the access log was opened anew */
	WORD_END,     /* the supervisor is gone */
};

/*
 * In the child, when its lifeline is readable: takes one word, and answers when it only asks
 * whether the child is there. With WORD_LOG ret_log is
 * the log's descriptor, which the caller closes.
 */
enum child_word child_hear(int lifeline, int *ret_log);

/* In the supervisor: asks whether the child is there. What it says is told by child_listen(). */
void child_ask(int lifeline);

/* What the supervisor has heard from a child. */
enum child_answer {
	ANSWER_NONE,
	ANSWER_READY,
	ANSWER_HERE,
	ANSWER_BUSY,
	ANSWER_END, /* it is gone */
};

/* In the supervisor, when a lifeline is readable: takes one answer. */
enum child_answer child_listen(int lifeline);

/*
 * In the supervisor: hands the child a descriptor of the access log, or its own standard error,
 * which takes the place of the child's. False when it cannot be sent now.
 */
bool child_send_log(int lifeline, int log);
bool child_send_errors(int lifeline);

#endif
