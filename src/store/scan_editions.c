/* The editions of content/: which there are, and what their edition.ini orders. */
#include "store/desk.h"
#include "store/edition_ini.h"

enum { EDITIONS_MAX = 64 };

/* The id that the catalogue has for an edition; 0: none yet. */
static int64_t known_id(struct scan *scan, struct str prefix)
{
	sqlite3_stmt *statement = catalogue_statement(scan->catalogue,
						      "SELECT id FROM edition WHERE prefix = ?");
	int64_t id = 0;

	bind_str(statement, 1, prefix);
	while (catalogue_row(scan->catalogue, statement))
		id = sqlite3_column_int64(statement, 0);
	return id;
}

static void add_prefix(struct scan *scan, struct str prefix)
{
	struct texts *prefixes = &scan->prefixes;

	for (size_t i = 0; i < prefixes->count; i++)
		if (str_eq(prefixes->items[i], prefix))
			return;
	if (prefixes->count == EDITIONS_MAX) {
		scan_note(scan, PROBLEM_ERROR, prefix, 0, "one edition too many; left out");
		return;
	}
	scan->edition_ids[prefixes->count] = known_id(scan, prefix);
	prefixes->items[prefixes->count++] = arena_str(scan->arena, prefix);
}

/* "/ar/edition.ini" makes the edition "ar". */
void scan_note_edition(struct scan *scan, struct str path, const struct walked *files, size_t count)
{
	struct str prefix = path.len > 1 ? str_head(str_skip(path, 1), path.len - 2) : STR("");

	if (!scan->prefixes.items) {
		scan->prefixes.items = ARENA_ARRAY(scan->arena, EDITIONS_MAX, struct str);
		scan->edition_ids = ARENA_ARRAY(scan->arena, EDITIONS_MAX, int64_t);
		add_prefix(scan, STR(""));
	}
	if (str_find(prefix, '/') < prefix.len)
		return;
	for (size_t i = 0; i < count; i++)
		if (str_eq(str_skip(files[i].path, path.len), STR("edition.ini")))
			add_prefix(scan, prefix);
}

static int64_t make_edition(struct scan *scan, struct str prefix)
{
	sqlite3_stmt *statement = catalogue_statement(scan->catalogue,
						      "INSERT INTO edition (prefix) VALUES (?)");

	bind_str(statement, 1, prefix);
	catalogue_run(scan->catalogue, statement);
	scan->changed = true;
	return sqlite3_last_insert_rowid(scan->catalogue->db);
}

void scan_editions_known(struct scan *scan)
{
	sqlite3_stmt *statement = catalogue_statement(scan->catalogue,
						      "SELECT prefix FROM edition");
	struct texts known = { ARENA_ARRAY(scan->arena, EDITIONS_MAX, struct str), 0 };

	scan_note_edition(scan, STR("/"), NULL, 0);
	while (catalogue_row(scan->catalogue, statement))
		if (known.count < EDITIONS_MAX)
			known.items[known.count++] = column_copy(statement, 0, scan->arena);
	for (size_t i = 0; i < known.count; i++)
		add_prefix(scan, known.items[i]);
}

bool scan_editions(struct scan *scan)
{
	scan_note_edition(scan, STR("/"), NULL, 0);
	/* Those that are known stay while not every folder could be read. */
	if (!scan->is_complete)
		scan_editions_known(scan);
	for (size_t i = 0; i < scan->prefixes.count; i++)
		if (scan->edition_ids[i] == 0)
			scan->edition_ids[i] = make_edition(scan, scan->prefixes.items[i]);
	return catalogue_is_sure(scan->catalogue);
}

int64_t scan_edition_id(const struct scan *scan, struct str prefix)
{
	for (size_t i = 0; i < scan->prefixes.count; i++)
		if (str_eq(scan->prefixes.items[i], prefix))
			return scan->edition_ids[i];
	return 0;
}

/* Runs sql with ?1: the edition's id. */
static void run_for_edition(struct scan *scan, const char *sql, int64_t edition)
{
	sqlite3_stmt *statement = catalogue_statement(scan->catalogue, sql);

	sqlite3_bind_int64(statement, 1, edition);
	catalogue_run(scan->catalogue, statement);
}

/* Its files belong to another edition by now, or are gone. */
static void drop_old_editions(struct scan *scan)
{
	struct texts old = { ARENA_ARRAY(scan->arena, EDITIONS_MAX, struct str), 0 };
	sqlite3_stmt *statement = catalogue_statement(scan->catalogue,
						      "SELECT prefix FROM edition");

	while (catalogue_row(scan->catalogue, statement)) {
		struct str prefix = column_copy(statement, 0, scan->arena);
		bool is_there = false;

		for (size_t i = 0; i < scan->prefixes.count; i++)
			is_there |= str_eq(scan->prefixes.items[i], prefix);
		if (!is_there && old.count < EDITIONS_MAX)
			old.items[old.count++] = prefix;
	}
	for (size_t i = 0; i < old.count; i++) {
		statement = catalogue_statement(scan->catalogue,
						"DELETE FROM edition WHERE prefix = ?");
		bind_str(statement, 1, old.items[i]);
		catalogue_run(scan->catalogue, statement);
		scan->changed = true;
	}
}

