/* server.ini: every setting with its bounds, its default and its help in one table. */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdio.h>

#include "base/err.h"
#include "base/str.h"
#include "import/source.h"
#include "net/network.h"
#include "zone_setting.h"

/* Texts that own their memory; each is NUL-terminated, so .data is a C string too. */
struct config_list {
	struct str *items;
	size_t count;
};

enum {
	CONFIG_LIST_MAX = 32,
	CONFIG_BYTES_MAX = 1 << 20,
	CONFIG_SITES_MAX = 16,
	CONFIG_SITE_NAME = 48
};

enum config_addresses { ADDRESSES_NO, ADDRESSES_MASKED, ADDRESSES_YES };
enum config_log_format { LOG_FORMAT_LOGFMT, LOG_FORMAT_JSON };

/*
 * All settings, checked, as one site has them: each [site NAME] is a whole configuration of
 * its own, with what sites share copied into it. Times are seconds. Paths are absolute or relative to
 * the current folder (already resolved against the file's folder). What is in
 * the listen lists is known to pass address_parse().
 */
struct config {
	char *path; /* of the file itself; "" for built-in defaults */
	char *name; /* of a [site NAME]; "": the default site, which the other sections make */

	/* The default site's configuration has all of them, itself first; the others have none. */
	struct config **sites;
	size_t site_count;

	char *content;
	char *state;
	unsigned workers;		    /* 0: auto, one per core */
	char *user;			    /* "": stay */
	char *access_log;		    /* "-", a path, or "none" */
	char *error_log;		    /* "-" or a path */
	unsigned log_level;		    /* enum log_level: the least that is logged */
	unsigned log_addresses;		    /* enum config_addresses */
	unsigned log_format;		    /* enum config_log_format */
	bool log_search;		    /* search words are written down */
	char *favicon;			    /* one emoji or "" */
	struct config_list robots_disallow; /* further paths for robots.txt */

	bool gemini; /* served: the section is there, or neither is, or there was no file */
	struct config_list gemini_listen;
	struct config_list gemini_hosts; /* lower-case; the first is canonical */
	struct config_list
		certificates; /* PEM files; clients get the one that has the name they ask for, else the first */
	struct config_list keys; /* of each certificate its own */
	char *ticket_key;	 /* "": session tickets are this server's alone */
	bool strict_port;
	struct networks
		gemini_proxy; /* who says with the PROXY protocol for whom it asks; empty: nobody */

	struct sources sources;
	char *import_contact;  /* of the operator, in the User-Agent; "" for none */
	unsigned import_pause; /* seconds between two requests to one host */
	char *import_rules;    /* folder of rules of sites; "" for none */

	struct zone_settings zones; /* over Gemini; Gopher has no certificates to ask for */

	bool gopher; /* as gemini */
	struct config_list gopher_listen;
	struct config_list gopher_hosts;
	unsigned gopher_port; /* what menus say; 0: that of the first listen address */
	bool text_lastline;
	struct networks gopher_proxy;

	bool metrics; /* handed out: the section is there */
	struct config_list metrics_listen;

	unsigned connections;
	unsigned per_address;
	unsigned requests; /* a second, of one address; 0: as many as it likes */
	unsigned burst;
	unsigned
		robot_requests; /* of an address that has read robots.txt within the hour; 0: as readers */
	unsigned robot_burst;
	struct networks exempt;	 /* whom neither per_address nor requests applies to */
	unsigned handshake_time; /* from accept to the end of the TLS handshake */
	unsigned request_time;	 /* from accept to the whole request line */
	unsigned progress_time;	 /* longest time that the client takes no byte of its reply */
	unsigned total_time;
};

/*
 * Reads and checks a file; path NULL gives the built-in defaults. Unknown and
 * doubled keys, values out of bounds and sections that do not exist are errors
 * with file and line. NULL with err set.
 */
struct config *config_load(const char *path, struct err *err);

/* The same for text that was read from a file called path. */
struct config *config_parse(struct str text, const char *path, struct err *err);

void config_free(struct config *config);

/* The site of that name ("" is the default one, as is its first host name); NULL when there is none. */
const struct config *config_site(const struct config *config, struct str name);

/*
 * The host names that a certificate of the site is made for: with one certificate all, with
 * several one each and the last one the rest.
 */
struct config_list config_names(const struct config *site, size_t certificate);

/* What logs and status call a site: its name, or the first host name of the default one. */
struct str config_title(const struct config *site);

/* Prints every setting as a commented server.ini with its default. */
void config_print_defaults(FILE *out);

#endif
