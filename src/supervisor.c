/* The supervisor: prepares, starts, reloads, ends. */
#include "supervisor.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "capacity.h"
#include "crew.h"
#include "ending.h"
#include "error_log.h"
#include "folders.h"
#include "importing.h"
#include "metrics.h"
#include "net/ticket.h"
#include "net/ticket_secret.h"
#include "notify.h"
#include "setup.h"
#include "status_desk.h"

enum {
	SECOND = 1000,
	KEY_TIME = 12 * 3600 * SECOND, /* until new tickets get a new key */
	LOOK_TIME = SECOND,	       /* between two looks at the files of TLS */
	TRY_TIME = 20 * SECOND,	       /* for the workers of a reload to become ready */
};

struct supervisor {
	struct loop *loop;
	struct metrics metrics;
	struct ticket_keys *keys;
	struct crew crew;
	struct setup setup;
	struct setup next;   /* of a reload that is under way */
	struct stamps files; /* that were read last, whether they were taken or not */
	bool is_reloading;
	bool wants_reload;	    /* asked for meanwhile */
	struct status_desk *status; /* NULL: not yet, or it cannot be */
	struct importing importing;
	struct hook *key_timer;
	struct hook *look_timer;
	struct hook *try_timer;
	struct ending ending;
	struct hook *alive_timer;
	struct notify notify;
	struct error_log errors;
	void (*announce)(const struct config *config, const struct outlets *outlets);
};

static void end_reload(struct supervisor *supervisor);

static void say_serving(const struct supervisor *supervisor, const char *what)
{
	char status[sizeof(((struct err *)NULL)->text) + 64];

	snprintf(status, sizeof(status), "serving with %zu workers%s%s", supervisor->crew.workers,
		 *what ? "; " : "", what);
	notify_ready(&supervisor->notify, status);
}

static void drop_reload(struct supervisor *supervisor)
{
	crew_drop(&supervisor->crew);
	setup_done(&supervisor->next);
	log_error("not reloaded; everything goes on as it was");
	say_serving(supervisor, "not reloaded, a new worker could not start");
	end_reload(supervisor);
}

/* Also as time goes by: the keys of a secret change with it. */
static void take_secret(struct supervisor *supervisor, const struct ticket_secret *secret)
{
	if (!ticket_keys_follow(supervisor->keys, secret, time(NULL)))
		log_warn("no ticket keys can be derived; the old ones stay");
}

static void take_tickets(struct supervisor *supervisor)
{
	if (supervisor->next.secret)
		take_secret(supervisor, supervisor->next.secret);
	else if (supervisor->setup.secret && !ticket_keys_renew(supervisor->keys))
		log_warn("there is no randomness for a new ticket key; the old one stays");
}

/* The commit: nothing in it can fail but for the tickets, which clients can do without. */
static void take_reload(struct supervisor *supervisor)
{
	outlets_hand_over(&supervisor->setup.outlets, &supervisor->next.outlets);
	crew_take(&supervisor->crew);
	take_tickets(supervisor);
	if (supervisor->next.config == supervisor->setup.config) {
		supervisor->next.owned = supervisor->setup.owned;
		supervisor->setup.owned = NULL;
	}
	importing_follow(&supervisor->importing, supervisor->next.config);
	setup_done(&supervisor->setup);
	supervisor->setup = supervisor->next;
	log_info("reloaded");
	say_serving(supervisor, "");
	end_reload(supervisor);
}

static void refuse_reload(const struct supervisor *supervisor, const struct err *err)
{
	log_error("%s; the old settings stay", err->text);
	say_serving(supervisor, err->text);
}

/* Tries config beside the one in force, which it may be itself. */
static void try_config(struct supervisor *supervisor, const struct config *config, bool owns_config)
{
	const struct setup_ground ground = { .keys = supervisor->keys,
					     .workers = supervisor->crew.workers,
					     .files = &supervisor->files,
					     .makes = owns_config,
					     .old = &supervisor->setup };
	struct err err = { "" };

	if (!setup_load(config, owns_config, &ground, &supervisor->next, &err)) {
		refuse_reload(supervisor, &err);
		return;
	}
	if (!folders_make(config, &supervisor->crew.privilege, &err)) {
		refuse_reload(supervisor, &err);
		setup_done(&supervisor->next);
		return;
	}
	supervisor->is_reloading = true;
	hook_arm(supervisor->try_timer, TRY_TIME);
	if (!crew_try(&supervisor->crew, &supervisor->next))
		drop_reload(supervisor);
}

