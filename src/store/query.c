/* Lists of articles. */
#include "store/catalogue.h"
#include "store/span.h"

enum { HIDDEN_MAX = 2048 }; /* with more of them a page is found by going through those before it */

/*
 * From a list's rows, newest first. ?1 ?2: VISIBLE, ?3: list, ?4: first id, ?5: limit, ?6:
 * offset.
 */
#define LISTED                                                                                     \
	" FROM listing AS l JOIN article AS a ON a.id = l.article"                                 \
	" WHERE l.list = ?3 AND l.article < ?1 AND l.article >= ?4 AND " VISIBLE

static const char newest_first[] = "SELECT " HEADLINE_COLUMNS LISTED
				   " ORDER BY l.article DESC LIMIT ?5 OFFSET ?6";

static const char by_title[] = "SELECT " HEADLINE_COLUMNS LISTED
			       " ORDER BY a.sort, a.title, a.id DESC LIMIT ?5 OFFSET ?6";

/* Those that are not in the head of the ranked list already (?7: edition, ?8: which). */
static const char newest_rest[] =
	"SELECT " HEADLINE_COLUMNS LISTED
	" AND NOT EXISTS (SELECT 1 FROM ranking AS r WHERE r.edition = ?7 AND r.list = ?8"
	" AND r.key = a.key) ORDER BY l.article DESC LIMIT ?5 OFFSET ?6";

static const char ranked[] =
	"SELECT " HEADLINE_COLUMNS " FROM ranking AS r JOIN article AS a ON a.key = r.key"
	" WHERE r.edition = ?7 AND r.list = ?8 AND a.edition = ?7 AND a.status = ?3"
	" AND a.id >= ?4 AND " VISIBLE " ORDER BY r.place LIMIT ?5 OFFSET ?6";

static const char ranked_count[] =
	"SELECT count(*) FROM ranking AS r JOIN article AS a ON a.key = r.key"
	" WHERE r.edition = ?7 AND r.list = ?8 AND a.edition = ?7 AND a.status = ?3"
	" AND a.id >= ?4 AND " VISIBLE;

/* ?3: edition */
static const char corrected[] =
	"SELECT " HEADLINE_COLUMNS " FROM article AS a INDEXED BY article_corrected"
	" WHERE a.edition = ?3 AND a.corrected IS NOT NULL AND a.status = ?7 AND a.id >= ?4"
	" AND " VISIBLE " ORDER BY a.corrected DESC, a.id DESC LIMIT ?5 OFFSET ?6";

/* How a listing is made: of which list's rows, and with which ranking before them. */
struct plan {
	enum list_kind kind;
	bool is_ranked;
	enum list_kind ranking;
};

static const struct plan plans[] = {
	[LISTING_ALL] = { LIST_ALL, false, 0 },
	[LISTING_SECTION] = { LIST_SECTION, false, 0 },
	[LISTING_TAG] = { LIST_TAG, false, 0 },
	[LISTING_AUTHOR] = { LIST_AUTHOR, false, 0 },
	[LISTING_TYPE] = { LIST_TYPE, false, 0 },
	[LISTING_PICKS] = { LIST_PICKS, true, LIST_PICKS },
	[LISTING_CORRECTED] = { LIST_CORRECTED, false, 0 },
	[LISTING_TRENDING] = { LIST_ALL, true, LIST_TRENDING },
	[LISTING_MOST_READ] = { LIST_ALL, true, LIST_MOST_READ },
};

/* A query with its bounds worked out. */
struct bounds {
	int64_t list; /* 0: no such list, so nothing is in it */
	int64_t from; /* ids */
	int64_t before;
};

static int64_t look_up_list(struct store *store, int64_t edition, enum list_kind kind,
			    struct str key)
{
	sqlite3_stmt *statement = catalogue_statement(
		&store->catalogue,
		"SELECT id FROM list WHERE edition = ?1 AND kind = ?2 AND key = ?3");
	int64_t id = 0;

