/* Accepting, pausing, draining. */
#include "net/server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/conn.h"
#include "net/reserve.h"
#include "net/socket.h"

/*
 * Few in a row: others have their turn then, and connections that have ended are counted
 * out, or one reader who comes often would seem to hold too many.
 */
enum { ACCEPT_BURST = 8 };

enum {
	DRAIN_BURST = 1024, /* for the last time: the whole queue */
	CHECK_TIME = 500,   /* milliseconds */
	PAUSE_TIME = 200,   /* after descriptors or memory ran out */
	TROUBLE_TIME = 10 * 1000,
};

struct listener {
	struct server *server;
	const struct service *service;
	int fd;
	struct hook *hook; /* NULL: not accepting */
};

struct server {
	struct loop *loop;
	struct server_limits limits;
	struct conns conns;
	struct listener **listeners;
	size_t listener_count;
	bool is_paused;
	struct reserve reserve;
	struct hook *check; /* armed while there are connections */
	bool is_checking;
	struct hook *resume;
	void (*trouble)(void *context, const char *text);
	void *context;
	int64_t told; /* when trouble was last called; 0: never */
	loop_handler *idle;
	void *idle_context;
	struct hook *idle_soon;
};

static void on_acceptable(void *context);

static void set_accepting(struct server *server, bool is_accepting)
{
	for (size_t i = 0; i < server->listener_count; i++) {
		struct listener *listener = server->listeners[i];

		hook_free(listener->hook);
		listener->hook = is_accepting ? loop_on_readable(server->loop, listener->fd,
								 on_acceptable, listener)
					      : NULL;
	}
}

static void pause_accepting(struct server *server, const char *why)
{
	int64_t now = loop_now();

	if (!server->is_paused)
		set_accepting(server, false);
	server->is_paused = true;
	if (server->told && now - server->told < TROUBLE_TIME)
		return;
	server->told = now;
	server->trouble(server->context, why);
}

static void resume_accepting(struct server *server)
{
	if (!server->is_paused || server->conns.drain_since)
		return;
	server->is_paused = false;
	set_accepting(server, true);
}

static void on_resume(void *context)
{
	struct server *server = context;

	if (server->conns.count >= server->limits.connections)
		return; /* until a connection ends */
	if (reserve_fill(&server->reserve))
		resume_accepting(server);
	else
		hook_arm(server->resume, PAUSE_TIME);
}

/* What is short may be back in a moment, and replies under way need it first. */
static void pause_for_shortage(struct server *server, int reason)
{
	if (reason == EMFILE || reason == ENFILE)
		reserve_release(&server->reserve);
	pause_accepting(server, strerror(reason));
	hook_arm(server->resume, PAUSE_TIME);
}

bool server_spare(struct server *server)
{
	if (!server->reserve.is_whole || !reserve_is_needed())
		return false;
	pause_for_shortage(server, EMFILE);
	return true;
}

/* A client at a Unix-domain socket has no address that could be counted. */
static bool is_exempt(const struct server *server, const struct in6_addr *address)
{
	if (IN6_IS_ADDR_UNSPECIFIED(address))
		return true;
	return server->limits.exempt && networks_have(server->limits.exempt, address);
}

/* Counts a client in, unless its network holds far too many connections. */
static enum admission on_known(void *context, const struct in6_addr *address)
{
	const struct server *server = context;
	const struct server_limits *limits = &server->limits;
	uint64_t network = peer_network(address);
	size_t held;

	if (is_exempt(server, address))
		return ADMIT;
	held = limit_count(limits->limit, network);
	if (held >= 2 * (size_t)limits->per_address)
		return ADMIT_NOT;
	limit_enter(limits->limit, limits->seat, network);
	return held < limits->per_address ? ADMIT : ADMIT_REFUSED;
}

/* The loop calls back when nothing else is being done with the connection that has gone. */
static void on_gone(void *context, const struct in6_addr *address)
{
	struct server *server = context;

	if (address && !is_exempt(server, address))
		limit_leave(server->limits.limit, server->limits.seat, peer_network(address));
	if (server->is_paused)
		hook_arm(server->resume, 0);
	if (server->conns.drain_since && server->conns.count == 1)
		hook_arm(server->idle_soon, 0);
}

