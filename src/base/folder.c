/* Folders that are made when they are missing. */
#include "base/folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"

bool folder_above(const char *path, struct err *err)
{
	char *folder = mem_text(path);
	bool ok = true;

	for (char *slash = strchr(folder + 1, '/'); ok && slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		ok = mkdir(folder, 0755) == 0 || errno == EEXIST;
		if (!ok)
			err_set(err, "%s: %s", folder, strerror(errno));
		*slash = '/';
	}
	free(folder);
	return ok;
}
