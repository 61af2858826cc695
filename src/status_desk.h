/* Where the running server answers `tidings status`: connect, get the report, closed. It reads nothing. */
#ifndef STATUS_DESK_H
#define STATUS_DESK_H

#include "crew.h"

struct status_desk;

/*
 * Opens it in the folder. Only for the server that has the folder's lock, for it takes the
 * place of what is there. NULL with err set.
 */
struct status_desk *status_desk_open(struct crew *crew, const char *folder, struct err *err);

/* Closes it; the file stays, and refuses. NULL is fine. */
void status_desk_close(struct status_desk *desk);

#endif
