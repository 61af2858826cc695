/* How much a server takes on: workers, and connections of each. */
#ifndef CAPACITY_H
#define CAPACITY_H

#include "config.h"

/* As configured, or one for each core. */
size_t capacity_workers(const struct config *config);

/*
 * Of one of so many workers: its share, and no more than it has descriptors for, two for each
 * (socket and file). Raises the limit of descriptors; logs when it is too low.
 */
size_t capacity_connections(const struct config *config, size_t workers);

#endif
