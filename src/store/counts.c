/*
 * What only the catalogue knows, on its way from a catalogue that is given up into its
 * successor.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/desk.h"

static const struct {
	const char *make;
	const char *read;
	const char *write;
} tables[] = {
	{
		"CREATE TABLE IF NOT EXISTS reads (key INTEGER, hour INTEGER, count INTEGER,"
		" PRIMARY KEY (key, hour))",
		"SELECT key, hour, count FROM reads",
		"INSERT OR IGNORE INTO reads (key, hour, count) VALUES (?, ?, ?)",
	},
	{
		"CREATE TABLE IF NOT EXISTS shares (key INTEGER PRIMARY KEY, count INTEGER)",
		"SELECT key, count FROM shares",
		"INSERT OR IGNORE INTO shares (key, count) VALUES (?, ?)",
	},
	{
		"CREATE TABLE IF NOT EXISTS old_path (path TEXT PRIMARY KEY, edition TEXT, uid "
		"TEXT)",
		"SELECT path, edition, uid FROM old_path",
		"INSERT OR IGNORE INTO old_path (path, edition, uid) VALUES (?, ?, ?)",
	},
};

enum { TABLE_COUNT = sizeof(tables) / sizeof(tables[0]) };

/* Row by row, so that damage costs only what lies behind it. */
static void copy_table(sqlite3 *from, const char *read, sqlite3 *to, const char *write)
{
	sqlite3_stmt *in = NULL;
	sqlite3_stmt *out = NULL;

	if (sqlite3_prepare_v2(from, read, -1, &in, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(to, write, -1, &out, NULL) == SQLITE_OK)
		while (sqlite3_step(in) == SQLITE_ROW) {
			for (int i = 0; i < sqlite3_column_count(in); i++)
				sqlite3_bind_value(out, i + 1, sqlite3_column_value(in, i));
			sqlite3_step(out);
			sqlite3_reset(out);
		}
	sqlite3_finalize(in);
	sqlite3_finalize(out);
}

static void copy_all(sqlite3 *from, sqlite3 *to)
{
	sqlite3_exec(to, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	for (size_t i = 0; i < TABLE_COUNT; i++)
		copy_table(from, tables[i].read, to, tables[i].write);
	sqlite3_exec(to, "COMMIT", NULL, NULL, NULL);
}

/* One that cannot be used is made anew. */
static sqlite3 *open_kept(const char *file)
{
	sqlite3 *db = NULL;

	for (int attempt = 0; attempt < 2; attempt++) {
		bool ok = sqlite3_open(file, &db) == SQLITE_OK;

		for (size_t i = 0; ok && i < TABLE_COUNT; i++)
			ok = sqlite3_exec(db, tables[i].make, NULL, NULL, NULL) == SQLITE_OK;
		if (ok)
			return db;
		sqlite3_close(db);
		unlink(file);
	}
	return NULL;
}

void counts_save(sqlite3 *old, const char *file)
{
	sqlite3 *kept = old ? open_kept(file) : NULL;

	if (kept)
		copy_all(old, kept);
	sqlite3_close(kept);
}

void counts_restore(sqlite3 *fresh, const char *file)
{
	char *journal = mem_format("%s-journal", file);
	sqlite3 *kept = access(file, F_OK) == 0 ? open_kept(file) : NULL;

	if (kept)
		copy_all(kept, fresh);
	sqlite3_close(kept);
	unlink(file);
	unlink(journal);
	free(journal);
}
