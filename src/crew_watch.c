/*
 * What the supervisor does every second: it writes on the board who works where, and asks everybody
 * whether they are there. One that hangs holds its share of the connections, and only a successor
 * can take them up.
 */
#include <signal.h>

#include "base/log.h"
#include "child.h"
#include "crew_child.h"

enum {
	TICK_TIME = 1000,
	SILENT_SECONDS = 10,
	BUSY_SECONDS = 1800, /* the editor while it scans */
};

/*
 * Seconds are counted in ticks, not by the clock: a supervisor that was stopped itself has
 * had no ticks, and blames nobody.
 */
void crew_check(struct child *child)
{
	unsigned seconds = child->is_busy ? BUSY_SECONDS : SILENT_SECONDS;

	if (!child->is_ready || child->is_leaving)
		return;
	if (child->silent == seconds) {
		log_error("%s has not answered for %u seconds and is ended", child->name, seconds);
		kill(child->pid, SIGKILL);
	}
	child->silent++;
	child_ask(child->lifeline);
}

static void on_tick(void *context)
{
	struct crew *crew = context;

	crew_reap(crew); /* whoever ended while that could not be told */
	crew_tell(crew);
	for (struct child *child = crew->children; child; child = child->next)
		crew_check(child);
	hook_arm(crew->tick, TICK_TIME);
}

void crew_watch(struct crew *crew)
{
	crew->tick = loop_timer(crew->loop, on_tick, crew);
	hook_arm(crew->tick, TICK_TIME);
}
