/* The inside of a connection, for conn*.c only. */
#ifndef NET_CONN_STATE_H
#define NET_CONN_STATE_H

#include <event2/event_struct.h>

#include "net/conn.h"
#include "net/stream.h"

enum conn_state {
	CONN_PROXY,	/* a PROXY header is coming in */
	CONN_START,	/* nothing of the client has come yet */
	CONN_HANDSHAKE, /* of TLS */
	CONN_REQUEST,	/* the line is coming in */
	CONN_REPLY,
	CONN_ENDING, /* our last bytes (close_notify, an alert) are on their way */
	CONN_DRAIN,  /* our side is shut; until the client's is */
};

struct conn {
	struct conns *conns;
	struct conn *before;
	struct conn *after;
	const struct service *service;
	struct event readable;
	struct event writable;
	struct stream stream;
	struct peer peer;
	struct peer_certificate certificate; /* peer's, when it has one */
	enum conn_state state;
	int64_t accepted;
	int64_t moved;	 /* when the state began, or the client last took a byte of ours */
	uint64_t taken;	 /* bytes that it has acknowledged */
	bool is_counted; /* on_known() let it in */
	bool is_refused;
	bool is_answered; /* a reply was begun and not yet reported */
	char *line; /* request_max + 2 bytes, from the first byte on; a PROXY header before that */
	size_t line_len;
	struct str request; /* in line */
	struct reply reply;
	uint64_t gathered; /* bytes of the reply that went into the stream */
	size_t drained;
};

/* Goes on until the socket has to become ready; may free the connection. */
void conn_run(struct conn *conn);

/* Begins the orderly end: close_notify if there was a handshake, then our side is shut. */
void conn_close(struct conn *conn);

/* Reports a reply that was begun as not complete; closes the socket at once. */
void conn_free(struct conn *conn);

/*
 * Takes the PROXY header that the connection begins with, and the client's address out of
 * it. IO_DONE, IO_WANT_READ, or an end: IO_END, IO_BROKEN.
 */
enum io conn_take_proxy(struct conn *conn);

/*
 * Gathers of the reply what there is room for, and our close_notify behind its last byte.
 * False when the reply cannot be finished.
 */
bool conn_gather(struct conn *conn);

/* Whether all of the reply is gathered or gone. */
bool conn_is_gathered(const struct conn *conn);

#endif
