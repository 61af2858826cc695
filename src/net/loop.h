/*
 * The event loop of a process: signals, descriptors and timers, called back one
 * after the other. A thin cover of libevent for what is not the network.
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct hook; /* something that the loop waits for, and whom it calls then */
struct event_base;

typedef void loop_handler(void *context);

/* A loop of this process. A forked child must leave its parent's alone and make its own. */
struct loop *loop_new(void);

/* Frees the hooks that are left, too. NULL is fine. */
void loop_free(struct loop *loop);

/* Calls handlers until loop_stop(). */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/*
 * Signals are blocked and read from a descriptor, so that one that comes
 * between a fork and the child's own loop waits for it instead of being lost.
 * One hook per signal.
 */
struct hook *loop_on_signal(struct loop *loop, int signal, loop_handler *handler, void *context);

/* Called while fd is readable; the descriptor stays the caller's and must outlive the hook. */
struct hook *loop_on_readable(struct loop *loop, int fd, loop_handler *handler, void *context);

/*
 * The same for one who can do without: NULL when the kernel has no room for it now, which
 * ends the process with the other.
 */
struct hook *loop_try_readable(struct loop *loop, int fd, loop_handler *handler, void *context);

/* A timer; it does nothing until it is armed. */
struct hook *loop_timer(struct loop *loop, loop_handler *handler, void *context);

/* Calls a timer's handler once, in that many milliseconds; arming again replaces the time. */
void hook_arm(struct hook *timer, int64_t milliseconds);
void hook_disarm(struct hook *timer);

/* Ends a hook of any kind, also from its own handler. NULL is fine. */
void hook_free(struct hook *hook);

/* For a handler, after a failure that would come again at once: waits a moment, so that it costs little. */
void loop_rest(void);

/* Milliseconds of a clock that never jumps. */
int64_t loop_now(void);

/* For net/ only: the base below. */
struct event_base *loop_base(struct loop *loop);

#endif
