/*
 * The places where the paper is handed out: a protocol, its addresses, and a listening
 * socket for each worker on each of them. Sockets are made once and outlive
 * the workers, so that none of their queues is ever lost.
 */
#ifndef OUTLET_H
#define OUTLET_H

#include "config.h"
#include "net/service.h"
#include "passed.h"
#include "proto/proto.h"

enum { OUTLET_MAX = 2 };

struct outlet {
	const struct proto *proto;
	enum security security;
	size_t workers;
	size_t addresses;
	int *sockets;	/* [worker * addresses + address]; -1 where the machine lacks the family */
	bool is_shared; /* all workers have the same sockets, which were passed to the server */
	unsigned port;	/* bound for the first address that has one; else the protocol's own */
};

struct outlets {
	struct outlet items[OUTLET_MAX];
	size_t count;
};

/*
 * Opens everything that config says, for that many workers, and logs each
 * address as "listening protocol=gemini address=127.0.0.1 port=1965" (or path=...). A protocol
 * for which sockets were passed has those instead of its listen addresses, shared by all
 * workers. False with err set (a sentence with the address); the outlets' sockets are closed then.
 */
bool outlets_open(const struct config *config, size_t workers, const struct passed *passed,
		  struct outlets *ret_outlets, struct err *err);
void outlets_close(struct outlets *outlets);

/* The first socket of a worker; the outlet's others of the same worker follow it. */
const int *outlet_sockets(const struct outlet *outlet, size_t worker);

/* The outlet of that protocol; NULL when it is not served. */
const struct outlet *outlets_find(const struct outlets *outlets, const struct proto *proto);

#endif
