/* Session tickets: which server opens whose, at what time, by what secret. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/cert.h"
#include "net/ticket.h"
#include "net/ticket_secret.h"
#include "net/tls.h"

enum { PERIOD = 12 * 3600, NOW = 1000 * PERIOD };

static char folder[] = "/tmp/ticket-XXXXXX";
static char certificate[64], key[64], secret_path[64];

/* One server: keys in memory of its own, under the certificate that all of them have. */
struct machine {
	struct ticket_keys *keys;
	struct tls *tls;
};

static int set_up(void **state)
{
	const struct str host = STR("news.example");
	struct err err = { "" };

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(certificate, sizeof(certificate), "%s/a.crt", folder);
	snprintf(key, sizeof(key), "%s/a.key", folder);
	snprintf(secret_path, sizeof(secret_path), "%s/new/tickets", folder);
	return cert_make(certificate, key, &host, 1, false, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

static struct machine machine_named(const char *name)
{
	struct err err = { "" };
	struct machine machine = { .keys = ticket_keys_new(&err) };
	struct str host = str_from(name);
	struct str certificate_path = str_from(certificate);
	struct str key_path = str_from(key);
	const struct tls_plan plan = { .certificates = &certificate_path,
				       .keys = &key_path,
				       .count = 1,
				       .hosts = &host,
				       .host_count = 1 };

	assert_non_null(machine.keys);
	machine.tls = tls_new(&plan, machine.keys, &err);
	if (!machine.tls)
		fail_msg("%s", err.text);
	return machine;
}

static struct machine machine_new(void)
{
	return machine_named("news.example");
}

static void machine_end(struct machine *machine)
{
	tls_free(machine->tls);
	ticket_keys_free(machine->keys);
}

/* With the first character c, so that secrets differ. */
static struct ticket_secret *secret_of(char c)
{
	char path[64];
	char text[TICKET_SECRET_MIN];
	struct err err = { "" };
	struct ticket_secret *secret;
	FILE *file;

	snprintf(path, sizeof(path), "%s/secret-%c", folder, c);
	memset(text, c, sizeof(text));
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, sizeof(text), file), sizeof(text));
	fclose(file);
	assert_int_equal(chmod(path, 0600), 0);
	secret = ticket_secret_load(path, &err);
	if (!secret)
		fail_msg("%s", err.text);
	return secret;
}

/* Handshakes in memory and returns the client's session; ret_resumed tells whether the one before was taken. */
static SSL_SESSION *meet(const struct machine *machine, int version, SSL_SESSION *before,
			 bool *ret_resumed)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	const struct tls_sites sites = { { machine->tls }, 1 };
	SSL *server = tls_session(&sites);
	SSL *client = SSL_new(context);
	SSL_SESSION *session;
	BIO *near, *far;
	char byte;

	assert_int_equal(BIO_new_bio_pair(&near, 0, &far, 0), 1);
	SSL_set_bio(server, far, far);
	SSL_set_bio(client, near, near);
	SSL_set_connect_state(client);
	SSL_set_max_proto_version(client, version);
	if (before)
		assert_int_equal(SSL_set_session(client, before), 1);
	for (int turn = 0; turn < 10; turn++) {
		SSL_do_handshake(client);
		SSL_do_handshake(server);
	}
	assert_int_equal(SSL_write(server, "x", 1), 1);
	assert_int_equal(SSL_read(client, &byte, 1), 1); /* and the ticket before it */
	assert_int_equal(SSL_version(client), version);
	*ret_resumed = SSL_session_reused(client);
	session = SSL_get1_session(client);
	SSL_shutdown(client);
	SSL_free(client);
	SSL_free(server);
	SSL_CTX_free(context);
	return session;
}

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

/* Whether a session that was begun with one machine resumes with the other. */
static bool resumes(const struct machine *begun, const struct machine *gone_on, int version)
{
	bool resumed;
	SSL_SESSION *session = meet(begun, version, NULL, &resumed);

	assert_false(resumed);
	SSL_SESSION_free(meet(gone_on, version, session, &resumed));
	SSL_SESSION_free(session);
	return resumed;
}

