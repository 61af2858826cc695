/*
 * The first process: makes sockets, reads keys, starts the others and keeps them going.
 * Reads nothing that comes from outside.
 */
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

#include "outlet.h"

/*
 * Serves until SIGTERM or SIGINT. announce is called once, when all workers accept.
 * SIGHUP scans content/ and reads the configuration and the certificate anew; so does a
 * change of the certificate's files with the certificate. When anything is wrong the old ones stay. SIGUSR1 opens the access log again. False with err
 * set when the start failed (the processes have logged the rest when err is empty).
 */
bool supervisor_run(const struct config *config,
		    void (*announce)(const struct config *config, const struct outlets *outlets),
		    struct err *err);

#endif
