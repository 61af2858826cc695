/* What readers do not get yet, for those who may see it before: drafts and embargoed articles. */
#include "store/catalogue.h"

/* ?1: the first id that is not visible, ?3: published */
#define EMBARGOED " FROM article AS a WHERE a.id >= ?1 AND a.status = ?3"

static const char embargoed_list[] = "SELECT " HEADLINE_COLUMNS EMBARGOED " ORDER BY a.id LIMIT ?5";
static const char draft_list[] = "SELECT " HEADLINE_COLUMNS
				 " FROM draft AS a ORDER BY a.id DESC, a.title LIMIT ?5";

/* ?4: path. The bytes stand behind the headline's columns. */
static const char embargoed_at[] = "SELECT " HEADLINE_COLUMNS
				   ", (SELECT bytes FROM source WHERE id = a.source)" EMBARGOED
				   " AND a.path = ?4";
static const char draft_at[] = "SELECT " HEADLINE_COLUMNS
			       ", a.bytes FROM draft AS a WHERE a.path = ?4";

static sqlite3_stmt *prepare(struct store *store, const char *sql, int64_t now)
{
	sqlite3_stmt *statement = catalogue_statement(&store->catalogue, sql);

	bind_now(statement, now);
	sqlite3_bind_int(statement, 3, STATUS_PUBLISHED);
	return statement;
}

void store_previews(struct store *store, enum preview kind, int64_t now, struct arena *arena,
		    struct headlines *ret_list)
{
	const size_t limit = STORE_LIMIT_MAX;
	const char *sql = kind == PREVIEW_EMBARGOED ? embargoed_list : draft_list;
	sqlite3_stmt *statement = prepare(store, sql, now);

	*ret_list = (struct headlines){ .items = ARENA_ARRAY(arena, limit, struct headline) };
	sqlite3_bind_int64(statement, 5, (int64_t)limit + 1);
	headlines_read(store, statement, limit, arena, ret_list);
	for (size_t i = 0; i < ret_list->count; i++)
		ret_list->items[i].short_id = STR("");
}

/* Whether a statement finds the path; a page at an edition's root needs no Date. */
static bool find(struct store *store, const char *sql, struct str path, int64_t now,
		 struct arena *arena, struct headline *ret_headline, struct article *ret_article)
{
	sqlite3_stmt *statement = prepare(store, sql, now);
	struct headline headline;
	struct str bytes;

	bind_str(statement, 4, path);
	if (!catalogue_row(&store->catalogue, statement))
		return false;
	if (!ret_headline && !ret_article) {
		sqlite3_reset(statement);
		return true;
	}
	headline_read(store, statement, arena, &headline);
	headline.short_id = STR("");
	if (headline.id == 0) /* its neighbours are those that it would have now */
		headline.id = visible_bound(now) - 1;
	bytes = ret_article ? column_copy(statement, HEADLINE_COLUMN_COUNT, arena) : STR("");
	sqlite3_reset(statement);
	if (ret_article && !article_parse(arena, bytes, path, false, ret_article, NULL, NULL))
		return false;
	if (ret_headline)
		*ret_headline = headline;
	return true;
}

enum preview store_preview(struct store *store, struct str path, int64_t now, struct arena *arena,
			   struct headline *ret_headline, struct article *ret_article)
{
	if (find(store, draft_at, path, now, arena, ret_headline, ret_article))
		return PREVIEW_DRAFT;
	if (find(store, embargoed_at, path, now, arena, ret_headline, ret_article))
		return PREVIEW_EMBARGOED;
	return PREVIEW_NOTHING;
}
