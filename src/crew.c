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

enum {
	SECOND = 1000,
	DELAY_FIRST = 100, /* milliseconds until a successor starts; doubled each time ... */
	DELAY_MAX = 10 * SECOND,
	DELAY_READY_MAX = 800,	 /* for one that was ready: clients wait in its sockets' queues */
	GOOD_LIFE = 30 * SECOND, /* ... until one has lived that long */
	FINISH_SECONDS = 10,	 /* for workers to finish their replies when the server ends */
	LAST_SECONDS = 2,	 /* for the editor to write down, at the very end */
	LEAVE_SECONDS = 10,	 /* beyond the longest reply, for old workers after a reload */
};

void setup_done(struct setup *setup)
{
	access_close(&setup->access);
	tls_free(setup->tls);
	ticket_secret_free(setup->secret);
	config_free(setup->owned);
	*setup = (struct setup){ .access.fd = -1 };
}

static void on_fill(void *context)
{
	struct post *post = context;

	if (post->current || post->crew->phase == CREW_STOPPING)
		return;
	post->current = crew_hire(post, post->crew->setup);
	if (!post->current)
		hook_arm(post->fill, DELAY_MAX);
}

void crew_init(struct crew *crew, size_t workers)
{
	crew->workers = workers;
	crew->posts = mem_alloc(workers + 2, sizeof(*crew->posts));
	crew->seats = mem_alloc(workers * CREW_SEATS_PER_WORKER, sizeof(*crew->seats));
	for (size_t i = 0; i <= workers + 1; i++) {
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
	free(crew->posts);
	free(crew->seats);
}

static void fail(struct crew *crew)
{
	crew->has_failed = true;
	crew_stop(crew);
}

void crew_start(struct crew *crew)
{
	crew->phase = CREW_STARTING;
	crew_watch(crew);
	crew->posts[0].current = crew_hire(&crew->posts[0], crew->setup);
	if (!crew->posts[0].current)
		fail(crew);
}

/* The workers come when the editor has a catalogue for them. */
static void start_workers(struct crew *crew)
{
	for (size_t i = 1; i <= crew->workers; i++) {
		crew->posts[i].current = crew_hire(&crew->posts[i], crew->setup);
		if (!crew->posts[i].current) {
			fail(crew);
			return;
		}
	}
}

static bool are_all_ready(const struct crew *crew)
{
	for (size_t i = 0; i <= crew->workers; i++)
		if (!crew->posts[i].current || !crew->posts[i].current->is_ready)
			return false;
	return true;
}

void crew_on_ready(struct child *child)
{
	struct crew *crew = child->crew;

	if (child == child->post->candidate) {
		crew->on_candidate(crew, true);
	} else if (crew->phase == CREW_STARTING) {
		if (child_is_editor(child))
			start_workers(crew);
		if (are_all_ready(crew)) {
			crew->phase = CREW_WORKING;
			if (crew->metrics->count)
				on_fill(&crew->posts[crew->workers + 1]);
			crew->on_ready(crew);
		}
	}
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

/* The editor goes when nobody is left to count for. */
static void go_on_stopping(struct crew *crew)
{
	if (!crew->children)
		loop_stop(crew->loop);
	else if (!has_workers(crew))
		crew_dismiss(crew->children, LAST_SECONDS);
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
	else if (was_current)
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

	for (size_t i = 0; i < crew->board->posts; i++)
		tell_post(&crew->board->post[i], &crew->posts[i]);
	for (const struct child *child = crew->children; child; child = child->next)
		finishing += child != child->post->current && child->is_leaving;
	count_set(crew->board->finishing, finishing);
}

void crew_scan(struct crew *crew)
{
	const struct child *editor = crew->posts[0].current;

	if (editor)
		kill(editor->pid, SIGHUP);
}

/* Those that are leaving keep what they have; the supervisor may have closed it by now. */
void crew_send_log(struct crew *crew)
{
	for (const struct child *child = crew->children; child; child = child->next)
		if (child_is_worker(child) && !child->is_leaving && child->log > STDERR_FILENO &&
		    !child_send_log(child->lifeline, child->log))
			log_warn("%s does not take the new access log", child->name);
}

bool crew_try(struct crew *crew, const struct setup *setup)
{
	for (size_t i = 1; i <= crew->workers; i++) {
		crew->posts[i].candidate = crew_hire(&crew->posts[i], setup);
		if (!crew->posts[i].candidate)
			return false;
	}
	return true;
}

bool crew_is_tried(const struct crew *crew)
{
	for (size_t i = 1; i <= crew->workers; i++)
		if (!crew->posts[i].candidate || !crew->posts[i].candidate->is_ready)
			return false;
	return true;
}

void crew_take(struct crew *crew)
{
	unsigned seconds = crew->setup->config->total_time + LEAVE_SECONDS;

	for (size_t i = 1; i <= crew->workers; i++) {
		struct post *post = &crew->posts[i];

		hook_disarm(post->fill);
		if (post->current)
			crew_dismiss(post->current, seconds);
		post->current = post->candidate;
		post->candidate = NULL;
		post->delay = 0;
	}
}

void crew_drop(struct crew *crew)
{
	for (size_t i = 1; i <= crew->workers; i++) {
		struct post *post = &crew->posts[i];

		if (post->candidate)
			crew_dismiss(post->candidate, LAST_SECONDS);
		post->candidate = NULL;
	}
}
