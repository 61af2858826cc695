/* Plain epoll: a listening socket and its connections, edge-triggered. */
#include "bench/shared_listen.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/shared_die.h"

enum { BACKLOG = 4096, EVENTS = 64 };

static int make_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int yes = 1;

	/* Connections inherit TCP_NODELAY. */
	if (fd == -1 || setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes)) == -1 ||
	    bind(fd, (struct sockaddr *)&address, len) == -1 || listen(fd, BACKLOG) == -1 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) == -1)
		die("no socket: %s", strerror(errno));
	printf("%u\n", (unsigned)ntohs(address.sin_port));
	fflush(stdout);
	return fd;
}

void listen_add(int epoll, int fd, void *conn)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = conn };

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == -1)
		die("epoll: %s", strerror(errno));
}

void listen_change(int epoll, int fd, unsigned events, void *conn)
{
	struct epoll_event event = { .events = events | EPOLLET, .data.ptr = conn };

	if (epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event) == -1)
		die("epoll: %s", strerror(errno));
}

static void accept_all(int epoll, int listener, listen_accept *on_accept)
{
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		void *conn;

		if (fd == -1) {
			if (errno == EINTR || errno == ECONNABORTED)
				continue;
			if (errno == EAGAIN)
				return;
			die("accept: %s", strerror(errno));
		}
		conn = on_accept(epoll, fd);
		if (conn)
			listen_add(epoll, fd, conn);
	}
}

void listen_serve(listen_accept *on_accept, listen_ready *on_ready)
{
	struct rlimit files;
	int listener = make_socket();
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event ready[EVENTS];

	signal(SIGPIPE, SIG_IGN);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	listen_add(epoll, listener, NULL);
	for (;;) {
		int count = epoll_wait(epoll, ready, EVENTS, -1);

		for (int i = 0; i < count; i++) {
			if (ready[i].data.ptr)
				on_ready(epoll, ready[i].data.ptr);
			else
				accept_all(epoll, listener, on_accept);
		}
	}
}
