/* The importer: the only process that fetches. Starts when a source is due, and ends. */
#ifndef IMPORTER_H
#define IMPORTER_H

#include <stdint.h>

#include "config.h"

struct importer_job {
	const struct config *config; /* the default site's, which has all */
	int64_t *next; /* shared with the supervisor: when the next source is due, seconds */
};

/* Looks at what is due. Ends early on SIGTERM, or when the supervisor is gone. The exit code. */
int importer_run(const struct importer_job *job, int lifeline);

/* Whether any site has sources. */
bool importer_has_work(const struct config *config);

#endif
