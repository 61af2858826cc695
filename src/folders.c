/* Looking at the folders as somebody who will have to live with them. */
#include "folders.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "store/lock.h"

enum { SECTION_TEXT = 300 };

/* " for user NAME", where that is worth saying. */
static const char *for_whom(const struct privilege *privilege)
{
	return privilege->drops ? " for user " : "";
}

/* The section that a site's folders are set in, with its brackets. */
static const char *section_of(const struct config *site, char room[SECTION_TEXT])
{
	if (*site->name == '\0')
		return "[server]";
	snprintf(room, SECTION_TEXT, "[site %s]", site->name);
	return room;
}

static bool has_something(DIR *folder)
{
	const struct dirent *entry;

	while ((entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.')
			return true;
	return false;
}

static bool check_content(const struct config *site, const struct privilege *privilege,
			  struct err *err)
{
	DIR *folder = opendir(site->content);
	char room[SECTION_TEXT];
	bool ok;

	if (!folder)
		return err_set(err, "%s content: the content folder %s: %s%s%s",
			       section_of(site, room), site->content, strerror(errno),
			       for_whom(privilege), privilege->name);
	ok = has_something(folder);
	closedir(folder);
	return ok || err_set(err,
			     "%s content: the content folder %s is empty; a paper begins "
			     "with an edition.ini and an article",
			     section_of(site, room), site->content);
}

static bool is_folder(const char *path)
{
	struct stat st;

	if (stat(path, &st) == -1)
		return false;
	if (!S_ISDIR(st.st_mode))
		errno = ENOTDIR;
	return S_ISDIR(st.st_mode);
}

/*
 * A state folder that is there. Who has it while a server runs may be an editor of ours that is
 * leaving: the new one waits for it.
 */
static bool check_state(const struct config *site, bool is_start, const struct privilege *privilege,
			struct err *err)
{
	char room[SECTION_TEXT];

	if (is_folder(site->state) && eaccess(site->state, R_OK | W_OK | X_OK) == 0)
		return !is_start || lock_is_free(site->state, err);
	return err_set(err, "%s state: the state folder %s: %s%s%s", section_of(site, room),
		       site->state, strerror(errno), for_whom(privilege), privilege->name);
}

/* The folder that path lies in, in memory of its own. */
static char *folder_of(const char *path)
{
	size_t slash = str_rfind(str_from(path), '/');

	if (slash == strlen(path))
		return mem_text(".");
	return mem_copy(path, slash ? slash : 1);
}

/* Whether what lies at path can be made; is_deep: with the folders above it. */
static bool check_room(const char *what, const char *path, bool is_deep, struct err *err)
{
	char *folder = folder_of(path);
	bool ok;

	while (is_deep && access(folder, F_OK) == -1 && (errno == ENOENT || errno == ENOTDIR)) {
		char *above = folder_of(folder);

		free(folder);
		folder = above;
	}
	ok = is_folder(folder) && eaccess(folder, W_OK | X_OK) == 0;
	if (!ok)
		err_set(err, "%s %s cannot be made: %s: %s", what, path, folder, strerror(errno));
	free(folder);
	return ok;
}

/* It is opened by us, whoever writes to it then. */
static bool check_log(const char *setting, const char *log, struct err *err)
{
	if (strcmp(log, "-") == 0 || strcmp(log, "none") == 0)
		return true;
	if (access(log, F_OK) == -1)
		return check_room(setting, log, false, err);
	if (is_folder(log))
		errno = EISDIR;
	else if (eaccess(log, W_OK) == 0)
		return true;
	return err_set(err, "%s %s: %s", setting, log, strerror(errno));
}

/* What is to be looked at: the sites that old (NULL: nobody) does not serve already. */
struct folders {
	const struct config *config;
	const struct config *old;
	const struct privilege *privilege;
};

static bool is_new(const struct folders *folders, const struct config *site)
{
	return !folders->old || !config_site(folders->old, str_from(site->name));
}

static bool check(const struct folders *folders, struct err *err)
{
	const struct privilege *privilege = folders->privilege;

	for (size_t i = 0; i < folders->config->site_count; i++) {
		const struct config *site = folders->config->sites[i];

		if (!is_new(folders, site))
			continue;
		if (!check_content(site, privilege, err) ||
		    (access(site->state, F_OK) == 0 &&
		     !check_state(site, !folders->old, privilege, err)))
			return false;
	}
	return true;
}

/* The same in a process that has become the user, for good. What it found comes over a socket. */
static void check_as_user(const struct folders *folders, int out)
{
	struct err err = { "" };

	if (!privilege_drop(folders->privilege, &err) || !check(folders, &err))
		send(out, err.text, strlen(err.text), MSG_NOSIGNAL);
	_exit(0);
}

static bool ask_user(const struct folders *folders, struct err *err)
{
	struct err found = { "" };
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == -1)
		return err_set(err, "a socket pair: %s", strerror(errno));
	pid = fork();
	if (pid == 0)
		check_as_user(folders, ends[1]);
	if (pid == -1)
		err_set(&found, "a process: %s", strerror(errno));
	close(ends[1]);
	if (pid != -1 && recv(ends[0], found.text, sizeof(found.text) - 1, 0) == -1)
		err_set(&found, "a socket pair: %s", strerror(errno));
	close(ends[0]);
	if (pid != -1)
		waitpid(pid, NULL, 0);
	return *found.text == '\0' || err_set(err, "%s", found.text);
}

/* What is missing is made by us, not by the user. */
static bool check_missing(const struct config *site, struct err *err)
{
	char room[SECTION_TEXT];
	char what[SECTION_TEXT + 32];

	snprintf(what, sizeof(what), "%s state: the state folder", section_of(site, room));
	return access(site->state, F_OK) == 0 || check_room(what, site->state, true, err);
}

bool folders_check(const struct config *config, const struct config *old,
		   const struct privilege *privilege, struct err *err)
{
	const struct folders folders = { config, old, privilege };
	bool ok = privilege->drops ? ask_user(&folders, err) : check(&folders, err);

	for (size_t i = 0; ok && i < config->site_count; i++)
		ok = !is_new(&folders, config->sites[i]) || check_missing(config->sites[i], err);
	return ok && check_log("[server] access_log:", config->access_log, err) &&
	       check_log("[server] error_log:", config->error_log, err);
}

bool folders_make(const struct config *config, const struct privilege *privilege, struct err *err)
{
	for (size_t i = 0; i < config->site_count; i++)
		if (!privilege_folder(privilege, config->sites[i]->state, err))
			return false;
	return true;
}
