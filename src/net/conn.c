/*
 * A connection as a state machine. Each state has a step, which goes on to the next
 * one or says what the socket must become first. conn_time.c ends what takes too long.
 */
#include "net/conn.h"

#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/conn_state.h"
#include "net/line.h"
#include "net/loop.h"

enum {
	TLS_HANDSHAKE = 0x16,  /* the first byte of a TLS connection: a record of that type */
	DRAIN_MAX = 64 * 1024, /* bytes behind the request that are read and dropped */
	DRAIN_PIECE = 4 * 1024,
	FIRST_PIECE = 2 * 1024, /* holds the first message of any client but those of some future */
	REFUSED_SECONDS = 10,	/* what a client with too many connections is asked to wait */
};

/* What a step comes to. */
enum next {
	NEXT_STATE, /* go on at once */
	NEXT_READ,  /* when the socket is readable */
	NEXT_WRITE, /* when it is writable */
	NEXT_GONE,  /* never: the connection has been freed */
};

static void enter(struct conn *conn, enum conn_state state)
{
	conn->state = state;
	conn->moved = loop_now();
}

/* Tells the service what became of the reply, once, and frees it. */
static void report(struct conn *conn, bool is_complete)
{
	const struct service *service = conn->service;
	struct visit visit = {
		.line = conn->request,
		.bytes = conn->gathered,
		.milliseconds = loop_now() - conn->accepted,
		.is_complete = is_complete,
		.tls_version = stream_version(&conn->stream),
		.is_resumed = stream_is_resumed(&conn->stream),
	};

	if (!conn->is_answered)
		return;
	service->done(service->context, &conn->peer, &visit, &conn->reply);
	conn->conns->in_memory -= conn->reply.head.cap;
	reply_done(&conn->reply);
	conn->is_answered = false;
}

void conn_free(struct conn *conn)
{
	struct conns *conns = conn->conns;

	report(conn, false);
	conns->on_gone(conns->context, conn->is_counted ? &conn->peer.address : NULL);
	event_del(&conn->readable);
	event_del(&conn->writable);
	stream_done(&conn->stream);
	free(conn->line);
	if (conn->before)
		conn->before->after = conn->after;
	else
		conns->first = conn->after;
	if (conn->after)
		conn->after->before = conn->before;
	conns->count--;
	if (conns->counts)
		count_set(&conns->counts->open, conns->count);
	free(conn);
}

static enum next gone(struct conn *conn)
{
	conn_free(conn);
	return NEXT_GONE;
}

/* The client's address is known from now on. False: it is not to be served. */
static bool know(struct conn *conn)
{
	struct conns *conns = conn->conns;
	enum admission admission = conns->on_known(conns->context, &conn->peer.address);

	conn->is_counted = admission != ADMIT_NOT;
	conn->is_refused = admission == ADMIT_REFUSED;
	return conn->is_counted;
}

static enum next step_proxy(struct conn *conn)
{
	switch (conn_take_proxy(conn)) {
	case IO_DONE:
		if (!know(conn))
			return gone(conn);
		enter(conn, CONN_START);
		return NEXT_STATE;
	case IO_WANT_READ:
		return NEXT_READ;
	default:
		return gone(conn);
	}
}

static void count_handshake(const struct conn *conn)
{
	struct conn_counts *counts = conn->conns->counts;

	if (counts)
		count_up(stream_is_resumed(&conn->stream) ? &counts->resumed : &counts->handshakes);
}

static enum next step_handshake(struct conn *conn)
{
	switch (stream_handshake(&conn->stream)) {
	case IO_DONE:
		count_handshake(conn);
		conn->peer.server_name = stream_server_name(&conn->stream);
		if (stream_certificate(&conn->stream, &conn->certificate))
			conn->peer.certificate = &conn->certificate;
		enter(conn, CONN_REQUEST);
		return NEXT_STATE;
	case IO_WANT_READ:
		return NEXT_READ;
	case IO_WANT_WRITE:
		return NEXT_WRITE;
	case IO_END:
		return gone(conn);
	default:
		conn_close(conn); /* after the alert */
		return NEXT_STATE;
	}
}

