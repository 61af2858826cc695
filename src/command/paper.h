/* The paper as the server would serve it, without a socket: for `get` and `check`. */
#ifndef COMMAND_PAPER_H
#define COMMAND_PAPER_H

#include "config.h"
#include "proto/proto.h"
#include "site/site.h"

/* An open paper: its store (a copy in memory), the site on it, and room for one reply at a time. */
struct paper {
	const struct config *config;
	struct store *store;
	struct arena *texts;   /* lives as long as the paper */
	struct arena *scratch; /* of the last reply */
	struct site site;
	struct identity identity; /* of a reader with a key */
	bool has_identity;
};

/*
 * Opens the paper that config names; problems of the scan go to handler (may be
 * NULL). False with err set; paper_close() is needed only after true.
 */
bool paper_open(struct paper *paper, const struct config *config, problem_handler *handler,
		void *context, struct err *err);
void paper_close(struct paper *paper);

/* Fixes the clock of the site. */
void paper_set_clock(struct paper *paper, int64_t now);

/* Asks from now on as a client whose valid certificate has this key. */
void paper_set_key(struct paper *paper, const struct zone_key *key);

/* Asks for path, in the way of the protocol; what stands behind a "?" in it are search words. */
enum page_status paper_ask(struct paper *paper, const struct proto *proto, struct str path,
			   struct reply *reply);

/* The length of the header in front of the body; 0 for protocols without one. */
size_t paper_header(const struct proto *proto, const struct reply *reply);

#endif