/* The picks that edition.ini names, as the head of the edition's picks. */
static void rank_picks(struct scan *scan, int64_t edition, const struct texts *picks)
{
	run_for_edition(scan, "DELETE FROM ranking WHERE edition = ?1 AND list = 5", edition);
	for (size_t i = 0; i < picks->count; i++) {
		sqlite3_stmt *statement = catalogue_statement(
			scan->catalogue,
			"INSERT INTO ranking (edition, list, place, key)"
			" SELECT ?1, 5, ?2, key FROM article WHERE edition = ?1 AND path = ?3"
			" AND NOT EXISTS (SELECT 1 FROM ranking AS r WHERE r.edition = ?1"
			" AND r.list = 5 AND r.key = article.key)");

		sqlite3_bind_int64(statement, 1, edition);
		sqlite3_bind_int64(statement, 2, (int64_t)i);
		bind_str(statement, 3, picks->items[i]);
		catalogue_run(scan->catalogue, statement);
	}
}
_Static_assert(LIST_PICKS == 5, "the statements above say 5");

static bool is_section(struct scan *scan, int64_t edition, struct str path)
{
	sqlite3_stmt *statement = catalogue_statement(
		scan->catalogue,
		"SELECT 1 FROM section WHERE path = ?1 UNION ALL SELECT 1 FROM list"
		" WHERE edition = ?2 AND kind = 1 AND key = ?1 AND total > 0");

	bind_str(statement, 1, path);
	sqlite3_bind_int64(statement, 2, edition);
	if (!catalogue_row(scan->catalogue, statement))
		return false;
	sqlite3_reset(statement);
	return true;
}
_Static_assert(LIST_SECTION == 1, "the statement above says 1");

static void check_order(struct scan *scan, const struct edition *edition, int64_t id,
			const struct texts *order)
{
	struct str file = arena_join(scan->scratch, str_skip(edition->root, 1), STR("edition.ini"),
				     STR(""));
	sqlite3_stmt *statement;

	statement = catalogue_statement(scan->catalogue,
					"DELETE FROM temp.noted WHERE path = ?1 AND line = 0"
					" AND text LIKE 'sections: %'");
	bind_str(statement, 1, file);
	catalogue_run(scan->catalogue, statement);
	for (size_t i = 0; i < order->count; i++) {
		struct str path = arena_join(scan->scratch, edition->root, order->items[i],
					     STR("/"));

		if (!is_section(scan, id, path))
			scan_note(scan, PROBLEM_WARNING, file, 0,
				  arena_format(scan->scratch,
					       "sections: there is no section \"" STR_FMT "\"",
					       STR_ARG(order->items[i]))
					  .data);
	}
}

/* What the last good edition.ini says of things that had to be read first. */
static void finish_edition(struct scan *scan, struct str prefix, int64_t id)
{
	sqlite3_stmt *statement = catalogue_statement(scan->catalogue,
						      "SELECT ini FROM edition WHERE id = ?");
	struct edition edition;
	struct texts order;
	struct str ini = STR("");

	sqlite3_bind_int64(statement, 1, id);
	if (catalogue_row(scan->catalogue, statement)) {
		if (sqlite3_column_type(statement, 0) == SQLITE_NULL && prefix.len == 0)
			scan_note(scan, PROBLEM_WARNING, STR("edition.ini"), 0,
				  "there is none that can be used: the paper is called Tidings");
		ini = column_copy(statement, 0, scan->scratch);
		sqlite3_reset(statement);
	}
	if (!edition_ini_read(scan->scratch, ini, "", prefix, &edition, &order, NULL))
		return;
	if (scan->changed)
		rank_picks(scan, id, &edition.picks);
	check_order(scan, &edition, id, &order);
}

void scan_editions_end(struct scan *scan)
{
	if (scan->is_complete)
		drop_old_editions(scan);
	if (scan->changed)
		catalogue_exec(scan->catalogue, "DELETE FROM list WHERE total = 0;"
						"DELETE FROM ranking WHERE edition NOT IN"
						" (SELECT id FROM edition)");
	for (size_t i = 0; i < scan->prefixes.count; i++) {
		arena_reset(scan->scratch);
		finish_edition(scan, scan->prefixes.items[i], scan->edition_ids[i]);
	}
}
