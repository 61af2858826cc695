/* The scan: content/ as it is now becomes the catalogue, in one transaction; the first of all in several. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/desk.h"

enum {
	SCAN_BYTES_MAX = 1 << 30,    /* paths of all that is new or gone */
	SCRATCH_BYTES_MAX = 1 << 26, /* an article of the largest size, several times over */
	WALKS_MAX = 3,		     /* through one that moves */
	NAPS_MAX = 20, /* of 50 ms, waiting for files that are being written; without a watch */
};

static void add_problem(struct scan *scan, const char *sql, enum problem problem, struct str path,
			unsigned line, const char *text)
{
	sqlite3_stmt *statement = catalogue_statement(scan->catalogue, sql);

	bind_str(statement, 1, path);
	sqlite3_bind_int64(statement, 2, line);
	sqlite3_bind_int(statement, 3, (int)problem);
	bind_str(statement, 4, str_from(text));
	catalogue_run(scan->catalogue, statement);
}

void scan_note(void *context, enum problem problem, struct str path, unsigned line,
	       const char *text)
{
	add_problem(context,
		    "INSERT OR IGNORE INTO temp.noted (path, line, severity, text)"
		    " VALUES (?1, ?2, ?3, ?4)",
		    problem, path, line, text);
}

void scan_file_problem(void *context, enum problem problem, struct str path, unsigned line,
		       const char *text)
{
	add_problem(context,
		    "INSERT INTO problem (path, line, severity, text) VALUES (?1, ?2, ?3, ?4)",
		    problem, path, line, text);
}

/* Files whose Id was taken by one that is gone now: read again, though they are unchanged. */
static void free_blocked(struct scan *scan)
{
	struct texts paths = scan_paths(
		scan, "SELECT path FROM file WHERE blocked IS NOT NULL AND NOT EXISTS (SELECT 1"
		      " FROM article WHERE uid = blocked AND article.edition = file.edition)"
		      " ORDER BY path");

	for (size_t i = 0; i < paths.count; i++) {
		struct walked file = { .path = paths.items[i] };

		if (walk_look(scan->root, &file) != PRESENCE_THERE)
			continue;
		scan_forget(scan, paths.items[i]);
		scan->report.removed--;
		scan_file(scan, &file);
	}
}

static int by_path(const void *a, const void *b)
{
	const struct walked *left = a;
	const struct walked *right = b;

	return str_cmp(left->path, right->path);
}

void scan_take_files(struct scan *scan)
{
	if (scan->count)
		qsort(scan->files, scan->count, sizeof(*scan->files), by_path);
	for (size_t i = 0; i < scan->count && !scan->catalogue->broken; i++)
		scan_file(scan, &scan->files[i]);
	search_flush(scan);
	lists_flush(scan);
	scan->count = 0;
	arena_reset(scan->paths);
}

static void set_meta(struct scan *scan, const char *name, int64_t value)
{
	sqlite3_stmt *statement = catalogue_statement(
		scan->catalogue, "INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)");

	bind_str(statement, 1, str_from(name));
	sqlite3_bind_int64(statement, 2, value);
	catalogue_run(scan->catalogue, statement);
}

static int64_t number_of(struct scan *scan, const char *sql)
{
	sqlite3_stmt *statement = catalogue_statement(scan->catalogue, sql);
	int64_t number = 0;

	while (catalogue_row(scan->catalogue, statement))
		number = sqlite3_column_int64(statement, 0);
	return number;
}

/*
 * The readers' sign to load the editions anew; the first one also tells them that there is a
 * paper.
 */
static void mark_change(struct scan *scan)
{
	int64_t generation = number_of(scan, "SELECT value FROM meta WHERE name = 'generation'");

	if (generation && !scan->changed)
		return;
	scan->changed = true;
	set_meta(scan, "generation", generation + 1);
	set_meta(scan, "changed", (int64_t)time(NULL));
}

