/* Certificates: made when missing, renewed with the same key, shown as clients show them. */
#ifndef NET_CERT_H
#define NET_CERT_H

#include "base/err.h"
#include "base/str.h"

enum { CERT_YEARS = 20, CERT_HOSTS_MAX = 32, CERT_DIGEST_TEXT = 96 };

struct cert_facts {
	char certificate_sha256[CERT_DIGEST_TEXT]; /* "AB:CD:..." of the DER certificate */
	char key_sha256[CERT_DIGEST_TEXT];	   /* of the DER public key (SubjectPublicKeyInfo) */
	int64_t not_before;
	int64_t not_after;
	char names[512]; /* DNS names, separated by ", " */
};

/*
 * Makes an ECDSA P-256 key (0600) and a self-signed certificate for the DNS names
 * hosts, valid CERT_YEARS. With renew an existing key is kept and the
 * certificate replaced; without it existing files are an error. Files are
 * written beside and renamed into place.
 */
bool cert_make(const char *certificate, const char *key, const struct str *hosts, size_t host_count, bool renew,
	       struct err *err);

/* Whether both files exist. One without the other is an error told by cert_make and the TLS set-up. */
bool cert_exists(const char *certificate, const char *key);

/* Reads a certificate's facts. */
bool cert_facts(const char *certificate, struct cert_facts *ret_facts, struct err *err);

#endif
