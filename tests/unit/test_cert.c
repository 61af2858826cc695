/* Certificates: made, renewed with the same key, refused when something would be lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "net/cert.h"

/* A folder of its own for each test, with the names of the two files. */
struct place {
	char folder[64];
	char certificate[96];
	char key[96];
};

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	strcpy(place->folder, "/tmp/cert-XXXXXX");
	if (!place || !mkdtemp(place->folder))
		return -1;
	snprintf(place->certificate, sizeof(place->certificate), "%s/certs/a.crt", place->folder);
	snprintf(place->key, sizeof(place->key), "%s/keys/a.key", place->folder);
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", place->folder);
	free(place);
	return system(command);
}

static const struct str hosts[] = { { "news.example", 12 }, { "gopher.example", 14 } };

static void make(const struct place *place, bool renew)
{
	struct err err = { "" };

	if (!cert_make(place->certificate, place->key, hosts, 2, renew, &err))
		fail_msg("%s", err.text);
}

static struct cert_facts facts_of(const struct place *place)
{
	struct cert_facts facts;
	struct err err = { "" };

	if (!cert_facts(place->certificate, &facts, &err))
		fail_msg("%s", err.text);
	return facts;
}

static X509 *load(const char *path)
{
	FILE *file = fopen(path, "r");
	X509 *x509;

	assert_non_null(file);
	x509 = PEM_read_X509(file, NULL, NULL, NULL);
	fclose(file);
	assert_non_null(x509);
	return x509;
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void a_made_certificate_says_what_was_asked(void **state)
{
	struct cert_facts facts;

	make(*state, false);
	facts = facts_of(*state);
	assert_string_equal(facts.names, "news.example, gopher.example");
	assert_int_equal(strlen(facts.certificate_sha256), 95);
	assert_int_equal(strlen(facts.key_sha256), 95);
	assert_string_not_equal(facts.certificate_sha256, facts.key_sha256);
	assert_true(facts.is_self_signed);
	assert_true(facts.not_before <= time(NULL));
}

static void it_is_valid_for_twenty_years_but_not_past_2049(void **state)
{
	struct civil end = date_civil(time(NULL));
	int64_t cap = date_seconds((struct civil){ 2049, 12, 31, 23, 59, 59 });
	int64_t expected;
	struct cert_facts facts;

	make(*state, false);
	facts = facts_of(*state);
	end.year += CERT_YEARS;
	expected = date_seconds(end) < cap ? date_seconds(end) : cap;
	assert_true(facts.not_after >= expected && facts.not_after <= expected + 60);
	assert_true(facts.not_after <= cap);
}

static void it_is_ecdsa_p256_with_dns_names_only(void **state)
{
	struct place *place = *state;
	static const struct str mixed[] = { { "127.0.0.1", 9 },
					    { "[::1]", 5 },
					    { "a.example", 9 } };
	X509 *x509;
	char group[32];
	size_t len;

	assert_true(cert_make(place->certificate, place->key, mixed, 3, false, NULL));
	assert_string_equal(facts_of(place).names, "a.example");
	x509 = load(place->certificate);
	assert_int_equal(X509_get_extension_flags(x509) & EXFLAG_INVALID, 0);
	assert_int_equal(X509_check_host(x509, "a.example", 0, 0, NULL), 1);
	assert_int_equal(X509_check_ip_asc(x509, "127.0.0.1", 0), 0);
	assert_int_equal(X509_verify(x509, X509_get0_pubkey(x509)), 1);
	assert_int_equal(
		EVP_PKEY_get_group_name(X509_get0_pubkey(x509), group, sizeof(group), &len), 1);
	assert_string_equal(group, "prime256v1");
	X509_free(x509);
}

static void the_digests_are_those_that_openssl_computes(void **state)
{
	struct place *place = *state;
	char command[512];
	char line[256] = "";
	FILE *pipe;

	make(place, false);
	snprintf(command, sizeof(command), "openssl x509 -in %s -noout -fingerprint -sha256",
		 place->certificate);
	pipe = popen(command, "r");
	assert_non_null(fgets(line, sizeof(line), pipe));
	pclose(pipe);
	assert_non_null(strstr(line, facts_of(place).certificate_sha256));
	snprintf(command, sizeof(command),
		 "openssl x509 -in %s -noout -pubkey | openssl pkey -pubin -outform der | "
		 "openssl dgst -sha256 -c",
		 place->certificate);
	pipe = popen(command, "r");
	assert_non_null(fgets(line, sizeof(line), pipe));
	pclose(pipe);
	for (char *c = line; *c; c++)
		if (*c >= 'a' && *c <= 'f')
			*c = (char)(*c - 'a' + 'A');
	assert_non_null(strstr(line, facts_of(place).key_sha256));
}

static void the_key_is_readable_by_its_owner_only_whatever_the_umask(void **state)
{
	struct place *place = *state;
	mode_t old = umask(0);
	struct stat st;

	make(place, false);
	umask(old);
	assert_int_equal(stat(place->key, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(cert_key_is_private(place->key));
	assert_int_equal(chmod(place->key, 0640), 0);
	assert_false(cert_key_is_private(place->key));
	assert_true(cert_key_is_private("/nonexistent/key"));
}

static void renewing_keeps_the_key_and_replaces_the_certificate(void **state)
{
	struct cert_facts before;
	struct cert_facts after;

	make(*state, false);
	before = facts_of(*state);
	make(*state, true);
	after = facts_of(*state);
	assert_string_equal(before.key_sha256, after.key_sha256);
	assert_string_not_equal(before.certificate_sha256, after.certificate_sha256);
}

static void renewing_makes_a_certificate_that_is_missing(void **state)
{
	struct place *place = *state;

	make(place, false);
	assert_int_equal(unlink(place->certificate), 0);
	assert_false(cert_exists(place->certificate, place->key));
	make(place, true);
	assert_true(cert_exists(place->certificate, place->key));
}

static void making_never_replaces_what_is_there(void **state)
{
	struct place *place = *state;
	struct err err = { "" };
	struct cert_facts before;

	make(place, false);
	before = facts_of(place);
	assert_false(cert_make(place->certificate, place->key, hosts, 2, false, &err));
	assert_non_null(strstr(err.text, "are there already"));
	assert_string_equal(facts_of(place).certificate_sha256, before.certificate_sha256);
	unlink(place->certificate);
	assert_false(cert_make(place->certificate, place->key, hosts, 2, false, &err));
	assert_non_null(strstr(err.text, "the key is there but not its certificate"));
	make(place, true);
	unlink(place->key);
	assert_false(cert_make(place->certificate, place->key, hosts, 2, false, &err));
	assert_non_null(strstr(err.text, "the certificate is there but not its key"));
}

static void renewing_without_a_key_or_with_a_bad_one_says_so(void **state)
{
	struct place *place = *state;
	struct err err = { "" };

	assert_false(cert_make(place->certificate, place->key, hosts, 2, true, &err));
	assert_non_null(strstr(err.text, "there is no key to renew"));
	make(place, false);
	write_text(place->key, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
	assert_false(cert_make(place->certificate, place->key, hosts, 2, true, &err));
	assert_non_null(strstr(err.text, "not a private key"));
}

static void a_certificate_of_an_authority_is_not_replaced(void **state)
{
	struct place *place = *state;
	struct err err = { "" };
	X509_NAME *authority = X509_NAME_new();
	FILE *file;
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x509;

	make(place, false);
	x509 = load(place->certificate);
	X509_NAME_add_entry_by_txt(authority, "CN", MBSTRING_ASC, (const unsigned char *)"CA", -1,
				   -1, 0);
	X509_set_issuer_name(x509, authority);
	X509_sign(x509, key, EVP_sha256());
	file = fopen(place->certificate, "w");
	PEM_write_X509(file, x509);
	fclose(file);
	assert_false(facts_of(place).is_self_signed);
	assert_false(cert_make(place->certificate, place->key, hosts, 2, true, &err));
	assert_non_null(strstr(err.text, "issued by an authority"));
	X509_free(x509);
	X509_NAME_free(authority);
	EVP_PKEY_free(key);
}

static void thirty_two_names_fit_and_not_one_more(void **state)
{
	struct place *place = *state;
	struct str many[CERT_HOSTS_MAX + 1];
	char names[CERT_HOSTS_MAX + 1][16];

	for (int i = 0; i <= CERT_HOSTS_MAX; i++) {
		snprintf(names[i], sizeof(names[i]), "n%d.example", i);
		many[i] = str_from(names[i]);
	}
	assert_false(
		cert_make(place->certificate, place->key, many, CERT_HOSTS_MAX + 1, false, NULL));
	assert_false(cert_make(place->certificate, place->key, many, 0, false, NULL));
	assert_true(cert_make(place->certificate, place->key, many, CERT_HOSTS_MAX, false, NULL));
}

static void a_host_of_253_bytes_makes_a_certificate(void **state)
{
	struct place *place = *state;
	char name[254];

	memset(name, 'a', 253);
	name[253] = '\0';
	for (int i = 60; i < 253; i += 61)
		name[i] = '.';
	assert_true(cert_make(place->certificate, place->key, &(struct str){ name, 253 }, 1, false,
			      NULL));
	assert_string_equal(facts_of(place).names, name);
}

static void a_file_that_is_no_certificate_is_named(void **state)
{
	struct place *place = *state;
	struct cert_facts facts = { .names = "untouched" };
	struct err err = { "" };

	assert_false(cert_facts(place->certificate, &facts, &err));
	assert_non_null(strstr(err.text, "No such file"));
	make(place, false);
	write_text(place->certificate, "hello\n");
	assert_false(cert_facts(place->certificate, &facts, &err));
	assert_non_null(strstr(err.text, "not a certificate in PEM"));
	assert_string_equal(facts.names, "untouched");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_made_certificate_says_what_was_asked),
		TEST(it_is_valid_for_twenty_years_but_not_past_2049),
		TEST(it_is_ecdsa_p256_with_dns_names_only),
		TEST(the_digests_are_those_that_openssl_computes),
		TEST(the_key_is_readable_by_its_owner_only_whatever_the_umask),
		TEST(renewing_keeps_the_key_and_replaces_the_certificate),
		TEST(renewing_makes_a_certificate_that_is_missing),
		TEST(making_never_replaces_what_is_there),
		TEST(renewing_without_a_key_or_with_a_bad_one_says_so),
		TEST(a_certificate_of_an_authority_is_not_replaced),
		TEST(thirty_two_names_fit_and_not_one_more),
		TEST(a_host_of_253_bytes_makes_a_certificate),
		TEST(a_file_that_is_no_certificate_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
