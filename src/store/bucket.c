/* Overviews: tags, authors and days with how many visible articles they have. */
#include <string.h>

#include "base/date.h"
#include "store/catalogue.h"

enum { BUCKETS_MAX = 100000 };

/*
 * Lists of one kind (?4) of an edition (?3) with their visible articles: all
 * that are listed, less those that are embargoed or expired, which are few.
 */
#define COUNTED                                                                                    \
	"WITH hidden (id, lists) AS (SELECT id, lists FROM article WHERE id >= ?1"                 \
	" AND edition = ?3 UNION SELECT id, lists FROM article INDEXED BY article_expires"         \
	" WHERE expires <= ?2 AND edition = ?3),"                                                  \
	" less (list, count) AS (SELECT l.value, count(*) FROM hidden,"                            \
	" json_each(hidden.lists) AS l GROUP BY l.value),"                                         \
	" counted (id, key, count) AS (SELECT id, key, total - coalesce(less.count, 0) FROM list"  \
	" LEFT JOIN less ON less.list = list.id WHERE edition = ?3 AND kind = ?4)"

/* As the newest article that is out writes it. */
#define NAME_OF(list)                                                                              \
	"(SELECT name FROM listing WHERE list = " list " AND article < ?1"                         \
	" ORDER BY article DESC LIMIT 1)"

static sqlite3_stmt *prepare(struct store *store, const char *sql, const struct edition *edition,
			     int64_t now, enum list_kind kind)
{
	sqlite3_stmt *statement = catalogue_statement(&store->catalogue, sql);

	bind_now(statement, now);
	sqlite3_bind_int64(statement, 3, edition->id);
	sqlite3_bind_int(statement, 4, (int)kind);
	return statement;
}

/* Takes rows of slug, name, count. */
static void read_buckets(struct store *store, sqlite3_stmt *statement, struct arena *arena,
			 struct buckets *ret_buckets)
{
	struct buckets buckets = { 0 };
	size_t cap = 0;

	while (buckets.count < BUCKETS_MAX && catalogue_row(&store->catalogue, statement)) {
		if (buckets.count == cap) {
			struct bucket *old = buckets.items;

			cap = cap ? cap * 2 : 32;
			buckets.items = ARENA_ARRAY(arena, cap, struct bucket);
			if (old)
				memcpy(buckets.items, old, buckets.count * sizeof(*old));
		}
		buckets.items[buckets.count++] = (struct bucket){
			.slug = column_copy(statement, 0, arena),
			.name = column_copy(statement, 1, arena),
			.count = (size_t)sqlite3_column_int64(statement, 2),
		};
	}
	sqlite3_reset(statement);
	*ret_buckets = buckets;
}

void store_tags(struct store *store, const struct edition *edition, int64_t now,
		struct arena *arena, struct buckets *ret_buckets)
{
	sqlite3_stmt *statement =
		prepare(store,
			COUNTED " SELECT key, " NAME_OF("id") " AS name, count"
							      " FROM counted WHERE count > 0"
							      " ORDER BY count DESC, key",
			edition, now, LIST_TAG);

	read_buckets(store, statement, arena, ret_buckets);
}

void store_authors(struct store *store, const struct edition *edition, int64_t now,
		   struct arena *arena, struct buckets *ret_buckets)
{
	/* ?5: where biographies are. A biography's title is the name. */
	sqlite3_stmt *statement = prepare(
		store,
		COUNTED
		", written (slug, title) AS (SELECT substr(path, length(?5) + 1), title"
		" FROM document WHERE edition = ?3 AND kind = ?6),"
		" known (slug, name, count) AS (SELECT key, coalesce((SELECT title"
		" FROM written WHERE slug = key), " NAME_OF(
			"id") "), count FROM counted"
			      " WHERE count > 0 UNION ALL SELECT slug, title, 0 FROM written"
			      " WHERE NOT EXISTS (SELECT 1 FROM counted WHERE key = slug AND count "
			      "> 0))"
			      " SELECT slug, name, count FROM known ORDER BY slug",
		edition, now, LIST_AUTHOR);

	bind_str(statement, 5, arena_join(arena, edition->root, STR("authors/"), STR("")));
	sqlite3_bind_int(statement, 6, DOCUMENT_BIOGRAPHY);
	read_buckets(store, statement, arena, ret_buckets);
}

void store_calendar(struct store *store, const struct edition *edition, int64_t now, int64_t from,
		    int64_t before, int width, struct arena *arena, struct buckets *ret_buckets)
{
	/* ?5 and ?6: the first day, and the day after the last; ?7: width, ?8: of a slug. */
	sqlite3_stmt *statement = prepare(
		store,
		COUNTED " SELECT substr(key, ?7 - ?8 + 1, ?8), substr(key, 1, ?7) AS name,"
			" sum(count) AS sum FROM counted WHERE key >= ?5 AND (?6 = '' OR key < ?6)"
			" GROUP BY name HAVING sum > 0 ORDER BY name DESC",
		edition, now, LIST_DAY);
	char day[DATE_TEXT];

	bind_str(statement, 5, from > 0 ? str_from(date_day(from, day)) : STR(""));
	bind_str(statement, 6, before > 0 ? str_from(date_day(before, day)) : STR(""));
	sqlite3_bind_int(statement, 7, width);
	sqlite3_bind_int(statement, 8, width == 4 ? 4 : 2);
	read_buckets(store, statement, arena, ret_buckets);
}

static bool read_name(struct store *store, sqlite3_stmt *statement, struct arena *arena,
		      struct str *ret_name)
{
	if (!catalogue_row(&store->catalogue, statement))
		return false;
	*ret_name = column_copy(statement, 0, arena);
	sqlite3_reset(statement);
	return true;
}

/* The name as the newest visible article of the list writes it. */
static bool listed_name(struct store *store, const struct edition *edition, enum list_kind kind,
			struct str slug, int64_t now, struct arena *arena, struct str *ret_name)
{
	sqlite3_stmt *statement = prepare(
		store,
		"SELECT l.name FROM listing AS l JOIN article AS a ON a.id = l.article"
		" WHERE l.list = (SELECT id FROM list WHERE edition = ?3 AND kind = ?4"
		" AND key = ?5) AND l.article < ?1 AND " VISIBLE " ORDER BY l.article DESC LIMIT 1",
		edition, now, kind);

	bind_str(statement, 5, slug);
	return read_name(store, statement, arena, ret_name);
}

bool store_tag_name(struct store *store, const struct edition *edition, struct str slug,
		    int64_t now, struct arena *arena, struct str *ret_name)
{
	return listed_name(store, edition, LIST_TAG, slug, now, arena, ret_name);
}

bool store_author_name(struct store *store, const struct edition *edition, struct str slug,
		       int64_t now, struct arena *arena, struct str *ret_name)
{
	sqlite3_stmt *statement = catalogue_statement(&store->catalogue,
						      "SELECT title FROM document"
						      " WHERE path = ?1 AND kind = ?2");

	bind_str(statement, 1, arena_join(arena, edition->root, STR("authors/"), slug));
	sqlite3_bind_int(statement, 2, DOCUMENT_BIOGRAPHY);
	return read_name(store, statement, arena, ret_name) ||
	       listed_name(store, edition, LIST_AUTHOR, slug, now, arena, ret_name);
}
