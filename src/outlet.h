/*
 * The places where papers are handed out: a protocol, its addresses, and a listening
 * socket for each worker on each of them. Gemini has one for all sites, Gopher, which names no
 * host, one for each site. Sockets are made once and outlive the workers, so that none of
 * their queues is ever lost.
 */
#ifndef OUTLET_H
#define OUTLET_H

#include "config.h"
#include "net/service.h"
#include "passed.h"
#include "proto/proto.h"

enum { OUTLET_MAX = 1 + CONFIG_SITES_MAX };

struct outlet {
	const struct proto *proto;
	char site
		[CONFIG_SITE_NAME]; /* whose it is; "": the default site's, and of Gemini everybody's */
	enum security security;
	size_t workers;
	size_t addresses;
	int *sockets;	/* [worker * addresses + address]; -1 where the machine lacks the family */
	bool is_shared; /* all workers have the same sockets, which were passed to the server */
	bool is_lent;	/* the sockets are those of other outlets, which close them */
	unsigned port;	/* bound for the first address that has one; else the protocol's own */
};

struct outlets {
	struct outlet items[OUTLET_MAX];
	size_t count;
};

/*
 * Opens everything that config says, for that many workers, and logs each
 * address as "listening protocol=gemini address=127.0.0.1 port=1965" (or path=...). A protocol
 * for which sockets were passed (passed may be NULL) has those instead of its listen addresses,
 * shared by all workers. What old (may be NULL) has open already is lent from it. False with err
 * set (a sentence with the address); what was opened is closed then.
 */
bool outlets_open(const struct config *config, size_t workers, const struct passed *passed,
		  const struct outlets *old, struct outlets *ret_outlets, struct err *err);

/* Closes all that is not lent. */
void outlets_close(struct outlets *outlets);

/* What next has lent from old is its own from now on; closing old closes the rest. Cannot fail. */
void outlets_hand_over(struct outlets *old, struct outlets *next);

/*
 * Lets nobody begin to connect, except to sockets that were passed, whose next owner will
 * answer. True when that changes anything: connections that are on their way still come.
 */
bool outlets_take_no_more(const struct outlets *outlets);

/* After that, when the queues have been emptied: who still comes is told that nobody is here. */
void outlets_shut(const struct outlets *outlets);

/* The first socket of a worker; the outlet's others of the same worker follow it. */
const int *outlet_sockets(const struct outlet *outlet, size_t worker);

/* The outlet of that protocol and site ("": the default one); NULL when it is not served. */
const struct outlet *outlets_find(const struct outlets *outlets, const struct proto *proto,
				  const char *site);

#endif
