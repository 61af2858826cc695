/* robots.txt: what a host asks robots to leave alone (RFC 9309). */
#ifndef IMPORT_ROBOTS_H
#define IMPORT_ROBOTS_H

#include <stdbool.h>

#include "base/str.h"

enum {
	ROBOTS_BYTES_MAX = 500 << 10, /* RFC 9309 2.5: at least so much has to be read */
	ROBOTS_RULES_MAX = 1000,
	ROBOTS_PATTERN_MAX = 512, /* bytes; longer ones are left out */
	ROBOTS_DELAY_MAX = 30,	  /* seconds between two requests that a host may ask for */
};

struct robots;

/*
 * Parses a file for the product token agent ("tidings"): the groups that name it, else those for "*".
 * The caller frees it with robots_free().
 */
struct robots *robots_parse(struct str text, struct str agent);

/* One that allows everything, or nothing: for hosts without the file, and for those that could not be asked. */
struct robots *robots_all(bool allows);

void robots_free(struct robots *robots);

/* Whether path (with its query, as in the URL) may be asked for. "/robots.txt" always may. */
bool robots_allow(const struct robots *robots, struct str path);

/* Seconds between two requests; 0: it does not say. */
unsigned robots_delay(const struct robots *robots);

#endif
