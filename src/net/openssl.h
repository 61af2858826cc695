/* What everything that uses OpenSSL here shares: its reasons, and digests as people compare them. */
#ifndef NET_OPENSSL_H
#define NET_OPENSSL_H

#include <openssl/sha.h>
#include <openssl/x509.h>

#include "net/cert.h"

/* The oldest queued reason as static text; empties the queue. */
const char *openssl_reason(void);

/* A pem_password_cb: a key that asks for a passphrase is refused rather than waited for. */
int openssl_no_passphrase(char *out, int size, int is_writing, void *context);

/* "AB:CD:..." of the DER certificate and of its DER SubjectPublicKeyInfo. False when OpenSSL fails. */
bool openssl_digest_certificate(const X509 *certificate, char ret_text[CERT_DIGEST_TEXT]);
bool openssl_digest_key(const X509 *certificate, char ret_text[CERT_DIGEST_TEXT]);

/* The same digest of the key as bytes. */
bool openssl_hash_key(const X509 *certificate, unsigned char ret_digest[SHA256_DIGEST_LENGTH]);

/* What cert_facts() tells. False when OpenSSL fails. */
bool openssl_facts(const X509 *certificate, struct cert_facts *ret_facts);

/* Seconds since 1970; 0 for what is no time. */
int64_t openssl_seconds(const ASN1_TIME *time);

#endif
