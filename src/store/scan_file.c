/* One file on its way into the catalogue. */
#include <time.h>

#include "store/desk.h"

enum {
	INI_BYTES_MAX = 64 * 1024,
	CHANGE_MILLISECONDS = 200, /* after a change, for those that come with it */
};

/* How long a file that was an article and is none any more has to rest until it is believed. */
static const int64_t bad_rest = 10 * (int64_t)1000000000;

/* How long one that has become empty is looked at before its time is believed. */
static const int64_t empty_rest = 600 * (int64_t)1000000;

struct known_file scan_known(struct scan *scan, struct str path)
{
	sqlite3_stmt *statement = catalogue_statement(
		scan->catalogue,
		"SELECT kind, size, mtime, inode, edition FROM file WHERE path = ?");
	struct known_file known = { 0 };

	bind_str(statement, 1, path);
	if (!catalogue_row(scan->catalogue, statement))
		return known;
	known.is_there = true;
	known.kind = (enum file_kind)sqlite3_column_int(statement, 0);
	known.size = sqlite3_column_int64(statement, 1);
	known.mtime = sqlite3_column_int64(statement, 2);
	known.inode = sqlite3_column_int64(statement, 3);
	known.edition = sqlite3_column_int64(statement, 4);
	sqlite3_reset(statement);
	return known;
}

static bool is_unchanged(const struct known_file *known, const struct walked *file)
{
	return known->size == (int64_t)file->size && known->mtime == file->mtime &&
	       known->inode == (int64_t)file->inode;
}

/* blocked is the Id that another file has; empty when there is no such trouble. */
static void save_file(struct scan *scan, const struct walked *file, const struct place *place,
		      struct str blocked)
{
	sqlite3_stmt *statement = catalogue_statement(
		scan->catalogue, "INSERT OR REPLACE INTO file (path, kind, size, mtime, inode,"
				 " edition, blocked) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");

	bind_str(statement, 1, file->path);
	sqlite3_bind_int(statement, 2, (int)place->kind);
	sqlite3_bind_int64(statement, 3, (int64_t)file->size);
	sqlite3_bind_int64(statement, 4, file->mtime);
	sqlite3_bind_int64(statement, 5, (int64_t)file->inode);
	sqlite3_bind_int64(statement, 6, scan_edition_id(scan, place->prefix));
	if (blocked.len)
		bind_str(statement, 7, blocked);
	catalogue_run(scan->catalogue, statement);
}

static void run_with_path(struct scan *scan, const char *sql, struct str path)
{
	sqlite3_stmt *statement = catalogue_statement(scan->catalogue, sql);

	bind_str(statement, 1, path);
	catalogue_run(scan->catalogue, statement);
}

static struct str page_path(struct str file)
{
	return str_head(file, file.len - 4);
}

/* Takes out what was made of a file while it was of that kind. */
static void forget_kind(struct scan *scan, struct str path, enum file_kind kind)
{
	struct str folder = str_head(path, str_rfind(path, '/') + 1);
	struct str prefix = folder.len > 1 ? str_head(str_skip(folder, 1), folder.len - 2)
					   : STR("");

	switch (kind) {
	case FILE_ARTICLE:
	case FILE_DOCUMENT:
		unpublish(scan, page_path(path));
		break;
	case FILE_SECTION:
		run_with_path(scan, "DELETE FROM section WHERE path = ?", folder);
		break;
	case FILE_EDITION:
		run_with_path(scan, "UPDATE edition SET ini = NULL WHERE prefix = ?", prefix);
		break;
	case FILE_PLAIN:
	case FILE_IGNORED:
		break;
	}
	run_with_path(scan, "DELETE FROM problem WHERE path = ?", str_skip(path, 1));
	scan->changed = true;
}

void scan_forget(struct scan *scan, struct str path)
{
	struct known_file known = scan_known(scan, path);

	if (known.kind == FILE_ARTICLE)
		run_with_path(scan,
			      "INSERT OR REPLACE INTO old_path (path, edition, uid)"
			      " SELECT path, (SELECT prefix FROM edition WHERE id = edition), uid"
			      " FROM article WHERE has_id AND path = ?",
			      page_path(path));
	forget_kind(scan, path, known.kind);
	run_with_path(scan, "DELETE FROM file WHERE path = ?", path);
	run_with_path(scan, "DELETE FROM temp.emptied WHERE path = ?", path);
	scan->report.removed++;
}

/* Leaves a file for a later scan. */
static void put_off(struct scan *scan, const struct walked *file)
{
	struct scan_report *report = &scan->report;
	int64_t wait = file->wait / 1000000 + 1;

	report->unsettled++;
	scan_again(scan, file->path);
	scan->has_unread |= !scan_known(scan, file->path).is_there;
	if (file->wait && (report->settle_time == 0 || wait < report->settle_time))
		report->settle_time = wait;
}

/* Whether somebody has it open for writing. What happened meanwhile is the next scan's. */
static bool is_in_hands(struct scan *scan, struct walked *file)
{
	struct watch *watch = scan->desk->watch;
	struct scan_report *report = &scan->report;

	if (!watch)
		return false;
	if (watch_read(watch)) {
		report->unsettled++;
		if (report->settle_time == 0 || report->settle_time > CHANGE_MILLISECONDS)
			report->settle_time = CHANGE_MILLISECONDS;
	}
	return watch_is_written(watch, file->path, &file->wait);
}

