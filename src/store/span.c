/* Long lists, counted by spans of time. */
#include "store/span.h"

#include "store/desk.h"

_Static_assert(TIE_BITS == 20, "listing_less in schema.c shifts by 44 and by 38");

static void put(struct scan *scan, int64_t list, int level, int64_t number, int64_t count)
{
	sqlite3_stmt *statement = catalogue_statement(
		scan->catalogue, "INSERT INTO span (list, level, number, total)"
				 " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (list, level, number)"
				 " DO UPDATE SET total = total + ?4");

	sqlite3_bind_int64(statement, 1, list);
	sqlite3_bind_int(statement, 2, level);
	sqlite3_bind_int64(statement, 3, number);
	sqlite3_bind_int64(statement, 4, count);
	catalogue_run(scan->catalogue, statement);
}

void spans_add(struct scan *scan, struct span_sums *sums, int64_t article)
{
	for (int level = 0; level < SPAN_LEVELS; level++) {
		int64_t number = span_number(level, article);

		if (sums->open[level].count && sums->open[level].number != number) {
			put(scan, sums->list, level, sums->open[level].number,
			    sums->open[level].count);
			sums->open[level].count = 0;
		}
		sums->open[level].number = number;
		sums->open[level].count++;
	}
}

void spans_end(struct scan *scan, struct span_sums *sums)
{
	for (int level = 0; level < SPAN_LEVELS; level++)
		if (sums->open[level].count)
			put(scan, sums->list, level, sums->open[level].number,
			    sums->open[level].count);
}

void spans_make(struct scan *scan, int64_t list)
{
	struct span_sums sums = { .list = list };
	sqlite3_stmt *statement = catalogue_statement(
		scan->catalogue, "SELECT article FROM listing WHERE list = ? ORDER BY article");

	sqlite3_bind_int64(statement, 1, list);
	while (catalogue_row(scan->catalogue, statement))
		spans_add(scan, &sums, sqlite3_column_int64(statement, 0));
	spans_end(scan, &sums);
	statement = catalogue_statement(scan->catalogue, "UPDATE list SET spans = 1 WHERE id = ?");
	sqlite3_bind_int64(statement, 1, list);
	catalogue_run(scan->catalogue, statement);
}

/* The first number behind the last of a level's spans that are in a span of the level above. */
static int64_t end_of(int64_t above)
{
	return (above + 1) * 64;
}

/*
 * Goes down a level: *newer becomes how many of the span's own are newer. False when the list
 * has no such spans, or too few articles in them.
 */
static bool descend(struct store *store, int64_t list, int level, int64_t from, int64_t before,
		    int64_t *newer, int64_t *ret_number)
{
	sqlite3_stmt *statement = catalogue_statement(
		&store->catalogue, "SELECT number, total FROM span WHERE list = ?1 AND level = ?2"
				   " AND number >= ?3 AND number < ?4 ORDER BY number DESC");

	sqlite3_bind_int64(statement, 1, list);
	sqlite3_bind_int(statement, 2, level);
	sqlite3_bind_int64(statement, 3, from);
	sqlite3_bind_int64(statement, 4, before);
	while (catalogue_row(&store->catalogue, statement)) {
		int64_t total = sqlite3_column_int64(statement, 1);

		if (*newer < total) {
			*ret_number = sqlite3_column_int64(statement, 0);
			sqlite3_reset(statement);
			return true;
		}
		*newer -= total;
	}
	return false;
}

static bool has_spans(struct store *store, int64_t list)
{
	sqlite3_stmt *statement = catalogue_statement(&store->catalogue,
						      "SELECT spans FROM list WHERE id = ?");
	bool has = false;

	sqlite3_bind_int64(statement, 1, list);
	while (catalogue_row(&store->catalogue, statement))
		has = sqlite3_column_int(statement, 0);
	return has;
}

bool spans_nth(struct store *store, int64_t list, int64_t newer, int64_t *ret_article)
{
	int64_t before = INT64_MAX;
	int64_t number;
	sqlite3_stmt *statement;
	bool is_there = false;

	if (has_spans(store, list)) {
		if (!descend(store, list, 0, INT64_MIN, INT64_MAX, &newer, &number) ||
		    !descend(store, list, 1, number * 64, end_of(number), &newer, &number))
			return false;
		before = (number + 1) << (TIE_BITS + 18);
	}
	statement = catalogue_statement(
		&store->catalogue, "SELECT article FROM listing WHERE list = ?1 AND article < ?2"
				   " ORDER BY article DESC LIMIT 1 OFFSET ?3");
	sqlite3_bind_int64(statement, 1, list);
	sqlite3_bind_int64(statement, 2, before);
	sqlite3_bind_int64(statement, 3, newer);
	while (catalogue_row(&store->catalogue, statement)) {
		*ret_article = sqlite3_column_int64(statement, 0);
		is_there = true;
	}
	return is_there;
}

/* The sum of a level's spans from one number to before another. */
static int64_t sum(struct store *store, int64_t list, int level, int64_t from, int64_t before)
{
	sqlite3_stmt *statement = catalogue_statement(
		&store->catalogue, "SELECT coalesce(sum(total), 0) FROM span WHERE list = ?1"
				   " AND level = ?2 AND number >= ?3 AND number < ?4");
	int64_t total = 0;

	sqlite3_bind_int64(statement, 1, list);
	sqlite3_bind_int(statement, 2, level);
	sqlite3_bind_int64(statement, 3, from);
	sqlite3_bind_int64(statement, 4, before);
	while (catalogue_row(&store->catalogue, statement))
		total = sqlite3_column_int64(statement, 0);
	return total;
}

int64_t spans_from(struct store *store, int64_t list, int64_t id)
{
	int64_t before = INT64_MAX;
	int64_t total = 0;
	sqlite3_stmt *statement;

	if (has_spans(store, list)) {
		int64_t large = span_number(0, id);
		int64_t small = span_number(1, id);

		total = sum(store, list, 0, large + 1, INT64_MAX) +
			sum(store, list, 1, small + 1, end_of(large));
		before = (small + 1) << (TIE_BITS + 18);
	}
	statement = catalogue_statement(&store->catalogue,
					"SELECT count(*) FROM listing WHERE list = ?1"
					" AND article >= ?2 AND article < ?3");
	sqlite3_bind_int64(statement, 1, list);
	sqlite3_bind_int64(statement, 2, id);
	sqlite3_bind_int64(statement, 3, before);
	while (catalogue_row(&store->catalogue, statement))
		total += sqlite3_column_int64(statement, 0);
	return total;
}
