/* The supervisor: prepares, starts, reloads, ends. */
#include "supervisor.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "crew.h"
#include "metrics.h"
#include "net/socket.h"
#include "net/ticket.h"
#include "notify.h"
#include "setup.h"
#include "status_desk.h"
#include "tally.h"

enum {
	SECOND = 1000,
	KEY_TIME = 12 * 3600 * SECOND, /* until new tickets get a new key */
	TRY_TIME = 20 * SECOND,	       /* for the workers of a reload to become ready */
	SPARE_DESCRIPTORS = 64,	       /* of a worker, for what is not a connection */
};

struct supervisor {
	struct loop *loop;
	struct outlets outlets;
	struct metrics metrics;
	struct ticket_keys *keys;
	struct crew crew;
	struct setup setup;
	struct setup next; /* of a reload that is under way */
	bool is_reloading;
	bool wants_reload;	    /* asked for meanwhile */
	struct status_desk *status; /* NULL: not yet, or it cannot be */
	struct hook *key_timer;
	struct hook *try_timer;
	struct hook *alive_timer;
	struct notify notify;
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

/* The commit: nothing in it can fail. */
static void take_reload(struct supervisor *supervisor)
{
	crew_take(&supervisor->crew);
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

static void start_reload(struct supervisor *supervisor)
{
	const struct config *old = supervisor->setup.config;
	struct err err = { "" };
	struct config *config;

	notify_reloading(&supervisor->notify);
	config = config_load(*old->path ? old->path : NULL, &err);
	if (!config || !setup_may_change(old, config, &err)) {
		refuse_reload(supervisor, &err);
		config_free(config);
		return;
	}
	if (!setup_load(config, true, supervisor->keys, &supervisor->next, &err)) {
		refuse_reload(supervisor, &err);
		return;
	}
	supervisor->is_reloading = true;
	hook_arm(supervisor->try_timer, TRY_TIME);
	if (!crew_try(&supervisor->crew, &supervisor->next))
		drop_reload(supervisor);
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

	if (supervisor->is_reloading && supervisor->crew.phase == CREW_WORKING)
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

static void reopen(struct setup *setup)
{
	struct err err = { "" };

	if (!access_reopen(setup->config, &setup->access, &err))
		log_error("%s; the old file goes on", err.text);
}

static void on_reopen(void *context)
{
	struct supervisor *supervisor = context;

	if (supervisor->crew.phase == CREW_STOPPING)
		return;
	log_info("opening the access log again");
	reopen(&supervisor->setup);
	if (supervisor->is_reloading)
		reopen(&supervisor->next);
	crew_send_log(&supervisor->crew);
}

static void on_terminate(void *context)
{
	struct supervisor *supervisor = context;

	if (supervisor->crew.phase != CREW_STOPPING)
		log_info("finishing");
	notify_stopping(&supervisor->notify, "finishing");
	crew_stop(&supervisor->crew);
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

	if (!ticket_keys_rotate(supervisor->keys))
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
	supervisor->announce(supervisor->setup.config, &supervisor->outlets);
	say_serving(supervisor, "");
}

static size_t count_workers(const struct config *config)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (config->workers)
		return config->workers;
	return cores > 0 ? (size_t)cores : 1;
}

/* Of one worker: its share, and no more than it has descriptors for, two for each (socket and file). */
static size_t count_connections(const struct config *config, size_t workers)
{
	size_t descriptors = socket_raise_limit();
	size_t room = descriptors > 2 * SPARE_DESCRIPTORS ? (descriptors - SPARE_DESCRIPTORS) / 2
							  : SPARE_DESCRIPTORS / 2;
	size_t share = (config->connections + workers - 1) / workers;

	if (share <= room)
		return share;
	log_warn("a worker holds %zu connections, not %zu: it may open %zu descriptors only", room,
		 share, descriptors);
	return room;
}

static bool prepare(struct supervisor *supervisor, const struct config *config, size_t workers,
		    struct err *err)
{
	struct crew *crew = &supervisor->crew;
	struct passed passed;

	if (!passed_take(&passed, err))
		return false;
	crew->connections = count_connections(config, workers);
	if (!privilege_find(config->user, &crew->privilege, err))
		return false;
	if (geteuid() == 0 && !crew->privilege.drops)
		log_warn("everything runs as root; [server] user names somebody to become instead");
	if (!outlets_open(config, workers, &passed, &supervisor->outlets, err) ||
	    !metrics_open(config, &supervisor->metrics, err))
		return false;
	supervisor->keys = ticket_keys_new(err);
	if (!supervisor->keys ||
	    !setup_load(config, false, supervisor->keys, &supervisor->setup, err))
		return false;
	crew->limit = limit_new(workers * CREW_SEATS_PER_WORKER, crew->connections, err);
	crew->board = board_new(CREW_FIRST_SEAT + workers * CREW_SEATS_PER_WORKER, workers,
				supervisor->metrics.count > 0, err);
	return crew->limit && crew->board && tally_make(crew->tally, err) &&
	       privilege_folder(&crew->privilege, config->state, err);
}

static void run(struct supervisor *supervisor, size_t workers)
{
	struct crew *crew = &supervisor->crew;

	supervisor->loop = loop_new();
	crew->loop = supervisor->loop;
	crew->setup = &supervisor->setup;
	crew->outlets = &supervisor->outlets;
	crew->metrics = &supervisor->metrics;
	crew->on_ready = on_ready;
	crew->on_candidate = on_candidate;
	crew->context = supervisor;
	crew_init(crew, workers);
	supervisor->key_timer = loop_timer(supervisor->loop, on_key_time, supervisor);
	supervisor->try_timer = loop_timer(supervisor->loop, on_try_time, supervisor);
	supervisor->alive_timer = loop_timer(supervisor->loop, on_alive_time, supervisor);
	hook_arm(supervisor->key_timer, KEY_TIME);
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
	status_desk_close(supervisor->status);
	crew_done(crew);
	loop_free(supervisor->loop);
}

bool supervisor_run(const struct config *config,
		    void (*announce)(const struct config *config, const struct outlets *outlets),
		    struct err *err)
{
	struct supervisor supervisor = { .announce = announce };
	size_t workers = count_workers(config);
	bool ok;

	supervisor.crew.tally[0] = supervisor.crew.tally[1] = -1;
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
	outlets_close(&supervisor.outlets);
	metrics_close(&supervisor.metrics);
	limit_free(supervisor.crew.limit);
	board_free(supervisor.crew.board);
	ticket_keys_free(supervisor.keys);
	for (size_t i = 0; i < 2; i++)
		if (supervisor.crew.tally[i] != -1)
			close(supervisor.crew.tally[i]);
	return ok;
}
