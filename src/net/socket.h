/* Listening sockets: made once by the supervisor, one for each worker and address. */
#ifndef NET_SOCKET_H
#define NET_SOCKET_H

#include <sys/socket.h>

#include "base/err.h"

enum { SOCKET_BACKLOG = 1024 };

/*
 * Makes count sockets on one address, each with a queue of its own among which the
 * kernel shares out connections (SO_REUSEPORT). Port 0: the kernel picks one, the same
 * for all. ret_port says which was bound. A port that any other socket holds is an
 * error. False with err set (a sentence); nothing is left open then.
 */
bool socket_listen(const struct sockaddr *address, socklen_t len, size_t count, int *ret_sockets,
		   unsigned *ret_port, struct err *err);

/*
 * Makes fit a listening socket that somebody else made; the descriptor stays the caller's.
 * ret_address is what it is bound to, ret_port its port. False with err set (a sentence) when
 * it is not a stream socket that listens on an IPv4 or IPv6 address.
 */
bool socket_adopt(int fd, struct sockaddr_storage *ret_address, unsigned *ret_port,
		  struct err *err);

/*
 * Bounds what waits in the kernel for a connection's reader. TCP connections inherit it from their
 * listening socket, those of a Unix-domain socket do not.
 */
void socket_bound_queue(int fd);

/*
 * Lets nobody begin to connect any more: the kernel drops what would begin, without an
 * answer. Connections that have begun go on to the queue. False for a socket that is not TCP.
 */
bool socket_take_no_more(int fd);

/* Whether this machine has the address's family at all; a kernel without IPv6 has no [::]. */
bool socket_has_family(const struct sockaddr *address);

/* Room for as many descriptors as the system lets us have; what that is. */
size_t socket_raise_limit(void);

#endif
