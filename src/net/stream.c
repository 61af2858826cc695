/* A connection's two directions: OpenSSL over a BIO of our own, which gathers what it writes. */
#include "net/stream.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/openssl.h"
#include "net/peer.h"
#include "net/tls.h"

/* STREAM_PIECE bytes in records as short as a client may ask for (512 bytes, RFC 6066 4), and a close_notify behind them. */
enum { PIECE_ROOM = STREAM_PIECE + 2048 };

enum { SMALL_ROOM = 8 * 1024 };

/* recv(2) as the BIO and plain reading want it: > 0 bytes, 0 end, -1 try later, -2 broken. */
static ssize_t receive(struct stream *stream, void *data, size_t size)
{
	ssize_t len;

	if (stream->ahead.len) {
		struct str taken = str_head(stream->ahead, size);

		memcpy(data, taken.data, taken.len);
		stream->ahead = str_skip(stream->ahead, taken.len);
		return (ssize_t)taken.len;
	}
	do
		len = recv(stream->fd, data, size, 0);
	while (len == -1 && errno == EINTR);
	if (len == 0)
		stream->is_at_end = true;
	if (len >= 0)
		return len;
	return errno == EAGAIN || errno == EWOULDBLOCK ? -1 : -2;
}

static int on_bio_read(BIO *bio, char *data, int size)
{
	ssize_t len = receive(BIO_get_data(bio), data, (size_t)size);

	BIO_clear_retry_flags(bio);
	if (len == -1)
		BIO_set_retry_read(bio);
	return len < 0 ? -1 : (int)len;
}

static int on_bio_write(BIO *bio, const char *data, int len)
{
	struct stream *stream = BIO_get_data(bio);

	BIO_clear_retry_flags(bio);
	if ((size_t)len > stream->out.max - stream->out.len) {
		BIO_set_retry_write(bio);
		return -1;
	}
	buf_bytes(&stream->out, data, (size_t)len);
	return len;
}

static long on_bio_control(BIO *bio, int command, long number, void *pointer)
{
	const struct stream *stream = BIO_get_data(bio);

	(void)number;
	(void)pointer;
	if (command == BIO_CTRL_FLUSH)
		return 1;
	return command == BIO_CTRL_EOF && stream->is_at_end;
}

/* Made once for the process; NULL when memory is out. */
static const BIO_METHOD *bio_method(void)
{
	static BIO_METHOD *method;

	if (!method) {
		method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "stream");
		if (!method)
			return NULL;
		BIO_meth_set_read(method, on_bio_read);
		BIO_meth_set_write(method, on_bio_write);
		BIO_meth_set_ctrl(method, on_bio_control);
	}
	return method;
}

void stream_init(struct stream *stream, int fd)
{
	*stream = (struct stream){ .fd = fd };
	buf_init(&stream->out, STREAM_MAX);
}

void stream_done(struct stream *stream)
{
	stream_rest(stream);
	if (stream->fd != -1)
		close(stream->fd);
	stream->fd = -1;
}

bool stream_secure(struct stream *stream, const struct tls_sites *sites)
{
	const BIO_METHOD *method = bio_method();
	BIO *bio = method ? BIO_new(method) : NULL;

	stream->ssl = bio ? tls_session(sites) : NULL;
	if (!stream->ssl) {
		BIO_free(bio);
		return false;
	}
	BIO_set_data(bio, stream);
	BIO_set_init(bio, 1);
	SSL_set_bio(stream->ssl, bio, bio);
	return true;
}

void stream_feed(struct stream *stream, const char *data, size_t len)
{
	stream->ahead = (struct str){ data, len };
}

/* What a call into OpenSSL that returned no success means. */
static enum io verdict(struct stream *stream, int result)
{
	switch (SSL_get_error(stream->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		return IO_WANT_READ;
	case SSL_ERROR_WANT_WRITE:
		return IO_WANT_WRITE;
	case SSL_ERROR_ZERO_RETURN:
		return IO_END;
	default:
		stream->is_broken = true;
		return IO_BROKEN;
	}
}

enum io stream_handshake(struct stream *stream)
{
	int result;

