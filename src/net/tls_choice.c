/*
 * Which certificate a client gets: told by the name in its first message (SNI, RFC 6066 3),
 * before OpenSSL looks at the session that the client may want to resume.
 */
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "net/tls_choice.h"

/* server_name: a list of one host name: length of the list, type 0, length, name. */
static struct str name_of(SSL *ssl)
{
	const unsigned char *data;
	size_t len;
	size_t name_len;

	if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &data, &len) != 1 || len < 5 ||
	    data[2] != TLSEXT_NAMETYPE_host_name)
		return STR("");
	name_len = (size_t)data[3] << 8 | data[4];
	if (name_len > len - 5 || name_len > TLSEXT_MAXLEN_host_name)
		return STR("");
	return (struct str){ (const char *)data + 5, name_len };
}

static bool has_host(const struct tls *tls, struct str name)
{
	for (size_t i = 0; i < tls->host_count; i++)
		if (str_eq_nocase(name, tls->hosts[i]))
			return true;
	return false;
}

static const struct tls *site_for(const struct tls_sites *sites, struct str name)
{
	for (size_t i = 0; i < sites->count; i++)
		if (has_host(sites->items[i], name))
			return sites->items[i];
	return sites->items[0];
}

static SSL_CTX *certificate_for(const struct tls *tls, struct str name)
{
	for (size_t i = 0; tls->count > 1 && i < tls->count; i++)
		if (X509_check_host(SSL_CTX_get0_certificate(tls->contexts[i]), name.data, name.len,
				    0, NULL) == 1)
			return tls->contexts[i];
	return tls->contexts[0];
}

int tls_choose(SSL *ssl, int *alert, void *context)
{
	const struct tls_sites *sites = SSL_get_app_data(ssl);
	struct str name = name_of(ssl);
	SSL_CTX *chosen;

	(void)alert;
	(void)context;
	if (name.len == 0)
		return SSL_CLIENT_HELLO_SUCCESS;
	if (str_ends(name, STR(".")))
		name = str_head(name, name.len - 1);
	chosen = certificate_for(site_for(sites, name), name);
	if (chosen == SSL_get_SSL_CTX(ssl))
		return SSL_CLIENT_HELLO_SUCCESS;
	/* The session id context goes along, so that no session of another site resumes. */
	SSL_set_SSL_CTX(ssl, chosen);
	SSL_set_verify(ssl, SSL_CTX_get_verify_mode(chosen), NULL);
	SSL_set_max_cert_list(ssl, SSL_CTX_get_max_cert_list(chosen));
	return SSL_CLIENT_HELLO_SUCCESS;
}
