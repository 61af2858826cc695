/* What is at a path. */
#include "store/catalogue.h"
#include "store/place.h"

/* A row of article, document or file that a path has. */
static bool has_path(struct store *store, const char *sql, struct str path)
{
	sqlite3_stmt *statement = catalogue_statement(&store->catalogue, sql);

	bind_str(statement, 1, path);
	if (!catalogue_row(&store->catalogue, statement))
		return false;
	sqlite3_reset(statement);
	return true;
}

bool store_file_size(struct store *store, struct str path, uint64_t *ret_size)
{
	sqlite3_stmt *statement = catalogue_statement(
		&store->catalogue, "SELECT size FROM file WHERE path = ?1 AND kind = ?2");

	bind_str(statement, 1, path);
	sqlite3_bind_int(statement, 2, FILE_PLAIN);
	if (!catalogue_row(&store->catalogue, statement))
		return false;
	*ret_size = (uint64_t)sqlite3_column_int64(statement, 0);
	sqlite3_reset(statement);
	return true;
}

/* An article that may be known of: one that is visible, or was retracted after it was published. */
#define AT_PATH                                                                                    \
	"SELECT " HEADLINE_COLUMNS                                                                 \
	", a.status, a.source FROM article AS a WHERE a.path = ?3 AND a.id < ?1"                   \
	" AND (a.status = ?4 OR a.expires IS NULL OR a.expires > ?2)"

static sqlite3_stmt *article_at(struct store *store, struct str path, int64_t now)
{
	sqlite3_stmt *statement = catalogue_statement(&store->catalogue, AT_PATH);

	bind_now(statement, now);
	bind_str(statement, 3, path);
	sqlite3_bind_int(statement, 4, STATUS_RETRACTED);
	return statement;
}

/* Where the article is now that used to be at path; it keeps its Id and its edition. */
static bool find_moved(struct store *store, struct str path, int64_t now, struct arena *arena,
		       struct str *ret_path)
{
	sqlite3_stmt *statement = catalogue_statement(
		&store->catalogue,
		"SELECT a.path FROM old_path AS o JOIN edition AS e ON e.prefix = o.edition"
		" JOIN article AS a ON a.uid = o.uid AND a.edition = e.id"
		" WHERE o.path = ?3 AND " VISIBLE);

	bind_now(statement, now);
	bind_str(statement, 3, path);
	if (!catalogue_row(&store->catalogue, statement))
		return false;
	*ret_path = column_copy(statement, 0, arena);
	sqlite3_reset(statement);
	return true;
}

enum found store_article(struct store *store, struct str path, int64_t now, struct arena *arena,
			 struct headline *ret_headline, struct article *ret_article)
{
	sqlite3_stmt *statement = article_at(store, path, now);
	enum article_status status;
	int64_t source;
	struct str moved;
	struct str bytes;

	if (!catalogue_row(&store->catalogue, statement)) {
		if (!find_moved(store, path, now, arena, &moved))
			return FOUND_NOTHING;
		statement = article_at(store, moved, now);
		if (!catalogue_row(&store->catalogue, statement))
			return FOUND_NOTHING;
	}
	status = (enum article_status)sqlite3_column_int(statement, HEADLINE_COLUMN_COUNT);
	source = sqlite3_column_int64(statement, HEADLINE_COLUMN_COUNT + 1);
	headline_read(store, statement, arena, ret_headline);
	sqlite3_reset(statement);
	statement = catalogue_statement(&store->catalogue, "SELECT bytes FROM source WHERE id = ?");
	sqlite3_bind_int64(statement, 1, source);
	if (!catalogue_row(&store->catalogue, statement))
		return FOUND_NOTHING;
	bytes = column_copy(statement, 0, arena);
	sqlite3_reset(statement);
	if (!article_parse(arena, bytes, path, true, ret_article, NULL, NULL))
		return FOUND_NOTHING;
	if (status == STATUS_RETRACTED)
		return FOUND_GONE;
	return str_eq(ret_headline->path, path) ? FOUND_ARTICLE : FOUND_MOVED;
}

_Static_assert(FILE_PLAIN == 0, "find_leaf() asks for kind 0");

/* An edition's root or a section, given without its last slash. */
static enum found find_folder(struct store *store, struct str bare, struct arena *arena,
			      struct str *ret_path)
{
	struct str path = arena_join(arena, bare, STR("/"), STR(""));
	const struct edition *edition = store_edition_of(store, path);

	*ret_path = path;
	if (str_eq(path, edition->root))
		return FOUND_EDITION;
	return edition_section(edition, path) ? FOUND_SECTION : FOUND_NOTHING;
}

