/* Sockets in the file system, through which processes of one machine talk. */
#ifndef NET_TALK_H
#define NET_TALK_H

#include "base/err.h"
#include "base/str.h"

/*
 * Listens on folder/name, which only its owner may use (0600). What an earlier process
 * has left there is replaced. -1 with err set.
 */
int talk_listen(const char *folder, const char *name, struct err *err);

/*
 * Connects to folder/name; that, and each reading then, waits for at most that many seconds. -1 with errno set:
 * ENOENT and ECONNREFUSED mean that nobody listens.
 */
int talk_connect(const char *folder, const char *name, int seconds);

/*
 * Takes one connection if there is one, sends text as far as the kernel takes it without waiting,
 * and closes. Nothing is read. False when there is one that cannot be taken now: the listener
 * stays readable.
 */
bool talk_tell(int listener, struct str text);

#endif