static void random_keys_resume_with_their_own_server_only(void **state)
{
	struct machine one = machine_new(), two = machine_new();

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_true(resumes(&one, &one, versions[i]));
		assert_false(resumes(&one, &two, versions[i]));
	}
	machine_end(&one);
	machine_end(&two);
}

static void random_keys_open_the_tickets_of_one_rotation_before_and_no_older_ones(void **state)
{
	struct machine one = machine_new();
	bool resumed;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		SSL_SESSION *session = meet(&one, versions[i], NULL, &resumed);

		assert_true(ticket_keys_rotate(one.keys));
		SSL_SESSION_free(meet(&one, versions[i], session, &resumed));
		assert_true(resumed);
		assert_true(ticket_keys_rotate(one.keys));
		SSL_SESSION_free(meet(&one, versions[i], session, &resumed));
		assert_false(resumed);
		SSL_SESSION_free(session);
	}
	machine_end(&one);
}

static void renewed_keys_open_no_ticket_of_before(void **state)
{
	struct machine one = machine_new();
	bool resumed;
	SSL_SESSION *session = meet(&one, TLS1_3_VERSION, NULL, &resumed);

	(void)state;
	assert_true(ticket_keys_renew(one.keys));
	SSL_SESSION_free(meet(&one, TLS1_3_VERSION, session, &resumed));
	assert_false(resumed);
	SSL_SESSION_free(session);
	machine_end(&one);
}

static void machines_with_one_secret_open_each_others_tickets_in_neighbouring_periods(void **state)
{
	struct ticket_secret *secret = secret_of('a'), *copy = secret_of('a');
	struct machine one = machine_new(), two = machine_new();

	(void)state;
	assert_true(ticket_keys_follow(one.keys, secret, NOW));
	for (int64_t periods = -2; periods <= 2; periods++) {
		assert_true(ticket_keys_follow(two.keys, copy, NOW + periods * PERIOD));
		for (size_t i = 0; i < 2; i++)
			assert_int_equal(resumes(&one, &two, versions[i]),
					 periods >= -1 && periods <= 1);
	}
	assert_true(ticket_keys_follow(two.keys, copy, NOW + PERIOD - 1));
	assert_true(resumes(&one, &two, TLS1_3_VERSION));
	machine_end(&one);
	machine_end(&two);
	ticket_secret_free(secret);
	ticket_secret_free(copy);
}

static void ticket_of_another_secret_is_not_opened(void **state)
{
	struct ticket_secret *secret = secret_of('a'), *foreign = secret_of('b');
	struct machine one = machine_new(), two = machine_new();

	(void)state;
	assert_true(ticket_keys_follow(one.keys, secret, NOW));
	assert_true(ticket_keys_follow(two.keys, foreign, NOW));
	for (size_t i = 0; i < 2; i++)
		assert_false(resumes(&one, &two, versions[i]));
	machine_end(&one);
	machine_end(&two);
	ticket_secret_free(secret);
	ticket_secret_free(foreign);
}

static void session_of_one_name_does_not_resume_under_another(void **state)
{
	struct ticket_secret *secret = secret_of('a');
	struct machine one = machine_new(), two = machine_named("other.example");

	(void)state;
	assert_true(ticket_keys_follow(one.keys, secret, NOW));
	assert_true(ticket_keys_follow(two.keys, secret, NOW));
	for (size_t i = 0; i < 2; i++)
		assert_false(resumes(&one, &two, versions[i]));
	machine_end(&one);
	machine_end(&two);
	ticket_secret_free(secret);
}