static void answer(struct conn *conn, struct str line)
{
	const struct service *service = conn->service;
	struct conns *conns = conn->conns;
	unsigned wait = conn->is_refused ? REFUSED_SECONDS
					 : conns->on_request(conns->context, &conn->peer.address);

	conn->request = line;
	conn->is_answered = true;
	reply_init(&conn->reply, service->reply_max);
	if (wait)
		service->refuse(service->context, wait, &conn->reply);
	else
		service->answer(service->context, &conn->peer, line, &conn->reply);
	conns->in_memory += conn->reply.head.cap;
	enter(conn, CONN_REPLY);
}

/* Reads until the line is whole; what follows it is nobody's business. */
static enum next step_request(struct conn *conn)
{
	const struct service *service = conn->service;
	size_t max = service->request_max + 2;
	char piece[FIRST_PIECE];
	size_t len;

	if (max > sizeof(piece))
		max = sizeof(piece);
	for (;;) {
		enum io io = stream_read(&conn->stream, piece, max - conn->line_len, &len);
		struct str line;

		if (io == IO_WANT_READ)
			return NEXT_READ;
		if (io == IO_WANT_WRITE)
			return NEXT_WRITE;
		if (io != IO_DONE) {
			conn_close(conn);
			return NEXT_STATE;
		}
		/* A connection that has said nothing needs no room for it. */
		if (!conn->line)
			conn->line = mem_alloc(max, 1);
		memcpy(conn->line + conn->line_len, piece, len);
		conn->line_len += len;
		if (line_scan((struct str){ conn->line, conn->line_len }, service->request_max,
			      service->ends_with_lf, &line) != LINE_PART) {
			answer(conn, line);
			return NEXT_STATE;
		}
	}
}

/*
 * The first byte says what is spoken. Nothing is allocated before it comes, least of all a TLS
 * session with its 16 KB; what came with it goes to whoever reads next, in the same turn.
 */
static enum next step_start(struct conn *conn)
{
	const struct service *service = conn->service;
	char first[FIRST_PIECE];
	ssize_t len = recv(conn->stream.fd, first, sizeof(first), 0);
	enum next next;

	if (len == -1 && (errno == EAGAIN || errno == EINTR))
		return NEXT_READ;
	if (len <= 0)
		return gone(conn);
	conn->peer.is_tls = service->security == SECURITY_ALWAYS ||
			    (service->security == SECURITY_SNIFFED && first[0] == TLS_HANDSHAKE);
	if (conn->peer.is_tls && !stream_secure(&conn->stream, service->tls))
		return gone(conn);
	stream_feed(&conn->stream, first, (size_t)len);
	enter(conn, conn->peer.is_tls ? CONN_HANDSHAKE : CONN_REQUEST);
	next = conn->peer.is_tls ? step_handshake(conn) : step_request(conn);
	/* A handshake has taken all of it; of a request what follows the line is nobody's business. */
	if (next != NEXT_GONE)
		stream_feed(&conn->stream, NULL, 0);
	return next;
}

static enum next step_reply(struct conn *conn)
{
	for (;;) {
		if (!conn_gather(conn))
			return gone(
				conn); /* without close_notify: the client sees that it is cut */
		switch (stream_flush(&conn->stream)) {
		case IO_DONE:
			break;
		case IO_WANT_WRITE:
			return NEXT_WRITE;
		default:
			return gone(conn);
		}
		if (conn_is_gathered(conn)) {
			report(conn, true);
			conn_close(conn);
			return NEXT_STATE;
		}
	}
}

/* The last bytes leave before our side of the socket is shut. */
static enum next step_ending(struct conn *conn)
{
	switch (stream_flush(&conn->stream)) {
	case IO_DONE:
		break;
	case IO_WANT_WRITE:
		return NEXT_WRITE;
	default:
		return gone(conn);
	}
	stream_rest(&conn->stream);
	shutdown(conn->stream.fd, SHUT_WR);
	enter(conn, CONN_DRAIN);
	return NEXT_STATE;
}

/*
 * Waits for the client's end and drops what it still sends: closing with unread
 * input would make TCP send a reset, which eats the end of the reply.
 */
