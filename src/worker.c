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
#include "net/tls.h"
#include "origin.h"
#include "reply_cache.h"
#include "serve.h"
#include "tally.h"

enum {
	KEPT_BYTES_MAX = 1 << 20, /* names, fingerprints, robots lines */
	CACHE_BYTES_MAX = 1 << 20,
	ROBOT_TIME = 3600 * 1000, /* milliseconds for which a reader of robots.txt is a robot */
	TALLY_TIME = 1000,	  /* milliseconds between messages to the editor */
	CROWD = 32,		  /* connections */
};

_Static_assert((int)TLS_SITES_MAX >= (int)CONFIG_SITES_MAX,
	       "all sites are behind Gemini's listeners");

/* A site as this worker has it. */
struct shelf {
	const struct config *config;
	struct store *store;
	struct site site;
	struct tally tally;
};

/* An outlet as the connections see it: one site, or all of them told apart by what is asked for. */
struct window {
	struct worker *worker;
	const struct proto *proto;
	size_t protocol;	/* its index in proto_list */
	size_t first;		/* of the shelves */
	size_t shelf_count;	/* from first on */
	struct origin *origins; /* of each */
	struct tls_sites tls;
	struct service service;
};

struct worker {
	const struct worker_job *job;
	int lifeline;
	struct loop *loop;
	struct server *server;
	struct shelf shelves[CONFIG_SITES_MAX];
	size_t shelf_count;
	struct arena *kept;    /* what the origins and the sites borrow */
	struct arena *scratch; /* of one request */
	struct reply_cache *cache;
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

/* False when there is no page at the moment. */
static bool make_answer(const struct window *window, size_t which, const struct peer *peer,
			struct str line, struct reply *reply)
{
	struct arena *scratch = window->worker->scratch;
	struct origin origin = window->origins[which];
	const struct site *site = &window->worker->shelves[window->first + which].site;
	struct identity identity;
	enum page_status status;

