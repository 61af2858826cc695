/* One server a state folder: two editors would rank and rebuild against each other. */
#ifndef STORE_LOCK_H
#define STORE_LOCK_H

#include <stdbool.h>

#include "base/err.h"

/* Takes the lock in the folder, for which it waits up to 3 seconds; whoever closes the descriptor lets go of it. -1 with err set. */
int lock_take(const char *state, struct err *err);

/* Whether nobody has it; takes and makes nothing. */
bool lock_is_free(const char *state, struct err *err);

#endif
