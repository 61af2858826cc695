/* The TLS side against clients that OpenSSL's own would not be: what they try, and what they get. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/cert.h"
#include "net/ticket.h"
#include "net/tls.h"

enum { TURNS = 10 };

static char folder[] = "/tmp/tls-XXXXXX";
static struct ticket_keys *keys;
static struct tls *tls;
static struct tls_sites sites;

/* Both ends of a connection in memory. */
struct talk {
	SSL_CTX *context;
	SSL *server;
	SSL *client;
	unsigned tickets;     /* that the client got */
	SSL_SESSION *session; /* the last of them */
};

static int set_up(void **state)
{
	const struct str host = STR("news.example");
	struct tls_plan plan = { .count = 1, .hosts = &host, .host_count = 1 };
	struct err err = { "" };
	char certificate[64], key[64];

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(certificate, sizeof(certificate), "%s/a.crt", folder);
	snprintf(key, sizeof(key), "%s/a.key", folder);
	if (!cert_make(certificate, key, &host, 1, false, &err))
		return -1;
	keys = ticket_keys_new(&err);
	plan.certificates = &(struct str){ certificate, strlen(certificate) };
	plan.keys = &(struct str){ key, strlen(key) };
	tls = tls_new(&plan, keys, &err);
	sites = (struct tls_sites){ { tls }, 1 };
	return tls ? 0 : -1;
}

static int tear_down(void **state)
{
	char command[64];

	(void)state;
	tls_free(tls);
	ticket_keys_free(keys);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

static int on_ticket(SSL *ssl, SSL_SESSION *session)
{
	struct talk *talk = SSL_get_app_data(ssl);

	talk->tickets++;
	SSL_SESSION_free(talk->session);
	talk->session = session;
	return 1;
}

static void talk_init(struct talk *talk, int version, SSL_SESSION *session)
{
	BIO *near, *far;

	*talk = (struct talk){ .context = SSL_CTX_new(TLS_client_method()) };
	SSL_CTX_set_session_cache_mode(talk->context, SSL_SESS_CACHE_CLIENT);
	SSL_CTX_sess_set_new_cb(talk->context, on_ticket);
	talk->server = tls_session(&sites);
	talk->client = SSL_new(talk->context);
	SSL_set_app_data(talk->client, talk);
	assert_int_equal(BIO_new_bio_pair(&near, 0, &far, 0), 1);
	SSL_set_bio(talk->server, far, far);
	SSL_set_bio(talk->client, near, near);
	SSL_set_connect_state(talk->client);
	SSL_set_max_proto_version(talk->client, version);
	if (session)
		assert_int_equal(SSL_set_session(talk->client, session), 1);
}

static void talk_done(struct talk *talk)
{
	SSL_shutdown(talk->client);
	SSL_free(talk->client);
	SSL_free(talk->server);
	SSL_SESSION_free(talk->session);
	SSL_CTX_free(talk->context);
	ERR_clear_error();
}

static void shake_hands(struct talk *talk)
{
	for (int turn = 0; turn < TURNS; turn++) {
		SSL_do_handshake(talk->client);
		SSL_do_handshake(talk->server);
	}
	assert_true(SSL_is_init_finished(talk->client) && SSL_is_init_finished(talk->server));
}

/* A line there and an answer back, as a request goes. */
static void exchange(struct talk *talk)
{
	char text[16];

	assert_int_equal(SSL_write(talk->client, "ask", 3), 3);
	assert_int_equal(SSL_read(talk->server, text, sizeof(text)), 3);
	assert_memory_equal(text, "ask", 3);
	assert_int_equal(SSL_write(talk->server, "answer", 6), 6);
	assert_int_equal(SSL_read(talk->client, text, sizeof(text)), 6);
}

static void every_handshake_gives_one_ticket_also_a_resumed_one(void **state)
{
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct talk first, second;

		talk_init(&first, versions[i], NULL);
		shake_hands(&first);
		exchange(&first);
		assert_int_equal(first.tickets, 1);
		talk_init(&second, versions[i], first.session);
		shake_hands(&second);
		exchange(&second);
		assert_true(SSL_session_reused(second.client));
		/* TLS 1.2 goes on with the ticket it has; in 1.3 each is meant for one use. */
		assert_int_equal(second.tickets, versions[i] == TLS1_3_VERSION ? 1 : 0);
		talk_done(&first);
		talk_done(&second);
	}
}

