/* Files written beside their place and moved into it. */
#include "base/put.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

static bool write_all(int fd, struct str bytes)
{
	while (bytes.len > 0) {
		ssize_t written = write(fd, bytes.data, bytes.len);

		if (written == -1 && errno != EINTR)
			return false;
		if (written > 0)
			bytes = str_skip(bytes, (size_t)written);
	}
	return fsync(fd) == 0;
}

bool file_put(const char *path, mode_t mode, struct str bytes, bool replace, struct err *err)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	/* Hidden, so that no scan of the folder takes it for a file of its own. */
	char *beside = mem_format("%.*s.%s.%ld.new", (int)(name - path), path, name,
				  (long)getpid());
	int fd;
	bool ok;

	unlink(beside); /* left over from a process that had our number */
	fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	ok = fd != -1 && write_all(fd, bytes) &&
	     (replace ? rename(beside, path) : link(beside, path)) == 0;
	if (!ok)
		err_set(err, "%s: %s", path, strerror(errno));
	if (fd != -1) {
		close(fd);
		unlink(beside);
	}
	free(beside);
	return ok;
}
