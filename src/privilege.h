/* Becoming an ordinary user for good, after what only root may do is done. */
#ifndef PRIVILEGE_H
#define PRIVILEGE_H

#include <sys/types.h>

#include "base/err.h"

struct privilege {
	bool drops; /* false: the process stays who it is */
	uid_t user;
	gid_t group;
	char name[33];
};

/*
 * Looks up whom to become: nobody else when name is "" or we are not root. False
 * with err set when there is no such user.
 */
bool privilege_find(const char *name, struct privilege *ret_privilege, struct err *err);

/* Becomes that user with its groups, and makes sure that there is no way back. */
bool privilege_drop(const struct privilege *privilege, struct err *err);

/* Makes a folder that belongs to this user, and those above it; one that exists is left as it is. */
bool privilege_folder(const struct privilege *privilege, const char *path, struct err *err);

#endif