static void start_reload(struct supervisor *supervisor)
{
	const struct config *old = supervisor->setup.config;
	struct err err = { "" };
	struct config *config;

	notify_reloading(&supervisor->notify);
	config = config_load(*old->path ? old->path : NULL, &err);
	if (!config || !setup_may_change(old, config, &err) ||
	    !folders_check(config, old, &supervisor->crew.privilege, &err)) {
		refuse_reload(supervisor, &err);
		config_free(config);
		return;
	}
	try_config(supervisor, config, true);
}

static void end_reload(struct supervisor *supervisor)
{
	supervisor->is_reloading = false;
	hook_disarm(supervisor->try_timer);
	if (supervisor->wants_reload) {
		supervisor->wants_reload = false;
		start_reload(supervisor);
	}
}

static void on_candidate(struct crew *crew, bool is_ready)
{
	struct supervisor *supervisor = crew->context;

	if (!supervisor->is_reloading || crew->phase != CREW_WORKING)
		return;
	if (!is_ready)
		drop_reload(supervisor);
	else if (crew_is_tried(crew))
		take_reload(supervisor);
}

static void on_try_time(void *context)
{
	struct supervisor *supervisor = context;

	if (!supervisor->is_reloading || supervisor->crew.phase != CREW_WORKING)
		return;
	/* Whoever reads a large paper for the first time says so; an editor that hangs does not. */
	if (crew_is_scanning(&supervisor->crew))
		hook_arm(supervisor->try_timer, TRY_TIME);
	else
		drop_reload(supervisor);
}

static void on_hangup(void *context)
{
	struct supervisor *supervisor = context;

	if (supervisor->crew.phase != CREW_WORKING)
		return;
	crew_scan(&supervisor->crew);
	if (supervisor->is_reloading)
		supervisor->wants_reload = true;
	else
		start_reload(supervisor);
}

/* The configuration is not read: it may be half edited, and nobody has said that it is good. */
static void on_look_time(void *context)
{
	struct supervisor *supervisor = context;

	hook_arm(supervisor->look_timer, LOOK_TIME);
	if (supervisor->setup.secret)
		take_secret(supervisor, supervisor->setup.secret);
	if (supervisor->crew.phase != CREW_WORKING || supervisor->is_reloading ||
	    !stamps_look(&supervisor->files))
		return;
	log_info("certificate, key or ticket key have changed and are read again");
	notify_reloading(&supervisor->notify);
	try_config(supervisor, supervisor->setup.config, false);
}

static void reopen(struct setup *setup)
{
	struct err err = { "" };

	if (!access_reopen(setup->config, &setup->access, &err))
		log_error("%s; the old file goes on", err.text);
}

static void on_reopen(void *context)
{
	struct supervisor *supervisor = context;
	struct err err = { "" };

	if (supervisor->crew.phase == CREW_STOPPING)
		return;
	log_info("opening the logs again");
	if (error_log_reopen(supervisor->setup.config, &err))
		crew_send_errors(&supervisor->crew);
	else
		log_error("%s; the old file goes on", err.text);
	reopen(&supervisor->setup);
	if (supervisor->is_reloading)
		reopen(&supervisor->next);
	crew_send_log(&supervisor->crew);
}

static void on_terminate(void *context)
{
	struct supervisor *supervisor = context;

	notify_stopping(&supervisor->notify, "finishing");
	importing_stop(&supervisor->importing);
	ending_ask(&supervisor->ending);
}

static void on_child(void *context)
{
	struct supervisor *supervisor = context;

	crew_reap(&supervisor->crew);
}

static void on_alive_time(void *context)
{
	struct supervisor *supervisor = context;

	notify_alive(&supervisor->notify);
	hook_arm(supervisor->alive_timer, supervisor->notify.watchdog_time);
}

static void on_key_time(void *context)
{
	struct supervisor *supervisor = context;

	if (!supervisor->setup.secret && !ticket_keys_rotate(supervisor->keys))
		log_warn("there is no randomness for a new ticket key; the old one stays");
	hook_arm(supervisor->key_timer, KEY_TIME);
}

static void on_ready(struct crew *crew)
{
	struct supervisor *supervisor = crew->context;
	struct err err = { "" };

	supervisor->status = status_desk_open(crew, supervisor->setup.config->state, &err);
	if (!supervisor->status)
		log_warn("there is no answer for `tidings status`: %s", err.text);
	supervisor->announce(supervisor->setup.config, &supervisor->setup.outlets);
	importing_start(&supervisor->importing, supervisor->loop, supervisor->setup.config,
			&crew->privilege);
	say_serving(supervisor, "");
}

