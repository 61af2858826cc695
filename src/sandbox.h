/*
 * The walls around a process: no new privileges, Landlock, a short seccomp
 * deny list. Closed once, before the process touches foreign bytes; never opened again.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stddef.h>

#include "base/err.h"

/* What a process may still do at a path and, for a folder, below it. */
enum sandbox_access {
	SANDBOX_READ,  /* open files for reading, list folders */
	SANDBOX_MAKE,  /* write, make, rename and remove files as well */
	SANDBOX_BUILD, /* make folders, too */
};

struct sandbox_path {
	const char *path; /* one that does not exist is passed over */
	enum sandbox_access access;
};

/* What is in force, for the log and `status`. */
struct sandbox {
	bool no_new_privileges;
	int landlock; /* the kernel's ABI; 0: it has none, or refused */
	bool seccomp;
};

/*
 * Closes the sandbox: outside of the count paths no file can be opened,
 * nothing can be executed, traced or mounted, and with no_network no socket
 * can be made, bound or connected (those already open go on). Refused calls
 * give EACCES or EPERM. What the kernel does not offer is left out and shows
 * in ret_sandbox; false with err set only when a wall the kernel does offer
 * could not be put up.
 */
bool sandbox_close(const struct sandbox_path *paths, size_t count, bool no_network,
		   struct sandbox *ret_sandbox, struct err *err);

#endif
