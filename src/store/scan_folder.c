/* One folder against what the catalogue knows of it: both in order of names, side by side. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/desk.h"

enum { FIRST_FILES_MAX = 32 * 1024 }; /* of the first scan, in one transaction */

void scan_add(struct scan *scan, const struct walked *file)
{
	if (scan->count == scan->cap) {
		scan->cap = scan->cap ? scan->cap * 2 : 256;
		scan->files = mem_grow(scan->files, scan->cap, sizeof(*scan->files));
	}
	scan->files[scan->count] = *file;
	scan->files[scan->count++].path = arena_str(scan->paths, file->path);
}

void scan_add_vanished(struct scan *scan, struct str path)
{
	struct texts *vanished = &scan->vanished;

	if (vanished->count == scan->vanished_cap) {
		scan->vanished_cap = scan->vanished_cap ? scan->vanished_cap * 2 : 256;
		vanished->items = mem_grow(vanished->items, scan->vanished_cap,
					   sizeof(*vanished->items));
	}
	vanished->items[vanished->count++] = arena_str(scan->arena, path);
}

/* The catalogue's files of a folder and below it, by path. */
struct rows {
	struct scan *scan;
	sqlite3_stmt *statement;
	struct str path; /* of the row; borrowed until the next one */
	struct known_file known;
	bool is_there; /* a row */
};

/* The first row behind a path (or of it), and before another. */
static void rows_begin(struct rows *rows, struct str from, struct str end)
{
	rows->statement = catalogue_statement(
		rows->scan->catalogue, "SELECT path, kind, size, mtime, inode, edition FROM file"
				       " WHERE path >= ?1 AND path < ?2 ORDER BY path");
	bind_str(rows->statement, 1, from);
	bind_str(rows->statement, 2, end);
}

static void rows_next(struct rows *rows)
{
	sqlite3_stmt *statement = rows->statement;

	rows->is_there = catalogue_row(rows->scan->catalogue, statement);
	if (!rows->is_there)
		return;
	rows->path = column_str(statement, 0);
	rows->known = (struct known_file){
		.is_there = true,
		.kind = (enum file_kind)sqlite3_column_int(statement, 1),
		.size = sqlite3_column_int64(statement, 2),
		.mtime = sqlite3_column_int64(statement, 3),
		.inode = sqlite3_column_int64(statement, 4),
		.edition = sqlite3_column_int64(statement, 5),
	};
}

static bool has_name(const struct texts *names, struct str name)
{
	size_t low = 0;
	size_t high = names->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_cmp(names->items[middle], name);

		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* What stands behind everything below a folder: '0' comes after '/'. */
static struct str behind(struct arena *arena, struct str folder)
{
	return arena_join(arena, str_head(folder, folder.len - 1), STR("0"), STR(""));
}

/* A row that no file of the folder has: of a folder in it, or of a file that has vanished. */
static void pass_row(struct rows *rows, struct str folder, const struct texts *folders)
{
	struct str rest = str_skip(rows->path, folder.len);
	struct str name = str_head(rest, str_find(rest, '/'));

	if (name.len < rest.len && has_name(folders, name)) {
		struct arena *arena = rows->scan->scratch;
		struct str below;

		arena_reset(arena);
		below = arena_str(arena, str_head(rows->path, folder.len + name.len + 1));
		rows_begin(rows, behind(arena, below), behind(arena, folder));
	} else {
		scan_add_vanished(rows->scan, rows->path);
	}
	rows_next(rows);
}

/* Takes what was found so far of the first scan. */
static void take_some(struct scan *scan)
{
	struct catalogue *catalogue = scan->catalogue;

	if (!catalogue_exec(catalogue, "BEGIN IMMEDIATE"))
		return;
	if (scan_editions(scan))
		scan_take_files(scan);
	if (!catalogue_exec(catalogue, "COMMIT") && !sqlite3_get_autocommit(catalogue->db))
		catalogue_exec(catalogue, "ROLLBACK");
}

void scan_folder(void *context, struct str path, struct walked *files, size_t count,
		 const struct texts *folders)
{
	const struct known_file unknown = { 0 };
	struct scan *scan = context;
	struct rows rows = { .scan = scan };

	if (scan->catalogue->broken)
		return;
	scan_note_edition(scan, path, files, count);
	scan->seen += count;
	arena_reset(scan->scratch);
	rows_begin(&rows, path, behind(scan->scratch, path));
	rows_next(&rows);
	for (size_t i = 0; i < count; i++) {
		bool is_row;

		while (rows.is_there && str_cmp(rows.path, files[i].path) < 0)
			pass_row(&rows, path, folders);
		is_row = rows.is_there && str_eq(rows.path, files[i].path);
		if (!scan_is_known(scan, &files[i], is_row ? &rows.known : &unknown))
			scan_add(scan, &files[i]);
		if (is_row)
			rows_next(&rows);
	}
	while (rows.is_there)
		pass_row(&rows, path, folders);
	if (scan->is_first && scan->count >= FIRST_FILES_MAX)
		take_some(scan);
	if (scan->desk->progress)
		scan->desk->progress(scan->desk->progress_context);
}
