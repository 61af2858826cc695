/* The editor's side of the store: the only writer of the catalogue. */
#ifndef STORE_SCAN_H
#define STORE_SCAN_H

#include "base/err.h"
#include "store/article.h"

struct watch;
struct desk; /* an open catalogue that may be written */

/*
 * Opens (makes, rebuilds when damaged or of another schema version) the
 * catalogue in the state folder. Takes a lock on the folder: a second server on
 * the same state is an error. ret_rebuilt (may be NULL) gets why it was made
 * anew, "" when it was not. Read counts are carried over when they can be.
 */
struct desk *desk_open(const char *content, const char *state, struct err *ret_rebuilt,
		       struct err *err);
void desk_free(struct desk *desk);

struct scan_report {
	size_t files;	 /* there are, as far as is known */
	size_t opened;	 /* read because new or changed */
	size_t articles; /* in the catalogue after the scan */
	size_t removed;	 /* left the catalogue */
	size_t errors;	 /* files left out */
	size_t warnings;
	bool changed;	     /* the catalogue differs from before */
	size_t unsettled;    /* files that were being written: scan again */
	int64_t settle_time; /* milliseconds until the first of them may be done; 0 when unknown */
};

/*
 * Brings the catalogue in line with content/. Files whose size, mtime and
 * inode are as before are not opened; one that is being written keeps its old
 * text until a later scan; one that was an article and suddenly is none, for
 * 10 seconds. What is not found while names move is looked for again before it
 * is taken for gone. All changes appear in one transaction; those of the first
 * scan of all in several, which readers do not see before the last. When a folder cannot be read, what could be is brought in, nothing is deleted, and
 * false is returned. handler (may be NULL) gets every problem there is that an
 * earlier scan of this desk has not told, of files that were not opened as
 * well. A catalogue that is gone or damaged by now is made anew.
 */
bool desk_scan(struct desk *desk, problem_handler *handler, void *context,
	       struct scan_report *ret_report, struct err *err);

/*
 * The same, but looks only at the files that the desk's watch has seen touched since the last
 * scan and at those that scans have left for later. At everything when more than files was
 * touched, when there is no watch, and as long as no scan has gone through all of content.
 */
bool desk_scan_touched(struct desk *desk, problem_handler *handler, void *context,
		       struct scan_report *ret_report, struct err *err);

/*
 * From now on files that watch (borrowed; NULL: none) knows to be in a writer's hands are left
 * for later, and no scan but the first waits for a file: the caller scans again when the report
 * says so. The desk reads the watch, too.
 */
void desk_watch(struct desk *desk, struct watch *watch);

/*
 * From now on a scan that goes through content calls progress after each folder: it takes seconds
 * for a million files.
 */
void desk_progress(struct desk *desk, void (*progress)(void *context), void *context);

/* Whether there is a paper for readers, as an earlier scan has left it. */
bool desk_has_paper(struct desk *desk);

/*
 * Paths that are not content's to have: zones (borrowed; NULL: none). A scan leaves out
 * what lies there and says so. Before the first scan.
 */
void desk_zones(struct desk *desk, const struct texts *zones);

/*
 * False when the catalogue's file is gone, was replaced, or was written to by
 * somebody else in a way that damaged it: the next desk_scan() makes it anew.
 */
bool desk_is_whole(struct desk *desk);

/*
 * Adds one read or one share of an article; kept in memory until desk_flush(). Unknown ids
 * are ignored.
 */
void desk_count(struct desk *desk, int64_t article, bool share, int64_t now);

/*
 * Writes what was counted and ranks trending (24 h, recent hours weigh more) and most read
 * (7 days).
 */
bool desk_flush(struct desk *desk, int64_t now, struct err *err);

#endif