static void count_results(struct scan *scan)
{
	struct scan_report *report = &scan->report;

	report->files = scan->is_partial ? scan->desk->files + scan->added - report->removed
					 : scan->seen;
	scan->desk->files = report->files;
	report->changed = scan->changed;
	report->articles = (size_t)number_of(
		scan, "SELECT (SELECT coalesce(sum(total), 0) FROM edition AS e JOIN list AS l"
		      " ON l.edition = e.id AND l.kind = 0 AND l.key = '')"
		      " + (SELECT count(*) FROM article WHERE status <> 0)");
	report->errors = (size_t)number_of(
		scan, "SELECT count(DISTINCT path) FROM (SELECT path, severity FROM problem"
		      " UNION ALL SELECT path, severity FROM temp.noted) WHERE severity = 1");
	report->warnings = (size_t)number_of(
		scan, "SELECT count(*) FROM (SELECT severity FROM problem"
		      " UNION ALL SELECT severity FROM temp.noted) WHERE severity = 0");
	/* With a watch, whatever moved brings about a scan of its own. */
	if (scan->walk.is_moving && !scan->desk->watch)
		report->unsettled++;
}
_Static_assert(PROBLEM_WARNING == 0 && PROBLEM_ERROR == 1, "the statements above say so");

/* All of one scan, between BEGIN and COMMIT. */
static bool bring_in_line(struct scan *scan)
{
	if (!scan_editions(scan))
		return false;
	if (scan->is_complete)
		scan_find_vanished(scan);
	scan_take_files(scan);
	if (scan->is_complete)
		scan_forget_vanished(scan);
	free_blocked(scan);
	search_flush(scan);
	lists_flush(scan);
	scan_editions_end(scan);
	mark_change(scan);
	count_results(scan);
	return catalogue_is_sure(scan->catalogue);
}

/* Tells what was not told by an earlier scan of this desk. */
static void tell_problems(struct scan *scan, problem_handler *handler, void *context)
{
	sqlite3_stmt *statement;

	statement = catalogue_statement(
		scan->catalogue,
		"SELECT path, line, severity, text FROM problem"
		" UNION SELECT path, line, severity, text FROM temp.noted"
		" EXCEPT SELECT path, line, severity, text FROM temp.told ORDER BY 1, 2");
	while (handler && catalogue_row(scan->catalogue, statement))
		handler(context, (enum problem)sqlite3_column_int(statement, 2),
			column_str(statement, 0), (unsigned)sqlite3_column_int64(statement, 1),
			column_str(statement, 3).data);
	catalogue_exec(scan->catalogue, "DELETE FROM temp.told; INSERT INTO temp.told"
					" SELECT path, line, severity, text FROM problem"
					" UNION SELECT path, line, severity, text FROM temp.noted");
}

/* The transaction. A failure leaves the catalogue as it was. */
static bool update(struct scan *scan, struct err *err)
{
	struct catalogue *catalogue = scan->catalogue;

	if (catalogue_exec(catalogue, "BEGIN IMMEDIATE") && bring_in_line(scan) &&
	    catalogue_exec(catalogue, "COMMIT"))
		return true;
	catalogue_error(catalogue, "the catalogue cannot be written", err);
	/* After some failures SQLite has rolled back already. */
	if (!sqlite3_get_autocommit(catalogue->db))
		catalogue_exec(catalogue, "ROLLBACK");
	return false;
}

/* What an earlier look has found. */
static void begin_anew(struct scan *scan)
{
	scan->count = 0;
	scan->seen = 0;
	scan->added = 0;
	scan->is_partial = false;
	scan->vanished.count = 0;
	arena_reset(scan->paths);
}

