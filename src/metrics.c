/* Handing out figures for Prometheus. */
#include "metrics.h"

#include <signal.h>
#include <unistd.h>

#include "address.h"
#include "base/log.h"
#include "child.h"
#include "net/http.h"
#include "net/loop.h"
#include "net/peer.h"
#include "net/socket.h"

static bool open_address(struct metrics *metrics, const char *text, struct err *err)
{
	struct address address;
	struct err why = { "" };
	struct in6_addr ip;
	char shown[PEER_TEXT];
	unsigned port;

	if (!address_parse(text, &address, err))
		return false;
	if (!socket_listen((const struct sockaddr *)&address.socket, address.socket_len, 1,
			   &metrics->sockets[metrics->count], &port, &why))
		return err_set(err, "[metrics] listen: %s: %s", text, why.text);
	metrics->count++;
	ip = peer_address((const struct sockaddr *)&address.socket);
	log_info("listening protocol=metrics address=%s port=%u", peer_text(&ip, false, shown),
		 port);
	return true;
}

bool metrics_open(const struct config *config, struct metrics *ret_metrics, struct err *err)
{
	struct metrics metrics = { .count = 0 };
	bool ok = true;

	for (size_t i = 0; config->metrics && ok && i < config->metrics_listen.count; i++)
		ok = open_address(&metrics, config->metrics_listen.items[i].data, err);
	if (ok)
		*ret_metrics = metrics;
	else
		metrics_close(&metrics);
	return ok;
}

void metrics_close(struct metrics *metrics)
{
	while (metrics->count)
		close(metrics->sockets[--metrics->count]);
}

struct answering {
	struct loop *loop;
	int lifeline;
};

static void on_end(void *context)
{
	loop_stop(context);
}

static void on_lifeline(void *context)
{
	const struct answering *answering = context;
	int log;
	enum child_word word = child_hear(answering->lifeline, &log);

	if (word == WORD_LOG)
		close(log); /* not ours to write */
	else if (word == WORD_END)
		loop_stop(answering->loop);
}

static void on_page(void *context, struct buf *body)
{
	metrics_write(context, loop_now(), body);
}

int metrics_run(const struct metrics_job *job, int lifeline)
{
	struct loop *loop = loop_new();
	struct http *http = http_new(loop, "/metrics", "text/plain; version=0.0.4; charset=utf-8",
				     on_page, (void *)job->board);
	struct answering answering = { loop, lifeline };
	bool ok = http;

	loop_on_signal(loop, SIGTERM, on_end, loop);
	loop_on_readable(loop, lifeline, on_lifeline, &answering);
	for (size_t i = 0; ok && i < job->metrics->count; i++)
		ok = http_listen(http, job->metrics->sockets[i]);
	if (ok) {
		child_say_ready(lifeline);
		loop_run(loop);
	} else {
		log_error("the HTTP server cannot be set up");
	}
	http_free(http);
	loop_free(loop);
	return ok ? 0 : 1;
}
