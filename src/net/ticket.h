/*
 * The keys that session tickets are sealed with, the same for all workers: they
 * live in shared memory that the supervisor makes and alone writes, so they
 * outlive every worker and a ticket of one resumes with any other.
 */
#ifndef NET_TICKET_H
#define NET_TICKET_H

#include <stdint.h>

#include "base/err.h"

struct ssl_ctx_st;
struct ticket_keys;
struct ticket_secret;

/* Fresh random keys. NULL with err set. */
struct ticket_keys *ticket_keys_new(struct err *err);
void ticket_keys_free(struct ticket_keys *keys);

/* A new key for new tickets; the one before is still taken, older ones no longer. False when there is no randomness. */
bool ticket_keys_rotate(struct ticket_keys *keys);

/* A new key, and none of the old ones is taken. False when there is no randomness. */
bool ticket_keys_renew(struct ticket_keys *keys);

/*
 * The keys that follow from secret at now (seconds since the epoch): those of the
 * present period of 12 hours, of the one before, and, for machines whose clock is ahead, of
 * the next. The same keys again change nothing. False when they cannot be derived.
 */
bool ticket_keys_follow(struct ticket_keys *keys, const struct ticket_secret *secret, int64_t now);

/* Makes a context seal and open its tickets with keys, which must outlive it. */
bool ticket_keys_use(struct ticket_keys *keys, struct ssl_ctx_st *context);

#endif
