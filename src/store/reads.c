/* Reads and shares: counted in memory, written by the hour, ranked. */
#include "store/desk.h"

enum {
	TRENDING_HOURS = 24,
	MOST_READ_HOURS = 7 * 24,
	RANKED_MAX = 100, /* of an edition's list */
	HOUR = 3600,
};

void desk_count(struct desk *desk, int64_t article, bool share, int64_t now)
{
	/* What is no article any more counts for nobody, so a client cannot fill the table. */
	sqlite3_stmt *statement = catalogue_statement(
		&desk->catalogue,
		"INSERT INTO temp.pending (key, hour, share, count)"
		" SELECT key, ?2, ?3, 1 FROM article WHERE id = ?1"
		" ON CONFLICT (key, hour, share) DO UPDATE SET count = count + 1");

	sqlite3_bind_int64(statement, 1, article);
	sqlite3_bind_int64(statement, 2, now / HOUR);
	sqlite3_bind_int(statement, 3, share);
	catalogue_run(&desk->catalogue, statement);
}

static bool run_at(struct desk *desk, const char *sql, int64_t hour)
{
	sqlite3_stmt *statement = catalogue_statement(&desk->catalogue, sql);

	sqlite3_bind_int64(statement, 1, hour);
	return catalogue_run(&desk->catalogue, statement);
}

static bool write_counts(struct desk *desk)
{
	return catalogue_exec(&desk->catalogue,
			      "INSERT INTO reads (key, hour, count)"
			      " SELECT key, hour, count FROM temp.pending WHERE share = 0"
			      " ON CONFLICT (key, hour) DO UPDATE"
			      " SET count = count + excluded.count;"
			      "INSERT INTO shares (key, count)"
			      " SELECT key, sum(count) FROM temp.pending WHERE share = 1"
			      " GROUP BY key ON CONFLICT (key) DO UPDATE"
			      " SET count = count + excluded.count;"
			      "DELETE FROM temp.pending");
}

/*
 * An hour's reads weigh as many times as hours are left of the day that they count for
 * (recent), or once.
 */
static bool rank(struct desk *desk, enum list_kind list, int64_t hour, int hours, bool recent)
{
	sqlite3_stmt *statement = catalogue_statement(
		&desk->catalogue,
		"INSERT INTO ranking (edition, list, place, key)"
		" SELECT edition, ?1, place, key FROM (SELECT a.edition AS edition, a.key AS key,"
		" row_number() OVER (PARTITION BY a.edition ORDER BY"
		" sum(r.count * iif(?4, ?3 - (?2 - r.hour), 1)) DESC, a.id DESC) AS place"
		" FROM reads AS r JOIN article AS a ON a.key = r.key"
		" WHERE r.hour > ?2 - ?3 AND r.hour <= ?2 AND a.status = ?5 GROUP BY a.key)"
		" WHERE place <= ?6");

	sqlite3_bind_int(statement, 1, (int)list);
	sqlite3_bind_int64(statement, 2, hour);
	sqlite3_bind_int(statement, 3, hours);
	sqlite3_bind_int(statement, 4, recent);
	sqlite3_bind_int(statement, 5, STATUS_PUBLISHED);
	sqlite3_bind_int(statement, 6, RANKED_MAX);
	return catalogue_run(&desk->catalogue, statement);
}

static bool rank_all(struct desk *desk, int64_t hour)
{
	return run_at(desk, "DELETE FROM reads WHERE hour <= ?1", hour - MOST_READ_HOURS) &&
	       run_at(desk, "DELETE FROM ranking WHERE list <> ?1", LIST_PICKS) &&
	       rank(desk, LIST_TRENDING, hour, TRENDING_HOURS, true) &&
	       rank(desk, LIST_MOST_READ, hour, MOST_READ_HOURS, false);
}

static bool has_pending(struct desk *desk)
{
	sqlite3_stmt *statement = catalogue_statement(&desk->catalogue,
						      "SELECT 1 FROM temp.pending LIMIT 1");

	if (!catalogue_row(&desk->catalogue, statement))
		return false;
	sqlite3_reset(statement);
	return true;
}

bool desk_flush(struct desk *desk, int64_t now, struct err *err)
{
	int64_t hour = now / HOUR;

	/* Nothing new to write, so that an idle paper leaves its readers' caches alone. */
	if (desk->ranked_hour == hour && !has_pending(desk))
		return true;
	if (catalogue_exec(&desk->catalogue, "BEGIN IMMEDIATE") && write_counts(desk) &&
	    rank_all(desk, hour) && catalogue_exec(&desk->catalogue, "COMMIT")) {
		desk->ranked_hour = hour;
		desk_note_file(desk);
		return true;
	}
	catalogue_error(&desk->catalogue, "the counts cannot be written", err);
	if (desk->catalogue.db && !sqlite3_get_autocommit(desk->catalogue.db))
		catalogue_exec(&desk->catalogue, "ROLLBACK");
	return false;
}
