/*
 * The least that a Gemini server on OpenSSL does: floor CERTIFICATE KEY LIST. Handshake, request line,
 * the bytes that LIST (shared_pages.h) gives for it, close_notify, close. Tuned as far as
 * OpenSSL goes: what it writes is gathered and leaves in one send a flight.
 */
#include <errno.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/shared_die.h"
#include "bench/shared_listen.h"
#include "bench/shared_pages.h"

enum {
	LINE_MAX_LEN = 1026,
	RECORD = 16 * 1024,   /* bytes of a page in one TLS record */
	GATHERED = 64 * 1024, /* what is sent at once of a page that is longer */
};

struct conn {
	SSL *ssl;
	const struct page *page; /* NULL: the request is not whole yet */
	size_t written;		 /* of the page, to OpenSSL */
	int fd;
	bool is_ended;	    /* close_notify is written */
	bool waits_to_send; /* epoll tells of room, not of input */
	char *out;	    /* gathered; freed when it is sent */
	size_t out_len, out_room, out_sent;
	size_t line_len;
	char line[LINE_MAX_LEN];
};

static struct pages pages;
static SSL_CTX *context;
static BIO_METHOD *method;

static int on_bio_read(BIO *bio, char *data, int size)
{
	struct conn *conn = BIO_get_data(bio);
	ssize_t len = recv(conn->fd, data, (size_t)size, 0);

	BIO_clear_retry_flags(bio);
	if (len == -1 && errno == EAGAIN)
		BIO_set_retry_read(bio);
	return (int)len;
}

static int on_bio_write(BIO *bio, const char *data, int len)
{
	struct conn *conn = BIO_get_data(bio);
	size_t needed = conn->out_len + (size_t)len;

	if (needed > conn->out_room) {
		conn->out_room = needed < 2048 ? 2048 : needed + needed / 2;
		conn->out = realloc(conn->out, conn->out_room);
		if (!conn->out)
			die("out of memory");
	}
	memcpy(conn->out + conn->out_len, data, (size_t)len);
	conn->out_len = needed;
	return len;
}

static long on_bio_control(BIO *bio, int command, long number, void *pointer)
{
	(void)bio;
	(void)number;
	(void)pointer;
	return command == BIO_CTRL_FLUSH;
}

static void make_method(void)
{
	method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "conn");
	if (!method)
		die("out of memory");
	BIO_meth_set_read(method, on_bio_read);
	BIO_meth_set_write(method, on_bio_write);
	BIO_meth_set_ctrl(method, on_bio_control);
}

static void make_context(const char *certificate, const char *key)
{
	context = SSL_CTX_new(TLS_server_method());
	if (!context || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256") != 1 ||
	    SSL_CTX_set1_groups_list(context, "X25519:P-256") != 1 ||
	    SSL_CTX_set_num_tickets(context, 1) != 1 ||
	    SSL_CTX_use_certificate_chain_file(context, certificate) != 1 ||
	    SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1) {
		ERR_print_errors_fp(stderr);
		die("TLS cannot be set up with %s and %s", certificate, key);
	}
	SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_RENEGOTIATION |
					     SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_read_ahead(context, 1);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

static void conn_free(struct conn *conn)
{
	SSL_free(conn->ssl);
	free(conn->out);
	close(conn->fd);
	free(conn);
}

/* Sends what is gathered. False: the connection is over. */
static bool flush(struct conn *conn, int epoll)
{
	while (conn->out_sent < conn->out_len) {
		ssize_t len = send(conn->fd, conn->out + conn->out_sent,
				   conn->out_len - conn->out_sent, MSG_NOSIGNAL);

		if (len == -1 && errno == EAGAIN) {
			if (!conn->waits_to_send)
				listen_change(epoll, conn->fd, EPOLLOUT, conn);
			conn->waits_to_send = true;
			return true;
		}
		if (len == -1)
			return false;
		conn->out_sent += (size_t)len;
	}
	free(conn->out);
	conn->out = NULL;
	conn->out_len = conn->out_room = conn->out_sent = 0;
	if (conn->waits_to_send && !conn->page) {
		listen_change(epoll, conn->fd, EPOLLIN, conn);
		conn->waits_to_send = false;
	}
	return true;
}

/* The handshake and the request line. False: the connection is over; conn->page is set when the line is whole. */
static bool take_line(struct conn *conn)
{
	do {
		size_t len = 0;
		int result = SSL_read_ex(conn->ssl, conn->line + conn->line_len,
					 LINE_MAX_LEN - conn->line_len, &len);

		if (result != 1)
			return SSL_get_error(conn->ssl, result) == SSL_ERROR_WANT_READ;
		conn->line_len += len;
		if (conn->line[conn->line_len - 1] == '\n')
			conn->page = pages_find(&pages, conn->line, conn->line_len);
	} while (!conn->page && conn->line_len < LINE_MAX_LEN &&
		 conn->line[conn->line_len - 1] != '\n');
	return conn->page != NULL;
}

/* Encrypts the page until enough is gathered, and close_notify behind its end. */
static bool put_page(struct conn *conn)
{
	while (conn->written < conn->page->reply_len && conn->out_len < GATHERED) {
		size_t len = conn->page->reply_len - conn->written;
		size_t put;

		if (SSL_write_ex(conn->ssl, conn->page->reply + conn->written,
				 len < RECORD ? len : RECORD, &put) != 1)
			return false;
		conn->written += put;
	}
	if (conn->written == conn->page->reply_len && !conn->is_ended) {
		conn->is_ended = true;
		return SSL_shutdown(conn->ssl) >= 0;
	}
	return true;
}

/* False: the connection is over. */
static bool go_on(struct conn *conn, int epoll)
{
	if (!flush(conn, epoll))
		return false;
	if (conn->out_len > 0)
		return true;
	if (!conn->page) {
		if (!take_line(conn)) {
			flush(conn, epoll); /* an alert */
			return false;
		}
		if (!conn->page)
			return flush(conn, epoll);
	}
	do {
		if (!put_page(conn) || !flush(conn, epoll))
			return false;
		if (conn->out_len > 0)
			return true; /* waits for room */
	} while (!conn->is_ended);
	return false;
}

static void on_ready(int epoll, void *data)
{
	struct conn *conn = data;

	ERR_clear_error();
	if (!go_on(conn, epoll))
		conn_free(conn);
}

static void *on_accept(int epoll, int fd)
{
	struct conn *conn = must_alloc(1, sizeof(*conn));
	BIO *bio = BIO_new(method);

	(void)epoll;
	conn->fd = fd;
	conn->ssl = SSL_new(context);
	if (!bio || !conn->ssl)
		die("out of memory");
	BIO_set_data(bio, conn);
	BIO_set_init(bio, 1);
	SSL_set_bio(conn->ssl, bio, bio);
	SSL_set_accept_state(conn->ssl);
	return conn;
}

int main(int argc, char **argv)
{
	if (argc != 4)
		die("usage: floor CERTIFICATE KEY LIST");
	pages = pages_load(argv[3]);
	pages_sort(&pages);
	make_method();
	make_context(argv[1], argv[2]);
	listen_serve(on_accept, on_ready);
}