	sqlite3_bind_int64(statement, 1, edition);
	sqlite3_bind_int(statement, 2, (int)kind);
	bind_str(statement, 3, key);
	while (catalogue_row(&store->catalogue, statement))
		id = sqlite3_column_int64(statement, 0);
	return id;
}

int64_t list_named(struct store *store, const struct edition *edition, enum list_kind kind,
		   struct str key)
{
	int64_t number = edition->id << 8 | kind;
	const int64_t *known = memo_find(store->memo, MEMO_LIST, number, key);
	struct arena *arena = memo_arena(store->memo);
	int64_t id = known ? *known : look_up_list(store, edition->id, kind, key);
	int64_t *kept;

	if (known || !arena)
		return id;
	kept = ARENA_NEW(arena, int64_t);
	*kept = id;
	memo_put(store->memo, MEMO_LIST, number, key, kept);
	return id;
}

static int64_t find_list(struct store *store, const struct query *query)
{
	enum list_kind kind = plans[query->listing].kind;
	bool has_key = kind == LIST_SECTION || kind == LIST_TAG || kind == LIST_AUTHOR ||
		       kind == LIST_TYPE;

	return list_named(store, query->edition, kind, has_key ? query->key : STR(""));
}

static struct bounds find_bounds(struct store *store, const struct query *query)
{
	struct bounds bounds = {
		.list = find_list(store, query),
		.from = query->from > 0 ? visible_bound(query->from - 1) : 0,
		.before = visible_bound(query->now),
	};

	if (query->before > 0 && query->before <= query->now)
		bounds.before = visible_bound(query->before - 1);
	return bounds;
}

/* A statement with everything bound that its text may ask for but ?3 and ?7. */
static sqlite3_stmt *prepare(struct store *store, const char *sql, const struct query *query,
			     const struct bounds *bounds, size_t offset, size_t limit)
{
	sqlite3_stmt *statement = catalogue_statement(&store->catalogue, sql);

	sqlite3_bind_int64(statement, 1, bounds->before);
	sqlite3_bind_int64(statement, 2, query->now);
	sqlite3_bind_int64(statement, 3, bounds->list);
	sqlite3_bind_int64(statement, 4, bounds->from);
	sqlite3_bind_int64(statement, 5, (int64_t)limit + 1);
	sqlite3_bind_int64(statement, 6, (int64_t)offset);
	return statement;
}

static void bind_ranking(sqlite3_stmt *statement, const struct query *query)
{
	sqlite3_bind_int64(statement, 7, query->edition->id);
	sqlite3_bind_int(statement, 8, (int)plans[query->listing].ranking);
}

/* Articles of a list that its readers do not get, newest first: expired ones, and those of a ranking. */
struct hidden {
	int64_t ids[HIDDEN_MAX];
	size_t count;
	bool is_full;
};

static void hide(struct store *store, struct hidden *hidden, sqlite3_stmt *statement)
{
	while (catalogue_row(&store->catalogue, statement)) {
		if (hidden->count == HIDDEN_MAX) {
			hidden->is_full = true;
			sqlite3_reset(statement);
			return;
		}
		hidden->ids[hidden->count++] = sqlite3_column_int64(statement, 0);
	}
}

static void find_hidden(struct store *store, const struct query *query, const struct bounds *bounds,
			bool is_rest, struct hidden *ret_hidden)
{
	sqlite3_stmt *statement =
		prepare(store,
			"SELECT l.article FROM article AS a INDEXED BY article_expires"
			" CROSS JOIN listing AS l ON l.list = ?3 AND l.article = a.id"
			" WHERE a.expires <= ?2 AND a.id < ?1 AND a.id >= ?4",
			query, bounds, 0, 0);

	ret_hidden->count = 0;
	ret_hidden->is_full = false;
	hide(store, ret_hidden, statement);
	if (!is_rest)
		return;
	statement = prepare(store,
			    "SELECT a.id FROM ranking AS r CROSS JOIN article AS a ON a.key = r.key"
			    " CROSS JOIN listing AS l ON l.list = ?3 AND l.article = a.id"
			    " WHERE r.edition = ?7 AND r.list = ?8 AND a.edition = ?7"
			    " AND a.id >= ?4 AND " VISIBLE,
			    query, bounds, 0, 0);
	bind_ranking(statement, query);
	hide(store, ret_hidden, statement);
}

