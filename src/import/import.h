/* The importer as its commands and the server see it. */
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H

#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "import/source.h"

/* Fetches a gemini:// URL for the importer, which may not speak TLS itself. */
typedef bool import_gemini(const char *url, size_t bytes_max, bool allows_private, struct buf *out,
			   struct buf *type, struct err *err);

/* What a dry run of one document is told. Texts may be NULL. */
struct import_look {
	const char *target; /* a file, or an absolute URL */
	const char *base;   /* the URL that a file is taken to be from */
	const char *rules;  /* folder of rules of sites */
	const char *contact;
	int64_t now;
	import_gemini *gemini;
	bool as_json; /* else lines for people */
};

/* Shows each entry of a feed, or the page, on out; nothing is written anywhere else. False with err set. */
bool import_look(const struct import_look *look, FILE *out, struct err *err);

/* One paper whose sources are looked at. */
struct import_site {
	const char *content;
	const char *state;
	const struct sources *sources;
};

enum import_level { IMPORT_SAYS, IMPORT_WARNS };

struct import_plan {
	const struct import_site *sites;
	size_t site_count;
	const char *contact;
	unsigned pause; /* seconds between two requests to one host */
	const char *rules;
	const char *const *names; /* sources to look at; NULL: all */
	size_t name_count;
	bool is_forced; /* now, whenever they are due */
	bool is_dry;	/* nothing is written; what would come is told */
	bool is_check;	/* sources are only tried */
	import_gemini *gemini;
	/* Hears a line about a source, or a summary (source is ""). */
	void (*tell)(void *context, enum import_level level, const char *source, const char *text);
	/* Asked now and then; true ends the run. NULL: never. */
	bool (*should_stop)(void *context);
	void *context;
};

struct import_counts {
	size_t sources; /* that were looked at */
	size_t failed;	/* of them */
	size_t fresh;
	size_t changed;
	size_t same;
	size_t removed;
};

/*
 * Looks at all sources that are due and writes what is new into the papers. ret_next is when the next one is due, in
 * seconds; 0: there is none. False with err set when it could not begin: another import is under way, records cannot be opened.
 */
bool import_run(const struct import_plan *plan, struct import_counts *ret_counts, int64_t *ret_next,
		struct err *err);

/* Files that somebody has here and wants in a paper. */
struct import_files {
	const char *path;    /* a file, or a folder with all below it */
	const char *content; /* of the paper */
	const char *section; /* "news/world"; NULL: the folders that the files are in */
	int64_t now;
	bool is_dry;
	void (*tell)(void *context, enum import_level level, const char *source, const char *text);
	void *context;
};

/*
 * Takes in ninjs 3.1 (.json), Markdown (.md) and HTML (.html) files. Adds to counts; failed are those that could not be
 * read, which are told. False with err set when path is not there.
 */
bool import_files(const struct import_files *files, struct import_counts *counts, struct err *err);

#endif
