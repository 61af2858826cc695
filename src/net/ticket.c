/* Session tickets (RFC 5077, RFC 8446 4.6.1): AES-256-CBC with HMAC-SHA-256 under keys of our own. */
#include "net/ticket.h"

#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/mman.h>

enum { NAME_BYTES = 16, KEY_BYTES = 32, KEPT = 3 };

struct key {
	unsigned char name[NAME_BYTES]; /* stands in the ticket */
	unsigned char cipher[KEY_BYTES];
	unsigned char mac[KEY_BYTES];
};

/*
 * The newest key and the one before it are good. The third place is where the next
 * one is written before newest moves on, so that no worker reads half a key.
 */
struct ticket_keys {
	struct key keys[KEPT];
	unsigned newest;
};

static bool make_key(struct key *key)
{
	return RAND_bytes(key->name, NAME_BYTES) == 1 &&
	       RAND_priv_bytes(key->cipher, KEY_BYTES) == 1 &&
	       RAND_priv_bytes(key->mac, KEY_BYTES) == 1;
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
	for (size_t i = 0; i < KEPT; i++) {
		if (!make_key(&keys->keys[i])) {
			err_set(err, "there is no randomness for ticket keys");
			ticket_keys_free(keys);
			return NULL;
		}
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

bool ticket_keys_rotate(struct ticket_keys *keys)
{
	unsigned next = (keys->newest + 1) % KEPT;

	if (!make_key(&keys->keys[next]))
		return false;
	__atomic_store_n(&keys->newest, next, __ATOMIC_RELEASE);
	return true;
}

static bool set_mac(EVP_MAC_CTX *mac, struct key *key)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key->mac, KEY_BYTES),
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0),
		OSSL_PARAM_construct_end(),
	};

	return EVP_MAC_CTX_set_params(mac, params) == 1;
}

/* Results as SSL_CTX_set_tlsext_ticket_key_evp_cb(3) has them: 0 does without a ticket, 2 also wants a new one. */
static int seal(struct key *key, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher,
		EVP_MAC_CTX *mac)
{
	if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1 ||
	    !EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key->cipher, iv) ||
	    !set_mac(mac, key))
		return 0;
	memcpy(name, key->name, NAME_BYTES);
	return 1;
}

static int unseal(struct key *key, const unsigned char *iv, EVP_CIPHER_CTX *cipher,
		  EVP_MAC_CTX *mac)
{
	return set_mac(mac, key) &&
	       EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key->cipher, iv) == 1;
}

static int on_ticket(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher,
		     EVP_MAC_CTX *mac, int is_sealing)
{
	struct ticket_keys *keys = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
	unsigned newest = __atomic_load_n(&keys->newest, __ATOMIC_ACQUIRE);
	struct key *current = &keys->keys[newest];
	struct key *before = &keys->keys[(newest + KEPT - 1) % KEPT];

	if (is_sealing)
		return seal(current, name, iv, cipher, mac);
	if (memcmp(name, current->name, NAME_BYTES) == 0)
		return unseal(current, iv, cipher, mac);
	if (memcmp(name, before->name, NAME_BYTES) == 0)
		return unseal(before, iv, cipher, mac) ? 2 : 0;
	return 0;
}

bool ticket_keys_use(struct ticket_keys *keys, SSL_CTX *context)
{
	return SSL_CTX_set_app_data(context, keys) == 1 &&
	       SSL_CTX_set_tlsext_ticket_key_evp_cb(context, on_ticket) == 1;
}
