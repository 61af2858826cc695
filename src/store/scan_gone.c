/*
 * What is not there any more. A listing that was read while names moved may lack files that are
 * there all the time, so none is forgotten on its word alone.
 */
#include <string.h>
#include <time.h>

#include "store/desk.h"

enum {
	CONFIRM_MILLISECONDS = 100, /* until a file is looked for again */
	RENAME_SECONDS =
		12, /* for an article to turn up elsewhere, in a file that is still being written */
};

struct texts scan_paths(struct scan *scan, const char *sql)
{
	sqlite3_stmt *statement = catalogue_statement(scan->catalogue, sql);
	struct texts paths = { 0 };
	size_t cap = 0;

	while (catalogue_row(scan->catalogue, statement)) {
		if (paths.count == cap) {
			struct str *old = paths.items;

			cap = cap ? cap * 2 : 16;
			paths.items = ARENA_ARRAY(scan->arena, cap, struct str);
			if (old)
				memcpy(paths.items, old, paths.count * sizeof(*old));
		}
		paths.items[paths.count++] = column_copy(statement, 0, scan->arena);
	}
	return paths;
}

static void run_with_path(struct scan *scan, const char *sql, struct str path)
{
	sqlite3_stmt *statement = catalogue_statement(scan->catalogue, sql);

	bind_str(statement, 1, path);
	catalogue_run(scan->catalogue, statement);
}

static bool is_leaving(struct scan *scan, struct str path)
{
	sqlite3_stmt *statement = catalogue_statement(scan->catalogue,
						      "SELECT 1 FROM temp.leaving WHERE path = ?");

	bind_str(statement, 1, path);
	if (!catalogue_row(scan->catalogue, statement))
		return false;
	sqlite3_reset(statement);
	return true;
}

/* Another scan soon has the last word. */
static void ask_again(struct scan *scan)
{
	struct scan_report *report = &scan->report;

	report->unsettled++;
	if (report->settle_time == 0 || report->settle_time > CONFIRM_MILLISECONDS)
		report->settle_time = CONFIRM_MILLISECONDS;
}

static int64_t seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void begin_leaving(struct scan *scan, struct str path)
{
	sqlite3_stmt *statement = catalogue_statement(
		scan->catalogue, "INSERT INTO temp.leaving (path, since, is_fresh)"
				 " VALUES (?1, ?2, 1) ON CONFLICT DO UPDATE SET is_fresh = 0");

	bind_str(statement, 1, path);
	sqlite3_bind_int64(statement, 2, seconds_now());
	catalogue_run(scan->catalogue, statement);
}

static void note_vanished(struct scan *scan)
{
	catalogue_exec(scan->catalogue, "DELETE FROM temp.vanished");
	for (size_t i = 0; i < scan->vanished.count; i++)
		run_with_path(scan, "INSERT OR IGNORE INTO temp.vanished (path) VALUES (?)",
			      scan->vanished.items[i]);
	catalogue_exec(scan->catalogue, "DELETE FROM temp.leaving WHERE path NOT IN"
					" (SELECT path FROM temp.vanished)");
}

void scan_find_vanished(struct scan *scan)
{
	note_vanished(scan);
	for (size_t i = 0; i < scan->vanished.count; i++) {
		struct walked file = { .path = scan->vanished.items[i] };

		if (walk_leaves_out(&scan->walk, file.path)) {
			begin_leaving(scan, file.path);
			continue;
		}
		switch (walk_look(scan->root, &file)) {
		case PRESENCE_GONE:
		case PRESENCE_OTHER:
			begin_leaving(scan, file.path);
			break;
		case PRESENCE_THERE:
			scan_add(scan, &file);
			scan_again(scan, file.path);
			ask_again(scan);
			break;
		case PRESENCE_UNKNOWN:
			scan_again(scan, file.path);
			ask_again(scan);
			break;
		}
	}
}

/*
 * Paths that the next scan has to decide on: what was looked for in vain twice is gone, and so is
 * what has no Id by which it could be found elsewhere, or nowhere to be found.
 */
static void keep_renamed(struct scan *scan)
{
	sqlite3_stmt *statement = catalogue_statement(
		scan->catalogue,
		"UPDATE temp.leaving SET is_kept = (?1 AND is_fresh) OR (?2 AND since > ?3"
		" AND EXISTS (SELECT 1 FROM article WHERE has_id"
		" AND article.path = substr(leaving.path, 1, length(leaving.path) - 4)))");

	sqlite3_bind_int(statement, 1, scan->walk.is_moving);
	sqlite3_bind_int(statement, 2, scan->has_unread);
	sqlite3_bind_int64(statement, 3, seconds_now() - RENAME_SECONDS);
	catalogue_run(scan->catalogue, statement);
}

void scan_forget_vanished(struct scan *scan)
{
	struct texts kept;
	struct texts gone;

	keep_renamed(scan);
	kept = scan_paths(scan, "SELECT path FROM temp.leaving WHERE is_kept");
	gone = scan_paths(scan, "SELECT path FROM temp.leaving WHERE NOT is_kept ORDER BY path");
	if (kept.count)
		ask_again(scan);
	for (size_t i = 0; i < gone.count; i++)
		scan_forget_leaving(scan, gone.items[i]);
}

bool scan_forget_leaving(struct scan *scan, struct str path)
{
	if (!is_leaving(scan, path))
		return false;
	run_with_path(scan, "DELETE FROM temp.leaving WHERE path = ?", path);
	scan_forget(scan, path);
	return true;
}