	origin.server_name = peer->server_name;
	if (peer->certificate && origin.zones) {
		identity = identity_of(peer->certificate, time(NULL));
		origin.identity = &identity;
	}
	status = serve(window->proto, &origin, site, scratch, line, reply);
	if (status == PAGE_UNAVAILABLE && server_spare(window->worker->server)) {
		reply_done(reply);
		reply_init(reply, window->service.reply_max);
		status = serve(window->proto, &origin, site, scratch, line, reply);
	}
	reply->site = window->first + which;
	return status != PAGE_UNAVAILABLE;
}

/* A client that shows a certificate may see what others do not: it gets a reply of its own. */
static void on_answer(void *context, const struct peer *peer, struct str line, struct reply *reply)
{
	const struct window *window = context;
	struct worker *worker = window->worker;
	size_t which = serve_choose(window->proto, window->origins, window->shelf_count,
				    worker->scratch, line);
	struct reply_key key = { window, peer->server_name, line };
	struct reply_moment moment = { .now = time(NULL) };

	if (!peer->certificate)
		moment.version = store_version(worker->shelves[window->first + which].store);
	if (!reply_cache_find(worker->cache, &key, moment, reply) &&
	    make_answer(window, which, peer, line, reply))
		reply_cache_keep(worker->cache, &key, moment, reply);
}

static void on_refuse(void *context, unsigned seconds, struct reply *reply)
{
	const struct window *window = context;

	reply->site = window->first;
	window->proto->refuse(&window->origins[0], REFUSAL_SLOW_DOWN, seconds, reply);
}

static void on_done(void *context, const struct peer *peer, const struct visit *visit,
		    const struct reply *reply)
{
	struct window *window = context;
	struct worker *worker = window->worker;
	struct shelf *shelf = &worker->shelves[reply->site];

	if (visit->is_complete && reply->count != COUNT_NOTHING)
		tally_add(&shelf->tally, reply->article, reply->count == COUNT_SHARE);
	if (reply->is_for_robots)
		rate_note(limit_robots(worker->job->limit), peer_network(&peer->address),
			  ROBOT_TIME, loop_now());
	board_reply(worker->job->told, window->protocol, reply);
	access_write(&worker->job->access,
		     &(struct access_entry){ .now = time(NULL),
					     .site = config_title(shelf->config),
					     .protocol = window->proto->name,
					     .peer = peer,
					     .visit = visit,
					     .status = reply->status });
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

static void send_tally(const struct worker *worker, struct tally *tally)
{
	tally_send(tally);
	if (!tally->lost)
		return;
	log_warn("%llu reads are lost, the editor does not take them",
		 (unsigned long long)tally->lost);
	count_set(&worker->job->told->reads_lost, worker->job->told->reads_lost + tally->lost);
	tally->lost = 0;
}

static void on_tally_timer(void *context)
{
	struct worker *worker = context;

	give_back(worker);
	for (size_t i = 0; i < worker->shelf_count; i++)
		send_tally(worker, &worker->shelves[i].tally);
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

/* The shelves behind an outlet: of Gemini all, of Gopher its site's. */
static void set_shelves(const struct worker *worker, struct window *window,
			const struct outlet *outlet)
{
	window->shelf_count = worker->shelf_count;
	if (outlet->proto == &gemini_proto)
		return;
	window->shelf_count = 1;
	while (strcmp(worker->shelves[window->first].config->name, outlet->site) != 0)
		window->first++;
}

/* The hosts of all shelves but one. */
static void set_neighbours(const struct window *window, size_t one)
{
	const struct shelf *shelves = window->worker->shelves + window->first;
	struct origin *origin = &window->origins[one];
	struct str *hosts;
	size_t count = 0;

	for (size_t i = 0; i < window->shelf_count; i++)
		count += shelves[i].config->gemini_hosts.count;
	hosts = ARENA_ARRAY(window->worker->kept, count, struct str);
	origin->neighbours = hosts;
	for (size_t i = 0; i < window->shelf_count; i++) {
		const struct config_list *of = &shelves[i].config->gemini_hosts;

		for (size_t j = 0; i != one && j < of->count; j++)
			hosts[origin->neighbour_count++] = of->items[j];
	}
}

static void set_origins(struct window *window, const struct outlet *outlet)
{
	struct worker *worker = window->worker;

	window->origins = ARENA_ARRAY(worker->kept, window->shelf_count, struct origin);
	for (size_t i = 0; i < window->shelf_count; i++) {
		const struct shelf *shelf = &worker->shelves[window->first + i];
		struct origin *origin = &window->origins[i];

		origin_set(shelf->config, outlet->proto, outlet->port, shelf->store, worker->kept,
			   origin);
		if (outlet->security == SECURITY_SNIFFED)
			origin->tls_port = origin->port;
		if (outlet->proto == &gemini_proto)
			set_neighbours(window, i);
		window->tls.items[window->tls.count++] = worker->job->tls[window->first + i];
	}
}

static void open_window(struct worker *worker, struct window *window, const struct outlet *outlet)
{
	const struct config *config = worker->job->config;
	const int *sockets = outlet_sockets(outlet, worker->job->number);

	window->worker = worker;
	window->proto = outlet->proto;
	while (proto_list[window->protocol] != outlet->proto)
		window->protocol++;
	set_shelves(worker, window, outlet);
	set_origins(window, outlet);
	window->service = (struct service){
		.request_max = outlet->proto->request_max,
		.ends_with_lf = outlet->proto->ends_with_lf,
		.reply_max = REPLY_BYTES_MAX,
		.security = outlet->security,
		.tls = outlet->security == SECURITY_NONE ? NULL : &window->tls,
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
		.robot_rate = { config->robot_requests, config->robot_burst },
		.exempt = &config->exempt,
		.limit = job->limit,
		.seat = job->seat,
		.counts = &job->told->conns,
	};

	worker->loop = loop_new();
	worker->server = server_new(worker->loop, &limits, on_trouble, worker);
	worker->kept = arena_new(KEPT_BYTES_MAX);
	worker->scratch = arena_new(SCRATCH_BYTES_MAX);
	worker->cache = reply_cache_new(CACHE_BYTES_MAX);
	for (size_t i = 0; i < worker->shelf_count; i++) {
		struct shelf *shelf = &worker->shelves[i];

		origin_site(shelf->config, job->tls[i], shelf->store, worker->kept, &shelf->site);
		tally_init(&shelf->tally, job->tally[i]);
	}
	worker->tally_timer = loop_timer(worker->loop, on_tally_timer, worker);
	hook_arm(worker->tally_timer, TALLY_TIME);
	loop_on_signal(worker->loop, SIGTERM, on_terminate, worker);
	loop_on_readable(worker->loop, lifeline, on_lifeline, worker);
	for (size_t i = 0; i < job->outlets->count; i++)
		open_window(worker, &worker->windows[i], &job->outlets->items[i]);
}

static bool open_shelves(struct worker *worker)
{
	const struct config *config = worker->job->config;

	for (size_t i = 0; i < config->site_count; i++) {
		struct shelf *shelf = &worker->shelves[worker->shelf_count];
		struct err err = { "" };

		shelf->config = config->sites[i];
		shelf->store = store_open(shelf->config->content, shelf->config->state, STORE_READ,
					  NULL, NULL, &err);
		if (!shelf->store) {
			log_error("%s", err.text);
			return false;
		}
		worker->shelf_count++;
	}
	return true;
}

static void close_shelves(struct worker *worker)
{
	for (size_t i = 0; i < worker->shelf_count; i++)
		store_free(worker->shelves[i].store);
}

int worker_run(const struct worker_job *job, int lifeline)
{
	struct worker worker = { .job = job, .lifeline = lifeline };

	if (!open_shelves(&worker)) {
		close_shelves(&worker);
		return 1;
	}
	set_up(&worker, lifeline);
	child_say_ready(lifeline);
	loop_run(worker.loop);
	server_free(worker.server);
	for (size_t i = 0; i < worker.shelf_count; i++)
		tally_send(&worker.shelves[i].tally);
	close_shelves(&worker);
	loop_free(worker.loop);
	arena_free(worker.kept);
	arena_free(worker.scratch);
	reply_cache_free(worker.cache);
	return 0;
}
