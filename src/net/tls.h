/* The TLS side of a service: a site's certificates with their keys, and how connections are made under them. */
#ifndef NET_TLS_H
#define NET_TLS_H

#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

struct cert_facts;
struct ssl_st;
struct ticket_keys;
struct tls;

/* What a site shows to clients; borrowed while tls_new() works. Paths end with a NUL. */
struct tls_plan {
	const struct str *certificates; /* PEM files, each with its chain if it has one */
	const struct str *keys;		/* of each its own */
	size_t count;
	const struct str
		*hosts; /* the site's names; sessions resume only under the same first one */
	size_t host_count;
	bool is_alone; /* no other site and no other certificate is behind the listener */
	bool asks; /* clients are asked for a certificate, and may have none; whose it is and whether it is valid is for others to judge */
};

/*
 * Loads the certificates and their keys and checks them against each other. A key that
 * others than its owner may read is an error. keys must outlive it. NULL with err set (a sentence
 * with the file in it).
 */
struct tls *tls_new(const struct tls_plan *plan, struct ticket_keys *keys, struct err *err);

/* Whether tls_new() would take them; err says why not. */
bool tls_check(const char *certificate, const char *key, struct err *err);

/* Connections that were begun with it go on. NULL is fine. */
void tls_free(struct tls *tls);

/* The facts of certificate number which (from 0), as it is shown to clients. False: there is none of that number. */
bool tls_facts(const struct tls *tls, size_t which, struct cert_facts *ret_facts);

enum { TLS_SITES_MAX = 16 };

/* The sites behind one listener. Whoever asks for a name of none of them, or for no name (SNI), gets the first. */
struct tls_sites {
	const struct tls *items[TLS_SITES_MAX];
	size_t count;
};

/* For net/ only: a new session of a server; sites must outlive it. NULL when memory is out. */
struct ssl_st *tls_session(const struct tls_sites *sites);

#endif