/* Goes through content until nothing moves meanwhile, as far as the naps go. */
static bool look_through(struct scan *scan, struct err *ret_unread, struct err *err)
{
	for (int attempt = 1;; attempt++) {
		if (!catalogue_exec(scan->catalogue, "DELETE FROM temp.noted"))
			return catalogue_error(scan->catalogue, "the catalogue cannot be written",
					       err);
		begin_anew(scan);
		scan_forget_touched(scan);
		ret_unread->text[0] = '\0';
		scan->is_complete = walk_folder(scan->root, &scan->walk, ret_unread);
		if (!catalogue_is_sure(scan->catalogue))
			return catalogue_error(scan->catalogue, "the catalogue cannot be written",
					       err);
		if (!scan->walk.is_moving || attempt == WALKS_MAX || !walk_nap(&scan->naps))
			return true;
	}
}

/* Goes through content, or what was touched of it, and brings the catalogue in line with it. */
static bool scan_root(struct scan *scan, bool is_partial, problem_handler *handler, void *context,
		      struct err *err)
{
	struct err unread = { "" };
	struct desk *desk = scan->desk;

	if (!is_partial || !scan_touched(scan)) {
		desk->knows_all = false;
		if (!look_through(scan, &unread, err))
			return false;
		desk->knows_all = scan->is_complete && !scan->walk.is_moving;
	}
	if (!update(scan, err)) {
		desk->knows_all = false;
		return false;
	}
	desk->has_scanned = true;
	tell_problems(scan, handler, context);
	return unread.text[0] == '\0' || err_set(err, "%s", unread.text);
}

/* naps: how often it may wait for a file to settle. */
static bool scan_once(struct desk *desk, bool is_partial, unsigned naps, problem_handler *handler,
		      void *context, struct scan_report *ret_report, struct err *err)
{
	struct scan scan = { .desk = desk, .catalogue = &desk->catalogue, .naps = naps };
	bool ok;

	scan.root = open(desk->content, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (scan.root == -1)
		return err_set(err, "the content folder %s: %s", desk->content, strerror(errno));
	scan.arena = arena_new(SCAN_BYTES_MAX);
	scan.paths = arena_new(SCAN_BYTES_MAX);
	scan.scratch = arena_new(SCRATCH_BYTES_MAX);
	scan.walk = (struct walk){
		.zones = desk->zones,
		.folder = scan_folder,
		.problem = scan_note,
		.context = &scan,
	};
	scan.is_first = number_of(&scan, "SELECT value FROM meta WHERE name = 'generation'") == 0;
	ok = scan_root(&scan, is_partial, handler, context, err);
	*ret_report = scan.report;
	free(scan.files);
	free(scan.vanished.items);
	search_done(&scan);
	lists_done(&scan);
	arena_free(scan.scratch);
	arena_free(scan.paths);
	arena_free(scan.arena);
	close(scan.root);
	return ok;
}

static bool scan_desk(struct desk *desk, bool is_partial, problem_handler *handler, void *context,
		      struct scan_report *ret_report, struct err *err)
{
	*ret_report = (struct scan_report){ 0 };
	for (int attempt = 0;; attempt++) {
		bool rebuilt = false;
		bool waits;
		bool ok;

		if (!desk_mend(desk, &rebuilt, err))
			return false;
		if (rebuilt && handler)
			handler(context, PROBLEM_WARNING, STR(""), 0,
				"the catalogue was gone or damaged and is made anew");
		/* What an empty catalogue leaves for later is not there for its readers. */
		waits = !desk->watch || !desk->has_scanned || rebuilt;
		ok = scan_once(desk, is_partial && !rebuilt, waits ? NAPS_MAX : 0, handler, context,
			       ret_report, err);
		desk_note_file(desk);
		if (ok)
			return true;
		/* Damage that only the scan came upon is mended at once. */
		if (!desk->catalogue.is_damaged || attempt > 0)
			return false;
	}
}

bool desk_scan(struct desk *desk, problem_handler *handler, void *context,
	       struct scan_report *ret_report, struct err *err)
{
	return scan_desk(desk, false, handler, context, ret_report, err);
}

bool desk_scan_touched(struct desk *desk, problem_handler *handler, void *context,
		       struct scan_report *ret_report, struct err *err)
{
	return scan_desk(desk, true, handler, context, ret_report, err);
}
