/*
 * What the configuration makes of a store: who we are to the readers of each
 * protocol, and the site they read. Shared by everything that calls serve(), so
 * that `get` and `check` see what the workers send.
 */
#ifndef ORIGIN_H
#define ORIGIN_H

#include "config.h"
#include "proto/proto.h"
#include "site/site.h"

struct tls;

/* Ceilings for what one call of serve() may use: its arena, and the bytes of a reply without its file. */
enum { SCRATCH_BYTES_MAX = 64 << 20, REPLY_BYTES_MAX = 16 << 20 };

/*
 * Fills ret_origin for one protocol; server_name stays empty. bound_port is the
 * port that the first listen address was given by the kernel, 0 when nothing is
 * bound. Borrows from config; the paper's name and contact are copied from
 * the default edition into arena. store may be NULL: they stay empty.
 * Opens and closes a reading of the store: not to be called within one.
 */
void origin_set(const struct config *config, const struct proto *proto, unsigned bound_port,
		struct store *store, struct arena *arena, struct origin *ret_origin);

/*
 * Fills ret_site: the wall clock, names, robots lines, and the fingerprints of tls, which
 * clients are shown; with NULL those of the certificate files as they are now (none that cannot
 * be read). Borrows from config and arena.
 */
void origin_site(const struct config *config, const struct tls *tls, struct store *store,
		 struct arena *arena, struct site *ret_site);

#endif
