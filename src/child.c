/* Forking: what a child keeps, and what it must not. */
#include "child.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "net/loop.h"

/* Bytes on a lifeline. */
enum {
	BYTE_READY = 'r',
	BYTE_LOG = 'l',
	BYTE_ERRORS = 'e',
	BYTE_ASK = '?',
	BYTE_HERE = 'h',
	BYTE_BUSY = 'b'
};

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/*
 * Closes all descriptors from 3 on but those. The parent's event loop goes with
 * them, without being touched: its epoll instance is shared with the parent.
 */
static void close_others(const struct child_plan *plan, int lifeline)
{
	size_t count = plan->keep_count + 1;
	int *keep = mem_alloc(count, sizeof(*keep));
	unsigned from = STDERR_FILENO + 1;

	if (plan->keep_count)
		memcpy(keep, plan->keep, plan->keep_count * sizeof(*keep));
	keep[count - 1] = lifeline;
	qsort(keep, count, sizeof(*keep), by_number);
	for (size_t i = 0; i < count; i++) {
		if (keep[i] < (int)from)
			continue;
		if (keep[i] > (int)from)
			close_range(from, (unsigned)keep[i] - 1, 0);
		from = (unsigned)keep[i] + 1;
	}
	close_range(from, ~0u, 0);
	free(keep);
}

/* Ctrl-C and a closing terminal reach the whole group; it is the supervisor that acts on them. */
static void set_signals(void)
{
	static const int ignored[] = { SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGPIPE };
	sigset_t blocked;

	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGHUP);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
}

static bool close_walls(const struct child_plan *plan, struct err *err)
{
	struct sandbox sandbox;

	if (!sandbox_close(plan->paths, plan->path_count, !plan->has_network, &sandbox, err))
		return false;
	if (plan->walls)
		board_put_walls(plan->walls, &sandbox);
	if (plan->tells_walls && (!sandbox.landlock || !sandbox.seccomp))
		log_warn("this kernel walls nothing off by%s%s",
			 sandbox.landlock ? "" : " Landlock", sandbox.seccomp ? "" : " seccomp");
	return true;
}

static int run(const struct child_plan *plan, pid_t parent, int lifeline)
{
	static char name[64];
	struct err err = { "" };

	snprintf(name, sizeof(name), "%s", plan->name);
	log_name(name);
	prctl(PR_SET_NAME, name); /* what ps and top show */
	close_others(plan, lifeline);
	set_signals();
	if (!privilege_drop(plan->privilege, &err) || !close_walls(plan, &err)) {
		log_error("%s", err.text);
		return 1;
	}
	/* After the drop, which clears it; the parent may have gone before. */
	prctl(PR_SET_PDEATHSIG, plan->death_signal);
	if (getppid() != parent)
		return 1;
	return plan->run(plan->job, lifeline);
}

pid_t child_fork(const struct child_plan *plan, int *ret_lifeline, struct err *err)
{
	pid_t parent = getpid();
	pid_t pid;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == -1) {
		err_set(err, "%s: %s", plan->name, strerror(errno));
		return -1;
	}
	pid = fork();
	if (pid == 0)
		exit(run(plan, parent, ends[1]));
	if (pid == -1) {
		err_set(err, "%s cannot be started: %s", plan->name, strerror(errno));
		close(ends[0]);
	} else {
		*ret_lifeline = ends[0];
	}
	close(ends[1]);
	return pid;
}

/* Never waits. What is lost is asked for again. */
static bool say(int lifeline, char byte)
{
	return send(lifeline, &byte, 1, MSG_DONTWAIT | MSG_NOSIGNAL) == 1;
}

void child_say_ready(int lifeline)
{
	if (!say(lifeline, BYTE_READY))
		log_warn("the supervisor does not listen");
}

void child_say_busy(int lifeline)
{
	say(lifeline, BYTE_BUSY);
}

void child_say_here(int lifeline)
{
	say(lifeline, BYTE_HERE);
}

void child_ask(int lifeline)
{
	say(lifeline, BYTE_ASK);
}

enum child_answer child_listen(int lifeline)
{
	char byte;
	ssize_t len = recv(lifeline, &byte, 1, MSG_DONTWAIT);

	if (len == 0 || (len == -1 && errno == ECONNRESET))
		return ANSWER_END;
	if (len == -1 && errno != EAGAIN && errno != EINTR)
		loop_rest();
	if (len == -1)
		return ANSWER_NONE;
	switch (byte) {
	case BYTE_READY:
		return ANSWER_READY;
	case BYTE_HERE:
		return ANSWER_HERE;
	case BYTE_BUSY:
		return ANSWER_BUSY;
	default:
		return ANSWER_NONE;
	}
}

/* One byte and, if there is one, the descriptor that came with it. */
static ssize_t receive(int lifeline, char *byte, int *ret_fd)
{
	struct iovec piece = { byte, 1 };
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr aligned;
	} control;
	struct msghdr message = { .msg_iov = &piece,
				  .msg_iovlen = 1,
				  .msg_control = control.bytes,
				  .msg_controllen = sizeof(control.bytes) };
	ssize_t len = recvmsg(lifeline, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	const struct cmsghdr *header = len > 0 ? CMSG_FIRSTHDR(&message) : NULL;

	*ret_fd = -1;
	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
		memcpy(ret_fd, CMSG_DATA(header), sizeof(*ret_fd));
	return len;
}

enum child_word child_hear(int lifeline, int *ret_log)
{
	char byte;
	ssize_t len = receive(lifeline, &byte, ret_log);

	if (len == 0)
		return WORD_END;
	if (len == -1)
		return errno == EAGAIN || errno == EINTR ? WORD_NOTHING : WORD_END;
	if (byte == BYTE_ASK)
		child_say_here(lifeline);
	if (byte == BYTE_ERRORS && *ret_log != -1) {
		dup2(*ret_log, STDERR_FILENO);
		close(*ret_log);
	}
	return byte == BYTE_LOG && *ret_log != -1 ? WORD_LOG : WORD_NOTHING;
}

static bool send_descriptor(int lifeline, char byte, int fd)
{
	struct iovec piece = { &byte, 1 };
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr aligned;
	} control = { .bytes = "" };
	struct msghdr message = { .msg_iov = &piece,
				  .msg_iovlen = 1,
				  .msg_control = control.bytes,
				  .msg_controllen = sizeof(control.bytes) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	return sendmsg(lifeline, &message, MSG_DONTWAIT | MSG_NOSIGNAL) == 1;
}

bool child_send_log(int lifeline, int log)
{
	return send_descriptor(lifeline, BYTE_LOG, log);
}

bool child_send_errors(int lifeline)
{
	return send_descriptor(lifeline, BYTE_ERRORS, STDERR_FILENO);
}
