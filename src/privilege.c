/* Becoming an ordinary user for good. */
#include "privilege.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"

bool privilege_find(const char *name, struct privilege *ret_privilege, struct err *err)
{
	struct privilege privilege = { .drops = false };
	const struct passwd *entry;

	if (*name != '\0' && geteuid() == 0) {
		errno = 0;
		entry = getpwnam(name);
		if (!entry)
			return err_set(err, "[server] user: there is no user \"%s\"%s%s", name,
				       errno ? ": " : "", errno ? strerror(errno) : "");
		privilege.drops = true;
		privilege.user = entry->pw_uid;
		privilege.group = entry->pw_gid;
		snprintf(privilege.name, sizeof(privilege.name), "%s", name);
	}
	*ret_privilege = privilege;
	return true;
}

bool privilege_drop(const struct privilege *privilege, struct err *err)
{
	if (!privilege->drops)
		return true;
	if (initgroups(privilege->name, privilege->group) == -1 || setgid(privilege->group) == -1 ||
	    setuid(privilege->user) == -1)
		return err_set(err, "becoming user %s: %s", privilege->name, strerror(errno));
	if (privilege->user != 0 && (setuid(0) == 0 || seteuid(0) == 0))
		return err_set(err, "user %s could become root again", privilege->name);
	return true;
}

bool privilege_folder(const struct privilege *privilege, const char *path, struct err *err)
{
	if (!folder_above(path, err))
		return false;
	if (mkdir(path, 0750) == -1)
		return errno == EEXIST ? true : err_set(err, "%s: %s", path, strerror(errno));
	if (privilege->drops && chown(path, privilege->user, privilege->group) == -1)
		return err_set(err, "%s: %s", path, strerror(errno));
	return true;
}
