/* TLS contexts: TLS 1.2 and 1.3, tickets of our own, no early data, client certificates when asked for. */
#include "net/tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/cert.h"
#include "net/openssl.h"
#include "net/ticket.h"
#include "net/tls_choice.h"

/* AES-128-GCM first: the cheapest for both sides that every client has (4 % of a handshake). */
static const char ciphers_13[] =
	"TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384";
static const char ciphers_12[] = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
				 "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
				 "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";

/* Bytes; most clients send one certificate of 300 to 1,500. */
enum { CLIENT_CHAIN_MAX = 16 * 1024 };

/* It is in every ticket; two sites share it once in four billion. */
enum { CONTEXT_ID_BYTES = 4 };

/* Every name is taken; the protocol compares it with the request. Without this the name of a resumed session is lost. */
static int on_server_name(SSL *ssl, int *alert, void *context)
{
	(void)ssl;
	(void)alert;
	(void)context;
	return SSL_TLSEXT_ERR_OK;
}

static bool set_versions(SSL_CTX *context)
{
	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
					     SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS); /* an idle connection: 16 KB, not 30 */
	SSL_CTX_set_read_ahead(context, 1);
	return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
	       SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
	       SSL_CTX_set_ciphersuites(context, ciphers_13) == 1 &&
	       SSL_CTX_set_cipher_list(context, ciphers_12) == 1;
}

/* The handshake proves that the client holds the key; that is all that anybody here builds on. */
static int on_client_certificate(X509_STORE_CTX *chain, void *context)
{
	(void)context;
	X509_STORE_CTX_set_error(chain, X509_V_OK);
	return 1;
}

static void ask_for_certificate(SSL_CTX *context)
{
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_cert_verify_callback(context, on_client_certificate, NULL);
	SSL_CTX_set_max_cert_list(context, CLIENT_CHAIN_MAX);
}

/*
 * What a session belongs to, which is in its ticket; a site that is alone and does not ask needs
 * no such thing. A session that began without the question has no certificate in its
 * ticket, though its client may have one by now: it does not go on where the question is put.
 */
static bool set_context_id(SSL_CTX *context, const struct tls_plan *plan)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];
	char *text;

	if (plan->is_alone && !plan->asks)
		return true;
	text = mem_format("%s%s", plan->hosts[0].data, plan->asks ? " asks" : "");
	SHA256((const unsigned char *)text, strlen(text), hash);
	free(text);
	return SSL_CTX_set_session_id_context(context, hash, CONTEXT_ID_BYTES) == 1;
}

static bool set_sessions(SSL_CTX *context, const struct tls_plan *plan, struct ticket_keys *keys)
{
	if (plan->asks)
		ask_for_certificate(context);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF); /* the ticket holds it all */
	SSL_CTX_set_max_early_data(context, 0);
	SSL_CTX_set_tlsext_servername_callback(context, on_server_name);
	return SSL_CTX_set_num_tickets(context, 1) == 1 && set_context_id(context, plan) &&
	       ticket_keys_use(keys, context);
}

static bool is_readable(const char *path, struct err *err)
{
	if (access(path, R_OK) == 0)
		return true;
	return err_set(err, "%s: %s", path, strerror(errno));
}

/* Whether the last failure was a good key that belongs to another certificate. */
static bool is_mismatch(void)
{
	return ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH;
}

static bool load(SSL_CTX *context, const char *certificate, const char *key, struct err *err)
{
	if (!is_readable(certificate, err) || !is_readable(key, err))
		return false;
	if (!cert_key_is_private(key))
		return err_set(err, "%s: others may read this private key; run chmod 600 on it",
			       key);
	SSL_CTX_set_default_passwd_cb(context, openssl_no_passphrase);
	if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1)
		return err_set(err, "%s: no certificate can be read from it (%s)", certificate,
			       openssl_reason());
	if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1 && !is_mismatch())
		return err_set(err, "%s: no key can be read from it (%s)", key, openssl_reason());
	if (SSL_CTX_check_private_key(context) != 1) {
		ERR_clear_error();
		return err_set(err, "%s is not the key of %s", key, certificate);
	}
	return true;
}

static SSL_CTX *new_context(const struct tls_plan *plan, size_t which, struct ticket_keys *keys,
			    struct err *err)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());

	if (!context || !set_versions(context) || !set_sessions(context, plan, keys)) {
		err_set(err, "TLS cannot be set up: %s", openssl_reason());
		goto fail;
	}
	if (!load(context, plan->certificates[which].data, plan->keys[which].data, err))
		goto fail;
	SSL_CTX_set_client_hello_cb(context, tls_choose, NULL);
	return context;
fail:
	SSL_CTX_free(context);
	return NULL;
}

struct tls *tls_new(const struct tls_plan *plan, struct ticket_keys *keys, struct err *err)
{
	struct tls *tls = mem_alloc(1, sizeof(*tls));

	tls->hosts = mem_alloc(plan->host_count, sizeof(*tls->hosts));
	for (; tls->host_count < plan->host_count; tls->host_count++) {
		struct str host = plan->hosts[tls->host_count];

		tls->hosts[tls->host_count] = (struct str){ mem_copy(host.data, host.len),
							    host.len };
	}
	tls->contexts = mem_alloc(plan->count, sizeof(SSL_CTX *));
	for (; tls->count < plan->count; tls->count++) {
		tls->contexts[tls->count] = new_context(plan, tls->count, keys, err);
		if (!tls->contexts[tls->count]) {
			tls_free(tls);
			return NULL;
		}
	}
	return tls;
}

bool tls_check(const char *certificate, const char *key, struct err *err)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	bool ok = context ? load(context, certificate, key, err)
			  : err_set(err, "TLS cannot be set up: %s", openssl_reason());

	SSL_CTX_free(context);
	return ok;
}

void tls_free(struct tls *tls)
{
	if (!tls)
		return;
	for (size_t i = 0; i < tls->count; i++)
		SSL_CTX_free(tls->contexts[i]);
	for (size_t i = 0; i < tls->host_count; i++)
		free((char *)tls->hosts[i].data);
	free(tls->contexts);
	free(tls->hosts);
	free(tls);
}

bool tls_facts(const struct tls *tls, size_t which, struct cert_facts *ret_facts)
{
	return which < tls->count &&
	       openssl_facts(SSL_CTX_get0_certificate(tls->contexts[which]), ret_facts);
}

struct ssl_st *tls_session(const struct tls_sites *sites)
{
	SSL *ssl = SSL_new(sites->items[0]->contexts[0]);

	if (!ssl)
		return NULL;
	if (SSL_set_app_data(ssl, (void *)sites) != 1) {
		SSL_free(ssl);
		return NULL;
	}
	SSL_set_accept_state(ssl);
	return ssl;
}
