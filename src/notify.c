/* Messages to the service manager, sd_notify(3). */
#include "notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"

enum { MESSAGE_MAX = 1024 };

/* Half of the time in which the manager wants to hear from us, in milliseconds. 0: it does not, or means another. */
static int64_t watchdog_time(const char *microseconds, const char *pid)
{
	uint64_t time;
	uint64_t owner;

	if (!str_number(str_from(microseconds), INT64_MAX, &time))
		return 0;
	if (pid && (!str_number(str_from(pid), INT32_MAX, &owner) || owner != (uint64_t)getpid()))
		return 0;
	return time >= 2000 ? (int64_t)(time / 2000) : time > 0;
}

/* An abstract address has a NUL where its name has an @, and no NUL at its end. */
static bool set_address(struct notify *notify, const char *name)
{
	struct sockaddr_un *address = &notify->address;
	size_t len = strlen(name);

	if ((*name != '/' && *name != '@') || len < 2 || len >= sizeof(address->sun_path))
		return false;
	address->sun_family = AF_UNIX;
	memcpy(address->sun_path, name, len + 1);
	if (*name == '@')
		address->sun_path[0] = '\0';
	else
		len++;
	notify->address_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	return true;
}

void notify_init(struct notify *notify)
{
	const char *name = getenv("NOTIFY_SOCKET");

	*notify = (struct notify){ .fd = -1 };
	if (name && *name != '\0') {
		if (!set_address(notify, name))
			log_warn("NOTIFY_SOCKET: \"%s\" is neither a path nor an abstract name",
				 name);
		else if ((notify->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) == -1)
			log_warn("the service manager hears nothing: %s", strerror(errno));
	}
	if (notify->fd != -1)
		notify->watchdog_time = watchdog_time(getenv("WATCHDOG_USEC"),
						      getenv("WATCHDOG_PID"));
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

void notify_done(struct notify *notify)
{
	if (notify->fd != -1)
		close(notify->fd);
	notify->fd = -1;
}

/* Never waits: a manager that does not read must not stop the server. */
static void send_message(const struct notify *notify, const char *message, size_t len)
{
	if (notify->fd != -1)
		sendto(notify->fd, message, len, MSG_DONTWAIT | MSG_NOSIGNAL,
		       (const struct sockaddr *)&notify->address, notify->address_len);
}

/* A message is lines; what is in status must not add one. */
static void send_state(const struct notify *notify, const char *state, const char *status)
{
	char message[MESSAGE_MAX];
	size_t head = (size_t)snprintf(message, sizeof(message), "%sSTATUS=", state);
	size_t len = head;

	for (; *status != '\0' && len < sizeof(message); status++)
		message[len++] = (unsigned char)*status < ' ' || *status == 0x7f ? ' ' : *status;
	send_message(notify, message, len);
}

void notify_ready(const struct notify *notify, const char *status)
{
	send_state(notify, "READY=1\n", status);
}

void notify_status(const struct notify *notify, const char *status)
{
	send_state(notify, "", status);
}

void notify_reloading(const struct notify *notify)
{
	char state[64];
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%lld\n",
		 (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	send_state(notify, state, "reloading");
}

void notify_stopping(const struct notify *notify, const char *status)
{
	send_state(notify, "STOPPING=1\n", status);
}

void notify_alive(const struct notify *notify)
{
	static const char message[] = "WATCHDOG=1";

	send_message(notify, message, sizeof(message) - 1);
}
