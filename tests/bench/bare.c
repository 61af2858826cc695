/*
 * The least that a Gopher server does: bare LIST. Reads a selector, sends the bytes that LIST
 * (shared_pages.h) gives for it, closes. Tidings is measured against it.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/shared_die.h"
#include "bench/shared_listen.h"
#include "bench/shared_pages.h"

enum { LINE_MAX_LEN = 1024 };

struct conn {
	const struct page *page; /* NULL: the selector is not whole yet */
	size_t sent;
	int fd;
	size_t line_len;
	char line[LINE_MAX_LEN];
};

static struct pages pages;

/* True: there is a page to send. False: wait, or close when conn->fd is -1. */
static bool take_line(struct conn *conn)
{
	ssize_t len = recv(conn->fd, conn->line + conn->line_len, LINE_MAX_LEN - conn->line_len, 0);

	if (len == -1 && errno == EAGAIN)
		return false;
	if (len > 0) {
		conn->line_len += (size_t)len;
		if (!memchr(conn->line, '\n', conn->line_len) && conn->line_len < LINE_MAX_LEN)
			return false;
		conn->page = pages_find(&pages, conn->line, conn->line_len);
	}
	if (!conn->page) {
		close(conn->fd);
		conn->fd = -1;
	}
	return conn->page != NULL;
}

/* Whether the connection goes on; *ret_blocked says that it waits for room. */
static bool go_on(struct conn *conn, bool *ret_blocked)
{
	*ret_blocked = false;
	if (!conn->page && !take_line(conn))
		return conn->fd != -1;
	while (conn->sent < conn->page->reply_len) {
		ssize_t len = send(conn->fd, conn->page->reply + conn->sent,
				   conn->page->reply_len - conn->sent, MSG_NOSIGNAL);

		if (len == -1 && errno == EAGAIN) {
			*ret_blocked = true;
			return true;
		}
		if (len == -1)
			break;
		conn->sent += (size_t)len;
	}
	close(conn->fd); /* all input has been read, so that this sends no reset */
	return false;
}

static void on_ready(int epoll, void *context)
{
	struct conn *conn = context;
	bool is_blocked;

	if (!go_on(conn, &is_blocked))
		free(conn);
	else if (is_blocked)
		listen_change(epoll, conn->fd, EPOLLOUT, conn);
}

/* Under load the selector is there already; then the connection never sees epoll. */
static void *on_accept(int epoll, int fd)
{
	struct conn *conn = must_alloc(1, sizeof(*conn));
	bool is_blocked;

	conn->fd = fd;
	if (!go_on(conn, &is_blocked)) {
		free(conn);
		return NULL;
	}
	if (!is_blocked)
		return conn;
	listen_add(epoll, fd, conn);
	listen_change(epoll, fd, EPOLLOUT, conn);
	return NULL;
}

int main(int argc, char **argv)
{
	if (argc != 2)
		die("usage: bare LIST");
	pages = pages_load(argv[1]);
	pages_sort(&pages);
	listen_serve(on_accept, on_ready);
}
