/* The processes of a server: who is missing, who succeeds whom, and how all of them end. */
#include "crew.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "child.h"
#include "crew_child.h"
#include "metrics.h"
#include "net/ticket_secret.h"
#include "net/tls.h"
#include "tally.h"

enum {
	SECOND = 1000,
	DELAY_FIRST = 100, /* milliseconds until a successor starts; doubled each time ... */
	DELAY_MAX = 10 * SECOND,
	DELAY_READY_MAX = 800,	 /* for one that was ready: clients wait in its sockets' queues */
	GOOD_LIFE = 30 * SECOND, /* ... until one has lived that long */
	FINISH_SECONDS = 10,	 /* for workers to finish their replies when the server ends */
	LAST_SECONDS = 2,	 /* for the editor to write down, at the very end */
};

_Static_assert((int)BOARD_SITES == (int)CONFIG_SITES_MAX, "a slot is a place on the board, too");

void setup_done(struct setup *setup)
{
	access_close(&setup->access);
	outlets_close(&setup->outlets);
	for (size_t i = 0; i < CONFIG_SITES_MAX; i++)
		tls_free(setup->tls[i]);
	ticket_secret_free(setup->secret);
	config_free(setup->owned);
	*setup = (struct setup){ .access.fd = -1 };
}

const struct config *setup_site(const struct setup *setup, size_t slot)
{
	for (size_t i = 0; i < setup->config->site_count; i++)
		if (setup->slots[i] == slot)
			return setup->config->sites[i];
	return NULL;
}

static bool is_editors(const struct post *post)
{
	return post->number < CREW_FIRST_WORKER;
}

/* Whether somebody has to be at the post: an editor only when its slot has a site. */
static bool is_wanted(const struct post *post)
{
	return !is_editors(post) || setup_site(post->crew->setup, post->number);
}

static void on_fill(void *context)
{
	struct post *post = context;

	if (post->current || post->crew->phase == CREW_STOPPING || !is_wanted(post))
		return;
	post->current = crew_hire(post, post->crew->setup);
	if (!post->current)
		hook_arm(post->fill, DELAY_MAX);
}

void crew_init(struct crew *crew, size_t workers)
{
	crew->workers = workers;
	crew->post_count = CREW_FIRST_WORKER + workers + 1;
	crew->posts = mem_alloc(crew->post_count, sizeof(*crew->posts));
	crew->seats = mem_alloc(workers * CREW_SEATS_PER_WORKER, sizeof(*crew->seats));
	for (size_t slot = 0; slot < CONFIG_SITES_MAX; slot++)
		crew->tally[slot][0] = crew->tally[slot][1] = -1;
	for (size_t i = 0; i < crew->post_count; i++) {
		struct post *post = &crew->posts[i];

		post->crew = crew;
		post->number = i;
		post->fill = loop_timer(crew->loop, on_fill, post);
	}
}

void crew_done(struct crew *crew)
{
	while (crew->children)
		crew_forget(crew->children);
	for (size_t slot = 0; slot < CONFIG_SITES_MAX; slot++)
		crew_close_slot(crew, slot);
	free(crew->posts);
	free(crew->seats);
}

static void fail(struct crew *crew)
{
	crew->has_failed = true;
	crew_stop(crew);
}

/* The way for its counts is there before an editor, and stays for its successors. */
bool crew_open_slot(struct crew *crew, size_t slot)
{
	struct err err = { "" };

	if (crew->tally[slot][0] != -1 || tally_make(crew->tally[slot], &err))
		return true;
	log_error("%s", err.text);
	return false;
}

void crew_close_slot(struct crew *crew, size_t slot)
{
	for (size_t end = 0; end < 2; end++) {
		if (crew->tally[slot][end] != -1)
			close(crew->tally[slot][end]);
		crew->tally[slot][end] = -1;
	}
}

void crew_start(struct crew *crew)
{
	crew->phase = CREW_STARTING;
	crew_watch(crew);
	for (size_t i = 0; i < crew->setup->config->site_count; i++) {
		size_t slot = crew->setup->slots[i];
		struct post *post = &crew->posts[slot];

		if (crew_open_slot(crew, slot))
			post->current = crew_hire(post, crew->setup);
		if (!post->current) {
			fail(crew);
			return;
		}
	}
}

/* The workers come when the editors have catalogues for them. */
static void start_workers(struct crew *crew)
{
	for (size_t i = 0; i < crew->workers; i++) {
		struct post *post = &crew->posts[CREW_FIRST_WORKER + i];

		post->current = crew_hire(post, crew->setup);
		if (!post->current) {
			fail(crew);
			return;
		}
	}
}

/* Whether all that are wanted at posts from first up to end are there and ready. */
static bool are_ready(const struct crew *crew, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		const struct post *post = &crew->posts[i];

		if (is_wanted(post) && !(post->current && post->current->is_ready))
			return false;
	}
	return true;
}

static void go_on_starting(struct crew *crew, const struct child *ready)
{
	size_t end = CREW_FIRST_WORKER + crew->workers;

	if (child_is_editor(ready) && are_ready(crew, 0, CREW_FIRST_WORKER))
		start_workers(crew);
	if (!are_ready(crew, 0, end))
		return;
	crew->phase = CREW_WORKING;
	crew_tell(crew);
	if (crew->metrics->count)
		on_fill(&crew->posts[end]);
	crew->on_ready(crew);
}

