/* What an article leads on to: its neighbours, its relatives, itself in other languages. */
#include "base/text.h"
#include "store/catalogue.h"

enum {
	TAGS_MAX = 16,	 /* of an article that are looked at */
	NEWEST_MAX = 64, /* articles of a tag that are */
};

/* Of a list's (?3) visible articles the next one behind (?4) or before an article (?1). */
static const char next_newer[] =
	"SELECT " HEADLINE_COLUMNS " FROM listing AS l JOIN article AS a ON a.id = l.article"
	" WHERE l.list = ?3 AND l.article > ?4 AND l.article < ?1 AND " VISIBLE
	" ORDER BY l.article LIMIT 1";
static const char next_older[] = "SELECT " HEADLINE_COLUMNS
				 " FROM listing AS l JOIN article AS a ON a.id = l.article"
				 " WHERE l.list = ?3 AND l.article < ?1 AND " VISIBLE
				 " ORDER BY l.article DESC LIMIT 1";

static sqlite3_stmt *neighbours(struct store *store, const char *sql, const struct headline *of,
				int64_t now)
{
	int64_t list = list_named(store, of->edition, LIST_SECTION, of->section);
	sqlite3_stmt *statement = catalogue_statement(&store->catalogue, sql);

	bind_now(statement, now);
	sqlite3_bind_int64(statement, 3, list);
	return statement;
}

bool store_newer(struct store *store, const struct headline *of, int64_t now, struct arena *arena,
		 struct headline *ret_headline)
{
	sqlite3_stmt *statement = neighbours(store, next_newer, of, now);

	sqlite3_bind_int64(statement, 4, of->id);
	return headline_one(store, statement, arena, ret_headline);
}

bool store_older(struct store *store, const struct headline *of, int64_t now, struct arena *arena,
		 struct headline *ret_headline)
{
	sqlite3_stmt *statement = neighbours(store, next_older, of, now);

	/* One bound: of two SQLite takes either, and goes through all between them. */
	if (of->id < visible_bound(now))
		sqlite3_bind_int64(statement, 1, of->id);
	return headline_one(store, statement, arena, ret_headline);
}

/* Articles and how many tags each shares, newest first. */
struct relatives {
	struct relative {
		int64_t id;
		int shared; /* 0: it has been taken */
	} items[TAGS_MAX * NEWEST_MAX];
	size_t count;
};

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

/* The ids of a tag's newest articles, newest first, expired ones too; returns how many. */
static size_t read_tagged(struct store *store, int64_t tag, const struct headline *of, int64_t now,
			  int64_t ids[NEWEST_MAX])
{
	sqlite3_stmt *statement = catalogue_statement(
		&store->catalogue,
		"SELECT article FROM listing WHERE list = ?1 AND article < ?2 AND article <> ?3"
		" ORDER BY article DESC LIMIT ?4");
	size_t count = 0;

	sqlite3_bind_int64(statement, 1, tag);
	sqlite3_bind_int64(statement, 2, visible_bound(now));
	sqlite3_bind_int64(statement, 3, of->id);
	sqlite3_bind_int(statement, 4, NEWEST_MAX);
	while (catalogue_row(&store->catalogue, statement))
		ids[count++] = sqlite3_column_int64(statement, 0);
	return count;
}

/* Adds those that share one tag more to what is known: both are in the same order, as is what comes of them. */
static void merge(const struct relatives *known, const int64_t *ids, size_t count,
		  struct relatives *ret_all)
{
	struct relative *put = ret_all->items;
	size_t next = 0;

	for (size_t i = 0; i < known->count; i++) {
		struct relative relative = known->items[i];

		for (; next < count && ids[next] > relative.id; next++)
			*put++ = (struct relative){ ids[next], 1 };
		if (next < count && ids[next] == relative.id) {
			relative.shared++;
			next++;
		}
		*put++ = relative;
	}
	for (; next < count; next++)
		*put++ = (struct relative){ ids[next], 1 };
	ret_all->count = (size_t)(put - ret_all->items);
}

/* The one that shares most, of equals the newest; NULL when all have been taken. */
static struct relative *closest(struct relatives *relatives)
{
	struct relative *best = NULL;

	for (size_t i = 0; i < relatives->count; i++) {
		struct relative *relative = &relatives->items[i];

		if (relative->shared > (best ? best->shared : 0))
			best = relative;
	}
	return best;
}

/* The visible one of that id. */
static bool read_visible(struct store *store, int64_t id, int64_t now, struct arena *arena,
			 struct headline *ret_headline)
{
	sqlite3_stmt *statement = catalogue_statement(
		&store->catalogue,
		"SELECT " HEADLINE_COLUMNS " FROM article AS a WHERE a.id = ?3 AND " VISIBLE);

	bind_now(statement, now);
	sqlite3_bind_int64(statement, 3, id);
	return headline_one(store, statement, arena, ret_headline);
}

void store_related(struct store *store, const struct headline *of, const struct texts *tags,
		   int64_t now, size_t limit, struct arena *arena, struct headlines *ret_list)
{
	struct relatives two[2]; /* in turn */
	struct relatives *relatives = &two[0];
	struct relative *relative;
	int64_t lists[TAGS_MAX];
	size_t list_count = tag_lists(store, of, tags, arena, lists);

	if (limit > STORE_LIMIT_MAX)
		limit = STORE_LIMIT_MAX;
	*ret_list = (struct headlines){ .items = ARENA_ARRAY(arena, limit, struct headline) };
	relatives->count = 0;
	for (size_t i = 0; i < list_count; i++) {
		int64_t ids[NEWEST_MAX];
		struct relatives *all = &two[(i + 1) % 2];

		merge(relatives, ids, read_tagged(store, lists[i], of, now, ids), all);
		relatives = all;
	}
	while ((relative = closest(relatives)) != NULL && ret_list->count < limit) {
		relative->shared = 0;
		if (read_visible(store, relative->id, now, arena,
				 &ret_list->items[ret_list->count]))
			ret_list->count++;
	}
	ret_list->has_more = relative != NULL;
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
