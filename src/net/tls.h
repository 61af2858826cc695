/* The TLS side of a service: a certificate with its key, and how connections are made under it. */
#ifndef NET_TLS_H
#define NET_TLS_H

#include "base/err.h"

struct ssl_st;
struct ticket_keys;
struct tls;

/*
 * Loads a PEM certificate (with its chain, if it has one) and its key and checks them
 * against each other. Sessions resume only under the same name. A key that
 * others than its owner may read is an error. asks: clients are asked for a certificate,
 * and may have none; whose it is and whether it is valid is for others to judge. keys must
 * outlive it. NULL with err set (a sentence with the file in it).
 */
struct tls *tls_new(const char *certificate, const char *key, const char *name, bool asks,
		    struct ticket_keys *keys, struct err *err);

/* Whether tls_new() would take them; err says why not. */
bool tls_check(const char *certificate, const char *key, struct err *err);

/* Connections that were begun with it go on. NULL is fine. */
void tls_free(struct tls *tls);

/* For net/ only: a new session of a server; NULL when memory is out. */
struct ssl_st *tls_session(const struct tls *tls);

#endif
