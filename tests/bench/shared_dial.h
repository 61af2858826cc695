/* The client's side of a connection: a socket, and TLS over it when it is wanted. */
#ifndef BENCH_SHARED_DIAL_H
#define BENCH_SHARED_DIAL_H

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <stdbool.h>

/* An address that is written in digits, and a port. */
struct sockaddr_in dial_address(const char *host, const char *port);

/* A connected socket, or one that is being connected when it is_async. -1 with errno set. */
int dial_socket(const struct sockaddr_in *address, bool is_async);

/* What a small-web client asks for: any certificate, a session to come back with. */
SSL_CTX *dial_context(void);

/* TLS over fd for the name localhost, resuming session unless it is NULL. Nothing is sent yet. */
SSL *dial_tls(SSL_CTX *context, int fd, SSL_SESSION *session);

#endif
