/* Listening sockets. */
#include "net/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/*
 * What a connection may have waiting in the kernel. It bounds what a reader that has stalled
 * costs, and one that has vanished, for which the kernel would keep up to 4 MB. One reader gets
 * some 60 KB in each round trip of the line: 600 KB/s at 100 ms.
 */
enum {
	UNSENT_MAX = 16 * 1024,	 /* beyond what is on its way */
	SEND_BUFFER = 32 * 1024, /* in all; the kernel doubles it, for what it needs itself */
};

static bool set_option(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value)) == 0;
}

/* A bound socket; -1 with errno set. */
static int bind_one(const struct sockaddr *address, socklen_t len, bool shared)
{
	int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int reason;

	if (fd == -1)
		return -1;
	if (set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1) &&
	    (!shared || set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1)) &&
	    (address->sa_family != AF_INET6 || set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1)) &&
	    bind(fd, address, len) == 0)
		return fd;
	reason = errno;
	close(fd);
	errno = reason;
	return -1;
}

void socket_bound_queue(int fd)
{
	set_option(fd, SOL_SOCKET, SO_SNDBUF, SEND_BUFFER);
}

/* What the connections of a listening TCP socket inherit. */
static bool prepare(int fd)
{
	socket_bound_queue(fd);
	set_option(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, UNSENT_MAX); /* older kernels: never mind */
	return set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
}

static int listen_one(const struct sockaddr *address, socklen_t len)
{
	int fd = bind_one(address, len, true);
	int reason;

	if (fd == -1)
		return -1;
	if (prepare(fd) && listen(fd, SOCKET_BACKLOG) == 0)
		return fd;
	reason = errno;
	close(fd);
	errno = reason;
	return -1;
}

static in_port_t *port_of(struct sockaddr *address)
{
	return address->sa_family == AF_INET6 ? &((struct sockaddr_in6 *)address)->sin6_port
					      : &((struct sockaddr_in *)address)->sin_port;
}

/* Takes over the port that the kernel gave fd. */
static bool learn_port(int fd, struct sockaddr *address)
{
	struct sockaddr_storage bound;
	socklen_t len = sizeof(bound);

	if (getsockname(fd, (struct sockaddr *)&bound, &len) == -1)
		return false;
	*port_of(address) = *port_of((struct sockaddr *)&bound);
	return true;
}

static const char *reason_text(int reason)
{
	switch (reason) {
	case EADDRINUSE:
		return "the port is in use; is the server running already?";
	case EACCES:
		return "ports below 1024 need root or the right to bind them";
	case EADDRNOTAVAIL:
		return "this machine does not have that address";
	default:
		return strerror(reason);
	}
}

/* Sockets that share a port would also share it with another server of the same user: one that does not share asks first. */
static bool is_free(const struct sockaddr *address, socklen_t len)
{
	int fd = bind_one(address, len, false);

	if (fd == -1)
		return false;
	close(fd);
	return true;
}

bool socket_listen(const struct sockaddr *address, socklen_t len, size_t count, int *ret_sockets,
		   unsigned *ret_port, struct err *err)
{
	struct sockaddr_storage storage;
	struct sockaddr *bound = (struct sockaddr *)&storage;
	size_t made = 0;

	memcpy(&storage, address, len);
	if (!is_free(bound, len))
		return err_set(err, "%s", reason_text(errno));
	for (; made < count; made++) {
		ret_sockets[made] = listen_one(bound, len);
		if (ret_sockets[made] == -1 || (made == 0 && !learn_port(ret_sockets[0], bound)))
			goto undo;
	}
	*ret_port = ntohs(*port_of(bound));
	return true;
undo:
	err_set(err, "%s", reason_text(errno));
	for (size_t i = 0; i <= made && i < count; i++)
		if (ret_sockets[i] != -1)
			close(ret_sockets[i]);
	return false;
}

static bool has_option(int fd, int option, int value)
{
	int found;
	socklen_t len = sizeof(found);

	return getsockopt(fd, SOL_SOCKET, option, &found, &len) == 0 && found == value;
}

bool socket_adopt(int fd, struct sockaddr_storage *ret_address, unsigned *ret_port, struct err *err)
{
	struct sockaddr_storage bound = { .ss_family = AF_UNSPEC };
	socklen_t len = sizeof(bound);
	int flags = fcntl(fd, F_GETFL);

	if (flags == -1)
		return err_set(err, "%s", strerror(errno));
	if (!has_option(fd, SO_TYPE, SOCK_STREAM) || !has_option(fd, SO_ACCEPTCONN, 1))
		return err_set(err, "it is not a stream socket that listens");
	if (getsockname(fd, (struct sockaddr *)&bound, &len) == -1 ||
	    (bound.ss_family != AF_INET && bound.ss_family != AF_INET6))
		return err_set(err, "it is bound neither to an IPv4 nor to an IPv6 address");
	if (fcntl(fd, F_SETFL, flags | O_NONBLOCK) == -1 || fcntl(fd, F_SETFD, FD_CLOEXEC) == -1)
		return err_set(err, "%s", strerror(errno));
	prepare(fd);
	*ret_address = bound;
	*ret_port = ntohs(*port_of((struct sockaddr *)&bound));
	return true;
}

/*
 * A socket that is closed resets what waits in its queue, and what is just arriving. So first
 * nothing new may come: a filter drops TCP's opening segments (SYN, RFC 9293 3.1), which clients
 * send again a second later, and lets all others through.
 */
bool socket_take_no_more(int fd)
{
	enum { FLAGS_AT = 13, SYN = 2 };
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, FLAGS_AT),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, SYN, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };
	int protocol;
	socklen_t len = sizeof(protocol);

	return getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len) == 0 &&
	       protocol == IPPROTO_TCP &&
	       setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == 0;
}

bool socket_has_family(const struct sockaddr *address)
{
	int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1)
		return errno != EAFNOSUPPORT;
	close(fd);
	return true;
}

size_t socket_raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		return 1024;
	if (limit.rlim_cur < limit.rlim_max) {
		struct rlimit raised = { limit.rlim_max, limit.rlim_max };

		if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
			limit = raised;
	}
	return limit.rlim_cur == RLIM_INFINITY ? (size_t)1 << 20 : (size_t)limit.rlim_cur;
}
