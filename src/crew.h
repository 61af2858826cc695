/*
 * The processes of a server. Each post (one for each site's editor and one for each worker) is always
 * filled: whoever dies gets a successor, at once at first and ever later when
 * it keeps dying. What to do at a post comes from a setup; a reload fills all workers'
 * posts anew from another setup and lets the old ones finish.
 */
#ifndef CREW_H
#define CREW_H

#include "access.h"
#include "board.h"
#include "net/limit.h"
#include "net/loop.h"
#include "outlet.h"
#include "privilege.h"

struct child;
struct metrics;

/* What may change while the server runs. */
struct setup {
	const struct config *config;
	struct config *owned; /* NULL when config is the caller's */
	size_t slots
		[CONFIG_SITES_MAX]; /* of each site of config: where its editor, counts and figures are */
	struct outlets outlets;
	struct tls *tls[CONFIG_SITES_MAX]; /* of each site; NULL when nothing speaks TLS */
	struct ticket_secret *secret;	   /* NULL: ticket keys are this server's alone */
	struct access access;
};

/* Frees what is there, and closes the outlets; not the struct. */
void setup_done(struct setup *setup);

/* The site in a slot; NULL when there is none. */
const struct config *setup_site(const struct setup *setup, size_t slot);

enum crew_phase {
	CREW_STARTING, /* until everybody is ready; whoever fails ends the start */
	CREW_WORKING,
	CREW_STOPPING,
};

/* The editors' by slot, then the workers', then that of the metrics. */
struct post {
	struct crew *crew;
	size_t number;		 /* in crew.posts, and on the board */
	struct child *current;	 /* NULL: to be filled */
	struct child *candidate; /* of a reload that is not decided */
	uint64_t restarts;	 /* successors of somebody who died */
	int64_t delay; /* milliseconds until the next successor; 0: the last one lived well */
	struct hook *fill;
};

struct crew {
	struct loop *loop;
	const struct setup *setup;  /* in force */
	const struct setup *trying; /* of a reload that is not decided; NULL: none */
	struct privilege privilege;
	struct limit *limit;
	int tally[CONFIG_SITES_MAX][2]; /* of each slot: from the workers to its editor; -1: none */
	struct board *board;
	const struct metrics *metrics;
	size_t connections; /* of one worker */

	size_t workers;
	struct post *posts;
	size_t post_count;
	struct child *children;
	struct hook *tick;
	bool *seats; /* taken ones, of limit */
	enum crew_phase phase;
	bool has_failed;					/* somebody died while starting */
	void (*on_ready)(struct crew *crew);			/* once, when all are */
	void (*on_candidate)(struct crew *crew, bool is_ready); /* one became ready, or died */
	void *context;						/* theirs */
};

enum {
	CREW_SEATS_PER_WORKER = 4, /* so that old workers may finish while two reloads go by */
	CREW_FIRST_WORKER = CONFIG_SITES_MAX, /* among the posts */
	CREW_FIRST_SEAT = CONFIG_SITES_MAX +
			  1, /* of a worker on the board; before it the editors' and the metrics' */
};

/* Prepares posts; the fields above workers and the callbacks have been set. Nothing runs yet. */
void crew_init(struct crew *crew, size_t workers);
void crew_done(struct crew *crew);

/* Starts the editors, then the workers when they are ready. */
void crew_start(struct crew *crew);

/* Collects children that have ended; on SIGCHLD. */
void crew_reap(struct crew *crew);

/*
 * Workers finish, then the editors, and the loop stops; those that take more than ten
 * seconds are ended. A second call ends them at once.
 */
void crew_stop(struct crew *crew);

/* Writes on the board who works where. */
void crew_tell(struct crew *crew);

/* Passes SIGHUP on to the editors. */
void crew_scan(struct crew *crew);

/* Hands our standard error, which was opened anew, to everybody. */
void crew_send_errors(struct crew *crew);

/* Hands the access log, which was opened anew, to all workers that stay. */
void crew_send_log(struct crew *crew);

/*
 * An editor for each site that is new in setup, and when they are ready one more worker for each
 * post, beside the current one. False when one cannot be started.
 */
bool crew_try(struct crew *crew, const struct setup *setup);
bool crew_is_scanning(const struct crew *crew); /* the new sites' editors are not ready yet */
bool crew_is_tried(const struct crew *crew);	/* all of them are ready */
/* They replace the current ones, which finish, and editors of sites that are no more go. */
void crew_take(struct crew *crew);
void crew_drop(struct crew *crew); /* they go */

#endif