	ERR_clear_error();
	result = SSL_do_handshake(stream->ssl);
	return result == 1 ? IO_DONE : verdict(stream, result);
}

static enum io read_plain(struct stream *stream, char *data, size_t size, size_t *ret_len)
{
	ssize_t len = receive(stream, data, size);

	if (len > 0)
		*ret_len = (size_t)len;
	if (len == 0)
		return IO_END;
	if (len == -1)
		return IO_WANT_READ;
	return len < 0 ? IO_BROKEN : IO_DONE;
}

enum io stream_read(struct stream *stream, char *data, size_t size, size_t *ret_len)
{
	int result;

	if (!stream->ssl)
		return read_plain(stream, data, size, ret_len);
	ERR_clear_error();
	result = SSL_read_ex(stream->ssl, data, size, ret_len);
	return result == 1 ? IO_DONE : verdict(stream, result);
}

bool stream_has_room(const struct stream *stream)
{
	return stream->out.max - stream->out.len >= PIECE_ROOM;
}

bool stream_put(struct stream *stream, const char *data, size_t len)
{
	size_t put = 0;

	if (!stream->ssl) {
		buf_bytes(&stream->out, data, len);
		return true;
	}
	ERR_clear_error();
	if (len == 0 || (SSL_write_ex(stream->ssl, data, len, &put) == 1 && put == len))
		return true;
	stream->is_broken = true;
	return false;
}

bool stream_say_end(struct stream *stream)
{
	if (!stream->ssl || (SSL_get_shutdown(stream->ssl) & SSL_SENT_SHUTDOWN))
		return true;
	if (stream->is_broken || !SSL_is_init_finished(stream->ssl))
		return false;
	ERR_clear_error();
	return SSL_shutdown(stream->ssl) >= 0;
}

enum io stream_flush(struct stream *stream)
{
	while (stream->out_sent < stream->out.len) {
		ssize_t len = send(stream->fd, stream->out.data + stream->out_sent,
				   stream->out.len - stream->out_sent, MSG_NOSIGNAL);

		if (len == -1 && errno == EINTR)
			continue;
		if (len == -1)
			return errno == EAGAIN || errno == EWOULDBLOCK ? IO_WANT_WRITE : IO_BROKEN;
		stream->out_sent += (size_t)len;
		stream->sent += (uint64_t)len;
	}
	/* An idle connection holds nothing; a long reply goes on in the same room. */
	if (stream->out.cap <= SMALL_ROOM)
		buf_done(&stream->out);
	else
		buf_clear(&stream->out);
	stream->out_sent = 0;
	return IO_DONE;
}

void stream_rest(struct stream *stream)
{
	SSL_free(stream->ssl);
	stream->ssl = NULL;
	buf_done(&stream->out);
	stream->out_sent = 0;
}

struct str stream_server_name(const struct stream *stream)
{
	return str_from(stream->ssl ? SSL_get_servername(stream->ssl, TLSEXT_NAMETYPE_host_name)
				    : NULL);
}

bool stream_certificate(const struct stream *stream, struct peer_certificate *ret_certificate)
{
	const X509 *x509 = stream->ssl ? SSL_get0_peer_certificate(stream->ssl) : NULL;
	struct peer_certificate certificate;

	if (!x509 || !openssl_hash_key(x509, certificate.key))
		return false;
	certificate.not_before = openssl_seconds(X509_get0_notBefore(x509));
	certificate.not_after = openssl_seconds(X509_get0_notAfter(x509));
	*ret_certificate = certificate;
	return true;
}

const char *stream_version(const struct stream *stream)
{
	return stream->ssl ? SSL_get_version(stream->ssl) : NULL;
}

bool stream_is_resumed(const struct stream *stream)
{
	return stream->ssl && SSL_session_reused(stream->ssl);
}
