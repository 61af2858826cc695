/* Certificates as they are on disk: are they there, and what they say. */
#include "net/cert.h"

#include <errno.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "net/openssl.h"

bool cert_exists(const char *certificate, const char *key)
{
	return access(certificate, F_OK) == 0 && access(key, F_OK) == 0;
}

bool cert_key_is_private(const char *key)
{
	struct stat st;

	return stat(key, &st) == -1 || (st.st_mode & 077) == 0;
}

static void collect_names(const X509 *x509, char *out, size_t size)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(x509, NID_subject_alt_name, NULL, NULL);
	struct buf text;

	buf_init(&text, size - 1);
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		const ASN1_STRING *dns;

		if (name->type != GEN_DNS)
			continue;
		dns = name->d.dNSName;
		if (text.len > 0)
			buf_str(&text, STR(", "));
		for (int j = 0; j < ASN1_STRING_length(dns); j++) {
			unsigned char c = ASN1_STRING_get0_data(dns)[j];

			buf_char(&text, c > ' ' && c < 0x7F ? (char)c : '?');
		}
	}
	memcpy(out, text.data ? text.data : "", text.len);
	out[text.len] = '\0';
	buf_done(&text);
	GENERAL_NAMES_free(names);
}

/* NULL with err set. */
static X509 *read_first(const char *certificate, struct err *err)
{
	FILE *file = fopen(certificate, "re");
	X509 *x509;

	if (!file) {
		err_set(err, "%s: %s", certificate, strerror(errno));
		return NULL;
	}
	x509 = PEM_read_X509(file, NULL, NULL, NULL);
	fclose(file);
	if (!x509)
		err_set(err, "%s: not a certificate in PEM: %s", certificate, openssl_reason());
	return x509;
}

bool cert_names(const char *certificate, struct str host)
{
	X509 *x509 = read_first(certificate, NULL);
	bool is_named = x509 && X509_check_host(x509, host.data, host.len,
						X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, NULL) == 1;

	X509_free(x509);
	return is_named;
}

bool openssl_facts(const X509 *x509, struct cert_facts *ret_facts)
{
	struct cert_facts facts = { .names = "" };

	if (!openssl_digest_certificate(x509, facts.certificate_sha256) ||
	    !openssl_digest_key(x509, facts.key_sha256))
		return false;
	facts.not_before = openssl_seconds(X509_get0_notBefore(x509));
	facts.not_after = openssl_seconds(X509_get0_notAfter(x509));
	collect_names(x509, facts.names, sizeof(facts.names));
	facts.is_self_signed = X509_self_signed((X509 *)x509, 0) == 1;
	*ret_facts = facts;
	return true;
}

bool cert_facts(const char *certificate, struct cert_facts *ret_facts, struct err *err)
{
	X509 *x509 = read_first(certificate, err);
	bool ok;

	if (!x509)
		return false;
	ok = openssl_facts(x509, ret_facts);
	X509_free(x509);
	return ok ? true : err_set(err, "%s: no digest: %s", certificate, openssl_reason());
}
