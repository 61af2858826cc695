/*
 * The two directions of a connection, plain or under TLS. What goes out is
 * gathered and leaves with stream_flush() in one send: reply and close_notify
 * together, and no TLS record alone (9 segments become 6).
 */
#ifndef NET_STREAM_H
#define NET_STREAM_H

#include "base/buf.h"

struct peer_certificate;
struct ssl_st;
struct tls_sites;

enum {
	STREAM_PIECE = 16 * 1024, /* the most that stream_put() takes; one TLS record */
	STREAM_MAX = 36 * 1024,	  /* what may be gathered */
};

/* What came of a step; the WANT ones are tried again when the socket is ready. */
enum io {
	IO_DONE,
	IO_WANT_READ,
	IO_WANT_WRITE,
	IO_END,	   /* the other side has ended */
	IO_BROKEN, /* an error; nothing more can be had */
};

struct stream {
	int fd;
	struct ssl_st *ssl; /* NULL: plain */
	struct str ahead;   /* was read already; borrowed for a moment */
	bool is_at_end;	    /* the socket has been read to its end */
	bool is_broken;	    /* no TLS can be spoken any more */
	struct buf out;	    /* gathered */
	size_t out_sent;    /* of out */
	uint64_t sent;	    /* in all: what the kernel has taken */
};

/* Begins on a non-blocking socket, which the stream owns from now on. */
void stream_init(struct stream *stream, int fd);

/* Closes the socket and frees everything. */
void stream_done(struct stream *stream);

/* Goes over to TLS as the server; only before anything was read from it. False when memory is out. */
bool stream_secure(struct stream *stream, const struct tls_sites *sites);

/* Bytes that the socket gave already, to be read before all others; borrowed until the next call. */
void stream_feed(struct stream *stream, const char *data, size_t len);

/* Until IO_DONE. On IO_BROKEN an alert may have been gathered. */
enum io stream_handshake(struct stream *stream);

/* Reads at most size bytes. */
enum io stream_read(struct stream *stream, char *data, size_t size, size_t *ret_len);

/* Whether stream_put() may be called. */
bool stream_has_room(const struct stream *stream);

/* Gathers len bytes, at most STREAM_PIECE. False when TLS fails. */
bool stream_put(struct stream *stream, const char *data, size_t len);

/* Gathers our close_notify, once and only after a handshake. False when it should and cannot be said. */
bool stream_say_end(struct stream *stream);

/* Sends what is gathered: IO_DONE, IO_WANT_WRITE or IO_BROKEN. */
enum io stream_flush(struct stream *stream);

/* Frees what only writing needs; the socket stays open. */
void stream_rest(struct stream *stream);

/* The name that the client gave in TLS (SNI), borrowed until stream_rest(); empty: none. */
struct str stream_server_name(const struct stream *stream);

/*
 * The certificate that the client showed, in this handshake or in the one of the session
 * that it goes on with. False when there is none.
 */
bool stream_certificate(const struct stream *stream, struct peer_certificate *ret_certificate);

/* "TLSv1.3", static; NULL when the stream is plain. */
const char *stream_version(const struct stream *stream);
bool stream_is_resumed(const struct stream *stream);

#endif
