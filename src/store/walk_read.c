/*
 * Opening and reading single files of content/: through no link, and never half of one that
 * is being written.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "store/place.h"
#include "store/walk.h"

enum {
	MILLISECOND = 1000000,
	SETTLE_TIME =
		400 *
		MILLISECOND, /* a writer that pauses for less is not taken for one that is done */
	NAP_TIME = 50 * MILLISECOND,
	NAPS_PER_FILE = 12, /* one that is still not at rest then is left for later */
	OPEN_ATTEMPTS = 4,
};

static int64_t nanoseconds(struct timespec time)
{
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* For kernels and sandboxes without openat2: folder by folder. */
static int open_by_steps(int root, char *path, int flags)
{
	int folder = root;
	char *slash;
	int fd;

	while ((slash = strchr(path, '/')) != NULL) {
		*slash = '\0';
		fd = openat(folder, path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (folder != root)
			close(folder);
		if (fd == -1)
			return -1;
		folder = fd;
		path = slash + 1;
	}
	fd = openat(folder, path, flags);
	if (folder != root)
		close(folder);
	return fd;
}

static int open_beneath(int root, char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)flags,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS,
	};
	int fd = -1;

	/* A rename beside us makes it say EAGAIN (openat2(2)). */
	errno = EAGAIN;
	for (int i = 0; fd == -1 && errno == EAGAIN && i < OPEN_ATTEMPTS; i++)
		fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
	/* EPERM is what container sandboxes say that do not know the call. */
	if (fd == -1 && (errno == ENOSYS || errno == EPERM))
		fd = open_by_steps(root, path, flags);
	return fd;
}

/* By a full path. */
static int open_path(int root, struct str path, int flags)
{
	char text[PLACE_PATH_MAX + 1];

	if (!place_path_is_lawful(path)) {
		errno = ENOENT;
		return -1;
	}
	memcpy(text, path.data + 1, path.len - 1);
	text[path.len - 1] = '\0';
	return open_beneath(root, text, flags);
}

int walk_open(int root, struct str path)
{
	struct stat st;
	int fd = open_path(root, path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY);

	if (fd == -1)
		return -1;
	errno = EINVAL;
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
		int reason = errno;

		close(fd);
		errno = reason;
		return -1;
	}
	return fd;
}

enum presence walk_look(int root, struct walked *file)
{
	struct stat st;
	int fd = open_path(root, file->path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	bool is_known;

	if (fd == -1)
		return errno == ENOENT || errno == ENOTDIR ? PRESENCE_GONE
		       : errno == ELOOP			   ? PRESENCE_OTHER
							   : PRESENCE_UNKNOWN;
	is_known = fstat(fd, &st) == 0;
	close(fd);
	if (!is_known)
		return PRESENCE_UNKNOWN;
	if (!S_ISREG(st.st_mode))
		return PRESENCE_OTHER;
	file->size = (uint64_t)st.st_size;
	file->mtime = nanoseconds(st.st_mtim);
	file->inode = st.st_ino;
	return PRESENCE_THERE;
}

int64_t walk_unrest(int64_t mtime, int64_t rest)
{
	struct timespec now;
	int64_t age;

	clock_gettime(CLOCK_REALTIME, &now);
	age = nanoseconds(now) - mtime;
	/* A time further ahead tells nothing: a clock was wrong. */
	return age >= rest || age < -SETTLE_TIME ? 0 : rest - age;
}

static void nap(int64_t duration)
{
	struct timespec time = { .tv_sec = 0, .tv_nsec = duration };

	nanosleep(&time, NULL);
}

bool walk_nap(unsigned *naps)
{
	if (*naps == 0)
		return false;
	--*naps;
	nap(NAP_TIME);
	return true;
}

/* Reads len bytes from the start; fewer are an error too. */
static bool read_all(int fd, char *out, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t got = pread(fd, out + done, len - done, (off_t)done);

		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	return true;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && nanoseconds(a->st_mtim) == nanoseconds(b->st_mtim);
}

/* One attempt: false when the file changed under it. */
static bool read_once(int fd, const struct stat *before, struct arena *arena, struct str *ret_bytes)
{
	size_t len = (size_t)before->st_size;
	char *bytes = arena_alloc(arena, len + 1, 1);
	struct stat after;

	if (!read_all(fd, bytes, len) || fstat(fd, &after) == -1 || !is_same(before, &after))
		return false;
	*ret_bytes = (struct str){ bytes, len };
	return true;
}

static enum reading read_settled(int fd, struct walked *file, size_t max, unsigned *naps,
				 struct arena *arena, struct str *ret_bytes, struct err *why)
{
	struct stat st;

	for (int i = 0; i < NAPS_PER_FILE; i++) {
		if (fstat(fd, &st) == -1)
			return READING_UNSETTLED;
		file->size = (uint64_t)st.st_size;
		file->mtime = nanoseconds(st.st_mtim);
		file->inode = st.st_ino;
		file->wait = walk_unrest(file->mtime, SETTLE_TIME);
		if (file->wait == 0 && file->size > max) {
			err_set(why, "the file has %llu bytes, more than %zu",
				(unsigned long long)file->size, max);
			return READING_REFUSED;
		}
		if (file->wait == 0 && read_once(fd, &st, arena, ret_bytes))
			return READING_DONE;
		if (*naps == 0)
			return READING_UNSETTLED;
		--*naps;
		nap(file->wait && file->wait < NAP_TIME ? file->wait : NAP_TIME);
	}
	return READING_UNSETTLED;
}

enum reading walk_read(int root, struct walked *file, size_t max, unsigned *naps,
		       struct arena *arena, struct str *ret_bytes, struct err *why)
{
	int fd = walk_open(root, file->path);
	enum reading reading;

	/* These the writer of the file has to mend; all others pass. */
	if (fd == -1 && (errno == EACCES || errno == EPERM || errno == ELOOP || errno == EINVAL)) {
		err_set(why, "the file cannot be read: %s", strerror(errno));
		/* chmod changes no mtime: without one it is tried again. */
		file->mtime = 0;
		return READING_REFUSED;
	}
	if (fd == -1)
		return READING_UNSETTLED;
	reading = read_settled(fd, file, max, naps, arena, ret_bytes, why);
	close(fd);
	return reading;
}
