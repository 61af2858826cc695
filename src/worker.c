/* A worker: connections in, pages out, reads to the editor. */
#include "worker.h"

#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "child.h"
#include "net/server.h"
#include "origin.h"
#include "serve.h"
#include "tally.h"

enum {
	KEPT_BYTES_MAX = 1 << 20, /* names, fingerprints, robots lines */
	TALLY_TIME = 1000,	  /* milliseconds between messages to the editor */
	CROWD = 32,		  /* connections */
};

/* An outlet as the connections see it. */
struct window {
	struct worker *worker;
	const struct proto *proto;
	size_t protocol; /* its index in proto_list */
	struct origin origin;
	struct service service;
};

struct worker {
	const struct worker_job *job;
	int lifeline;
	struct loop *loop;
	struct server *server;
	struct store *store;
	struct site site;
	struct arena *kept;    /* what the origins and the site borrow */
	struct arena *scratch; /* of one request */
	struct tally tally;
	struct hook *tally_timer;
	struct window windows[OUTLET_MAX];
	size_t crowd; /* most connections since memory was last given back */
	bool is_draining;
};

/* Looked at for every request: a certificate may have expired since its session began. */
static struct identity identity_of(const struct peer_certificate *certificate, int64_t now)
{
	struct identity identity = {
		.is_valid = certificate->not_before <= now && now <= certificate->not_after,
	};

	_Static_assert(sizeof(identity.key.bytes) == sizeof(certificate->key), "both are SHA-256");
	memcpy(identity.key.bytes, certificate->key, sizeof(identity.key.bytes));
	return identity;
}

static void on_answer(void *context, const struct peer *peer, struct str line, struct reply *reply)
{
	const struct window *window = context;
	struct origin origin = window->origin;
	struct identity identity;

	origin.server_name = peer->server_name;
	if (peer->certificate && origin.zones) {
		identity = identity_of(peer->certificate, time(NULL));
		origin.identity = &identity;
	}
	serve(window->proto, &origin, &window->worker->site, window->worker->scratch, line, reply);
}

static void on_refuse(void *context, unsigned seconds, struct reply *reply)
{
	const struct window *window = context;

	window->proto->refuse(&window->origin, REFUSAL_SLOW_DOWN, seconds, reply);
}

static void on_done(void *context, const struct peer *peer, const struct visit *visit,
		    const struct reply *reply)
{
	struct window *window = context;
	struct worker *worker = window->worker;

	if (visit->is_complete && reply->count != COUNT_NOTHING)
		tally_add(&worker->tally, reply->article, reply->count == COUNT_SHARE);
	board_reply(worker->job->told, window->protocol, reply);
	access_write(&worker->job->access, window->proto->name, peer, visit, reply);
}

/* What a crowd needed goes back to the kernel when half of it has left; the allocator would keep it. */
static void give_back(struct worker *worker)
{
	size_t count = server_count(worker->server);

	if (count >= worker->crowd) {
		worker->crowd = count;
	} else if (worker->crowd >= CROWD && count <= worker->crowd / 2) {
		malloc_trim(0);
		worker->crowd = count;
	}
}

static void on_tally_timer(void *context)
{
	struct worker *worker = context;

	give_back(worker);
	tally_send(&worker->tally);
	if (worker->tally.lost) {
		log_warn("%llu reads are lost, the editor does not take them",
			 (unsigned long long)worker->tally.lost);
		count_set(&worker->job->told->reads_lost,
			  worker->job->told->reads_lost + worker->tally.lost);
		worker->tally.lost = 0;
	}
	hook_arm(worker->tally_timer, TALLY_TIME);
}

static void on_trouble(void *context, const char *text)
{
	(void)context;
	log_warn("accepting pauses: %s", text);
}

static void on_idle(void *context)
{
	struct worker *worker = context;

	loop_stop(worker->loop);
}

static void on_terminate(void *context)
{
	struct worker *worker = context;

	if (worker->is_draining) {
		loop_stop(worker->loop);
		return;
	}
	worker->is_draining = true;
	server_drain(worker->server, on_idle, worker);
}

static void on_lifeline(void *context)
{
	struct worker *worker = context;
	int log;
	enum child_word word = child_hear(worker->lifeline, &log);

	if (word == WORD_LOG)
		access_replace(&worker->job->access, log);
	else if (word == WORD_END)
		loop_stop(worker->loop);
}

static void open_window(struct worker *worker, struct window *window, const struct outlet *outlet)
{
	const struct config *config = worker->job->config;
	const int *sockets = outlet_sockets(outlet, worker->job->number);

	window->worker = worker;
	window->proto = outlet->proto;
	while (proto_list[window->protocol] != outlet->proto)
		window->protocol++;
	origin_set(config, outlet->proto, outlet->port, worker->store, worker->kept,
		   &window->origin);
	if (outlet->security == SECURITY_SNIFFED)
		window->origin.tls_port = window->origin.port;
	window->service = (struct service){
		.request_max = outlet->proto->request_max,
		.ends_with_lf = outlet->proto->ends_with_lf,
		.reply_max = REPLY_BYTES_MAX,
		.security = outlet->security,
		.tls = outlet->security == SECURITY_NONE ? NULL : worker->job->tls,
		.deadlines = { config->handshake_time, config->request_time, config->progress_time,
			       config->total_time },
		.proxies = outlet->proto == &gemini_proto ? &config->gemini_proxy
							  : &config->gopher_proxy,
		.answer = on_answer,
		.refuse = on_refuse,
		.done = on_done,
		.context = window,
	};
	for (size_t i = 0; i < outlet->addresses; i++)
		if (sockets[i] != -1)
			server_listen(worker->server, sockets[i], &window->service);
}

static void set_up(struct worker *worker, int lifeline)
{
	const struct worker_job *job = worker->job;
	const struct config *config = job->config;
	struct server_limits limits = {
		.connections = job->connections,
		.per_address = config->per_address,
		.rate = { config->requests, config->burst },
		.exempt = &config->exempt,
		.limit = job->limit,
		.seat = job->seat,
		.counts = &job->told->conns,
	};

	worker->loop = loop_new();
	worker->server = server_new(worker->loop, &limits, on_trouble, worker);
	worker->kept = arena_new(KEPT_BYTES_MAX);
	worker->scratch = arena_new(SCRATCH_BYTES_MAX);
	origin_site(job->config, worker->store, worker->kept, &worker->site);
	tally_init(&worker->tally, job->tally);
	worker->tally_timer = loop_timer(worker->loop, on_tally_timer, worker);
	hook_arm(worker->tally_timer, TALLY_TIME);
	loop_on_signal(worker->loop, SIGTERM, on_terminate, worker);
	loop_on_readable(worker->loop, lifeline, on_lifeline, worker);
	for (size_t i = 0; i < job->outlets->count; i++)
		open_window(worker, &worker->windows[i], &job->outlets->items[i]);
}

int worker_run(const struct worker_job *job, int lifeline)
{
	struct worker worker = { .job = job, .lifeline = lifeline };
	struct err err = { "" };

	worker.store = store_open(job->config->content, job->config->state, STORE_READ, NULL, NULL,
				  &err);
	if (!worker.store) {
		log_error("%s", err.text);
		return 1;
	}
	set_up(&worker, lifeline);
	child_say_ready(lifeline);
	loop_run(worker.loop);
	server_free(worker.server);
	tally_send(&worker.tally);
	store_free(worker.store);
	loop_free(worker.loop);
	arena_free(worker.kept);
	arena_free(worker.scratch);
	return 0;
}
