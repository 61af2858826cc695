/* Listening sockets by protocol, address and worker. */
#include "outlet.h"

#include <netinet/in.h>
#include <stdio.h>
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

	if (outlet->is_lent)
		return;
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

	log_info("listening protocol=%s address=%s port=%u%s%s", outlet->proto->name,
		 peer_text(&ip, false, text), port, *outlet->site ? " site=" : "", outlet->site);
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
		return err_set(err, "%s: %s", text, why.text);
	for (size_t worker = 0; worker < outlet->workers; worker++)
		outlet->sockets[worker * outlet->addresses + index] = sockets[worker];
	if (outlet->port == 0)
		outlet->port = port;
	if (address.socket.ss_family == AF_UNIX)
		log_info("listening protocol=%s path=%s%s%s", outlet->proto->name,
			 ((const struct sockaddr_un *)&address.socket)->sun_path,
			 *outlet->site ? " site=" : "", outlet->site);
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

/* What is wrong with a listen list, told with the section that it stands in. */
static bool wrong(const struct outlet *outlet, const char *what, struct err *err)
{
	if (*outlet->site)
		return err_set(err, "[site %s] gopher_listen: %s", outlet->site, what);
	return err_set(err, "[%s] listen: %s", outlet->proto->name, what);
}

static bool open_all(struct outlet *outlet, const struct config_list *listen, struct err *err)
{
	int *sockets = mem_alloc(outlet->workers, sizeof(*sockets));
	struct err why = { "" };
	bool ok = true;

	outlet->addresses = listen->count;
	outlet->sockets = mem_alloc(outlet->workers * outlet->addresses, sizeof(*outlet->sockets));
	for (size_t i = 0; i < outlet->workers * outlet->addresses; i++)
		outlet->sockets[i] = -1;
	for (size_t i = 0; ok && i < listen->count; i++)
		ok = open_address(outlet, i, listen->items[i].data, sockets, &why);
	free(sockets);
	if (!ok)
		return wrong(outlet, why.text, err);
	if (!is_open(outlet))
		return wrong(outlet, "none of its addresses can be had", err);
	if (outlet->port == 0) /* paths only: what forwards to them is on the well-known one */
		outlet->port = outlet->proto->port;
	return true;
}

/* Adds outlet, whose proto, site, security and workers are set. */
static bool add(struct outlets *outlets, struct outlet outlet, const struct config_list *listen,
		const struct passed *passed, const struct outlets *old, struct err *err)
{
	const struct outlet *open = old ? outlets_find(old, outlet.proto, outlet.site) : NULL;
	struct outlet *added = &outlets->items[outlets->count++];

	*added = open ? *open : outlet;
	added->security = outlet.security;
	added->is_lent = open != NULL;
	if (open)
		return true;
	if (passed && !*outlet.site && count_passed(passed, outlet.proto) > 0)
		return adopt_all(added, passed, err);
	return open_all(added, listen, err);
}

/* A socket that nobody serves would take connections and never answer. */
static bool are_served(const struct passed *passed, const struct config *config, struct err *err)
{
	for (size_t i = 0; passed && i < passed->count; i++) {
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
		  const struct outlets *old, struct outlets *ret_outlets, struct err *err)
{
	struct outlets outlets = { .count = 0 };
	bool ok = are_served(passed, config, err);

	if (ok && config->gemini)
		ok = add(&outlets,
			 (struct outlet){ .proto = &gemini_proto,
					  .security = SECURITY_ALWAYS,
					  .workers = workers },
			 &config->gemini_listen, passed, old, err);
	for (size_t i = 0; ok && i < config->site_count; i++) {
		const struct config *site = config->sites[i];
		/* The certificate is Gemini's; with one, Gopher has TLS as well. */
		struct outlet outlet = { .proto = &gopher_proto,
					 .security = config->gemini ? SECURITY_SNIFFED
								    : SECURITY_NONE,
					 .workers = workers };

		snprintf(outlet.site, sizeof(outlet.site), "%s", site->name);
		if (site->gopher)
			ok = add(&outlets, outlet, &site->gopher_listen, passed, old, err);
	}
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

void outlets_hand_over(struct outlets *old, struct outlets *next)
{
	for (size_t i = 0; i < next->count; i++) {
		struct outlet *outlet = &next->items[i];

		for (size_t j = 0; outlet->is_lent && j < old->count; j++)
			if (old->items[j].sockets == outlet->sockets) {
				old->items[j].is_lent = true;
				outlet->is_lent = false;
			}
	}
}

bool outlets_take_no_more(const struct outlets *outlets)
{
	bool has_changed = false;

	for (size_t i = 0; i < outlets->count; i++) {
		const struct outlet *outlet = &outlets->items[i];

		for (size_t at = 0; !outlet->is_shared && at < outlet->workers * outlet->addresses;
		     at++)
			has_changed |= socket_take_no_more(outlet->sockets[at]);
	}
	return has_changed;
}

void outlets_shut(const struct outlets *outlets)
{
	for (size_t i = 0; i < outlets->count; i++) {
		const struct outlet *outlet = &outlets->items[i];

		for (size_t at = 0; !outlet->is_shared && at < outlet->workers * outlet->addresses;
		     at++)
			shutdown(outlet->sockets[at], SHUT_RD);
	}
}

const int *outlet_sockets(const struct outlet *outlet, size_t worker)
{
	return outlet->sockets + worker * outlet->addresses;
}

const struct outlet *outlets_find(const struct outlets *outlets, const struct proto *proto,
				  const char *site)
{
	for (size_t i = 0; i < outlets->count; i++)
		if (outlets->items[i].proto == proto && strcmp(outlets->items[i].site, site) == 0)
			return &outlets->items[i];
	return NULL;
}
