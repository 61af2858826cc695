/* Listening on a path of this machine instead of an address: Unix-domain sockets, as for an onion service. */
#ifndef NET_LOCAL_H
#define NET_LOCAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/un.h>

#include "base/err.h"

/*
 * Makes a socket at the path and count descriptors of it, all with the one queue. Whoever
 * may enter its folder may connect. What a dead server left there is replaced; a living
 * one's, and anything that is no socket, is an error. False with err set (a sentence).
 */
bool local_listen(const struct sockaddr_un *address, size_t count, int *ret_sockets,
		  struct err *err);

/* Removes the path of a socket that local_listen() made; other sockets have none. */
void local_remove(int fd);

#endif
