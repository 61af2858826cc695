/* Scans of a few files: those that the watch names, and those that an earlier scan left for later. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "store/desk.h"

enum { AGAIN_MAX = 4096 }; /* files; with more of them all are looked at */

void scan_again(struct scan *scan, struct str path)
{
	struct desk *desk = scan->desk;

	if (desk->again_count == AGAIN_MAX) {
		desk->knows_all = false;
		return;
	}
	if (!desk->again)
		desk->again = mem_alloc(AGAIN_MAX, sizeof(*desk->again));
	desk->again[desk->again_count++] = mem_copy(path.data, path.len);
}

void desk_forget_again(struct desk *desk)
{
	for (size_t i = 0; i < desk->again_count; i++)
		free(desk->again[i]);
	desk->again_count = 0;
}

void scan_forget_touched(struct scan *scan)
{
	struct texts paths;

	desk_forget_again(scan->desk);
	if (scan->desk->watch)
		watch_take(scan->desk->watch, scan->arena, &paths);
}

/* Whether there is anything of that path. */
static bool is_something(const struct scan *scan, struct str path)
{
	char *name = mem_format("." STR_FMT, STR_ARG(path));
	struct stat st;
	bool is_there = fstatat(scan->root, name, &st, AT_SYMLINK_NOFOLLOW) == 0;

	free(name);
	return is_there;
}

static void forget_notes(struct scan *scan, struct str path)
{
	sqlite3_stmt *statement = catalogue_statement(scan->catalogue,
						      "DELETE FROM temp.noted WHERE path = ?");

	bind_str(statement, 1, str_skip(path, 1));
	catalogue_run(scan->catalogue, statement);
}

/* False when what is there now is not for a scan of files to judge. */
static bool look_at(struct scan *scan, struct str path)
{
	struct str name = str_skip(path, str_rfind(path, '/') + 1);
	struct walked file = { .path = path };
	struct known_file known;

	forget_notes(scan, path);
	if (!place_name_is_lawful(name)) {
		if (is_something(scan, path))
			walk_skip_name(&scan->walk, path);
		return true;
	}
	if (!place_path_is_lawful(path) || walk_leaves_out(&scan->walk, path))
		return false;
	known = scan_known(scan, path);
	switch (walk_look(scan->root, &file)) {
	case PRESENCE_THERE:
		scan->added += !known.is_there;
		if (!scan_is_known(scan, &file, &known))
			scan_add(scan, &file);
		return true;
	case PRESENCE_GONE:
		if (known.is_there)
			scan_add_vanished(scan, path);
		return true;
	default:
		return false;
	}
}

/* What has happened, what was left for later, and what has vanished but may turn up elsewhere. */
static bool collect(struct scan *scan, struct texts ret_paths[3])
{
	const struct desk *desk = scan->desk;

	if (!watch_take(desk->watch, scan->arena, &ret_paths[0]))
		return false;
	ret_paths[1] = (struct texts){ ARENA_ARRAY(scan->arena, desk->again_count, struct str), 0 };
	for (size_t i = 0; i < desk->again_count; i++)
		ret_paths[1].items[ret_paths[1].count++] = arena_str(scan->arena,
								     str_from(desk->again[i]));
	ret_paths[2] = scan_paths(scan, "SELECT path FROM temp.leaving");
	return true;
}

bool scan_touched(struct scan *scan)
{
	struct texts paths[3];

	if (!scan->desk->watch || !scan->desk->knows_all || scan->is_first || !collect(scan, paths))
		return false;
	desk_forget_again(scan->desk);
	scan->is_partial = true;
	scan_editions_known(scan);
	for (size_t i = 0; i < 3; i++)
		for (size_t j = 0; j < paths[i].count; j++)
			if (!look_at(scan, paths[i].items[j]))
				return false;
	scan->is_complete = true;
	/* Half of a renaming may be known only. */
	scan->walk.is_moving = scan->vanished.count > 0;
	return true;
}