void crew_on_ready(struct child *child)
{
	struct crew *crew = child->crew;

	if (child == child->post->candidate)
		crew_go_on_trying(crew, child);
	else if (crew->phase == CREW_STARTING)
		go_on_starting(crew, child);
}

/* Why it ended, for the log. */
static void log_end(const struct child *child, int status)
{
	if (WIFSIGNALED(status))
		log_error("%s was ended by signal %d (%s)", child->name, WTERMSIG(status),
			  strsignal(WTERMSIG(status)));
	else
		log_error("%s ended with exit code %d", child->name, WEXITSTATUS(status));
}

static void fill_again(struct post *post, int64_t lived, bool was_ready)
{
	int64_t most = was_ready ? DELAY_READY_MAX : DELAY_MAX;

	if (lived >= GOOD_LIFE)
		post->delay = 0;
	post->restarts++;
	post->delay = post->delay ? 2 * post->delay : DELAY_FIRST;
	if (post->delay > most)
		post->delay = most;
	log_info("its successor starts in %lld ms", (long long)post->delay);
	hook_arm(post->fill, post->delay);
}

static bool has_workers(const struct crew *crew)
{
	for (const struct child *child = crew->children; child; child = child->next)
		if (!child_is_editor(child))
			return true;
	return false;
}

/* The editors go when nobody is left to count for. */
static void go_on_stopping(struct crew *crew)
{
	if (!crew->children)
		loop_stop(crew->loop);
	else if (!has_workers(crew))
		for (struct child *child = crew->children; child; child = child->next)
			crew_dismiss(child, LAST_SECONDS);
}

static void ended(struct child *child, int status)
{
	struct crew *crew = child->crew;
	struct post *post = child->post;
	bool was_current = post->current == child;
	bool was_candidate = post->candidate == child;
	bool was_ready = child->is_ready;
	int64_t lived = loop_now() - child->started;

	if (!child->is_leaving)
		log_end(child, status);
	if (was_current)
		post->current = NULL;
	if (was_candidate)
		post->candidate = NULL;
	crew_forget(child);
	if (crew->phase == CREW_STOPPING)
		go_on_stopping(crew);
	else if (was_candidate)
		crew->on_candidate(crew, false);
	else if (was_current && crew->phase == CREW_STARTING)
		fail(crew);
	else if (was_current && is_wanted(post))
		fill_again(post, lived, was_ready);
}

void crew_reap(struct crew *crew)
{
	for (;;) {
		int status;
		pid_t pid = waitpid(-1, &status, WNOHANG);
		struct child *child = crew->children;

		if (pid <= 0)
			return;
		while (child && child->pid != pid)
			child = child->next;
		if (child)
			ended(child, status);
	}
}

static void end_now(struct crew *crew)
{
	for (struct child *child = crew->children; child; child = child->next) {
		if (child_is_editor(child))
			crew_dismiss(child, LAST_SECONDS);
		else
			kill(child->pid, SIGKILL);
	}
}

void crew_stop(struct crew *crew)
{
	if (crew->phase == CREW_STOPPING) {
		end_now(crew);
		return;
	}
	crew->phase = CREW_STOPPING;
	for (struct child *child = crew->children; child; child = child->next)
		if (!child_is_editor(child))
			crew_dismiss(child, FINISH_SECONDS);
	go_on_stopping(crew);
}

static void tell_post(struct board_post *told, const struct post *post)
{
	const struct child *child = post->current;

	count_set(&told->restarts, post->restarts);
	count_set(&told->pid, child ? (uint64_t)child->pid : 0);
	if (!child)
		return;
	count_set(&told->born, (uint64_t)child->started);
	count_set(&told->is_ready, child->is_ready);
	count_set(&told->seat, crew_seat(child));
}

void crew_tell(struct crew *crew)
{
	uint64_t finishing = 0;

	for (size_t slot = 0; slot < CONFIG_SITES_MAX; slot++) {
		const struct config *site = setup_site(crew->setup, slot);

		board_name_site(&crew->board->site[slot], site ? config_title(site) : STR(""));
	}
	for (size_t i = 0; i < crew->board->posts; i++)
		tell_post(&crew->board->post[i], &crew->posts[i]);
	for (const struct child *child = crew->children; child; child = child->next)
		finishing += child != child->post->current && child->is_leaving;
	count_set(crew->board->finishing, finishing);
}

void crew_scan(struct crew *crew)
{
	for (size_t slot = 0; slot < CREW_FIRST_WORKER; slot++)
		if (crew->posts[slot].current)
			kill(crew->posts[slot].current->pid, SIGHUP);
}

void crew_send_errors(struct crew *crew)
{
	for (const struct child *child = crew->children; child; child = child->next)
		if (!child_send_errors(child->lifeline))
			log_warn("%s does not take the new error log", child->name);
}

/* Those that are leaving keep what they have; the supervisor may have closed it by now. */
void crew_send_log(struct crew *crew)
{
	for (const struct child *child = crew->children; child; child = child->next)
		if (child_is_worker(child) && !child->is_leaving && child->log > STDERR_FILENO &&
		    !child_send_log(child->lifeline, child->log))
			log_warn("%s does not take the new access log", child->name);
}
