/* Starting children, hearing from them, letting them go. */
#include "crew_child.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "child.h"
#include "editor.h"
#include "metrics.h"
#include "worker.h"

enum { SECOND = 1000 };

static int run_editor(const void *job, int lifeline)
{
	return editor_run(job, lifeline);
}

static int run_worker(const void *job, int lifeline)
{
	return worker_run(job, lifeline);
}

size_t crew_seat(const struct child *child)
{
	if (child_is_worker(child))
		return CREW_FIRST_SEAT + child->seat;
	return child_is_editor(child) ? child->post->number : CREW_FIRST_SEAT - 1;
}

static int run_metrics(const void *job, int lifeline)
{
	return metrics_run(job, lifeline);
}

static bool start_editor(struct child *child, const struct setup *setup, struct err *err)
{
	const struct crew *crew = child->crew;
	size_t slot = child->post->number;
	const struct config *site = setup_site(setup, slot);
	struct editor_job job = { site, crew->tally[slot][0], &crew->board->site[slot].scan };
	const struct sandbox_path paths[] = {
		{ site->content, SANDBOX_READ },
		{ site->state, SANDBOX_MAKE },
	};
	struct child_plan plan = {
		.name = child->name,
		.death_signal = SIGTERM, /* it has reads to write down */
		.privilege = &crew->privilege,
		.keep = crew->tally[slot],
		.keep_count = 1,
		.paths = paths,
		.path_count = sizeof(paths) / sizeof(paths[0]),
		.tells_walls = slot == 0,
		.walls = &crew->board->seat[crew_seat(child)].walls,
		.run = run_editor,
		.job = &job,
	};

	snprintf(child->name, sizeof(child->name), "editor%s%s", *site->name ? " " : "",
		 site->name);
	child->pid = child_fork(&plan, &child->lifeline, err);
	return child->pid != -1;
}

/* What a worker's descriptors are: its sockets, the ways to the editors, the access log. */
static size_t list_kept(const struct crew *crew, const struct setup *setup, size_t number,
			int **ret)
{
	size_t count = 1 + setup->config->site_count;
	int *kept;

	for (size_t i = 0; i < setup->outlets.count; i++)
		count += setup->outlets.items[i].addresses;
	kept = mem_alloc(count, sizeof(*kept));
	*ret = kept;
	*kept++ = setup->access.fd;
	for (size_t i = 0; i < setup->config->site_count; i++)
		*kept++ = crew->tally[setup->slots[i]][1];
	for (size_t i = 0; i < setup->outlets.count; i++) {
		const struct outlet *outlet = &setup->outlets.items[i];

		for (size_t at = 0; at < outlet->addresses; at++)
			*kept++ = outlet_sockets(outlet, number)[at];
	}
	return count;
}

enum { PATHS_PER_SITE = 2, PATHS_MAX = CONFIG_SITES_MAX * PATHS_PER_SITE };

/* Content and catalogue of all sites. */
static size_t list_paths(const struct config *config, struct sandbox_path paths[PATHS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < config->site_count; i++) {
		const struct config *site = config->sites[i];

		paths[count++] = (struct sandbox_path){ site->content, SANDBOX_READ };
		paths[count++] = (struct sandbox_path){ site->state, SANDBOX_READ };
	}
	return count;
}

static bool take_seat(struct child *child)
{
	struct crew *crew = child->crew;

	for (size_t seat = 0; seat < crew->workers * CREW_SEATS_PER_WORKER; seat++) {
		if (crew->seats[seat])
			continue;
		crew->seats[seat] = true;
		limit_clear(crew->limit, seat);
		child->seat = seat;
		return true;
	}
	return false;
}

