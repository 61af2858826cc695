/* What the tests of the store share: a paper in a folder of its own, edited, scanned and read. */
#ifndef UNIT_PAPER_H
#define UNIT_PAPER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/scan.h"
#include "store/store.h"

/* Made anew for every test: empty folders content and state, and nothing open. */
extern char paper_content[64];
extern char paper_state[64];
extern struct arena *paper_arena;
extern int64_t paper_now; /* 2026-11-01T12:00:00Z */

/* The last scan: its report and its problems, "error news/a.gmi:3: what" a line. */
extern struct scan_report paper_report;
extern char paper_told[16384];

int paper_set_up(void **state);
int paper_tear_down(void **state);

/*
 * Writes a file of content, its folders included. Every file that is written
 * gets a time of its own, long ago, so that no scan has to wait for it to settle.
 */
void paper_put(const char *path, const char *text);

/* An article of that date ("2026-10-03"), with further header lines ("Tag: a\n" or ""). */
void paper_article(const char *path, const char *title, const char *date, const char *more);

void paper_remove(const char *path);
void paper_rename(const char *from, const char *to);

/* The name of a file of content or, with a path that starts with "state/", of the state folder. Static memory. */
const char *paper_path(const char *path);

/* Opens the desk when it is not open yet, and scans; what desk_scan() returned. */
bool paper_try_scan(void);

/* The same, and it must go well. */
void paper_scan(void);

/* The desk that scans; NULL when none is open. */
struct desk *paper_desk(void);
void paper_close_desk(void);

/* The number that a statement gives, asked of the desk's catalogue. */
int64_t paper_number(const char *sql);

/* A store that reads what was scanned, begun anew. Closed by the tear-down. */
struct store *paper_read(void);

/* The default edition, or the one with a prefix. */
const struct edition *paper_edition(const char *prefix);

/* The visible articles of a listing at paper_now: their paths below the edition's root, joined by blanks. */
const char *paper_list(enum listing listing, const char *key);

/* The paths of a list, likewise. */
const char *paper_paths(const struct headlines *list);

/* store_find() at paper_now; the canonical path goes to paper_found. */
enum found paper_find(const char *path);
extern struct str paper_found;

/* Some papers: two articles, a page and a picture; and one with an article that was moved, read once and shared twice. */
void paper_put_small(void);
void paper_put_read(void);

/* A date as a file writes it, in seconds. */
int64_t paper_at(const char *date);

/* store_article() at paper_now, into these two. */
enum found paper_get(const char *path);
extern struct headline paper_headline;
extern struct article paper_text;

/* Overviews of the default edition at paper_now: "slug=Name:count", joined by blanks. */
const char *paper_tags(void);
const char *paper_authors(void);
const char *paper_calendar(int64_t from, int64_t before, int width);

void assert_told(const char *part);
void assert_text(struct str have, const char *want);

#endif
