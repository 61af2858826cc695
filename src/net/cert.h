/* Certificates: made when missing, renewed with the same key, shown as clients show them. */
#ifndef NET_CERT_H
#define NET_CERT_H

#include "base/err.h"
#include "base/str.h"

enum { CERT_YEARS = 20, CERT_HOSTS_MAX = 32, CERT_DIGEST_TEXT = 96 };

struct cert_facts {
	char certificate_sha256[CERT_DIGEST_TEXT]; /* "AB:CD:..." of the DER certificate */
	char key_sha256[CERT_DIGEST_TEXT]; /* of the DER public key (SubjectPublicKeyInfo) */
	int64_t not_before;
	int64_t not_after;
	char names[512]; /* DNS names, separated by ", "; cut when they do not fit */
	bool is_self_signed;
};

/*
 * Makes an ECDSA P-256 key (0600) and a self-signed certificate for the DNS names
 * among hosts (address literals are left out: they make clients fail), valid
 * CERT_YEARS but not past 2049. With renew an existing key of any kind is kept
 * and the certificate replaced, unless an authority issued it; without renew
 * existing files are an error. Files are written beside and moved into place;
 * missing folders are made.
 */
bool cert_make(const char *certificate, const char *key, const struct str *hosts, size_t host_count,
	       bool renew, struct err *err);

/* Whether both files exist. One without the other is an error told by cert_make and the TLS set-up. */
bool cert_exists(const char *certificate, const char *key);

/* Reads the facts of the first certificate in a PEM file. */
bool cert_facts(const char *certificate, struct cert_facts *ret_facts, struct err *err);

/*
 * Whether the first certificate in a PEM file is for host, by its subjectAltName: "*" stands
 * for a first label (RFC 6125 6.4.3). False when it cannot be read, too.
 */
bool cert_names(const char *certificate, struct str host);

/* Whether a host is an address rather than a name: in brackets, or of digits and dots only. */
bool cert_is_literal(struct str host);

/* Whether nobody but the file's owner may read the key. True for a missing file. */
bool cert_key_is_private(const char *key);

#endif
