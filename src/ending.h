/* The end of a server: whoever has got a connection gets an answer, all others are told that nobody is here. */
#ifndef ENDING_H
#define ENDING_H

#include "crew.h"

struct ending {
	struct crew *crew;
	struct hook *timer;
	bool has_begun;
};

/* The crew's loop and setup are set. */
void ending_init(struct ending *ending, struct crew *crew);

/* Begins it; asked again, the crew stops at once. */
void ending_ask(struct ending *ending);

#endif
