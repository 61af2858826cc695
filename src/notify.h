/*
 * Telling the service manager how the server does: the protocol of sd_notify(3), without
 * libsystemd. Without a manager that listens, nothing here does anything.
 */
#ifndef NOTIFY_H
#define NOTIFY_H

#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

struct notify {
	int fd; /* -1: nobody listens */
	struct sockaddr_un address;
	socklen_t address_len;
	int64_t watchdog_time; /* milliseconds between two signs of life; 0: none are wanted */
};

/*
 * Takes NOTIFY_SOCKET (a path, or @ and an abstract name), WATCHDOG_USEC and WATCHDOG_PID out of
 * the environment, so that no child speaks for the server. An address that cannot be used is
 * logged and then passed over: a server that runs is worth more than one that tells.
 */
void notify_init(struct notify *notify);
void notify_done(struct notify *notify);

/*
 * Each sends one message; status is a sentence for people ("systemctl status"), in which
 * control characters become blanks. A message that cannot be sent is lost.
 */
void notify_ready(const struct notify *notify, const char *status);
void notify_status(const struct notify *notify, const char *status);
void notify_reloading(const struct notify *notify); /* notify_ready() ends it */
void notify_stopping(const struct notify *notify, const char *status);
void notify_alive(const struct notify *notify);

#endif
