/* The catalogue's connection: opening, kept statements, columns. */
#include "store/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/searched.h"
#include "store/tokenizer.h"

enum { BUSY_MILLISECONDS = 250 };

bool catalogue_error(struct catalogue *catalogue, const char *what, struct err *err)
{
	const char *why = catalogue->db ? sqlite3_errmsg(catalogue->db) : "it is not open";

	return err_set(err, "%s: %s", what, why);
}

/* Notes a failure; result is what SQLite returned. */
static void note_failure(struct catalogue *catalogue, int result)
{
	catalogue->broken = true;
	if ((result & 0xFF) == SQLITE_CORRUPT || (result & 0xFF) == SQLITE_NOTADB)
		catalogue->is_damaged = true;
	if ((result & 0xFF) == SQLITE_READONLY)
		catalogue->is_waiting = true;
}

/*
 * SQLite does not tell of all memory that it could not get: a binding becomes NULL, a column
 * empty, a snippet none. So its allocator counts.
 */
static sqlite3_mem_methods system_memory;
static unsigned long refusals;

static void *counted(void *memory)
{
	refusals += !memory;
	return memory;
}

static void *counting_malloc(int size)
{
	return counted(system_memory.xMalloc(size));
}

static void *counting_realloc(void *old, int size)
{
	return counted(system_memory.xRealloc(old, size));
}

/* Before the first database is opened. */
static void count_refusals(void)
{
	static sqlite3_mem_methods counting;

	if (counting.xMalloc ||
	    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &system_memory) != SQLITE_OK)
		return;
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS,
		       0); /* statistics that nobody reads, with a lock for each piece */
	counting = system_memory;
	counting.xMalloc = counting_malloc;
	counting.xRealloc = counting_realloc;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &counting);
}

bool catalogue_is_sure(struct catalogue *catalogue)
{
	if (catalogue->refusals != refusals)
		catalogue->broken = true;
	return !catalogue->broken;
}

void catalogue_forgive(struct catalogue *catalogue)
{
	catalogue->broken = false;
	catalogue->refusals = refusals;
}

bool catalogue_open(struct catalogue *catalogue, const char *file, int flags, struct err *err)
{
	int persist = 1;

	count_refusals();
	*catalogue = (struct catalogue){ .refusals = refusals };
	if (sqlite3_open_v2(file, &catalogue->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		catalogue_error(catalogue, file, err);
		goto failed;
	}
	sqlite3_busy_timeout(catalogue->db, BUSY_MILLISECONDS);
	/* A reader cannot make the WAL index, so the last writer must leave it behind. */
	sqlite3_file_control(catalogue->db, NULL, SQLITE_FCNTL_PERSIST_WAL, &persist);
	if (!tokenizer_register(catalogue->db) || !searched_register(catalogue->db) ||
	    !catalogue_exec(catalogue, "PRAGMA temp_store = MEMORY")) {
		catalogue_error(catalogue, file, err);
		goto failed;
	}
	return true;
failed:
	catalogue_close(catalogue);
	return false;
}

void catalogue_close(struct catalogue *catalogue)
{
	for (size_t i = 0; i < catalogue->statement_count; i++)
		sqlite3_finalize(catalogue->statements[i].handle);
	free(catalogue->statements);
	sqlite3_close(catalogue->db);
	*catalogue = (struct catalogue){ 0 };
}

int catalogue_version(struct catalogue *catalogue)
{
	sqlite3_stmt *statement = catalogue_statement(catalogue, "PRAGMA user_version");
	int version = -1;

	if (catalogue_row(catalogue, statement)) {
		version = sqlite3_column_int(statement, 0);
		sqlite3_reset(statement);
	}
	return version;
}

bool catalogue_create(struct catalogue *catalogue, struct err *err)
{
	char version[64];
	char page[64];

	sqlite3_snprintf(sizeof(page), page, "PRAGMA page_size = %d", CATALOGUE_PAGE);
	sqlite3_snprintf(sizeof(version), version, "PRAGMA user_version = %d", CATALOGUE_VERSION);
	if (!catalogue_exec(catalogue, page) || !catalogue_exec(catalogue, "BEGIN IMMEDIATE") ||
	    !catalogue_exec(catalogue, catalogue_schema) || !catalogue_exec(catalogue, version) ||
	    !catalogue_exec(catalogue, "COMMIT"))
		return catalogue_error(catalogue, "the catalogue cannot be made", err);
	return true;
}

sqlite3_stmt *catalogue_statement(struct catalogue *catalogue, const char *sql)
{
	struct statement statement = { .sql = sql };
	int result = SQLITE_MISUSE;

	for (size_t i = 0; i < catalogue->statement_count; i++) {
		if (catalogue->statements[i].sql != sql)
			continue;
		statement = catalogue->statements[i];
		sqlite3_reset(statement.handle);
		sqlite3_clear_bindings(statement.handle);
		return statement.handle;
	}
	if (catalogue->db)
		result = sqlite3_prepare_v3(catalogue->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
					    &statement.handle, NULL);
	if (result != SQLITE_OK) {
		note_failure(catalogue, result);
		return NULL;
	}
	catalogue->statements = mem_grow(catalogue->statements, catalogue->statement_count + 1,
					 sizeof(*catalogue->statements));
	catalogue->statements[catalogue->statement_count++] = statement;
	return statement.handle;
}

bool catalogue_row(struct catalogue *catalogue, sqlite3_stmt *statement)
{
	int result = statement ? sqlite3_step(statement) : SQLITE_MISUSE;

	if (result == SQLITE_ROW)
		return true;
	/* An interrupt is a search's own deadline, not damage. */
	if (result != SQLITE_DONE && result != SQLITE_INTERRUPT)
		note_failure(catalogue, result);
	sqlite3_reset(statement);
	return false;
}

bool catalogue_run(struct catalogue *catalogue, sqlite3_stmt *statement)
{
	int result = SQLITE_MISUSE;

	if (statement) {
		do
			result = sqlite3_step(statement);
		while (result == SQLITE_ROW);
		sqlite3_reset(statement);
	}
	if (result != SQLITE_DONE)
		note_failure(catalogue, result);
	return result == SQLITE_DONE && catalogue_is_sure(catalogue);
}

bool catalogue_exec(struct catalogue *catalogue, const char *sql)
{
	int result = sqlite3_exec(catalogue->db, sql, NULL, NULL, NULL);

	if (result != SQLITE_OK)
		note_failure(catalogue, result);
	return result == SQLITE_OK;
}

void bind_str(sqlite3_stmt *statement, int index, struct str text)
{
	/* A NULL pointer would bind NULL rather than "". */
	if (statement)
		sqlite3_bind_text64(statement, index, text.len ? text.data : "", text.len,
				    SQLITE_TRANSIENT, SQLITE_UTF8);
}

void bind_now(sqlite3_stmt *statement, int64_t now)
{
	if (!statement)
		return;
	sqlite3_bind_int64(statement, 1, visible_bound(now));
	sqlite3_bind_int64(statement, 2, now);
}

struct str column_str(sqlite3_stmt *statement, int column)
{
	/* The text must be asked for first: it may convert, and so change the length. */
	const char *data = (const char *)sqlite3_column_text(statement, column);

	return (struct str){ data ? data : "", (size_t)sqlite3_column_bytes(statement, column) };
}

struct str column_copy(sqlite3_stmt *statement, int column, struct arena *arena)
{
	return arena_str(arena, column_str(statement, column));
}
