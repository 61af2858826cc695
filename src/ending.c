/* First nobody new, then the crew stops when it has taken who waits, then the doors are shut. */
#include "ending.h"

#include "base/log.h"

enum {
	ARRIVE_TIME = 200, /* milliseconds for connections that have begun */
	EMPTY_TIME = 300,  /* for the workers to take what waits in the queues then */
};

static void on_time(void *context)
{
	struct ending *ending = context;

	if (ending->crew->phase == CREW_STOPPING) {
		outlets_shut(&ending->crew->setup->outlets);
		return;
	}
	crew_stop(ending->crew);
	hook_arm(ending->timer, EMPTY_TIME);
}

void ending_init(struct ending *ending, struct crew *crew)
{
	*ending = (struct ending){ .crew = crew };
	ending->timer = loop_timer(crew->loop, on_time, ending);
}

void ending_ask(struct ending *ending)
{
	struct crew *crew = ending->crew;
	bool is_again = ending->has_begun;

	ending->has_begun = true;
	if (!is_again)
		log_info("finishing");
	if (!is_again && crew->phase == CREW_WORKING &&
	    outlets_take_no_more(&crew->setup->outlets)) {
		hook_arm(ending->timer, ARRIVE_TIME);
		return;
	}
	if (is_again && crew->phase != CREW_STOPPING)
		crew_stop(crew);
	crew_stop(crew);
}