static bool start_worker(struct child *child, const struct setup *setup, struct err *err)
{
	const struct crew *crew = child->crew;
	size_t number = child->post->number - CREW_FIRST_WORKER;
	struct worker_job job = {
		.config = setup->config,
		.outlets = &setup->outlets,
		.number = number,
		.tls = setup->tls,
		.access = setup->access,
		.limit = crew->limit,
		.connections = crew->connections,
	};
	struct sandbox_path paths[PATHS_MAX];
	struct child_plan plan = {
		.name = child->name,
		.death_signal = SIGKILL, /* it holds the ports, which a new server will want */
		.privilege = &crew->privilege,
		.paths = paths,
		.path_count = list_paths(setup->config, paths),
		.run = run_worker,
		.job = &job,
	};
	int *kept;

	snprintf(child->name, sizeof(child->name), "worker %zu", number + 1);
	if (!take_seat(child))
		return err_set(err, "too many old workers have not finished yet");
	for (size_t i = 0; i < setup->config->site_count; i++)
		job.tally[i] = crew->tally[setup->slots[i]][1];
	job.seat = child->seat;
	child->log = setup->access.fd;
	job.told = &crew->board->seat[crew_seat(child)];
	plan.walls = &job.told->walls;
	plan.keep_count = list_kept(crew, setup, number, &kept);
	plan.keep = kept;
	child->pid = child_fork(&plan, &child->lifeline, err);
	free(kept);
	if (child->pid == -1)
		child->crew->seats[child->seat] = false;
	return child->pid != -1;
}

/* It opens no file at all. */
static bool start_metrics(struct child *child, const struct setup *setup, struct err *err)
{
	const struct crew *crew = child->crew;
	struct metrics_job job = { crew->metrics, crew->board };
	struct child_plan plan = {
		.name = child->name,
		.death_signal = SIGKILL,
		.privilege = &crew->privilege,
		.keep = crew->metrics->sockets,
		.keep_count = crew->metrics->count,
		.walls = &crew->board->seat[crew_seat(child)].walls,
		.run = run_metrics,
		.job = &job,
	};

	(void)setup;
	snprintf(child->name, sizeof(child->name), "metrics");
	child->pid = child_fork(&plan, &child->lifeline, err);
	return child->pid != -1;
}

static bool start(struct child *child, const struct setup *setup, struct err *err)
{
	if (child_is_worker(child))
		return start_worker(child, setup, err);
	return (child_is_editor(child) ? start_editor : start_metrics)(child, setup, err);
}

static void on_lifeline(void *context)
{
	struct child *child = context;
	enum child_answer answer = child_listen(child->lifeline);

	if (answer == ANSWER_END) {
		hook_free(child->lifeline_hook); /* SIGCHLD tells the rest */
		child->lifeline_hook = NULL;
	} else if (answer != ANSWER_NONE) {
		child->silent = 0;
		child->is_busy = answer == ANSWER_BUSY;
	}
	if (answer == ANSWER_READY && !child->is_ready) {
		child->is_ready = true;
		crew_on_ready(child);
	}
}

static void on_patience(void *context)
{
	const struct child *child = context;

	log_warn("%s does not finish and is ended", child->name);
	kill(child->pid, SIGKILL);
}

struct child *crew_hire(struct post *post, const struct setup *setup)
{
	struct crew *crew = post->crew;
	struct child *child = mem_alloc(1, sizeof(*child));
	struct err err = { "" };

	child->crew = crew;
	child->post = post;
	child->started = loop_now();
	if (!start(child, setup, &err)) {
		log_error("%s", err.text);
		free(child);
		return NULL;
	}
	child->lifeline_hook = loop_try_readable(crew->loop, child->lifeline, on_lifeline, child);
	if (!child->lifeline_hook) {
		log_error("%s cannot be listened to and is ended", child->name);
		kill(child->pid, SIGKILL);
	}
	child->patience = loop_timer(crew->loop, on_patience, child);
	child->next = crew->children;
	crew->children = child;
	return child;
}

void crew_forget(struct child *child)
{
	struct child **link = &child->crew->children;

	while (*link != child)
		link = &(*link)->next;
	*link = child->next;
	board_leave(&child->crew->board->seat[crew_seat(child)]);
	if (child_is_worker(child))
		child->crew->seats[child->seat] = false;
	hook_free(child->lifeline_hook);
	hook_free(child->patience);
	close(child->lifeline);
	free(child);
}

void crew_dismiss(struct child *child, unsigned seconds)
{
	if (!child->is_leaving)
		kill(child->pid, SIGTERM);
	child->is_leaving = true;
	hook_arm(child->patience, (int64_t)seconds * SECOND);
}