/* Whole seconds, rounded up: whoever waits for them is served. */
static unsigned on_request(void *context, const struct in6_addr *address)
{
	struct server *server = context;
	const struct server_limits *limits = &server->limits;
	uint64_t network = peer_network(address);
	const struct rate_limit *rate = &limits->rate;
	int64_t wait = 0;

	if (limits->robot_rate.requests &&
	    rate_has(limit_robots(limits->limit), network, loop_now()))
		rate = &limits->robot_rate;
	if (!is_exempt(server, address))
		wait = rate_ask(limit_rate(limits->limit), network, rate, loop_now());
	return (unsigned)((wait + 999) / 1000);
}

static void on_idle_soon(void *context)
{
	struct server *server = context;

	if (server->conns.count == 0)
		server->idle(server->idle_context);
}

static void on_check(void *context)
{
	struct server *server = context;

	conns_check(&server->conns, loop_now());
	server->is_checking = server->conns.count > 0;
	if (server->is_checking)
		hook_arm(server->check, CHECK_TIME);
}

/* Whether accept(2) failed for want of something that will be back. */
static bool is_shortage(int reason)
{
	return reason == EMFILE || reason == ENFILE || reason == ENOBUFS || reason == ENOMEM;
}

static void admit(struct server *server, const struct service *service, int fd,
		  const struct sockaddr *from)
{
	struct in6_addr address = peer_address(from);

	if (from->sa_family != AF_INET && from->sa_family != AF_INET6)
		socket_bound_queue(fd);
	conn_start(&server->conns, service, fd, &address);
	if (!server->is_checking && server->conns.count > 0) {
		server->is_checking = true;
		hook_arm(server->check, CHECK_TIME);
	}
}

/* Takes at most burst connections from the queue. */
static void accept_some(struct listener *listener, size_t burst)
{
	struct server *server = listener->server;
	size_t failures = 0; /* in a row */

	while (burst-- > 0) {
		struct sockaddr_storage from;
		socklen_t len = sizeof(from);
		int fd;

		if (server->conns.count >= server->limits.connections) {
			pause_accepting(server, "all connections are in use; new ones wait");
			return;
		}
		memset(&from, 0, sizeof(from));
		fd = accept4(listener->fd, (struct sockaddr *)&from, &len,
			     SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd == -1 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		if (fd != -1) {
			failures = 0;
			admit(server, listener->service, fd, (struct sockaddr *)&from);
		} else if (is_shortage(errno) || ++failures == ACCEPT_BURST) {
			pause_for_shortage(server, errno);
			return;
		} /* else that client is gone already: the next one */
	}
}

static void on_acceptable(void *context)
{
	accept_some(context, ACCEPT_BURST);
}

struct server *server_new(struct loop *loop, const struct server_limits *limits,
			  void (*trouble)(void *context, const char *text), void *context)
{
	struct server *server = mem_alloc(1, sizeof(*server));

	server->loop = loop;
	server->limits = *limits;
	server->conns = (struct conns){ .base = loop_base(loop),
					.on_known = on_known,
					.on_request = on_request,
					.counts = limits->counts,
					.on_gone = on_gone,
					.context = server };
	server->check = loop_timer(loop, on_check, server);
	server->resume = loop_timer(loop, on_resume, server);
	reserve_init(&server->reserve);
	reserve_fill(&server->reserve);
	server->idle_soon = loop_timer(loop, on_idle_soon, server);
	server->trouble = trouble;
	server->context = context;
	return server;
}

void server_free(struct server *server)
{
	if (!server)
		return;
	set_accepting(server, false);
	conns_end(&server->conns);
	reserve_release(&server->reserve);
	for (size_t i = 0; i < server->listener_count; i++)
		free(server->listeners[i]);
	free(server->listeners);
	hook_free(server->check);
	hook_free(server->resume);
	hook_free(server->idle_soon);
	free(server);
}

void server_listen(struct server *server, int fd, const struct service *service)
{
	struct listener *listener = mem_alloc(1, sizeof(*listener));

	*listener = (struct listener){ .server = server, .service = service, .fd = fd };
	server->listeners = mem_grow(server->listeners, server->listener_count + 1,
				     sizeof(*server->listeners));
	server->listeners[server->listener_count++] = listener;
	listener->hook = loop_on_readable(server->loop, fd, on_acceptable, listener);
}

void server_drain(struct server *server, loop_handler *idle, void *context)
{
	if (server->conns.drain_since)
		return;
	server->idle = idle;
	server->idle_context = context;
	for (size_t i = 0; i < server->listener_count; i++)
		accept_some(server->listeners[i], DRAIN_BURST);
	server->conns.drain_since = loop_now();
	set_accepting(server, false);
	hook_arm(server->idle_soon, 0);
}

size_t server_count(const struct server *server)
{
	return server->conns.count;
}
