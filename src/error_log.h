/* Where the error log goes: standard error as it is, or a file in its place. */
#ifndef ERROR_LOG_H
#define ERROR_LOG_H

#include "config.h"

struct error_log {
	bool is_file;
	int terminal; /* with a file: the standard error of the start; -1: there was none */
};

/*
 * Puts config's file in the place of standard error and sets what is logged. When it is
 * the journal that reads standard error (JOURNAL_STREAM, systemd.exec(5)), lines are made for
 * it. False with err set when the file cannot be opened.
 */
bool error_log_open(const struct config *config, struct error_log *log, struct err *err);

/* Opens the file again, for it may have been renamed. False with err set; the log is as before. */
bool error_log_reopen(const struct config *config, struct err *err);

/*
 * Gives standard error back, so that the command can say why the server ends; the file is told
 * first, when there is a reason. Harmless when nothing was opened.
 */
void error_log_close(struct error_log *log, const struct err *reason);

#endif
