/*
 * Deadlines: absolute and on the monotonic clock, so that a client which sends or takes
 * a byte now and then does not stay for ever. Looked at every half second for all
 * connections, which costs less than a timer for each.
 */
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "net/conn_state.h"

enum {
	SECOND = 1000,
	LINGER_TIME = 2 * SECOND,   /* for the client's end, once it has everything */
	PATIENCE_TIME = 2 * SECOND, /* for a request, once the process wants to end */
};

/*
 * A long page waits in memory until its reader has taken it. When such pages together are more
 * than a process should hold, a reader of one who takes nothing has less time.
 */
enum {
	LONG_PAGE = 128 * 1024,
	LONG_PAGES_MAX = 64 << 20,
	LONG_PAGE_TIME = 5 * SECOND,
};

/* Bytes of ours that the client has not acknowledged yet, our FIN counted as one. */
static unsigned queued(const struct conn *conn)
{
	int bytes = 0;

	return ioctl(conn->stream.fd, SIOCOUTQ, &bytes) == 0 && bytes > 0 ? (unsigned)bytes : 0;
}

/* Notes progress: bytes that the client's side has acknowledged since the last look. */
static unsigned look(struct conn *conn, int64_t now)
{
	unsigned waiting = queued(conn);
	uint64_t handed = conn->stream.sent + (conn->state == CONN_DRAIN);
	uint64_t taken = handed > waiting ? handed - waiting : 0;

	if (taken > conn->taken) {
		conn->taken = taken;
		conn->moved = now;
	}
	return waiting;
}

/* Gives up on a reader: a reset, which frees what waits for it at once. */
static void drop(struct conn *conn)
{
	struct linger linger = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(conn->stream.fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	conn_free(conn);
}

static bool is_over(const struct conn *conn, int64_t now, unsigned seconds)
{
	return now - conn->accepted >= (int64_t)seconds * SECOND;
}

static bool is_out_of_patience(const struct conn *conn, int64_t now)
{
	return conn->conns->drain_since && now - conn->conns->drain_since >= PATIENCE_TIME;
}

static void check_before_request(struct conn *conn, int64_t now)
{
	const struct deadlines *times = &conn->service->deadlines;
	bool is_secure = conn->state == CONN_HANDSHAKE ||
			 conn->service->security == SECURITY_ALWAYS;

	if (is_over(conn, now, is_secure ? times->handshake : times->request) ||
	    is_out_of_patience(conn, now))
		conn_free(conn);
}

static void check_request(struct conn *conn, int64_t now)
{
	if (!is_over(conn, now, conn->service->deadlines.request) && !is_out_of_patience(conn, now))
		return;
	conn_close(conn);
	conn_run(conn);
}

static bool is_too_dear(const struct conn *conn, int64_t now)
{
	return conn->conns->in_memory > LONG_PAGES_MAX && conn->is_answered &&
	       conn->reply.head.cap > LONG_PAGE && now - conn->moved >= LONG_PAGE_TIME;
}

static void check_sending(struct conn *conn, int64_t now)
{
	const struct deadlines *times = &conn->service->deadlines;

	look(conn, now);
	if (now - conn->moved >= (int64_t)times->progress * SECOND || is_too_dear(conn, now) ||
	    is_over(conn, now, times->total))
		drop(conn);
}

/*
 * A slow client still has bytes to come when our side is shut: it keeps its time for them. For one
 * that gets no reply the kernel sees to what little is left.
 */
static void check_drain(struct conn *conn, int64_t now)
{
	const struct deadlines *times = &conn->service->deadlines;
	bool is_waiting = look(conn, now) > 0 && conn->gathered > 0;
	int64_t patience = is_waiting ? (int64_t)times->progress * SECOND : LINGER_TIME;

	if (now - conn->moved < patience && !is_over(conn, now, times->total))
		return;
	if (is_waiting)
		drop(conn);
	else
		conn_free(conn);
}

static void (*const checks[])(struct conn *conn, int64_t now) = {
	[CONN_PROXY] = check_before_request,
	[CONN_START] = check_before_request,
	[CONN_HANDSHAKE] = check_before_request,
	[CONN_REQUEST] = check_request,
	[CONN_REPLY] = check_sending,
	[CONN_ENDING] = check_sending,
	[CONN_DRAIN] = check_drain,
};

void conns_check(struct conns *conns, int64_t now)
{
	struct conn *after;

	for (struct conn *conn = conns->first; conn; conn = after) {
		after = conn->after; /* a check ends its own connection only */
		checks[conn->state](conn, now);
	}
}

void conns_end(struct conns *conns)
{
	while (conns->first)
		conn_free(conns->first);
}
