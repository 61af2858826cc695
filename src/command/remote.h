/* `tidings get URL`: a page from a real server, as a client gets it. */
#ifndef COMMAND_REMOTE_H
#define COMMAND_REMOTE_H

#include <stdbool.h>

#include "base/str.h"

/* Whether text is a URL of a scheme that remote_get() speaks: gemini, gopher, gophers. */
bool remote_is_url(struct str text);

/*
 * Fetches a URL and writes the body to standard output (with its header line when
 * show_header says so); fingerprints, status and redirects go to stderr. Returns an exit code.
 */
int remote_get(struct str url, bool show_header);

#endif
