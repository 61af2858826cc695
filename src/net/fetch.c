/* A small client on a non-blocking socket, with one deadline for everything. */
#include "net/fetch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "net/openssl.h"

/* One connection; what goes wrong with it is told of host and port. */
struct wire {
	const struct fetch *fetch;
	struct err *err;
	int fd;
	SSL_CTX *context;
	SSL *ssl;
	int64_t deadline; /* monotonic milliseconds */
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool failed(const struct wire *wire, const char *why)
{
	return err_set(wire->err, "%s port %u: %s", wire->fetch->host, wire->fetch->port, why);
}

/* Waits until the socket is ready for events; false when until (or the deadline) passes first. */
static bool wait_for(const struct wire *wire, short events, int64_t until)
{
	struct pollfd ready = { .fd = wire->fd, .events = events };
	int64_t left;
	int count;

	if (until > wire->deadline)
		until = wire->deadline;
	do {
		left = until - now_ms();
		count = left > 0 ? poll(&ready, 1, (int)left) : 0;
	} while (count == -1 && errno == EINTR);
	return count > 0;
}

/* Tries one address; errno says why it did not work. */
static bool connect_to(struct wire *wire, const struct addrinfo *address, int64_t until)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (wire->fetch->refuses && wire->fetch->refuses(address->ai_addr)) {
		errno = EACCES;
		return false;
	}
	wire->fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (wire->fd == -1)
		return false;
	if (connect(wire->fd, address->ai_addr, address->ai_addrlen) == 0)
		return true;
	if (errno != EINPROGRESS)
		error = errno;
	else if (!wait_for(wire, POLLOUT, until))
		error = ETIMEDOUT;
	else if (getsockopt(wire->fd, SOL_SOCKET, SO_ERROR, &error, &len) == -1)
		error = errno;
	if (error == 0)
		return true;
	close(wire->fd);
	wire->fd = -1;
	errno = error;
	return false;
}

/* Each address gets an even share of the time that is left, so that a silent one does not eat it all. */
static bool wire_connect(struct wire *wire)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV };
	struct addrinfo *list;
	char port[8];
	int count = 0;
	int trouble;

	snprintf(port, sizeof(port), "%u", wire->fetch->port);
	trouble = getaddrinfo(wire->fetch->host, port, &hints, &list);
	if (trouble != 0)
		return failed(wire, gai_strerror(trouble));
	for (const struct addrinfo *each = list; each; each = each->ai_next)
		count++;
	for (const struct addrinfo *each = list; each && wire->fd == -1; each = each->ai_next) {
		int64_t now = now_ms();

		connect_to(wire, each, now + (wire->deadline - now) / count--);
	}
	freeaddrinfo(list);
	return wire->fd != -1 || failed(wire, strerror(errno));
}

/*
 * After a call that did not get anywhere: waits when it is worth repeating. False
 * with err set when it is not, or when time is up.
 */
static bool wire_again(const struct wire *wire, int result, short events)
{
	int why = wire->ssl ? SSL_get_error(wire->ssl, result) : SSL_ERROR_SYSCALL;

	if (why == SSL_ERROR_WANT_READ)
		events = POLLIN;
	else if (why == SSL_ERROR_WANT_WRITE)
		events = POLLOUT;
	else if (why == SSL_ERROR_SSL)
		return failed(wire, openssl_reason());
	else if (errno != EAGAIN && errno != EINTR)
		return failed(wire, errno ? strerror(errno) : "the connection was closed");
	return wait_for(wire, events, wire->deadline) || failed(wire, "time is up");
}

static bool is_literal(const char *host)
{
	struct in6_addr address;

	return inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1;
}

static bool tls_start(struct wire *wire)
{
	wire->context = SSL_CTX_new(TLS_client_method());
	if (!wire->context || !SSL_CTX_set_min_proto_version(wire->context, TLS1_2_VERSION))
		return failed(wire, openssl_reason());
	/* No authority vouches for anybody here: old short keys are for the reader to judge, too. */
	SSL_CTX_set_security_level(wire->context, 1);
	wire->ssl = SSL_new(wire->context);
	if (!wire->ssl || !SSL_set_fd(wire->ssl, wire->fd))
		return failed(wire, openssl_reason());
	return is_literal(wire->fetch->host) ||
	       SSL_set_tlsext_host_name(wire->ssl, wire->fetch->host) == 1 ||
	       failed(wire, openssl_reason());
}

static bool tls_handshake(struct wire *wire, struct fetch_result *result)
{
	X509 *certificate;
	int done;

	for (;;) {
		ERR_clear_error();
		errno = 0;
		done = SSL_connect(wire->ssl);
		if (done == 1)
			break;
		if (!wire_again(wire, done, POLLIN))
			return false;
	}
	certificate = SSL_get0_peer_certificate(wire->ssl);
	return (certificate &&
		openssl_digest_certificate(certificate, result->certificate_sha256) &&
		openssl_digest_key(certificate, result->key_sha256)) ||
	       failed(wire, "the server showed no certificate");
}

static bool send_request(struct wire *wire)
{
	struct str rest = wire->fetch->request;

	while (rest.len > 0) {
		int sent;

		ERR_clear_error();
		errno = 0;
		sent = wire->ssl ? SSL_write(wire->ssl, rest.data, (int)rest.len)
				 : (int)send(wire->fd, rest.data, rest.len, MSG_NOSIGNAL);
		if (sent > 0)
			rest = str_skip(rest, (size_t)sent);
		else if (!wire_again(wire, sent, POLLOUT))
			return false;
	}
	return true;
}

/* Whether a read that gave nothing was the end; a TLS connection that just stops was not closed cleanly. */
static bool is_end(const struct wire *wire, int result, bool *ret_clean)
{
	bool cut;

	if (!wire->ssl) {
		*ret_clean = true;
		return result == 0;
	}
	cut = ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
	*ret_clean = !cut;
	return cut || SSL_get_error(wire->ssl, result) == SSL_ERROR_ZERO_RETURN;
}

static bool receive_all(struct wire *wire, struct fetch_result *result)
{
	char block[16384];

	while (!result->body.full) {
		int got;

		ERR_clear_error();
		errno = 0;
		got = wire->ssl ? SSL_read(wire->ssl, block, sizeof(block))
				: (int)recv(wire->fd, block, sizeof(block), 0);
		if (got > 0)
			buf_bytes(&result->body, block, (size_t)got);
		else if (is_end(wire, got, &result->closed_cleanly))
			return true;
		else if (!wire_again(wire, got, POLLIN))
			return false;
		if (now_ms() > wire->deadline)
			return failed(wire, "time is up");
	}
	return err_set(wire->err, "%s port %u: the answer is larger than %zu bytes",
		       wire->fetch->host, wire->fetch->port, result->body.max);
}

bool fetch_run(const struct fetch *fetch, struct fetch_result *result, struct err *err)
{
	struct wire wire = {
		.fetch = fetch,
		.err = err,
		.fd = -1,
		.deadline = now_ms() + (int64_t)fetch->seconds * 1000,
	};
	bool ok = wire_connect(&wire) &&
		  (!fetch->tls || (tls_start(&wire) && tls_handshake(&wire, result))) &&
		  send_request(&wire) && receive_all(&wire, result);

	if (ok && wire.ssl)
		SSL_shutdown(wire.ssl);
	SSL_free(wire.ssl);
	SSL_CTX_free(wire.context);
	if (wire.fd != -1)
		close(wire.fd);
	ERR_clear_error();
	return ok;
}
