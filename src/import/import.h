/* The importer as its commands see it. */
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H

#include <stdio.h>

#include "base/err.h"
#include "base/str.h"

/* What a dry run of one document is told. Texts may be NULL. */
struct import_look {
	const char *target; /* a file, or an absolute URL */
	const char *base;   /* the URL that a file is taken to be from */
	const char *rules;  /* folder of rules of sites */
	const char *contact;
	int64_t now;
	bool allows_private;
};

/* Prints each entry of a feed, or the page, as JSON lines on out; nothing is written anywhere else. False with err set. */
bool import_look(const struct import_look *look, FILE *out, struct err *err);

#endif
