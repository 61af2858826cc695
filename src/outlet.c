/* Listening sockets by protocol, address and worker. */
#include "outlet.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

#include "address.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/local.h"
#include "net/socket.h"

static void close_sockets(struct outlet *outlet)
{
	for (size_t i = 0; i < outlet->workers * outlet->addresses; i++)
		if (outlet->sockets[i] != -1) {
			local_remove(outlet->sockets[i]);
			close(outlet->sockets[i]);
		}
	free(outlet->sockets);
	outlet->sockets = NULL;
}

static void log_listening(const struct outlet *outlet, const struct address *address, unsigned port)
{
	struct in6_addr ip = peer_address((const struct sockaddr *)&address->socket);
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
		log_listening(outlet, &address, port);
	return true;
}

static bool add(struct outlets *outlets, const struct proto *proto, enum security security,
		const struct config_list *listen, size_t workers, struct err *err)
{
	struct outlet *outlet = &outlets->items[outlets->count++];
	int *sockets = mem_alloc(workers, sizeof(*sockets));
	bool ok = true;

	*outlet = (struct outlet){ .proto = proto, .security = security, .workers = workers };
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

bool outlets_open(const struct config *config, size_t workers, struct outlets *ret_outlets,
		  struct err *err)
{
	struct outlets outlets = { .count = 0 };
	/* The certificate is Gemini's; with one, Gopher has TLS as well. */
	enum security sniffed = config->gemini ? SECURITY_SNIFFED : SECURITY_NONE;
	bool ok = true;

	if (config->gemini)
		ok = add(&outlets, &gemini_proto, SECURITY_ALWAYS, &config->gemini_listen, workers,
			 err);
	if (ok && config->gopher)
		ok = add(&outlets, &gopher_proto, sniffed, &config->gopher_listen, workers, err);
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
