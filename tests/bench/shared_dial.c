/* The client's side of a connection. */
#include "bench/shared_dial.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/shared_die.h"

struct sockaddr_in dial_address(const char *host, const char *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	char *end;
	unsigned long number = strtoul(port, &end, 10);

	if (inet_pton(AF_INET, host, &address.sin_addr) != 1 || *end || number == 0 ||
	    number > 65535)
		die("no address and port: %s %s", host, port);
	address.sin_port = htons((in_port_t)number);
	return address;
}

int dial_socket(const struct sockaddr_in *address, bool is_async)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | (is_async ? SOCK_NONBLOCK : 0), 0);
	int yes = 1, reason;

	if (fd == -1)
		return -1;
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes)) == 0 &&
	    (connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ||
	     errno == EINPROGRESS))
		return fd;
	reason = errno;
	close(fd);
	errno = reason;
	return -1;
}

SSL_CTX *dial_context(void)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	if (!context)
		die("TLS cannot be set up");
	SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
	SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_session_cache_mode(context,
				       SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_read_ahead(context, 1);
	return context;
}

SSL *dial_tls(SSL_CTX *context, int fd, SSL_SESSION *session)
{
	SSL *ssl = SSL_new(context);

	if (!ssl || SSL_set_fd(ssl, fd) != 1 || SSL_set_tlsext_host_name(ssl, "localhost") != 1 ||
	    (session && SSL_set_session(ssl, session) != 1))
		die("TLS cannot be set up");
	SSL_set_connect_state(ssl);
	return ssl;
}
