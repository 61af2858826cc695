/* Unix-domain listening sockets. */
#include "net/local.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/socket.h"

static int open_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* Whether somebody listens there. */
static bool is_alive(const struct sockaddr_un *address)
{
	int fd = open_socket();
	bool alive;

	if (fd == -1)
		return true;
	alive = connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ||
		errno != ECONNREFUSED;
	close(fd);
	return alive;
}

/* Makes room for our socket: only what nobody answers at any more goes. */
static bool clear_path(const struct sockaddr_un *address, struct err *err)
{
	struct stat st;

	if (lstat(address->sun_path, &st) == -1)
		return errno == ENOENT || err_set(err, "%s", strerror(errno));
	if (!S_ISSOCK(st.st_mode))
		return err_set(err, "something that is no socket is there already");
	if (is_alive(address))
		return err_set(err, "another program listens there");
	if (unlink(address->sun_path) == -1 && errno != ENOENT)
		return err_set(err, "%s", strerror(errno));
	return true;
}

/* Closes what there is; the reason is kept. */
static bool fail(int *sockets, size_t made, struct err *err)
{
	int reason = errno;

	if (made)
		local_remove(sockets[0]);
	for (size_t i = 0; i < made; i++)
		close(sockets[i]);
	return err_set(err, "%s", strerror(reason));
}

bool local_listen(const struct sockaddr_un *address, size_t count, int *ret_sockets,
		  struct err *err)
{
	if (!clear_path(address, err))
		return false;
	ret_sockets[0] = open_socket();
	if (ret_sockets[0] == -1)
		return fail(ret_sockets, 0, err);
	if (bind(ret_sockets[0], (const struct sockaddr *)address, sizeof(*address)) == -1 ||
	    chmod(address->sun_path, 0666) == -1 || listen(ret_sockets[0], SOCKET_BACKLOG) == -1)
		return fail(ret_sockets, 1, err);
	for (size_t made = 1; made < count; made++) {
		ret_sockets[made] = fcntl(ret_sockets[0], F_DUPFD_CLOEXEC, 0);
		if (ret_sockets[made] == -1)
			return fail(ret_sockets, made, err);
	}
	return true;
}

void local_remove(int fd)
{
	struct sockaddr_un address = { .sun_family = AF_UNSPEC };
	socklen_t len = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &len) == 0 &&
	    address.sun_family == AF_UNIX && address.sun_path[0] == '/')
		unlink(address.sun_path);
}
