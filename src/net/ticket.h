/*
 * The keys that session tickets are sealed with, the same for all workers: they
 * live in shared memory that the supervisor makes and alone writes, so they
 * outlive every worker and a ticket of one resumes with any other.
 */
#ifndef NET_TICKET_H
#define NET_TICKET_H

#include "base/err.h"

struct ssl_ctx_st;
struct ticket_keys;

/* Fresh random keys. NULL with err set. */
struct ticket_keys *ticket_keys_new(struct err *err);
void ticket_keys_free(struct ticket_keys *keys);

/* A new key for new tickets; the one before is still taken, older ones no longer. False when there is no randomness. */
bool ticket_keys_rotate(struct ticket_keys *keys);

/* Makes a context seal and open its tickets with keys, which must outlive it. */
bool ticket_keys_use(struct ticket_keys *keys, struct ssl_ctx_st *context);

#endif
