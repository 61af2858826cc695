/* The fetcher's loop: libcurl's sockets and timers as events. */
#include <stdlib.h>

#include "base/mem.h"
#include "import/fetch_inside.h"

void fetch_arm(struct event *event, int64_t milliseconds)
{
	struct timeval wait = { milliseconds / 1000, milliseconds % 1000 * 1000 };

	evtimer_add(event, &wait);
}

/* libcurl has done something: takes what is finished. */
static void take_finished(struct fetcher *fetcher)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(fetcher->multi, &left))) {
		struct fetch *fetch;
		CURLcode code = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&fetch);
		fetch_finish(fetch, code);
	}
	fetch_pump(fetcher);
}

static void on_ready(evutil_socket_t socket, short what, void *context)
{
	struct fetcher *fetcher = context;
	int running;

	curl_multi_socket_action(fetcher->multi, socket,
				 (what & EV_READ ? CURL_CSELECT_IN : 0) |
					 (what & EV_WRITE ? CURL_CSELECT_OUT : 0),
				 &running);
	take_finished(fetcher);
}

static void on_time(evutil_socket_t socket, short what, void *context)
{
	struct fetcher *fetcher = context;
	int running;

	(void)socket;
	(void)what;
	curl_multi_socket_action(fetcher->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	take_finished(fetcher);
}

static void on_pump(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	fetch_pump(context);
}

/* libcurl wants to be told of a socket; the event is kept with it. */
static int on_watch(CURL *easy, curl_socket_t socket, int what, void *context, void *kept)
{
	struct fetcher *fetcher = context;
	struct event *event = kept;
	short events = (short)((what & CURL_POLL_IN ? EV_READ : 0) |
			       (what & CURL_POLL_OUT ? EV_WRITE : 0) | EV_PERSIST);

	(void)easy;
	if (event)
		event_free(event);
	if (what == CURL_POLL_REMOVE) {
		curl_multi_assign(fetcher->multi, socket, NULL);
		return 0;
	}
	event = event_new(fetcher->base, socket, events, on_ready, fetcher);
	if (!event)
		mem_out();
	event_add(event, NULL);
	curl_multi_assign(fetcher->multi, socket, event);
	return 0;
}

static int on_wait(CURLM *multi, long milliseconds, void *context)
{
	struct fetcher *fetcher = context;

	(void)multi;
	if (milliseconds < 0)
		evtimer_del(fetcher->timer);
	else
		fetch_arm(fetcher->timer, milliseconds);
	return 0;
}

struct fetcher *fetcher_new(const struct fetch_plan *plan, struct err *err)
{
	struct fetcher *fetcher = mem_alloc(1, sizeof(*fetcher));

	fetcher->plan = *plan;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	fetcher->base = event_base_new();
	fetcher->multi = curl_multi_init();
	if (fetcher->base) {
		fetcher->timer = evtimer_new(fetcher->base, on_time, fetcher);
		fetcher->pump = evtimer_new(fetcher->base, on_pump, fetcher);
	}
	if (!fetcher->multi || !fetcher->timer || !fetcher->pump) {
		err_set(err, "The event loop or libcurl cannot start");
		fetcher_free(fetcher);
		return NULL;
	}
	curl_multi_setopt(fetcher->multi, CURLMOPT_SOCKETFUNCTION, on_watch);
	curl_multi_setopt(fetcher->multi, CURLMOPT_SOCKETDATA, fetcher);
	curl_multi_setopt(fetcher->multi, CURLMOPT_TIMERFUNCTION, on_wait);
	curl_multi_setopt(fetcher->multi, CURLMOPT_TIMERDATA, fetcher);
	return fetcher;
}

void fetcher_free(struct fetcher *fetcher)
{
	if (!fetcher)
		return;
	while (fetcher->queue) {
		struct fetch *fetch = fetcher->queue;

		fetcher->queue = fetch->next;
		fetch_free(fetch);
	}
	while (fetcher->hosts) {
		struct host *host = fetcher->hosts;

		fetcher->hosts = host->next;
		robots_free(host->robots);
		free(host->name);
		free(host);
	}
	if (fetcher->multi)
		curl_multi_cleanup(fetcher->multi);
	if (fetcher->timer)
		event_free(fetcher->timer);
	if (fetcher->pump)
		event_free(fetcher->pump);
	if (fetcher->base)
		event_base_free(fetcher->base);
	curl_global_cleanup();
	free(fetcher);
}

/* Looks once a second whether somebody wants the run to end. */
static void on_look(evutil_socket_t socket, short what, void *context)
{
	struct fetcher *fetcher = context;

	(void)socket;
	(void)what;
	if (fetcher->should_stop(fetcher->stop_context))
		fetcher_stop(fetcher);
}

void fetcher_run(struct fetcher *fetcher, bool (*should_stop)(void *context), void *context)
{
	struct timeval second = { 1, 0 };
	struct event *look = NULL;

	fetcher->should_stop = should_stop;
	fetcher->stop_context = context;
	if (should_stop) {
		look = event_new(fetcher->base, -1, EV_PERSIST, on_look, fetcher);
		event_add(look, &second);
	}
	while (fetcher->waiting) {
		fetch_arm(fetcher->pump, 0);
		if (event_base_dispatch(fetcher->base) != 0)
			break;
	}
	if (look)
		event_free(look);
}

void fetcher_stop(struct fetcher *fetcher)
{
	fetcher->is_stopping = true;
	fetch_arm(fetcher->pump, 0);
}
