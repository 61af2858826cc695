/* Reads and shares on their way to the editor. */
#include "tally.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

#include "net/loop.h"

bool tally_make(int ret_ends[2], struct err *err)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ret_ends) == -1)
		return err_set(err, "the way for read counts: %s", strerror(errno));
	return true;
}

void tally_init(struct tally *tally, int fd)
{
	*tally = (struct tally){ .fd = fd };
}

static struct tally_entry *entry_of(struct tally *tally, int64_t article)
{
	for (size_t i = 0; i < tally->count; i++)
		if (tally->entries[i].article == article)
			return &tally->entries[i];
	if (tally->count == TALLY_MAX)
		tally_send(tally);
	if (tally->count == TALLY_MAX)
		return NULL;
	tally->entries[tally->count] = (struct tally_entry){ .article = article };
	return &tally->entries[tally->count++];
}

void tally_add(struct tally *tally, int64_t article, bool is_share)
{
	struct tally_entry *entry = entry_of(tally, article);
	uint32_t *count;

	if (!entry) {
		tally->lost++;
		return;
	}
	count = is_share ? &entry->shares : &entry->reads;
	if (*count < TALLY_COUNT_MAX)
		(*count)++;
}

void tally_send(struct tally *tally)
{
	size_t len = tally->count * sizeof(tally->entries[0]);

	if (len > 0 &&
	    send(tally->fd, tally->entries, len, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)len)
		tally->count = 0;
}

static bool is_believable(const struct tally_entry *entry)
{
	return entry->article > 0 && entry->reads <= TALLY_COUNT_MAX &&
	       entry->shares <= TALLY_COUNT_MAX;
}

bool tally_receive(int fd, struct tally_entry entries[TALLY_MAX], size_t *ret_count)
{
	ssize_t len = recv(fd, entries, TALLY_MAX * sizeof(entries[0]), MSG_DONTWAIT);
	size_t good = 0;

	if (len == -1 && errno != EAGAIN && errno != EINTR)
		loop_rest();
	if (len <= 0)
		return false;
	for (size_t i = 0; i < (size_t)len / sizeof(entries[0]); i++)
		if (is_believable(&entries[i]))
			entries[good++] = entries[i];
	*ret_count = good;
	return true;
}
