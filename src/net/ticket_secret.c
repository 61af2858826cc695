/* The file that several servers share, and HKDF-SHA-256 over it. */
#include "net/ticket_secret.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/put.h"

enum { MADE_BYTES = 48, NUMBER_BYTES = 8 };

static const char label[] = "tidings session tickets";

struct ticket_secret {
	size_t len;
	unsigned char bytes[TICKET_SECRET_MAX + 1]; /* one more tells that a file is too long */
};

bool ticket_secret_make(const char *path, struct err *err)
{
	unsigned char bytes[MADE_BYTES];
	bool ok;

	if (RAND_priv_bytes(bytes, sizeof(bytes)) != 1)
		return err_set(err, "there is no randomness for a ticket key");
	ok = folder_above(path, err) &&
	     file_put(path, 0600, (struct str){ (const char *)bytes, sizeof(bytes) }, false, err);
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return ok;
}

/* Workers have no use for it: who breaks into one gets the keys of a day, not all of them. */
static struct ticket_secret *allocate(struct err *err)
{
	struct ticket_secret *secret = mmap(NULL, sizeof(*secret), PROT_READ | PROT_WRITE,
					    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (secret == MAP_FAILED) {
		err_set(err, "the ticket key: %s", strerror(errno));
		return NULL;
	}
	madvise(secret, sizeof(*secret), MADV_WIPEONFORK);
	madvise(secret, sizeof(*secret), MADV_DONTDUMP);
	return secret;
}

/* Whether it is a file, and nobody but its owner may read it. */
static bool is_fit(int fd, const char *path, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return err_set(err, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(err, "%s: not a file", path);
	if (st.st_mode & 077)
		return err_set(err, "%s: others may read this ticket key; run chmod 600 on it",
			       path);
	return true;
}

static bool read_secret(int fd, const char *path, struct ticket_secret *secret, struct err *err)
{
	ssize_t got;

	do {
		got = read(fd, secret->bytes + secret->len, sizeof(secret->bytes) - secret->len);
		if (got > 0)
			secret->len += (size_t)got;
	} while (got > 0 || (got == -1 && errno == EINTR));
	if (got == -1)
		return err_set(err, "%s: %s", path, strerror(errno));
	if (secret->len < TICKET_SECRET_MIN || secret->len > TICKET_SECRET_MAX)
		return err_set(err, "%s: a ticket key is %d to %d bytes long", path,
			       TICKET_SECRET_MIN, TICKET_SECRET_MAX);
	return true;
}

struct ticket_secret *ticket_secret_load(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct ticket_secret *secret = NULL;

	if (fd == -1) {
		err_set(err, "%s: %s", path, strerror(errno));
		return NULL;
	}
	if (is_fit(fd, path, err))
		secret = allocate(err);
	if (secret && !read_secret(fd, path, secret, err)) {
		ticket_secret_free(secret);
		secret = NULL;
	}
	close(fd);
	return secret;
}

void ticket_secret_free(struct ticket_secret *secret)
{
	if (!secret)
		return;
	OPENSSL_cleanse(secret, sizeof(*secret));
	munmap(secret, sizeof(*secret));
}

/* What the derived bytes are for: the label and the number, highest byte first. */
static size_t write_info(unsigned char *info, int64_t number)
{
	memcpy(info, label, sizeof(label) - 1);
	for (size_t i = 0; i < NUMBER_BYTES; i++)
		info[sizeof(label) - 1 + i] = (unsigned char)((uint64_t)number >>
							      (8 * (NUMBER_BYTES - 1 - i)));
	return sizeof(label) - 1 + NUMBER_BYTES;
}

bool ticket_secret_derive(const struct ticket_secret *secret, int64_t number, unsigned char *out,
			  size_t len)
{
	unsigned char info[sizeof(label) + NUMBER_BYTES];
	size_t info_len = write_info(info, number);
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)secret->bytes,
						  secret->len),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info, info_len),
		OSSL_PARAM_construct_end(),
	};
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *context = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
	bool ok = context && EVP_KDF_derive(context, out, len, params) == 1;

	EVP_KDF_CTX_free(context);
	EVP_KDF_free(kdf);
	return ok;
}
