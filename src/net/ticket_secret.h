/* A secret that several servers share, and the ticket keys that follow from it. */
#ifndef NET_TICKET_SECRET_H
#define NET_TICKET_SECRET_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { TICKET_SECRET_MIN = 32, TICKET_SECRET_MAX = 1024 };

struct ticket_secret;

/* Writes 48 random bytes to path, for its owner only, when nothing is there. */
bool ticket_secret_make(const char *path, struct err *err);

/*
 * Reads a secret; one that others than its owner may read is an error. It is kept in
 * memory that forked children find empty. NULL with err set.
 */
struct ticket_secret *ticket_secret_load(const char *path, struct err *err);
void ticket_secret_free(struct ticket_secret *secret);

/* len bytes that follow from the secret and number, the same on every machine (HKDF, RFC 5869). */
bool ticket_secret_derive(const struct ticket_secret *secret, int64_t number, unsigned char *out,
			  size_t len);

#endif
