/* What a proxy says before the client's first byte: taken from the socket, and nothing else. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "net/conn_state.h"
#include "net/proxyline.h"

/* Looks at what has come without taking it; recv(2)'s result. */
static ssize_t peek(struct conn *conn)
{
	return recv(conn->stream.fd, conn->line + conn->line_len, PROXYLINE_MAX - conn->line_len,
		    MSG_PEEK);
}

/* Bytes are taken before the header is whole, or the socket would stay readable for ever. */
static bool take(struct conn *conn, size_t len)
{
	ssize_t taken = recv(conn->stream.fd, conn->line + conn->line_len, len, 0);

	conn->line_len += len;
	return taken == (ssize_t)len;
}

static enum io end_header(struct conn *conn, const struct proxyline *header)
{
	if (header->has_address)
		conn->peer.address = header->address;
	free(conn->line);
	conn->line = NULL;
	conn->line_len = 0;
	return IO_DONE;
}

enum io conn_take_proxy(struct conn *conn)
{
	struct proxyline header = { 0 };

	if (!conn->line)
		conn->line = mem_alloc(PROXYLINE_MAX, 1);
	for (;;) {
		ssize_t len = peek(conn);
		size_t seen = conn->line_len + (size_t)len;

		if (len == -1 && errno == EINTR)
			continue;
		if (len == -1 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return IO_WANT_READ;
		if (len <= 0)
			return IO_END;
		switch (proxyline_scan((struct str){ conn->line, seen }, &header)) {
		case PROXYLINE_PART:
			if (!take(conn, (size_t)len))
				return IO_BROKEN;
			break;
		case PROXYLINE_WHOLE:
			if (!take(conn, header.len - conn->line_len))
				return IO_BROKEN;
			return end_header(conn, &header);
		default:
			return IO_BROKEN;
		}
	}
}
