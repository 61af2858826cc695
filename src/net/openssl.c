/* OpenSSL's reasons and digests. */
#include "net/openssl.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/date.h"

const char *openssl_reason(void)
{
	unsigned long code = ERR_get_error();
	const char *text = code ? ERR_reason_error_string(code) : NULL;

	ERR_clear_error();
	return text ? text : "OpenSSL failed";
}

int openssl_no_passphrase(char *out, int size, int is_writing, void *context)
{
	(void)out;
	(void)size;
	(void)is_writing;
	(void)context;
	return -1;
}

static bool print(const unsigned char *digest, unsigned len, char ret_text[CERT_DIGEST_TEXT])
{
	static const char digits[] = "0123456789ABCDEF";
	char *out = ret_text;

	if (len * 3 > CERT_DIGEST_TEXT)
		return false;
	for (unsigned i = 0; i < len; i++) {
		if (i > 0)
			*out++ = ':';
		*out++ = digits[digest[i] >> 4];
		*out++ = digits[digest[i] & 15];
	}
	*out = '\0';
	return true;
}

bool openssl_digest_certificate(const X509 *certificate, char ret_text[CERT_DIGEST_TEXT])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len;

	return X509_digest(certificate, EVP_sha256(), digest, &len) == 1 &&
	       print(digest, len, ret_text);
}

bool openssl_hash_key(const X509 *certificate, unsigned char ret_digest[SHA256_DIGEST_LENGTH])
{
	unsigned char *der = NULL;
	int der_len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
	bool ok = der_len > 0 &&
		  EVP_Digest(der, (size_t)der_len, ret_digest, NULL, EVP_sha256(), NULL) == 1;

	OPENSSL_free(der);
	return ok;
}

bool openssl_digest_key(const X509 *certificate, char ret_text[CERT_DIGEST_TEXT])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];

	return openssl_hash_key(certificate, digest) && print(digest, sizeof(digest), ret_text);
}

int64_t openssl_seconds(const ASN1_TIME *time)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(time, &tm) != 1)
		return 0;
	return date_seconds((struct civil){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
					    tm.tm_hour, tm.tm_min, tm.tm_sec });
}