static void ticket_allows_no_early_data(void **state)
{
	struct talk talk;

	(void)state;
	talk_init(&talk, TLS1_3_VERSION, NULL);
	shake_hands(&talk);
	exchange(&talk);
	assert_non_null(talk.session);
	assert_int_equal(SSL_SESSION_get_max_early_data(talk.session), 0);
	talk_done(&talk);
}

/* RFC 8446 4.2.10: a server that does not want it skips it, and the handshake goes on. */
static void early_data_of_a_client_that_sends_it_all_the_same_is_dropped(void **state)
{
	struct talk first, second;
	size_t written;

	(void)state;
	talk_init(&first, TLS1_3_VERSION, NULL);
	shake_hands(&first);
	exchange(&first);
	assert_int_equal(SSL_SESSION_set_max_early_data(first.session, 1000), 1);
	talk_init(&second, TLS1_3_VERSION, first.session);
	assert_int_equal(SSL_write_early_data(second.client, "early", 5, &written), 1);
	shake_hands(&second);
	assert_int_equal(SSL_get_early_data_status(second.client), SSL_EARLY_DATA_REJECTED);
	assert_true(SSL_session_reused(second.client));
	exchange(
		&second); /* the server reads what came after the handshake, and nothing before it */
	talk_done(&first);
	talk_done(&second);
}

static void renegotiation_is_refused(void **state)
{
	struct talk talk;
	char byte;

	(void)state;
	talk_init(&talk, TLS1_2_VERSION, NULL);
	SSL_set_options(talk.client, SSL_OP_ALLOW_CLIENT_RENEGOTIATION);
	shake_hands(&talk);
	exchange(&talk);
	assert_int_equal(SSL_renegotiate(talk.client), 1);
	SSL_do_handshake(talk.client);
	SSL_read(talk.server, &byte, 1);
	SSL_do_handshake(talk.client);
	assert_int_equal(ERR_GET_REASON(ERR_peek_last_error()), SSL_R_NO_RENEGOTIATION);
	talk_done(&talk);
}

static void tls_1_1_gets_an_alert(void **state)
{
	struct talk talk;

	(void)state;
	talk_init(&talk, TLS1_1_VERSION, NULL);
	SSL_set_min_proto_version(talk.client, TLS1_1_VERSION);
	SSL_set_security_level(talk.client, 0); /* or it would not even try */
	SSL_do_handshake(talk.client);
	SSL_do_handshake(talk.server);
	ERR_clear_error();
	SSL_do_handshake(talk.client);
	assert_int_equal(ERR_GET_REASON(ERR_peek_last_error()), SSL_R_TLSV1_ALERT_PROTOCOL_VERSION);
	talk_done(&talk);
}

static void forged_ticket_leads_to_a_full_handshake(void **state)
{
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct talk first, second;
		unsigned char *ticket;
		size_t len;

		talk_init(&first, versions[i], NULL);
		shake_hands(&first);
		exchange(&first);
		SSL_SESSION_get0_ticket(first.session, (const unsigned char **)&ticket, &len);
		ticket[len / 2] ^= 1;
		talk_init(&second, versions[i], first.session);
		shake_hands(&second);
		exchange(&second);
		assert_false(SSL_session_reused(second.client));
		talk_done(&first);
		talk_done(&second);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_handshake_gives_one_ticket_also_a_resumed_one),
		cmocka_unit_test(ticket_allows_no_early_data),
		cmocka_unit_test(early_data_of_a_client_that_sends_it_all_the_same_is_dropped),
		cmocka_unit_test(renegotiation_is_refused),
		cmocka_unit_test(tls_1_1_gets_an_alert),
		cmocka_unit_test(forged_ticket_leads_to_a_full_handshake),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
