/* The listening socket and the loop of the servers that Tidings is compared with. */
#ifndef BENCH_SHARED_LISTEN_H
#define BENCH_SHARED_LISTEN_H

#include <stddef.h>

/* Called with the descriptor of a new connection: not blocking, TCP_NODELAY set. NULL: it is gone already. */
typedef void *listen_accept(int epoll, int fd);

/* Called when a connection that was added to the epoll set is ready. */
typedef void listen_ready(int epoll, void *conn);

/* Listens on a port of 127.0.0.1 that the kernel picks, prints its number, and serves until it is killed. */
_Noreturn void listen_serve(listen_accept *on_accept, listen_ready *on_ready);

/* Edge-triggered; add once, for input, and change when output is waited for. */
void listen_add(int epoll, int fd, void *conn);
void listen_change(int epoll, int fd, unsigned events, void *conn);

#endif
