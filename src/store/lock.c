/* The lock of a state folder: a file that says who holds it. */
#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

enum {
	PID_TEXT = 24,
	TRIES = 30, /* for somebody who is just leaving, or looking: 3 s */
	TRY_MILLISECONDS = 100,
};

/* Sets err to who holds the lock, as far as the file tells. Returns false. */
static bool tell_holder(int fd, const char *path, struct err *err)
{
	char text[PID_TEXT];
	ssize_t len = pread(fd, text, sizeof(text) - 1, 0);
	long holder;

	text[len > 0 ? len : 0] = '\0';
	holder = strtol(text, NULL, 10);
	if (holder > 0)
		return err_set(err,
			       "%s: another server is running on this state folder; its editor is "
			       "process %ld",
			       path, holder);
	return err_set(err, "%s: another server is running on this state folder", path);
}

static void write_holder(int fd)
{
	/* Only for people: where it cannot be written, the lock holds all the same. */
	if (ftruncate(fd, 0) == 0)
		dprintf(fd, "%ld\n", (long)getpid());
}

static bool lock(int fd)
{
	const struct timespec pause = { .tv_nsec = TRY_MILLISECONDS * 1000000 };

	for (int i = 0; i < TRIES; i++) {
		if (i > 0)
			nanosleep(&pause, NULL);
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return true;
	}
	return false;
}

int lock_take(const char *state, struct err *err)
{
	char *path = mem_format("%s/lock", state);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd == -1) {
		err_set(err, "%s: %s", path, strerror(errno));
	} else if (!lock(fd)) {
		tell_holder(fd, path, err);
		close(fd);
		fd = -1;
	} else {
		write_holder(fd);
	}
	free(path);
	return fd;
}

bool lock_is_free(const char *state, struct err *err)
{
	char *path = mem_format("%s/lock", state);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool ok = true;

	if (fd != -1 && flock(fd, LOCK_SH | LOCK_NB) == -1 && errno == EWOULDBLOCK)
		ok = tell_holder(fd, path, err);
	if (fd != -1)
		close(fd);
	free(path);
	return ok;
}
