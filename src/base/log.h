/* The error log: one line per event, to stderr. Processes and commands log; library code does not. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO };

/*
 * What is logged from now on: least and what is worse; all when nobody says. A journal has
 * times of its own and takes the level from a mark in front of the line (sd-daemon(3)).
 */
void log_set(enum log_level least, bool is_journal);

/* The name that stands in front of every line of this process, such as "worker 2"; a literal or static text. */
void log_name(const char *name);

/*
 * Writes one line with one write(2). Control characters, C1 and bidirectional
 * controls and bytes that are not UTF-8 are written as \xNN, so that no text
 * from a client or a file can forge or hide a line.
 */
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)  log_line(LOG_WARN, __VA_ARGS__)
#define log_info(...)  log_line(LOG_INFO, __VA_ARGS__)

/* Copies text into out (size bytes, NUL-terminated, cut when it does not fit), escaped as above. */
void log_escape(struct str text, char *out, size_t size);

#endif
