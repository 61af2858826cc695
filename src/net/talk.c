/* Sockets in the file system. */
#include "net/talk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 16 };

/* An address holds 107 bytes, which a folder's path may exceed: it goes by way of the folder's descriptor. */
static struct sockaddr_un address_in(int folder, const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/%s", folder, name);
	return address;
}

/* Bound under a mask, so that it is nobody else's for no moment. */
static bool bind_in(int fd, int folder, const char *name)
{
	struct sockaddr_un address = address_in(folder, name);
	mode_t mask = umask(0177);
	bool ok;

	unlinkat(folder, name, 0);
	ok = bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	     listen(fd, BACKLOG) == 0;
	umask(mask);
	return ok;
}

int talk_listen(const char *folder, const char *name, struct err *err)
{
	int at = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (at == -1 || fd == -1 || !bind_in(fd, at, name)) {
		err_set(err, "%s/%s: %s", folder, name, strerror(errno));
		if (fd != -1)
			close(fd);
		fd = -1;
	}
	if (at != -1)
		close(at);
	return fd;
}

static bool connect_in(int fd, int folder, const char *name, int seconds)
{
	struct sockaddr_un address = address_in(folder, name);
	struct timeval time = { .tv_sec = seconds };

	return setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time)) == 0 &&
	       setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time)) == 0 &&
	       connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
}

int talk_connect(const char *folder, const char *name, int seconds)
{
	int at = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = at == -1 ? -1 : socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int reason;

	if (fd != -1 && connect_in(fd, at, name, seconds)) {
		close(at);
		return fd;
	}
	reason = errno;
	if (fd != -1)
		close(fd);
	if (at != -1)
		close(at);
	errno = reason;
	return -1;
}

bool talk_tell(int listener, struct str text)
{
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	bool is_taken = fd != -1 || errno == EAGAIN || errno == EWOULDBLOCK;

	while (fd != -1 && text.len) {
		ssize_t len = send(fd, text.data, text.len, MSG_NOSIGNAL);

		if (len == -1 && errno == EINTR)
			continue;
		if (len <= 0)
			break;
		text = str_skip(text, (size_t)len);
	}
	if (fd != -1)
		close(fd);
	return is_taken;
}
