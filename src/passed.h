/*
 * Listening sockets that the server was started with (socket activation, sd_listen_fds(3)):
 * descriptors from 3 on, each named after the protocol that it is for.
 */
#ifndef PASSED_H
#define PASSED_H

#include <stddef.h>

#include "base/err.h"

enum { PASSED_MAX = 32, PASSED_FIRST = 3 };

struct passed {
	char names[PASSED_MAX][32]; /* of descriptor PASSED_FIRST + index */
	size_t count;
};

/*
 * Takes LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES out of the environment. Without
 * them, or when they are meant for another process, nothing was passed. False with err set when
 * they make no sense: a number out of bounds, or not a name for each socket.
 */
bool passed_take(struct passed *ret_passed, struct err *err);

#endif
