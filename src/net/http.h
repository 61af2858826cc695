/* One page over HTTP, for a machine that comes by every few seconds. */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include "base/buf.h"
#include "net/loop.h"

struct http;

/* Fills body with the page as it is now. */
typedef void http_page(void *context, struct buf *body);

/*
 * Answers GET and HEAD of path on listening sockets that are added to it; anything else gets
 * an error. NULL when it cannot be set up.
 */
struct http *http_new(struct loop *loop, const char *path, const char *type, http_page *page,
		      void *context);

/* Accepts on a listening socket, which is the server's from now on. False when it cannot. */
bool http_listen(struct http *http, int socket);

/* Closes its sockets and connections; before the loop goes. NULL is fine. */
void http_free(struct http *http);

#endif
