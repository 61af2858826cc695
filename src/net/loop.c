/* The event loop: libevent for descriptors and timers, a signalfd for signals. */
#include "net/loop.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"

enum {
	SIGNAL_COUNT = 65,
	REST_MILLISECONDS = 50,
	TELL_TIME = 1000, /* milliseconds between two lines of libevent's */
};

struct loop {
	struct event_base *base;
	struct event signal_event;
	int signal_fd; /* -1 until the first signal is asked for */
	sigset_t signals;
	struct hook *on_signal[SIGNAL_COUNT];
	struct hook *first;
};

struct hook {
	struct hook *before;
	struct hook *after;
	struct loop *loop;
	struct event event;
	int signal; /* 0: not a signal */
	loop_handler *handler;
	void *context;
};

/* What only fails when memory or descriptors have run out at the start of a process. */
static void must(bool done)
{
	if (!done) {
		log_error("the event loop cannot be set up");
		exit(1);
	}
}

/* What libevent has to say; a lasting trouble would make it say so without end. */
static void on_library_log(int severity, const char *text)
{
	static int64_t told;
	int64_t now = loop_now();

	if (severity < EVENT_LOG_WARN || (told && now - told < TELL_TIME))
		return;
	told = now;
	log_warn("libevent: %s", text);
}

struct loop *loop_new(void)
{
	struct loop *loop = mem_alloc(1, sizeof(*loop));
	struct event_config *config = event_config_new();

	event_set_log_callback(on_library_log);
	must(config && event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK) == 0 &&
	     event_config_set_flag(config, EVENT_BASE_FLAG_IGNORE_ENV) == 0);
	loop->base = event_base_new_with_config(config);
	event_config_free(config);
	must(loop->base);
	loop->signal_fd = -1;
	sigemptyset(&loop->signals);
	return loop;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	while (loop->first)
		hook_free(loop->first);
	if (loop->signal_fd != -1) {
		event_del(&loop->signal_event);
		close(loop->signal_fd);
	}
	event_base_free(loop->base);
	free(loop);
}

void loop_rest(void)
{
	const struct timespec time = { .tv_nsec = REST_MILLISECONDS * 1000000 };

	nanosleep(&time, NULL);
}

void loop_run(struct loop *loop)
{
	while (event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY) == -1)
		loop_rest();
}

void loop_stop(struct loop *loop)
{
	event_base_loopbreak(loop->base);
}

/* One signal at a time: a handler may end any hook, or the loop. */
static void on_signal_readable(int fd, short what, void *context)
{
	struct loop *loop = context;
	struct signalfd_siginfo info;
	ssize_t len = read(fd, &info, sizeof(info));
	struct hook *hook;

	(void)what;
	if (len == -1 && errno != EAGAIN)
		loop_rest();
	if (len != sizeof(info) || info.ssi_signo >= SIGNAL_COUNT)
		return;
	hook = loop->on_signal[info.ssi_signo];
	if (hook)
		hook->handler(hook->context);
}

static struct hook *hook_new(struct loop *loop, loop_handler *handler, void *context)
{
	struct hook *hook = mem_alloc(1, sizeof(*hook));

	*hook = (struct hook){ .loop = loop, .handler = handler, .context = context };
	hook->after = loop->first;
	if (hook->after)
		hook->after->before = hook;
	loop->first = hook;
	return hook;
}

struct hook *loop_on_signal(struct loop *loop, int signal, loop_handler *handler, void *context)
{
	struct hook *hook = hook_new(loop, handler, context);
	bool first = loop->signal_fd == -1;

	hook->signal = signal;
	loop->on_signal[signal] = hook;
	sigaddset(&loop->signals, signal);
	must(sigprocmask(SIG_BLOCK, &loop->signals, NULL) == 0);
	loop->signal_fd = signalfd(loop->signal_fd, &loop->signals, SFD_NONBLOCK | SFD_CLOEXEC);
	must(loop->signal_fd != -1);
	if (first) {
		event_assign(&loop->signal_event, loop->base, loop->signal_fd, EV_READ | EV_PERSIST,
			     on_signal_readable, loop);
		must(event_add(&loop->signal_event, NULL) == 0);
	}
	return hook;
}

static void on_event(int fd, short what, void *context)
{
	struct hook *hook = context;

	(void)fd;
	(void)what;
	hook->handler(hook->context);
}

static struct hook *hook_event(struct loop *loop, int fd, short what, loop_handler *handler,
			       void *context)
{
	struct hook *hook = hook_new(loop, handler, context);

	must(event_assign(&hook->event, loop->base, fd, what, on_event, hook) == 0);
	return hook;
}

struct hook *loop_on_readable(struct loop *loop, int fd, loop_handler *handler, void *context)
{
	struct hook *hook = hook_event(loop, fd, EV_READ | EV_PERSIST, handler, context);

	must(event_add(&hook->event, NULL) == 0);
	return hook;
}

struct hook *loop_try_readable(struct loop *loop, int fd, loop_handler *handler, void *context)
{
	struct hook *hook = hook_event(loop, fd, EV_READ | EV_PERSIST, handler, context);

	if (event_add(&hook->event, NULL) == 0)
		return hook;
	hook_free(hook);
	return NULL;
}

struct hook *loop_timer(struct loop *loop, loop_handler *handler, void *context)
{
	return hook_event(loop, -1, 0, handler, context);
}

void hook_arm(struct hook *timer, int64_t milliseconds)
{
	struct timeval time = { .tv_sec = milliseconds / 1000,
				.tv_usec = milliseconds % 1000 * 1000 };

	must(event_add(&timer->event, &time) == 0);
}

void hook_disarm(struct hook *timer)
{
	event_del(&timer->event);
}

void hook_free(struct hook *hook)
{
	if (!hook)
		return;
	if (hook->signal)
		hook->loop->on_signal[hook->signal] = NULL;
	else
		event_del(&hook->event);
	if (hook->before)
		hook->before->after = hook->after;
	else
		hook->loop->first = hook->after;
	if (hook->after)
		hook->after->before = hook->before;
	free(hook);
}

int64_t loop_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct event_base *loop_base(struct loop *loop)
{
	return loop->base;
}