/* Anything whose path has no slash at its end. */
static enum found find_leaf(struct store *store, struct str path, int64_t now, struct arena *arena,
			    struct str *ret_path)
{
	sqlite3_stmt *statement = article_at(store, path, now);
	int status;

	*ret_path = path;
	if (catalogue_row(&store->catalogue, statement)) {
		status = sqlite3_column_int(statement, HEADLINE_COLUMN_COUNT);
		sqlite3_reset(statement);
		return status == STATUS_RETRACTED ? FOUND_GONE : FOUND_ARTICLE;
	}
	if (has_path(store, "SELECT 1 FROM document WHERE path = ?", path))
		return FOUND_DOCUMENT;
	if (has_path(store, "SELECT 1 FROM file WHERE path = ? AND kind = 0", path))
		return FOUND_FILE;
	return find_moved(store, path, now, arena, ret_path) ? FOUND_MOVED : FOUND_NOTHING;
}

static enum found look_up(struct store *store, struct str path, int64_t now, struct arena *arena,
			  struct str *ret_path)
{
	bool is_folder = str_ends(path, STR("/"));
	struct str bare = is_folder ? str_head(path, path.len - 1) : path;
	enum found found = FOUND_NOTHING;

	if (!is_folder)
		found = find_leaf(store, path, now, arena, ret_path);
	/* A folder stands in nobody's way: an article beside it has the path without the slash. */
	if (found == FOUND_NOTHING)
		found = find_folder(store, bare, arena, ret_path);
	return found;
}

/* What the memo keeps of a path. */
struct finding {
	enum found found;
	struct str path; /* canonical */
};

static void keep_finding(struct store *store, struct str path, enum found found,
			 struct str canonical)
{
	struct arena *arena = memo_arena(store->memo);
	struct finding *finding;

	if (!arena)
		return;
	finding = ARENA_NEW(arena, struct finding);
	*finding = (struct finding){ found, arena_str(arena, canonical) };
	memo_put(store->memo, MEMO_FOUND, 0, path, finding);
}

enum found store_find(struct store *store, struct str path, int64_t now, struct arena *arena,
		      struct str *ret_path)
{
	const struct finding *known;
	struct str canonical = path;
	enum found found;

	memo_set_now(store->memo, now);
	known = memo_find(store->memo, MEMO_FOUND, 0, path);
	if (known) {
		found = known->found;
		canonical = arena_str(arena, known->path);
	} else {
		found = look_up(store, path, now, arena, &canonical);
		keep_finding(store, path, found, canonical);
	}
	if (found != FOUND_NOTHING && ret_path)
		*ret_path = canonical;
	return found;
}

bool store_document(struct store *store, struct str path, struct arena *arena,
		    struct article *ret_article)
{
	sqlite3_stmt *statement = catalogue_statement(&store->catalogue,
						      "SELECT bytes FROM document WHERE path = ?");
	struct str bytes;

	bind_str(statement, 1, path);
	if (!catalogue_row(&store->catalogue, statement))
		return false;
	bytes = column_copy(statement, 0, arena);
	sqlite3_reset(statement);
	return article_parse(arena, bytes, path, false, ret_article, NULL, NULL);
}

bool store_short(struct store *store, const struct edition *edition, struct str short_id,
		 int64_t now, struct arena *arena, struct headline *ret_headline)
{
	sqlite3_stmt *statement;
	int64_t key;

	if (!short_id_parse(short_id, &key))
		return false;
	statement = catalogue_statement(&store->catalogue,
					"SELECT " HEADLINE_COLUMNS " FROM article AS a"
					" WHERE a.key = ?3 AND a.edition = ?4 AND a.status = ?5"
					" AND " VISIBLE);
	bind_now(statement, now);
	sqlite3_bind_int64(statement, 3, key);
	sqlite3_bind_int64(statement, 4, edition->id);
	sqlite3_bind_int(statement, 5, STATUS_PUBLISHED);
	return headline_one(store, statement, arena, ret_headline);
}

uint64_t store_shares(struct store *store, const struct headline *headline)
{
	sqlite3_stmt *statement = catalogue_statement(&store->catalogue,
						      "SELECT count FROM shares WHERE key = ?");
	int64_t shares = 0;
	int64_t key;

	if (!short_id_parse(headline->short_id, &key))
		return 0;
	sqlite3_bind_int64(statement, 1, key);
	while (catalogue_row(&store->catalogue, statement))
		shares = sqlite3_column_int64(statement, 0);
	return (uint64_t)shares;
}