static enum next step_drain(struct conn *conn)
{
	char dropped[DRAIN_PIECE];

	while (conn->drained < DRAIN_MAX) {
		ssize_t len = recv(conn->stream.fd, dropped, sizeof(dropped), 0);

		if (len == -1 && errno == EINTR)
			continue;
		if (len == -1 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return NEXT_READ;
		if (len <= 0)
			break;
		conn->drained += (size_t)len;
	}
	return gone(conn);
}

static enum next (*const steps[])(struct conn *conn) = {
	[CONN_PROXY] = step_proxy,     [CONN_START] = step_start, [CONN_HANDSHAKE] = step_handshake,
	[CONN_REQUEST] = step_request, [CONN_REPLY] = step_reply, [CONN_ENDING] = step_ending,
	[CONN_DRAIN] = step_drain,
};

/*
 * After a resumed handshake (of TLS 1.2) we have nothing to say, and a client that gathers small
 * writes (Nagle) sends its request only when its last one is acknowledged: without
 * this the kernel would let it wait for 40 ms.
 */
static void acknowledge_handshake(const struct conn *conn)
{
	int yes = 1;

	if (conn->state == CONN_REQUEST && conn->line_len == 0 && stream_is_resumed(&conn->stream))
		setsockopt(conn->stream.fd, IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof(yes));
}

/*
 * Waits for what next says. While there is something to send it never waits for reading
 * only; while replying it does not look at input, which could wake it for ever.
 */
static bool wait_for(struct conn *conn, enum next next)
{
	struct event *wanted = next == NEXT_WRITE ? &conn->writable : &conn->readable;
	struct event *other = next == NEXT_WRITE ? &conn->readable : &conn->writable;

	event_del(other);
	return event_pending(wanted, EV_READ | EV_WRITE, NULL) || event_add(wanted, NULL) == 0;
}

/* What a handshake has gathered leaves before the client's next word is waited for. */
static enum next flush_first(struct conn *conn)
{
	switch (stream_flush(&conn->stream)) {
	case IO_DONE:
		return NEXT_READ;
	case IO_WANT_WRITE:
		return NEXT_WRITE;
	default:
		return NEXT_GONE;
	}
}

void conn_run(struct conn *conn)
{
	enum next next;

	do
		next = steps[conn->state](conn);
	while (next == NEXT_STATE);
	if (next == NEXT_GONE)
		return;
	if (next == NEXT_READ && conn->state != CONN_DRAIN) {
		acknowledge_handshake(conn);
		next = flush_first(conn);
	}
	if (next == NEXT_GONE || !wait_for(conn, next))
		conn_free(conn);
}

static void on_ready(int fd, short what, void *context)
{
	(void)fd;
	(void)what;
	conn_run(context);
}

void conn_close(struct conn *conn)
{
	stream_say_end(&conn->stream);
	enter(conn, CONN_ENDING);
}

void conn_start(struct conns *conns, const struct service *service, int fd,
		const struct in6_addr *address)
{
	struct conn *conn = mem_alloc(1, sizeof(*conn));
	bool is_welcome;

	conn->conns = conns;
	conn->service = service;
	conn->peer.address = *address;
	conn->accepted = loop_now();
	stream_init(&conn->stream, fd);
	event_assign(&conn->readable, conns->base, fd, EV_READ | EV_PERSIST, on_ready, conn);
	event_assign(&conn->writable, conns->base, fd, EV_WRITE | EV_PERSIST, on_ready, conn);
	conn->after = conns->first;
	if (conn->after)
		conn->after->before = conn;
	conns->first = conn;
	conns->count++;
	if (conns->counts) {
		count_up(&conns->counts->accepted);
		count_set(&conns->counts->open, conns->count);
	}
	if (service->proxies && service->proxies->count > 0) {
		enter(conn, CONN_PROXY);
		is_welcome = networks_have(service->proxies, address);
	} else {
		enter(conn, CONN_START);
		is_welcome = know(conn);
	}
	if (is_welcome)
		conn_run(conn);
	else
		conn_free(conn);
}
