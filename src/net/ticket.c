/*
 * Session tickets (RFC 5077, RFC 8446 4.6.1): AES-256-CBC with HMAC-SHA-224 under keys of our own. Tickets go both ways in every
 * handshake: the shorter sum makes up for our answer to the name (SNI). OpenSSL takes no cipher without padding.
 */
#include "net/ticket.h"

#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/mman.h>

#include "net/ticket_secret.h"

enum { NAME_BYTES = 16, KEY_BYTES = 32, ACCEPTED = 3, SETS = 4, PERIOD = 12 * 3600 };

struct key {
	unsigned char name[NAME_BYTES]; /* stands in the ticket */
	unsigned char cipher[KEY_BYTES];
	unsigned char mac[KEY_BYTES];
};

/* What is good at a time: the first seals, all of them open. */
struct set {
	struct key keys[ACCEPTED];
	size_t count;
};

/*
 * The next set is written in a place that nobody reads before newest moves on to it,
 * so that no worker reads half a key; a worker that is in the middle of one has the time
 * of SETS - 1 changes.
 */
struct ticket_keys {
	struct set sets[SETS];
	unsigned newest;
};

static bool make_key(struct key *key)
{
	return RAND_bytes(key->name, NAME_BYTES) == 1 &&
	       RAND_priv_bytes(key->cipher, KEY_BYTES) == 1 &&
	       RAND_priv_bytes(key->mac, KEY_BYTES) == 1;
}

static const struct set *newest_of(const struct ticket_keys *keys)
{
	return &keys->sets[__atomic_load_n(&keys->newest, __ATOMIC_ACQUIRE)];
}

/* Hands a set to all workers, and forgets the writer's copy. */
static void publish(struct ticket_keys *keys, struct set *set)
{
	unsigned next = (keys->newest + 1) % SETS;

	keys->sets[next] = *set;
	__atomic_store_n(&keys->newest, next, __ATOMIC_RELEASE);
	OPENSSL_cleanse(set, sizeof(*set));
}

struct ticket_keys *ticket_keys_new(struct err *err)
{
	struct ticket_keys *keys = mmap(NULL, sizeof(*keys), PROT_READ | PROT_WRITE,
					MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (keys == MAP_FAILED) {
		err_set(err, "the ticket keys: %s", strerror(errno));
		return NULL;
	}
	madvise(keys, sizeof(*keys), MADV_DONTDUMP);
	if (!ticket_keys_renew(keys)) {
		err_set(err, "there is no randomness for ticket keys");
		ticket_keys_free(keys);
		return NULL;
	}
	return keys;
}

void ticket_keys_free(struct ticket_keys *keys)
{
	if (!keys)
		return;
	OPENSSL_cleanse(keys, sizeof(*keys));
	munmap(keys, sizeof(*keys));
}

bool ticket_keys_renew(struct ticket_keys *keys)
{
	struct set set = { .count = 1 };

	if (!make_key(&set.keys[0]))
		return false;
	publish(keys, &set);
	return true;
}

bool ticket_keys_rotate(struct ticket_keys *keys)
{
	struct set set = { .count = 2 };

	if (!make_key(&set.keys[0]))
		return false;
	set.keys[1] = newest_of(keys)->keys[0];
	publish(keys, &set);
	return true;
}

/* The periods are numbered from the epoch, so that machines agree on them without talking. */
bool ticket_keys_follow(struct ticket_keys *keys, const struct ticket_secret *secret, int64_t now)
{
	int64_t period = now / PERIOD;
	const int64_t numbers[ACCEPTED] = { period, period - 1, period + 1 };
	struct set set = { .count = ACCEPTED };

	for (size_t i = 0; i < ACCEPTED; i++)
		if (!ticket_secret_derive(secret, numbers[i], (unsigned char *)&set.keys[i],
					  sizeof(set.keys[i])))
			return false;
	if (CRYPTO_memcmp(&set, newest_of(keys), sizeof(set)) == 0)
		OPENSSL_cleanse(&set, sizeof(set));
	else
		publish(keys, &set);
	return true;
}

static bool set_mac(EVP_MAC_CTX *mac, const struct key *key)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, (void *)key->mac, KEY_BYTES),
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA224", 0),
		OSSL_PARAM_construct_end(),
	};

	return EVP_MAC_CTX_set_params(mac, params) == 1;
}

/* Results as SSL_CTX_set_tlsext_ticket_key_evp_cb(3) has them: 0 does without a ticket, 2 also wants a new one. */
static int seal(const struct key *key, unsigned char *name, unsigned char *iv,
		EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac)
{
	if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1 ||
	    !EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key->cipher, iv) ||
	    !set_mac(mac, key))
		return 0;
	memcpy(name, key->name, NAME_BYTES);
	return 1;
}

static int unseal(const struct key *key, const unsigned char *iv, EVP_CIPHER_CTX *cipher,
		  EVP_MAC_CTX *mac)
{
	return set_mac(mac, key) &&
	       EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key->cipher, iv) == 1;
}

/* In TLS 1.3 clients use a ticket once (RFC 8446 C.4), so that each handshake has to give the next one. */
static int on_ticket(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher,
		     EVP_MAC_CTX *mac, int is_sealing)
{
	struct ticket_keys *keys = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
	const struct set *set = newest_of(keys);

	if (is_sealing)
		return seal(&set->keys[0], name, iv, cipher, mac);
	for (size_t i = 0; i < set->count; i++) {
		if (memcmp(name, set->keys[i].name, NAME_BYTES) != 0)
			continue;
		if (!unseal(&set->keys[i], iv, cipher, mac))
			return 0;
		return i > 0 || SSL_version(ssl) >= TLS1_3_VERSION ? 2 : 1;
	}
	return 0;
}

bool ticket_keys_use(struct ticket_keys *keys, SSL_CTX *context)
{
	return SSL_CTX_set_app_data(context, keys) == 1 &&
	       SSL_CTX_set_tlsext_ticket_key_evp_cb(context, on_ticket) == 1;
}
