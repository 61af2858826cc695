/* Listening sockets by protocol, address and worker. */
#include "outlet.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "address.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/local.h"
#include "net/socket.h"

static void close_sockets(struct outlet *outlet)
{
	size_t rows = outlet->is_shared ? 1 : outlet->workers;

	for (size_t i = 0; i < rows * outlet->addresses; i++)
		if (outlet->sockets[i] != -1) {
			local_remove(outlet->sockets[i]);
			close(outlet->sockets[i]);
		}
	free(outlet->sockets);
	outlet->sockets = NULL;
}

static void log_listening(const struct outlet *outlet, const struct sockaddr_storage *address,
			  unsigned port)
{
	struct in6_addr ip = peer_address((const struct sockaddr *)address);
	char text[PEER_TEXT];

	log_info("listening protocol=%s address=%s port=%u", outlet->proto->name,
		 peer_text(&ip, false, text), port);
}

/* ret_port is 0 for a path. */
static bool listen_at(const struct address *address, size_t workers, int *ret_sockets,
		      unsigned *ret_port, struct err *err)
{
	*ret_port = 0;
	if (address->socket.ss_family == AF_UNIX)
		return local_listen((const struct sockaddr_un *)&address->socket, workers,
				    ret_sockets, err);
	return socket_listen((const struct sockaddr *)&address->socket, address->socket_len,
			     workers, ret_sockets, ret_port, err);
}

/* Whether there is a socket on any address. */
static bool is_open(const struct outlet *outlet)
{
	for (size_t i = 0; i < outlet->addresses; i++)
		if (outlet->sockets[i] != -1)
			return true;
	return false;
}

/* The sockets of all workers for address number index, called text. */
static bool open_address(struct outlet *outlet, size_t index, const char *text, int *sockets,
			 struct err *err)
{
	struct address address;
	struct err why = { "" };
	unsigned port;

	if (!address_parse(text, &address, err))
		return false;
	if (!socket_has_family((const struct sockaddr *)&address.socket)) {
		log_warn("[%s] listen: this machine has no addresses like %s; passed over",
			 outlet->proto->name, text);
		return true;
	}
	if (!listen_at(&address, outlet->workers, sockets, &port, &why))
		return err_set(err, "[%s] listen: %s: %s", outlet->proto->name, text, why.text);
	for (size_t worker = 0; worker < outlet->workers; worker++)
		outlet->sockets[worker * outlet->addresses + index] = sockets[worker];
	if (outlet->port == 0)
		outlet->port = port;
	if (address.socket.ss_family == AF_UNIX)
		log_info("listening protocol=%s path=%s", outlet->proto->name,
			 ((const struct sockaddr_un *)&address.socket)->sun_path);
	else
		log_listening(outlet, &address.socket, port);
	return true;
}

static size_t count_passed(const struct passed *passed, const struct proto *proto)
{
	size_t count = 0;

	for (size_t i = 0; i < passed->count; i++)
		count += strcmp(passed->names[i], proto->name) == 0;
	return count;
}

static bool adopt(struct outlet *outlet, size_t index, int fd, struct err *err)
{
	struct sockaddr_storage address;
	struct err why = { "" };
	unsigned port;

	if (!socket_adopt(fd, &address, &port, &why))
		return err_set(err, "the passed socket %d (%s): %s", fd, outlet->proto->name,
			       why.text);
	for (size_t worker = 0; worker < outlet->workers; worker++)
		outlet->sockets[worker * outlet->addresses + index] = fd;
	if (outlet->port == 0)
		outlet->port = port;
	log_listening(outlet, &address, port);
	return true;
}

/* The passed sockets are one queue for all workers: whoever is free takes the next connection. */
static bool adopt_all(struct outlet *outlet, const struct passed *passed, struct err *err)
{
	size_t index = 0;
	bool ok = true;

	outlet->is_shared = true;
	outlet->addresses = count_passed(passed, outlet->proto);
	outlet->sockets = mem_alloc(outlet->workers * outlet->addresses, sizeof(*outlet->sockets));
	for (size_t i = 0; i < outlet->workers * outlet->addresses; i++)
		outlet->sockets[i] = -1;
	for (size_t i = 0; ok && i < passed->count; i++)
		if (strcmp(passed->names[i], outlet->proto->name) == 0)
			ok = adopt(outlet, index++, PASSED_FIRST + (int)i, err);
	return ok;
}

static bool add(struct outlets *outlets, const struct proto *proto, enum security security,
		const struct config_list *listen, size_t workers, const struct passed *passed,
		struct err *err)
{
	struct outlet *outlet = &outlets->items[outlets->count++];
	int *sockets;
	bool ok = true;

	*outlet = (struct outlet){ .proto = proto, .security = security, .workers = workers };
	if (count_passed(passed, proto) > 0)
		return adopt_all(outlet, passed, err);
	sockets = mem_alloc(workers, sizeof(*sockets));
	outlet->addresses = listen->count;
	outlet->sockets = mem_alloc(workers * outlet->addresses, sizeof(*outlet->sockets));
	for (size_t i = 0; i < workers * outlet->addresses; i++)
		outlet->sockets[i] = -1;
	for (size_t i = 0; ok && i < listen->count; i++)
		ok = open_address(outlet, i, listen->items[i].data, sockets, err);
	if (ok && !is_open(outlet))
		ok = err_set(err, "[%s] listen: none of its addresses can be had", proto->name);
	if (outlet->port == 0) /* paths only: what forwards to them is on the well-known one */
		outlet->port = proto->port;
	free(sockets);
	return ok;
}

/* A socket that nobody serves would take connections and never answer. */
static bool are_served(const struct passed *passed, const struct config *config, struct err *err)
{
	for (size_t i = 0; i < passed->count; i++) {
		const char *name = passed->names[i];

		if (!(config->gemini && strcmp(name, gemini_proto.name) == 0) &&
		    !(config->gopher && strcmp(name, gopher_proto.name) == 0))
			return err_set(err,
				       "the passed socket %d is named \"%s\", which is no protocol "
				       "that is served",
				       PASSED_FIRST + (int)i, name);
	}
	return true;
}

bool outlets_open(const struct config *config, size_t workers, const struct passed *passed,
		  struct outlets *ret_outlets, struct err *err)
{
	struct outlets outlets = { .count = 0 };
	/* The certificate is Gemini's; with one, Gopher has TLS as well. */
	enum security sniffed = config->gemini ? SECURITY_SNIFFED : SECURITY_NONE;
	bool ok = are_served(passed, config, err);

	if (ok && config->gemini)
		ok = add(&outlets, &gemini_proto, SECURITY_ALWAYS, &config->gemini_listen, workers,
			 passed, err);
	if (ok && config->gopher)
		ok = add(&outlets, &gopher_proto, sniffed, &config->gopher_listen, workers, passed,
			 err);
	if (ok)
		*ret_outlets = outlets;
	else
		outlets_close(&outlets);
	return ok;
}

void outlets_close(struct outlets *outlets)
{
	for (size_t i = 0; i < outlets->count; i++)
		close_sockets(&outlets->items[i]);
	outlets->count = 0;
}

const int *outlet_sockets(const struct outlet *outlet, size_t worker)
{
	return outlet->sockets + worker * outlet->addresses;
}

const struct outlet *outlets_find(const struct outlets *outlets, const struct proto *proto)
{
	for (size_t i = 0; i < outlets->count; i++)
		if (outlets->items[i].proto == proto)
			return &outlets->items[i];
	return NULL;
}
