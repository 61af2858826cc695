/* One look at one feed; for run*.c only. */
#ifndef IMPORT_RUN_FEED_H
#define IMPORT_RUN_FEED_H

#include "import/run_inside.h"

/* Queues the fetch of a feed when it is due. url is the source's, or one of its list. */
void feed_begin(struct paper_run *paper, const struct source *source, struct str url);

#endif
