/*
 * The event loop of a process: signals, descriptors and timers, called back one
 * after the other. A thin cover of libevent for what is not the network.
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct watch;
struct event_base;

typedef void loop_handler(void *context);

/* A loop of this process. A forked child must leave its parent's alone and make its own. */
struct loop *loop_new(void);

/* All watches must have been freed. */
void loop_free(struct loop *loop);

/* Calls handlers until loop_stop(). */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/*
 * Signals are blocked and read from a descriptor, so that one that comes
 * between a fork and the child's own loop waits for it instead of being lost.
 * One watch per signal.
 */
struct watch *loop_on_signal(struct loop *loop, int signal, loop_handler *handler, void *context);

/* Called while fd is readable; the descriptor stays the caller's and must outlive the watch. */
struct watch *loop_on_readable(struct loop *loop, int fd, loop_handler *handler, void *context);

/* A timer; it does nothing until it is armed. */
struct watch *loop_timer(struct loop *loop, loop_handler *handler, void *context);

/* Calls a timer's handler once, in that many milliseconds; arming again replaces the time. */
void watch_arm(struct watch *timer, int64_t milliseconds);
void watch_disarm(struct watch *timer);

/* Ends a watch of any kind, also from its own handler. NULL is fine. */
void watch_free(struct watch *watch);

/* Milliseconds of a clock that never jumps. */
int64_t loop_now(void);

/* For net/ only: the base below. */
struct event_base *loop_base(struct loop *loop);

#endif