static int64_t count_hidden(const struct hidden *hidden, int64_t from)
{
	int64_t count = 0;

	for (size_t i = 0; i < hidden->count; i++)
		count += hidden->ids[i] >= from;
	return count;
}

/*
 * Moves the bounds to where the page begins, in place of an offset; returns what is left of
 * that. The place depends on what is hidden before it, and that on the place.
 */
static size_t skip(struct store *store, const struct query *query, size_t offset, bool is_rest,
		   struct bounds *bounds)
{
	struct hidden hidden;
	int64_t wanted;
	int64_t newer;
	int64_t article;

	if (offset == 0)
		return 0;
	find_hidden(store, query, bounds, is_rest, &hidden);
	if (hidden.is_full)
		return offset;
	newer = wanted = spans_from(store, bounds->list, bounds->before) + (int64_t)offset;
	for (;;) {
		int64_t before = newer;

		if (!spans_nth(store, bounds->list, newer, &article)) {
			bounds->before = bounds->from; /* the list ends before */
			return 0;
		}
		newer = wanted + count_hidden(&hidden, article);
		if (newer == before)
			break;
	}
	bounds->before = article + 1;
	return 0;
}

/* The head of a ranked list, then the newest of the rest. */
static void read_ranked(struct store *store, const struct query *query, const struct bounds *bounds,
			size_t limit, struct arena *arena, struct headlines *list)
{
	size_t offset = query->offset;
	struct bounds rest;
	size_t head = 0;
	sqlite3_stmt *statement = prepare(store, ranked_count, query, bounds, 0, 0);

	bind_ranking(statement, query);
	sqlite3_bind_int(statement, 3, STATUS_PUBLISHED);
	while (catalogue_row(&store->catalogue, statement))
		head = (size_t)sqlite3_column_int64(statement, 0);
	if (offset < head) {
		statement = prepare(store, ranked, query, bounds, offset, limit);
		bind_ranking(statement, query);
		sqlite3_bind_int(statement, 3, STATUS_PUBLISHED);
		headlines_read(store, statement, limit, arena, list);
	}
	if (list->has_more)
		return;
	rest = *bounds;
	offset = skip(store, query, offset < head ? 0 : offset - head, true, &rest);
	limit -= list->count;
	statement = prepare(store, newest_rest, query, &rest, offset, limit);
	bind_ranking(statement, query);
	headlines_read(store, statement, limit, arena, list);
}

_Static_assert(STORE_LIMIT_MAX < 256, "list_ranked() keeps a limit in eight bits");

static struct headlines new_headlines(struct arena *arena, size_t limit)
{
	return (struct headlines){ .items = ARENA_ARRAY(arena, limit + 1, struct headline) };
}

/* The beginning of a ranked list is on nearly every page. */
static void list_ranked(struct store *store, const struct query *query, const struct bounds *bounds,
			size_t limit, struct arena *arena, struct headlines *list)
{
	int64_t number = (query->edition->id << 8 | query->listing) << 8 | (int64_t)limit;
	bool is_start = query->offset == 0 && query->from == 0 && query->before == 0;
	struct arena *kept_in = is_start ? memo_arena(store->memo) : NULL;
	const struct headlines *known =
		is_start ? memo_find(store->memo, MEMO_RANKED, number, STR("")) : NULL;

	if (!known && kept_in) {
		struct headlines *made = ARENA_NEW(kept_in, struct headlines);

		*made = new_headlines(kept_in, limit);
		read_ranked(store, query, bounds, limit, kept_in, made);
		memo_put(store->memo, MEMO_RANKED, number, STR(""), made);
		known = made;
	}
	if (!known) {
		read_ranked(store, query, bounds, limit, arena, list);
		return;
	}
	for (size_t i = 0; i < known->count; i++)
		list->items[i] = headline_copy(&known->items[i], arena);
	list->count = known->count;
	list->has_more = known->has_more;
}

