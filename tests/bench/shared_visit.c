/* One request as a state machine over a socket that does not block. */
#include "bench/shared_visit.h"

#include <errno.h>
#include <openssl/err.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/shared_dial.h"
#include "bench/shared_die.h"

enum { PIECE = 64 * 1024 };

/* What a try to go on came to. */
enum progress { WAITS, GOES_ON, ENDED, FAILED };

static int on_session(SSL *ssl, SSL_SESSION *session)
{
	struct visitor *visitor = SSL_get_app_data(ssl);

	SSL_SESSION_free(visitor->session);
	visitor->session = session;
	return 1;
}

SSL_CTX *visit_context(void)
{
	SSL_CTX *context = dial_context();

	SSL_CTX_sess_set_new_cb(context, on_session);
	return context;
}

bool visit_start(struct visitor *visitor, int epoll, const struct page *page, int64_t since)
{
	const struct aim *aim = visitor->aim;
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
				     .data.ptr = visitor };

	visitor->page = page;
	visitor->since = since;
	visitor->is_asked = visitor->is_wrong = false;
	visitor->got = 0;
	visitor->fd = dial_socket(&aim->address, true);
	if (visitor->fd == -1)
		return false;
	if (aim->context) {
		visitor->ssl = dial_tls(aim->context, visitor->fd,
					aim->resumes ? visitor->session : NULL);
		SSL_set_app_data(visitor->ssl, visitor);
	}
	return epoll_ctl(epoll, EPOLL_CTL_ADD, visitor->fd, &event) == 0;
}

static enum progress verdict(struct visitor *visitor, int result)
{
	switch (SSL_get_error(visitor->ssl, result)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		return WAITS;
	case SSL_ERROR_ZERO_RETURN:
		return ENDED;
	default:
		return FAILED;
	}
}

static enum progress ask(struct visitor *visitor)
{
	const struct page *page = visitor->page;
	ssize_t len;

	if (visitor->ssl) {
		int result = SSL_do_handshake(visitor->ssl);

		if (result != 1)
			return verdict(visitor, result) == WAITS ? WAITS : FAILED;
		if (SSL_write(visitor->ssl, page->line, (int)page->line_len) <= 0)
			return FAILED;
	} else {
		len = send(visitor->fd, page->line, page->line_len, MSG_NOSIGNAL);
		if (len == -1 && (errno == EAGAIN || errno == ENOTCONN))
			return WAITS;
		if (len != (ssize_t)page->line_len)
			return FAILED;
	}
	visitor->is_asked = true;
	return GOES_ON;
}

static enum progress take(struct visitor *visitor, char *piece, size_t *ret_len)
{
	ssize_t len;

	if (visitor->ssl) {
		int result = SSL_read_ex(visitor->ssl, piece, PIECE, ret_len);

		return result == 1 ? GOES_ON : verdict(visitor, result);
	}
	len = recv(visitor->fd, piece, PIECE, 0);
	if (len == -1)
		return errno == EAGAIN ? WAITS : FAILED;
	*ret_len = (size_t)len;
	return len == 0 ? ENDED : GOES_ON;
}

static enum progress hear(struct visitor *visitor)
{
	static char piece[PIECE];
	const struct page *page = visitor->page;
	size_t len = 0;
	enum progress progress = take(visitor, piece, &len);

	if (progress != GOES_ON)
		return progress;
	if (len > page->reply_len - visitor->got ||
	    memcmp(page->reply + visitor->got, piece, len) != 0) {
		visitor->is_wrong = true;
		return ENDED;
	}
	visitor->got += len;
	return GOES_ON;
}

bool visit_step(struct visitor *visitor, enum outcome *ret_outcome)
{
	enum progress progress;

	ERR_clear_error();
	do
		progress = visitor->is_asked ? hear(visitor) : ask(visitor);
	while (progress == GOES_ON);
	if (progress == WAITS)
		return false;
	if (progress == FAILED)
		*ret_outcome = OUTCOME_BROKEN;
	else if (visitor->is_wrong || visitor->got != visitor->page->reply_len)
		*ret_outcome = OUTCOME_WRONG;
	else if (visitor->ssl && visitor->aim->resumes && !SSL_session_reused(visitor->ssl))
		*ret_outcome = OUTCOME_NOT_RESUMED;
	else
		*ret_outcome = OUTCOME_RIGHT;
	return true;
}

void visit_end(struct visitor *visitor)
{
	if (visitor->ssl) {
		if (SSL_is_init_finished(visitor->ssl))
			SSL_shutdown(visitor->ssl); /* as clients do, though the reply has ended */
		SSL_free(visitor->ssl);
	}
	if (visitor->fd != -1)
		close(visitor->fd);
	visitor->ssl = NULL;
	visitor->page = NULL;
	visitor->fd = -1;
}
