/* What the parts of `tidings check` share. */
#ifndef COMMAND_CHECK_H
#define COMMAND_CHECK_H

#include "base/buf.h"
#include "command/paper.h"

/* A check on its way. */
struct check {
	struct paper *paper;
	const char *content;
	int64_t now;
	size_t files;
	size_t errors;
	size_t warnings;
	size_t pages;
};

/* Prints "<content>/<file>:<line>: error|warning: sentence", escaped, and counts it. Line 0 is left out. */
void check_tell(struct check *check, enum problem problem, struct str file, unsigned line,
		const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Reads a file below content, for which text was initialised. False when it cannot be read or does not fit. */
bool check_read(const struct check *check, struct str file, struct buf *text);

/* Where a link is written, and from where it is seen. */
struct place {
	struct str file; /* below content */
	unsigned line;
	struct str base; /* path of the page it is on */
	int64_t at;	 /* from when on readers see it */
	bool is_draft;	 /* nobody sees it: what is wrong is a warning */
};

/* Reports a link that leads nowhere. Links to other servers are only read, not followed. */
void check_link(struct check *check, const struct place *place, struct str target);

/* Reports a picture or recording of this paper that is not there. */
void check_file_link(struct check *check, const struct place *place, struct str target);

/* Reports what is wrong in an article, page or biography beyond what the scan tells. */
void check_article(struct check *check, struct str file, struct str source);

/* Reports gemtext in trouble, from the line first of the file on; place.line is not looked at. */
void check_text(struct check *check, struct place place, struct str source, unsigned first);

/* Reports picks and links in the editions' edition.ini that lead nowhere. */
void check_editions(struct check *check);

#endif