static bool has_page(struct scan *scan, struct str path)
{
	sqlite3_stmt *statement = catalogue_statement(
		scan->catalogue, "SELECT 1 FROM article WHERE path = ?1"
				 " UNION ALL SELECT 1 FROM document WHERE path = ?1");

	bind_str(statement, 1, path);
	if (!catalogue_row(scan->catalogue, statement))
		return false;
	sqlite3_reset(statement);
	return true;
}

static int64_t monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/*
 * What is left of empty_rest since a file was first found to have lost its bytes: opening it
 * with O_TRUNC takes them before it gives the file a new time, so the old time tells nothing.
 */
static int64_t emptied_wait(struct scan *scan, struct str path, bool is_empty)
{
	sqlite3_stmt *statement;
	int64_t now = monotonic();
	int64_t wait = 0;

	if (!is_empty) {
		run_with_path(scan, "DELETE FROM temp.emptied WHERE path = ?", path);
		return 0;
	}
	statement = catalogue_statement(scan->catalogue,
					"INSERT INTO temp.emptied (path, since) VALUES (?1, ?2)"
					" ON CONFLICT DO UPDATE SET path = path RETURNING since");
	bind_str(statement, 1, path);
	sqlite3_bind_int64(statement, 2, now);
	while (catalogue_row(scan->catalogue, statement))
		wait = empty_rest - (now - sqlite3_column_int64(statement, 0));
	return wait > 0 ? wait : 0;
}

/*
 * Whether a file has lost what made it a page, a moment ago. A kernel that waits for its disk
 * has the file cut to nothing long before it tells of it, and before the writer writes on.
 */
static bool is_cut(struct scan *scan, struct walked *file, const struct place *place,
		   struct str bytes)
{
	bool is_page = place->kind == FILE_ARTICLE || place->kind == FILE_DOCUMENT;
	struct article article;
	int64_t wait;

	/* Who has a copy made asks what is wrong now. */
	if (!scan->desk->state)
		return false;
	wait = emptied_wait(scan, file->path,
			    bytes.len == 0 && scan_known(scan, file->path).size > 0);
	if (!is_page && bytes.len)
		return false;
	file->wait = walk_unrest(file->mtime, bad_rest);
	if (file->wait < wait)
		file->wait = wait;
	if (file->wait == 0)
		return false;
	if (!is_page)
		return scan_known(scan, file->path).size > 0;
	return has_page(scan, place->path) &&
	       !article_parse(scan->scratch, bytes, file->path, place->kind == FILE_ARTICLE,
			      &article, NULL, NULL);
}

/* Reads a new or changed file of ours. */
static void take_file(struct scan *scan, struct walked *file, const struct place *place)
{
	bool is_ini = place->kind == FILE_EDITION || place->kind == FILE_SECTION;
	size_t max = is_ini ? INI_BYTES_MAX : ARTICLE_BYTES_MAX;
	struct err why = { "" };
	struct str blocked = STR("");
	struct str bytes;
	enum reading reading;

	if (scan->desk->watch && watch_is_written(scan->desk->watch, file->path, &file->wait)) {
		put_off(scan, file);
		return;
	}
	reading = walk_read(scan->root, file, max, &scan->naps, scan->scratch, &bytes, &why);
	scan->report.opened++;
	/* Asked afterwards: whoever had it open before it was read is known by then. */
	if (reading == READING_UNSETTLED || is_in_hands(scan, file) ||
	    (reading == READING_DONE && is_cut(scan, file, place, bytes))) {
		put_off(scan, file);
		return;
	}
	run_with_path(scan, "DELETE FROM problem WHERE path = ?", str_skip(file->path, 1));
	if (reading == READING_DONE) {
		blocked = scan_take(scan, file->path, place, bytes);
	} else {
		scan_file_problem(scan, PROBLEM_ERROR, str_skip(file->path, 1), 0, why.text);
		if (!is_ini)
			unpublish(scan, place->path);
	}
	save_file(scan, file, place, blocked);
}

static struct place find_place(struct scan *scan, const struct walked *file)
{
	struct place place;

	arena_reset(scan->scratch);
	place = place_find(scan->scratch, file->path, &scan->prefixes);
	if (place.warning)
		scan_note(scan, PROBLEM_WARNING, str_skip(file->path, 1), 0, place.warning);
	return place;
}

/* Whether it was brought in as what it is now. */
static bool is_of_place(const struct scan *scan, const struct known_file *known,
			const struct place *place)
{
	return known->kind == place->kind && known->edition == scan_edition_id(scan, place->prefix);
}

bool scan_is_known(struct scan *scan, const struct walked *file, const struct known_file *known)
{
	struct place place = find_place(scan, file);

	return known->is_there && is_of_place(scan, known, &place) && is_unchanged(known, file);
}

void scan_file(struct scan *scan, struct walked *file)
{
	struct known_file known = scan_known(scan, file->path);
	struct place place = find_place(scan, file);

	if (known.is_there && !is_of_place(scan, &known, &place)) {
		forget_kind(scan, file->path, known.kind);
		known.is_there = false;
	}
	if (known.is_there && is_unchanged(&known, file))
		return;
	if (place.kind == FILE_PLAIN || place.kind == FILE_IGNORED) {
		save_file(scan, file, &place, STR(""));
		scan->changed = true;
	} else {
		take_file(scan, file, &place);
	}
}