/* RFC 5869 has no vectors with our label; this one was computed with Python's hmac. */
static void derived_bytes_are_those_of_hkdf_sha256(void **state)
{
	static const unsigned char expected[] = { 0xb3, 0x58, 0xc5, 0x33, 0xd3, 0x32, 0x41, 0x70,
						  0x61, 0xd6, 0x8b, 0x8f, 0xe5, 0x4a, 0x4d, 0x87,
						  0x39, 0xf3, 0x8e, 0xd7, 0xfb, 0x82, 0x7a, 0x10,
						  0xd8, 0xe4, 0xcc, 0xcc, 0xca, 0xd5, 0x29, 0x13,
						  0xf9, 0x13, 0xc0, 0x76, 0xbe, 0x56, 0x02, 0x0f };
	struct ticket_secret *secret = secret_of('a');
	unsigned char derived[sizeof(expected)];

	(void)state;
	assert_true(ticket_secret_derive(secret, 0x0102030405060708, derived, sizeof(derived)));
	assert_memory_equal(derived, expected, sizeof(expected));
	ticket_secret_free(secret);
}

static void secret_is_made_once_for_its_owner_only(void **state)
{
	struct ticket_secret *secret;
	struct err err = { "" };
	struct stat st;

	(void)state;
	if (!ticket_secret_make(secret_path, &err))
		fail_msg("%s", err.text);
	assert_int_equal(stat(secret_path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, 48);
	assert_false(ticket_secret_make(secret_path, &err));
	secret = ticket_secret_load(secret_path, &err);
	assert_non_null(secret);
	ticket_secret_free(secret);
}

static void expect_refusal(size_t bytes, mode_t mode, const char *why)
{
	struct ticket_secret *secret;
	struct err err = { "" };
	char path[64];

	snprintf(path, sizeof(path), "%s/refused", folder);
	fclose(fopen(path, "w"));
	assert_int_equal(truncate(path, (off_t)bytes), 0);
	assert_int_equal(chmod(path, mode), 0);
	secret = ticket_secret_load(path, &err);
	if (why) {
		assert_null(secret);
		assert_non_null(strstr(err.text, why));
		assert_non_null(strstr(err.text, path));
	} else {
		assert_non_null(secret);
	}
	ticket_secret_free(secret);
}

static void secret_that_is_short_long_or_open_to_others_is_refused(void **state)
{
	struct err err = { "" };

	(void)state;
	expect_refusal(TICKET_SECRET_MIN, 0600, NULL);
	expect_refusal(TICKET_SECRET_MAX, 0400, NULL);
	expect_refusal(TICKET_SECRET_MIN - 1, 0600, "32 to 1024 bytes");
	expect_refusal(TICKET_SECRET_MAX + 1, 0600, "32 to 1024 bytes");
	expect_refusal(TICKET_SECRET_MIN, 0640, "others may read");
	expect_refusal(TICKET_SECRET_MIN, 0604, "others may read");
	assert_null(ticket_secret_load(folder, &err));
	assert_null(ticket_secret_load("/nonexistent/secret", &err));
}

static void forked_child_does_not_have_the_secret(void **state)
{
	struct ticket_secret *secret = secret_of('a');
	unsigned char ours[32], theirs[32];
	int status;
	pid_t child;

	(void)state;
	assert_true(ticket_secret_derive(secret, 1, ours, sizeof(ours)));
	child = fork();
	if (child == 0)
		_exit(ticket_secret_derive(secret, 1, theirs, sizeof(theirs)) &&
		      memcmp(ours, theirs, sizeof(ours)) == 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	ticket_secret_free(secret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_keys_resume_with_their_own_server_only),
		cmocka_unit_test(
			random_keys_open_the_tickets_of_one_rotation_before_and_no_older_ones),
		cmocka_unit_test(renewed_keys_open_no_ticket_of_before),
		cmocka_unit_test(
			machines_with_one_secret_open_each_others_tickets_in_neighbouring_periods),
		cmocka_unit_test(ticket_of_another_secret_is_not_opened),
		cmocka_unit_test(session_of_one_name_does_not_resume_under_another),
		cmocka_unit_test(derived_bytes_are_those_of_hkdf_sha256),
		cmocka_unit_test(secret_is_made_once_for_its_owner_only),
		cmocka_unit_test(secret_that_is_short_long_or_open_to_others_is_refused),
		cmocka_unit_test(forked_child_does_not_have_the_secret),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
