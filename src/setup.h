/* Making ready what a reload may change: certificate and access log; and telling what it may not. */
#ifndef SETUP_H
#define SETUP_H

#include "crew.h"

struct ticket_keys;

/*
 * Loads what config names; makes certificate and key when both are missing. With
 * owns_config the setup frees it, also when this fails. False with err set.
 */
bool setup_load(const struct config *config, bool owns_config, struct ticket_keys *keys,
		struct setup *ret_setup, struct err *err);

/* Whether a running server can go over from old to new. False with err set: it names the key that needs a restart. */
bool setup_may_change(const struct config *old, const struct config *new, struct err *err);

#endif
