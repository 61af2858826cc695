/* What the supervisor does every second: it writes on the board who works where. */
#include "crew_child.h"

enum { TICK_TIME = 1000 };

static void on_tick(void *context)
{
	struct crew *crew = context;

	crew_tell(crew);
	hook_arm(crew->tick, TICK_TIME);
}

void crew_watch(struct crew *crew)
{
	crew->tick = loop_timer(crew->loop, on_tick, crew);
	hook_arm(crew->tick, TICK_TIME);
}
