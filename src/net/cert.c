/* Self-signed certificates: made, and renewed with the same key. */
#include "net/cert.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "base/folder.h"
#include "base/put.h"
#include "net/openssl.h"

/* The last moment that X.509 writes with a two-digit year; clients read that everywhere. */
static const struct civil last_day = { 2049, 12, 31, 23, 59, 59 };

enum { CLOCK_SKEW = 3600, COMMON_NAME_MAX = 64 };

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

bool cert_is_literal(struct str host)
{
	if (str_starts(host, STR("[")))
		return true;
	for (size_t i = 0; i < host.len; i++)
		if (host.data[i] != '.' && (host.data[i] < '0' || host.data[i] > '9'))
			return false;
	return true;
}

static GENERAL_NAME *dns_name(struct str host)
{
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_IA5STRING *text = ASN1_IA5STRING_new();

	if (!name || !text || !ASN1_STRING_set(text, host.data, (int)host.len)) {
		GENERAL_NAME_free(name);
		ASN1_IA5STRING_free(text);
		return NULL;
	}
	GENERAL_NAME_set0_value(name, GEN_DNS, text);
	return name;
}

/* subjectAltName with the DNS names among hosts; nothing when there are none. */
static bool add_names(X509 *x509, const struct str *hosts, size_t host_count)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	bool ok = names != NULL;

	for (size_t i = 0; ok && i < host_count; i++) {
		GENERAL_NAME *name = cert_is_literal(hosts[i]) ? NULL : dns_name(hosts[i]);

		if (name)
			ok = sk_GENERAL_NAME_push(names, name) > 0;
		else
			ok = cert_is_literal(hosts[i]);
	}
	if (ok && sk_GENERAL_NAME_num(names) > 0)
		ok = X509_add1_ext_i2d(x509, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT) ==
		     1;
	sk_GENERAL_NAME_pop_free(names, GENERAL_NAME_free);
	return ok;
}

static bool set_subject(X509 *x509, struct str host)
{
	X509_NAME *name = X509_get_subject_name(x509);

	if (host.len > COMMON_NAME_MAX)
		host = STR("tidings");
	return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
					  (const unsigned char *)host.data, (int)host.len, -1,
					  0) == 1 &&
	       X509_set_issuer_name(x509, name) == 1;
}

static bool set_serial(X509 *x509)
{
	uint64_t serial;

	if (RAND_bytes((unsigned char *)&serial, sizeof(serial)) != 1)
		return false;
	/* Positive, and never zero (RFC 5280 4.1.2.2). */
	serial = (serial >> 1) | 1;
	return ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), serial) == 1;
}

static bool set_validity(X509 *x509)
{
	int64_t now = time(NULL);
	struct civil end = date_civil(now);
	int64_t not_after;

	end.year += CERT_YEARS;
	not_after = date_seconds(end);
	if (not_after > date_seconds(last_day))
		not_after = date_seconds(last_day);
	return ASN1_TIME_set(X509_getm_notBefore(x509), now - CLOCK_SKEW) &&
	       ASN1_TIME_set(X509_getm_notAfter(x509), not_after);
}

static X509 *sign(EVP_PKEY *key, const struct str *hosts, size_t host_count, struct err *err)
{
	X509 *x509 = X509_new();

	if (x509 && X509_set_version(x509, X509_VERSION_3) == 1 && set_serial(x509) &&
	    set_validity(x509) && set_subject(x509, hosts[0]) && X509_set_pubkey(x509, key) == 1 &&
	    add_names(x509, hosts, host_count) && X509_sign(x509, key, EVP_sha256()) > 0)
		return x509;
	err_set(err, "the certificate cannot be made: %s", openssl_reason());
	X509_free(x509);
	return NULL;
}

static bool put_key(const char *path, EVP_PKEY *key, struct err *err)
{
	BIO *memory = BIO_new(BIO_s_secmem());
	char *bytes;
	bool ok = false;

	if (!memory || PEM_write_bio_PrivateKey(memory, key, NULL, NULL, 0, NULL, NULL) != 1) {
		err_set(err, "the key cannot be written: %s", openssl_reason());
	} else {
		size_t len = (size_t)BIO_get_mem_data(memory, &bytes);

		ok = file_put(path, 0600, (struct str){ bytes, len }, false, err);
	}
	BIO_free(memory);
	return ok;
}

static bool put_certificate(const char *path, X509 *x509, bool replace, struct err *err)
{
	BIO *memory = BIO_new(BIO_s_mem());
	char *bytes;
	bool ok = false;

	if (!memory || PEM_write_bio_X509(memory, x509) != 1) {
		err_set(err, "the certificate cannot be written: %s", openssl_reason());
	} else {
		size_t len = (size_t)BIO_get_mem_data(memory, &bytes);

		ok = file_put(path, 0644, (struct str){ bytes, len }, replace, err);
	}
	BIO_free(memory);
	return ok;
}

static EVP_PKEY *read_key(const char *path, struct err *err)
{
	FILE *file = fopen(path, "re");
	EVP_PKEY *key;

	if (!file) {
		err_set(err, "%s: %s", path, strerror(errno));
		return NULL;
	}
	key = PEM_read_PrivateKey(file, NULL, openssl_no_passphrase, NULL);
	if (!key)
		err_set(err, "%s: not a private key in PEM without passphrase: %s", path,
			openssl_reason());
	fclose(file);
	return key;
}

static EVP_PKEY *new_key(struct err *err)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");

	if (!key)
		err_set(err, "no key can be made: %s", openssl_reason());
	return key;
}

/* Why the files that are there do not allow it; NULL when they do. */
static const char *objection(const char *certificate, const char *key, bool renew)
{
	struct cert_facts facts;

	if (renew && !exists(key))
		return "there is no key to renew the certificate with";
	if (renew && cert_facts(certificate, &facts, NULL) && !facts.is_self_signed)
		return "the certificate was issued by an authority: renew it there";
	if (renew)
		return NULL;
	if (exists(certificate) && exists(key))
		return "certificate and key are there already";
	if (exists(key))
		return "the key is there but not its certificate: tidings cert renew makes one for "
		       "it";
	return exists(certificate) ? "the certificate is there but not its key" : NULL;
}

bool cert_make(const char *certificate, const char *key, const struct str *hosts, size_t host_count,
	       bool renew, struct err *err)
{
	const char *why = objection(certificate, key, renew);
	EVP_PKEY *pair = NULL;
	X509 *x509 = NULL;
	bool ok = false;

	if (why)
		return err_set(err, "%s, %s: %s", certificate, key, why);
	if (host_count == 0 || host_count > CERT_HOSTS_MAX)
		return err_set(err, "a certificate needs 1 to %d names", CERT_HOSTS_MAX);
	pair = renew ? read_key(key, err) : new_key(err);
	if (!pair)
		goto out;
	x509 = sign(pair, hosts, host_count, err);
	if (!x509 || !folder_above(key, err) || !folder_above(certificate, err))
		goto out;
	/* The key first: a certificate without its key is of no use, a key can be renewed. */
	if (!renew && !put_key(key, pair, err))
		goto out;
	ok = put_certificate(certificate, x509, renew, err);
out:
	X509_free(x509);
	EVP_PKEY_free(pair);
	return ok;
}
