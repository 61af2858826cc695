/* Making ready what a reload may change: certificate and access log; and telling what it may not. */
#ifndef SETUP_H
#define SETUP_H

#include "crew.h"
#include "passed.h"
#include "stamps.h"

struct ticket_keys;

/* What a setup is made of that outlives it; all borrowed. */
struct setup_ground {
	struct ticket_keys *keys;
	size_t workers;
	struct stamps *files; /* notes how the files of TLS were before they were read */
	bool makes;	      /* a certificate and key when both are missing, and the ticket key */
	const struct passed *passed; /* NULL: no sockets were passed */
	const struct setup *old;     /* in force; NULL at the start */
};

/*
 * Opens and loads what config names; outlets that old has are lent from it. With owns_config the
 * setup frees config, also when this fails. False with err set.
 */
bool setup_load(const struct config *config, bool owns_config, const struct setup_ground *ground,
		struct setup *ret_setup, struct err *err);

/* Whether a running server can go over from old to new. False with err set: it names the key that needs a restart. */
bool setup_may_change(const struct config *old, const struct config *new, struct err *err);

#endif
