/* What an article leads on to: its neighbours, its relatives, itself in other languages. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/catalogue.h"

enum {
	TAGS_MAX = 16,	 /* of an article that are looked at */
	NEWEST_MAX = 64, /* articles of a tag that are */
};

/* ?3: list, ?4: the article */
static const char next_newer[] =
	"SELECT " HEADLINE_COLUMNS " FROM listing AS l JOIN article AS a ON a.id = l.article"
	" WHERE l.list = ?3 AND l.article > ?4 AND l.article < ?1 AND " VISIBLE
	" ORDER BY l.article LIMIT 1";
static const char next_older[] =
	"SELECT " HEADLINE_COLUMNS " FROM listing AS l JOIN article AS a ON a.id = l.article"
	" WHERE l.list = ?3 AND l.article < ?4 AND l.article < ?1 AND " VISIBLE
	" ORDER BY l.article DESC LIMIT 1";

static bool neighbour(struct store *store, const char *sql, const struct headline *of, int64_t now,
		      struct arena *arena, struct headline *ret_headline)
{
	int64_t list = list_named(store, of->edition, LIST_SECTION, of->section);
	sqlite3_stmt *statement = catalogue_statement(&store->catalogue, sql);

	bind_now(statement, now);
	sqlite3_bind_int64(statement, 3, list);
	sqlite3_bind_int64(statement, 4, of->id);
	return headline_one(store, statement, arena, ret_headline);
}

bool store_newer(struct store *store, const struct headline *of, int64_t now, struct arena *arena,
		 struct headline *ret_headline)
{
	return neighbour(store, next_newer, of, now, arena, ret_headline);
}

bool store_older(struct store *store, const struct headline *of, int64_t now, struct arena *arena,
		 struct headline *ret_headline)
{
	return neighbour(store, next_older, of, now, arena, ret_headline);
}

/* An article and how many tags it shares. */
struct relative {
	int64_t id;
	int shared;
};

static int newest_first(const void *a, const void *b)
{
	const struct relative *left = a;
	const struct relative *right = b;

	return (left->id < right->id) - (left->id > right->id);
}

static int closest_first(const void *a, const void *b)
{
	const struct relative *left = a;
	const struct relative *right = b;

	if (left->shared != right->shared)
		return left->shared < right->shared ? 1 : -1;
	return newest_first(a, b);
}

/* The lists of tags, each once: two spellings of a tag are one. */
static size_t tag_lists(struct store *store, const struct headline *of, const struct texts *tags,
			struct arena *arena, int64_t lists[TAGS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < tags->count && count < TAGS_MAX; i++) {
		int64_t list = list_named(store, of->edition, LIST_TAG,
					  text_slug(arena, tags->items[i]));
		size_t same = 0;

		while (same < count && lists[same] != list)
			same++;
		if (list && same == count)
			lists[count++] = list;
	}
	return count;
}

/* Appends the newest articles of a tag, expired ones too; returns the new count. */
static size_t add_tagged(struct store *store, int64_t tag, const struct headline *of, int64_t now,
			 struct relative *relatives, size_t count)
{
	sqlite3_stmt *statement = catalogue_statement(
		&store->catalogue,
		"SELECT article FROM listing WHERE list = ?1 AND article < ?2 AND article <> ?3"
		" ORDER BY article DESC LIMIT ?4");

	sqlite3_bind_int64(statement, 1, tag);
	sqlite3_bind_int64(statement, 2, visible_bound(now));
	sqlite3_bind_int64(statement, 3, of->id);
	sqlite3_bind_int(statement, 4, NEWEST_MAX);
	while (catalogue_row(&store->catalogue, statement))
		relatives[count++] = (struct relative){ sqlite3_column_int64(statement, 0), 1 };
	return count;
}

/* One entry an article, with the sum of what it shares; returns how many. */
static size_t merge(struct relative *relatives, size_t count)
{
	size_t merged = 0;

	qsort(relatives, count, sizeof(*relatives), newest_first);
	for (size_t i = 0; i < count; i++) {
		if (merged && relatives[merged - 1].id == relatives[i].id)
			relatives[merged - 1].shared++;
		else
			relatives[merged++] = relatives[i];
	}
	qsort(relatives, merged, sizeof(*relatives), closest_first);
	return merged;
}

/* Copies the visible ones in their order until the list is full. */
static void take_visible(struct store *store, const struct relative *relatives, size_t count,
			 int64_t now, size_t limit, struct arena *arena, struct headlines *list)
{
	for (size_t i = 0; i < count && list->count < limit; i++) {
		sqlite3_stmt *statement = catalogue_statement(
			&store->catalogue, "SELECT " HEADLINE_COLUMNS
					   " FROM article AS a WHERE a.id = ?3 AND " VISIBLE);

		bind_now(statement, now);
		sqlite3_bind_int64(statement, 3, relatives[i].id);
		if (headline_one(store, statement, arena, &list->items[list->count]))
			list->count++;
		list->has_more = list->count == limit && i + 1 < count;
	}
}

void store_related(struct store *store, const struct headline *of, const struct texts *tags,
		   int64_t now, size_t limit, struct arena *arena, struct headlines *ret_list)
{
	struct relative relatives[TAGS_MAX * NEWEST_MAX];
	int64_t lists[TAGS_MAX];
	size_t list_count = tag_lists(store, of, tags, arena, lists);
	size_t count = 0;

	if (limit > STORE_LIMIT_MAX)
		limit = STORE_LIMIT_MAX;
	*ret_list = (struct headlines){ .items = ARENA_ARRAY(arena, limit, struct headline) };
	for (size_t i = 0; i < list_count; i++)
		count = add_tagged(store, lists[i], of, now, relatives, count);
	count = merge(relatives, count);
	take_visible(store, relatives, count, now, limit, arena, ret_list);
}

void store_translations(struct store *store, const struct headline *of, int64_t now,
			struct arena *arena, struct headlines *ret_list)
{
	sqlite3_stmt *statement = catalogue_statement(
		&store->catalogue,
		"SELECT " HEADLINE_COLUMNS " FROM article AS a JOIN edition AS e"
		" ON e.id = a.edition WHERE a.uid = ?3 AND a.edition <> ?4 AND a.status = ?5"
		" AND " VISIBLE " ORDER BY e.prefix LIMIT ?6");
	size_t limit = store->edition_count;

	*ret_list = (struct headlines){ .items = ARENA_ARRAY(arena, limit + 1, struct headline) };
	bind_now(statement, now);
	bind_str(statement, 3, of->uid);
	sqlite3_bind_int64(statement, 4, of->edition->id);
	sqlite3_bind_int(statement, 5, STATUS_PUBLISHED);
	sqlite3_bind_int64(statement, 6, (int64_t)limit);
	headlines_read(store, statement, limit, arena, ret_list);
}
