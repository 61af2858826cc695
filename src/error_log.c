/* Where the error log goes. */
#include "error_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

static bool is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char ours[64];
	struct stat st;

	if (!stream || fstat(STDERR_FILENO, &st) == -1)
		return false;
	snprintf(ours, sizeof(ours), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	return strcmp(stream, ours) == 0;
}

static bool has_file(const struct config *config)
{
	return strcmp(config->error_log, "-") != 0;
}

/* A file that cannot be opened leaves standard error as it is. */
static bool put_in_place(const struct config *config, struct err *err)
{
	int fd = open(config->error_log,
		      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640);

	if (fd == -1)
		return err_set(err, "[server] error_log: %s: %s", config->error_log,
			       strerror(errno));
	dup2(fd, STDERR_FILENO);
	close(fd);
	return true;
}

bool error_log_open(const struct config *config, struct error_log *log, struct err *err)
{
	struct error_log opened = { .is_file = has_file(config), .terminal = -1 };

	if (opened.is_file) {
		opened.terminal = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		if (!put_in_place(config, err)) {
			close(opened.terminal);
			return false;
		}
	}
	*log = opened;
	log_set((enum log_level)config->log_level, is_journal());
	return true;
}

bool error_log_reopen(const struct config *config, struct err *err)
{
	return !has_file(config) || put_in_place(config, err);
}

void error_log_close(struct error_log *log, const struct err *reason)
{
	if (!log->is_file)
		return;
	if (*reason->text)
		log_error("%s", reason->text);
	if (log->terminal != -1) {
		dup2(log->terminal, STDERR_FILENO);
		close(log->terminal);
	}
	log->is_file = false;
}