void store_list(struct store *store, const struct query *query, struct arena *arena,
		struct headlines *ret_list)
{
	size_t limit = query->limit < STORE_LIMIT_MAX ? query->limit : STORE_LIMIT_MAX;
	struct bounds bounds;
	sqlite3_stmt *statement;

	memo_set_now(store->memo, query->now);
	bounds = find_bounds(store, query);
	*ret_list = new_headlines(arena, limit);
	if (plans[query->listing].is_ranked) {
		list_ranked(store, query, &bounds, limit, arena, ret_list);
	} else if (query->listing == LISTING_CORRECTED) {
		statement = prepare(store, corrected, query, &bounds, query->offset, limit);
		sqlite3_bind_int64(statement, 3, query->edition->id);
		sqlite3_bind_int(statement, 7, STATUS_PUBLISHED);
		headlines_read(store, statement, limit, arena, ret_list);
	} else if (bounds.list) {
		size_t offset = query->offset;

		if (!query->by_title)
			offset = skip(store, query, offset, false, &bounds);
		statement = prepare(store, query->by_title ? by_title : newest_first, query,
				    &bounds, offset, limit);
		headlines_read(store, statement, limit, arena, ret_list);
	}
}

static size_t count_of(struct store *store, sqlite3_stmt *statement)
{
	int64_t count = 0;

	while (catalogue_row(&store->catalogue, statement))
		count = sqlite3_column_int64(statement, 0);
	return count > 0 ? (size_t)count : 0;
}

/*
 * All that are listed, less the few that are not visible. Those that have expired are found by
 * their index: the planner would go through the whole list.
 */
static size_t count_all(struct store *store, const struct bounds *bounds, int64_t now)
{
	sqlite3_stmt *statement = catalogue_statement(
		&store->catalogue,
		"SELECT (SELECT total FROM list WHERE id = ?3)"
		" - (SELECT count(*) FROM listing WHERE list = ?3 AND article >= ?1)"
		" - (SELECT count(*) FROM article AS a INDEXED BY article_expires"
		" CROSS JOIN listing AS l ON l.article = a.id AND l.list = ?3"
		" WHERE a.expires <= ?2 AND a.id < ?1)");

	bind_now(statement, now);
	sqlite3_bind_int64(statement, 3, bounds->list);
	return count_of(store, statement);
}

size_t store_count(struct store *store, const struct query *query)
{
	struct bounds bounds = find_bounds(store, query);
	sqlite3_stmt *statement;
	size_t picks;

	if (query->from == 0 && query->before == 0 && query->listing != LISTING_PICKS)
		return bounds.list ? count_all(store, &bounds, query->now) : 0;
	statement = prepare(store, "SELECT count(*)" LISTED, query, &bounds, 0, 0);
	if (query->listing != LISTING_PICKS)
		return count_of(store, statement);
	picks = count_of(store, statement);
	statement = prepare(store,
			    "SELECT count(*) FROM ranking AS r JOIN article AS a ON a.key = r.key"
			    " WHERE r.edition = ?7 AND r.list = ?8 AND a.edition = ?7"
			    " AND a.status = ?5 AND a.id >= ?4 AND " VISIBLE
			    " AND NOT EXISTS (SELECT 1 FROM listing WHERE list = ?3"
			    " AND article = a.id)",
			    query, &bounds, 0, 0);
	bind_ranking(statement, query);
	sqlite3_bind_int(statement, 5, STATUS_PUBLISHED);
	return picks + count_of(store, statement);
}
