/* The access log: one line for each reply, logfmt or JSON, without search words, and without addresses unless asked. */
#ifndef ACCESS_H
#define ACCESS_H

#include "config.h"
#include "net/service.h"

enum { ACCESS_LINE_MAX = 2048 };

struct access {
	int fd; /* -1: no log */
	enum config_addresses addresses;
	enum config_log_format format;
	bool has_words; /* search words are written down */
};

/* One reply. */
struct access_entry {
	int64_t now; /* seconds */
	struct str site;
	const char *protocol;
	const struct peer *peer;
	const struct visit *visit;
	int status;
};

/*
 * Opens config's access log for appending: a file, standard output, or none. False with err
 * set. access_close() leaves standard output open.
 */
bool access_open(const struct config *config, struct access *ret_access, struct err *err);
void access_close(struct access *access);

/*
 * Opens the log's file again, for it may have been renamed: what took its place goes on
 * under the same descriptor. Nothing to do without a file. False with err set; the log is as before.
 */
bool access_reopen(const struct config *config, struct access *access, struct err *err);

/* Goes on with fd, which it closes, under the same descriptor. */
void access_replace(const struct access *access, int fd);

/*
 * The line for one reply, with its LF; its length. Bytes of the client are escaped, and cut
 * before the line could pass ACCESS_LINE_MAX.
 */
size_t access_line(const struct access *access, const struct access_entry *entry,
		   char out[ACCESS_LINE_MAX]);

/* The same as a JSON object (RFC 8259). */
size_t access_json(const struct access *access, const struct access_entry *entry,
		   char out[ACCESS_LINE_MAX]);

/* Writes the entry's line in one piece. Never waits for a reader of a pipe: the line is lost then. */
void access_write(const struct access *access, const struct access_entry *entry);

#endif
