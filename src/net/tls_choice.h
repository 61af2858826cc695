/* The inside of a site's TLS, for tls*.c only. */
#ifndef NET_TLS_CHOICE_H
#define NET_TLS_CHOICE_H

#include <openssl/ssl.h>

#include "net/tls.h"

struct tls {
	SSL_CTX **contexts; /* one for each certificate */
	size_t count;
	struct str *hosts; /* each owns its bytes */
	size_t host_count;
};

/* SSL_CTX_set_client_hello_cb(3): goes over to the context of the site and certificate that the client names. */
int tls_choose(SSL *ssl, int *alert, void *context);

#endif
