/* One page over HTTP, by libevent's server. */
#include "net/http.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include <stdlib.h>

#include "base/mem.h"

enum {
	IDLE_SECONDS = 10, /* a scraper keeps nothing open that long */
	HEADER_MAX = 8 * 1024,
	BODY_MAX = 1024, /* of a request, which has none */
	PAGE_MAX = 1 << 20,
	PAUSE_TIME = 200 * 1000, /* microseconds, after descriptors ran out */
};

struct http {
	struct evhttp *server;
	const char *type;
	http_page *page;
	void *context;
};

static void on_request(struct evhttp_request *request, void *context)
{
	const struct http *http = context;
	struct evbuffer *out = evbuffer_new();
	struct buf body;

	buf_init(&body, PAGE_MAX);
	http->page(http->context, &body);
	if (!out || body.full || evbuffer_add(out, body.data, body.len) != 0) {
		evhttp_send_error(request, HTTP_INTERNAL, NULL);
	} else {
		evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type",
				  http->type);
		evhttp_send_reply(request, HTTP_OK, NULL, out);
	}
	if (out)
		evbuffer_free(out);
	buf_done(&body);
}

static void on_other(struct evhttp_request *request, void *context)
{
	(void)context;
	evhttp_send_error(request, HTTP_NOTFOUND, NULL);
}

static void on_resume(int fd, short what, void *context)
{
	(void)fd;
	(void)what;
	evconnlistener_enable(context);
}

/* Without this libevent would try again and again, and log each time. context is its own. */
static void on_accept_error(struct evconnlistener *listener, void *context)
{
	struct timeval pause = { .tv_usec = PAUSE_TIME };

	(void)context;
	if (event_base_once(evconnlistener_get_base(listener), -1, EV_TIMEOUT, on_resume, listener,
			    &pause) == 0)
		evconnlistener_disable(listener);
}

struct http *http_new(struct loop *loop, const char *path, const char *type, http_page *page,
		      void *context)
{
	struct http *http = mem_alloc(1, sizeof(*http));

	*http = (struct http){ .type = type, .page = page, .context = context };
	http->server = evhttp_new(loop_base(loop));
	if (!http->server) {
		free(http);
		return NULL;
	}
	evhttp_set_timeout(http->server, IDLE_SECONDS);
	evhttp_set_max_headers_size(http->server, HEADER_MAX);
	evhttp_set_max_body_size(http->server, BODY_MAX);
	evhttp_set_allowed_methods(http->server, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD);
	evhttp_set_gencb(http->server, on_other, NULL);
	if (evhttp_set_cb(http->server, path, on_request, http) == 0)
		return http;
	http_free(http);
	return NULL;
}

bool http_listen(struct http *http, int socket)
{
	struct evhttp_bound_socket *bound;

	bound = evhttp_accept_socket_with_handle(http->server, socket);
	if (!bound)
		return false;
	evconnlistener_set_error_cb(evhttp_bound_socket_get_listener(bound), on_accept_error);
	return true;
}

void http_free(struct http *http)
{
	if (!http)
		return;
	evhttp_free(http->server);
	free(http);
}
