/* Making ready what a reload may change: certificate and access log; and telling what it may not. */
#ifndef SETUP_H
#define SETUP_H

#include "crew.h"
#include "stamps.h"

struct ticket_keys;

/* Makes certificate and key when both are missing, and the ticket key. */
bool setup_make(const struct config *config, struct err *err);

/* Notes how the files are that setup_load() is about to read and that change without a word to the server. */
void setup_watch(const struct config *config, struct stamps *stamps);

/*
 * Loads what config names. With owns_config the setup frees it, also when this fails. False with err set.
 */
bool setup_load(const struct config *config, bool owns_config, struct ticket_keys *keys,
		struct setup *ret_setup, struct err *err);

/* Whether a running server can go over from old to new. False with err set: it names the key that needs a restart. */
bool setup_may_change(const struct config *old, const struct config *new, struct err *err);

#endif
