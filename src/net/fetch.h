/* A small client: one gemini, gopher or gophers request, answered whole. For `tidings get URL`. */
#ifndef NET_FETCH_H
#define NET_FETCH_H

#include <sys/socket.h>

#include "base/buf.h"
#include "base/err.h"

struct fetch {
	const char *host; /* name or address literal without brackets */
	unsigned port;
	bool tls;
	struct str request; /* with its line end */
	unsigned seconds;   /* for everything but the name service, which keeps its own time */
	/* Whether an address is not to be connected to, whatever name has led there. NULL: none is. */
	bool (*refuses)(const struct sockaddr *address);
};

struct fetch_result {
	struct buf body;	     /* all that came, header included; initialised by the caller */
	char certificate_sha256[96]; /* of the server; "" without TLS */
	char key_sha256[96];
	bool closed_cleanly; /* close_notify was seen, or there was no TLS */
};

/*
 * Connects (to each of the host's addresses in turn), sends the request and
 * reads until the server closes. The certificate is not checked, only shown.
 * False with err set when nobody answers, time is up, the connection breaks, or
 * more comes than body may hold; the digests are set once the handshake is done.
 * The caller has SIGPIPE ignored.
 */
bool fetch_run(const struct fetch *fetch, struct fetch_result *result, struct err *err);

#endif
