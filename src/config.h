/* server.ini: every setting with its bounds, its default and its help in one table. */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdio.h>

#include "base/err.h"
#include "base/str.h"

/* Texts that own their memory; each is a C string as well. */
struct config_list {
	char **items;
	size_t count;
};

enum config_addresses { ADDRESSES_NO, ADDRESSES_MASKED, ADDRESSES_YES };

/* Times are seconds. Paths are absolute or relative to the current folder (already resolved against the file's folder). */
struct config {
	char *path; /* of the file itself */

	char *content;
	char *state;
	unsigned workers; /* 0: auto, one per core */
	char *user;	  /* "": stay */
	char *access_log; /* "-", a path, or "none" */
	enum config_addresses log_addresses;
	char *favicon; /* one emoji or "" */
	struct config_list disallow; /* further robots.txt paths */

	bool gemini; /* the section is there, or no file was given */
	struct config_list gemini_listen;
	struct config_list gemini_hosts;
	char *certificate;
	char *key;
	bool strict_port;

	bool gopher;
	struct config_list gopher_listen;
	struct config_list gopher_hosts;
	unsigned gopher_port;
	bool text_lastline;

	unsigned connections;
	unsigned per_address;
	unsigned handshake_time;
	unsigned request_time;	/* from accept to the whole request line */
	unsigned progress_time; /* longest time without a byte accepted by the client while we send */
	unsigned total_time;
};

/*
 * Reads and checks a file. Unknown and doubled keys, values out of bounds and
 * sections that do not exist are errors with file and line. NULL with err set.
 */
struct config *config_load(const char *path, struct err *err);
void config_free(struct config *config);

/* Prints every setting as a commented server.ini with its default. */
void config_print_defaults(FILE *out);

#endif