static bool prepare(struct supervisor *supervisor, const struct config *config, size_t workers,
		    struct err *err)
{
	struct crew *crew = &supervisor->crew;
	struct passed passed;
	struct setup_ground ground = {
		.workers = workers, .passed = &passed, .files = &supervisor->files, .makes = true
	};

	if (!passed_take(&passed, err) || !privilege_find(config->user, &crew->privilege, err) ||
	    !folders_check(config, NULL, &crew->privilege, err) ||
	    !error_log_open(config, &supervisor->errors, err))
		return false;
	crew->connections = capacity_connections(config, workers);
	if (geteuid() == 0 && !crew->privilege.drops)
		log_warn("everything runs as root; [server] user names somebody to become instead");
	ground.keys = supervisor->keys = ticket_keys_new(err);
	if (!supervisor->keys || !metrics_open(config, &supervisor->metrics, err) ||
	    !setup_load(config, false, &ground, &supervisor->setup, err))
		return false;
	if (supervisor->setup.secret)
		take_secret(supervisor, supervisor->setup.secret);
	crew->limit = limit_new(workers * CREW_SEATS_PER_WORKER, crew->connections, err);
	crew->board = board_new(CREW_FIRST_SEAT + workers * CREW_SEATS_PER_WORKER, workers,
				supervisor->metrics.count > 0, err);
	return crew->limit && crew->board && folders_make(config, &crew->privilege, err);
}

static void run(struct supervisor *supervisor, size_t workers)
{
	struct crew *crew = &supervisor->crew;

	supervisor->loop = loop_new();
	crew->loop = supervisor->loop;
	crew->setup = &supervisor->setup;
	crew->metrics = &supervisor->metrics;
	crew->on_ready = on_ready;
	crew->on_candidate = on_candidate;
	crew->context = supervisor;
	crew_init(crew, workers);
	ending_init(&supervisor->ending, crew);
	supervisor->key_timer = loop_timer(supervisor->loop, on_key_time, supervisor);
	supervisor->try_timer = loop_timer(supervisor->loop, on_try_time, supervisor);
	supervisor->alive_timer = loop_timer(supervisor->loop, on_alive_time, supervisor);
	supervisor->look_timer = loop_timer(supervisor->loop, on_look_time, supervisor);
	hook_arm(supervisor->key_timer, KEY_TIME);
	hook_arm(supervisor->look_timer, LOOK_TIME);
	if (supervisor->notify.watchdog_time)
		on_alive_time(supervisor);
	loop_on_signal(supervisor->loop, SIGCHLD, on_child, supervisor);
	loop_on_signal(supervisor->loop, SIGTERM, on_terminate, supervisor);
	loop_on_signal(supervisor->loop, SIGINT, on_terminate, supervisor);
	loop_on_signal(supervisor->loop, SIGHUP, on_hangup, supervisor);
	loop_on_signal(supervisor->loop, SIGUSR1, on_reopen, supervisor);
	crew_start(crew);
	if (crew->children)
		loop_run(supervisor->loop);
	importing_stop(&supervisor->importing);
	status_desk_close(supervisor->status);
	crew_done(crew);
	loop_free(supervisor->loop);
}

bool supervisor_run(const struct config *config,
		    void (*announce)(const struct config *config, const struct outlets *outlets),
		    struct err *err)
{
	struct supervisor supervisor = { .announce = announce };
	size_t workers = capacity_workers(config);
	bool ok;

	supervisor.setup.access.fd = supervisor.next.access.fd = -1;
	signal(SIGPIPE, SIG_IGN);
	notify_init(&supervisor.notify);
	notify_status(&supervisor.notify, "reading the articles");
	ok = prepare(&supervisor, config, workers, err);
	if (ok) {
		run(&supervisor, workers);
		ok = !supervisor.crew.has_failed;
	}
	if (!ok && *err->text)
		notify_status(&supervisor.notify, err->text);
	notify_done(&supervisor.notify);
	if (supervisor.is_reloading)
		setup_done(&supervisor.next);
	setup_done(&supervisor.setup);
	stamps_done(&supervisor.files);
	metrics_close(&supervisor.metrics);
	limit_free(supervisor.crew.limit);
	board_free(supervisor.crew.board);
	ticket_keys_free(supervisor.keys);
	error_log_close(&supervisor.errors, err);
	return ok;
}
