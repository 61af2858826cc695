/* An article's and a document's way into the catalogue's tables. */
#include "base/text.h"
#include "store/desk.h"

enum { WORDS_A_MINUTE = 200, KEY_BITS = 40 };

/* What is derived from an article, beside what it says itself. */
struct row {
	int64_t id;
	int64_t key;
	int64_t edition;
	struct str uid;
	struct str words;
	struct str authors;
	int64_t corrected;
};

static struct str join(struct arena *arena, const struct texts *texts)
{
	struct str all = STR("");

	for (size_t i = 0; i < texts->count; i++)
		all = arena_join(arena, all, i ? STR(", ") : STR(""), texts->items[i]);
	return all;
}

static bool has_row(struct scan *scan, const char *sql, int64_t value)
{
	sqlite3_stmt *statement = catalogue_statement(scan->catalogue, sql);

	sqlite3_bind_int64(statement, 1, value);
	if (!catalogue_row(scan->catalogue, statement))
		return false;
	sqlite3_reset(statement);
	return true;
}

/* The first free id of that second; it depends on the path, so a rebuild finds the same. */
static int64_t choose_id(struct scan *scan, int64_t published, struct str path)
{
	const int64_t mask = (1 << TIE_BITS) - 1;
	int64_t tie = (int64_t)(str_hash(path) & (uint64_t)mask);
	int64_t id;

	do {
		id = published * (mask + 1) + tie;
		tie = (tie + 1) & mask;
	} while (has_row(scan, "SELECT 1 FROM article WHERE id = ?", id));
	return id;
}

/* The short id as a number: of the edition and the Id, so that a short link survives a move. */
static int64_t choose_key(struct scan *scan, struct str prefix, struct str uid)
{
	const int64_t mask = (INT64_C(1) << KEY_BITS) - 1;
	uint64_t hash = str_hash(arena_join(scan->scratch, prefix, STR("\n"), uid));
	int64_t key = (int64_t)((hash ^ hash >> KEY_BITS) & (uint64_t)mask);

	while (has_row(scan, "SELECT 1 FROM article WHERE key = ?", key))
		key = (key + 1) & mask;
	return key;
}

/* Returns the text's id. Texts come one behind the other, whatever their articles' dates: no page is filled twice. */
static int64_t put_source(struct scan *scan, struct str bytes)
{
	sqlite3_stmt *statement = catalogue_statement(scan->catalogue,
						      "INSERT INTO source (bytes) VALUES (?1)");

	sqlite3_bind_blob64(statement, 1, bytes.data, bytes.len, SQLITE_STATIC);
	catalogue_run(scan->catalogue, statement);
	return sqlite3_last_insert_rowid(scan->catalogue->db);
}

/* By title: Latin letters without their accents; what is written otherwise, by its own letters. */
static struct str sort_key(struct arena *arena, struct str title)
{
	return text_is_rtl(title) ? title : text_slug(arena, title);
}

static const char put_article[] =
	"INSERT INTO article (id, key, edition, path, section, uid, has_id, title, sort,"
	" kicker, summary, author, type, status, urgency, updated, expires, corrected,"
	" size, minutes, lists, source) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
	"?13,"
	" ?14, ?15, ?16, nullif(?17, 0), nullif(?18, 0), ?19, ?20, ?21, ?22)";

/* Of the same values, but ?21: the bytes. */
static const char put_draft[] =
	"INSERT INTO draft (id, edition, path, section, uid, title, kicker, summary, author,"
	" type, urgency, updated, size, minutes, bytes) VALUES (?1, ?3, ?4, ?5, ?6, ?8, ?10,"
	" ?11, ?12, ?13, ?15, ?16, ?19, ?20, ?21)";

/* The statement with its values; it is for the caller to run. */
static sqlite3_stmt *bind_row(struct scan *scan, const char *sql, const struct row *row,
			      const struct place *place, const struct article *article)
{
	size_t minutes = (text_words(row->words) + WORDS_A_MINUTE - 1) / WORDS_A_MINUTE;
	sqlite3_stmt *statement = catalogue_statement(scan->catalogue, sql);

	sqlite3_bind_int64(statement, 1, row->id);
	sqlite3_bind_int64(statement, 2, row->key);
	sqlite3_bind_int64(statement, 3, row->edition);
	bind_str(statement, 4, place->path);
	bind_str(statement, 5, place->section);
	bind_str(statement, 6, row->uid);
	sqlite3_bind_int(statement, 7, article->uid.len > 0);
	bind_str(statement, 8, article->title);
	bind_str(statement, 9, sort_key(scan->scratch, article->title));
	bind_str(statement, 10, article->kicker);
	bind_str(statement, 11, article->summary);
	bind_str(statement, 12, row->authors);
	sqlite3_bind_int(statement, 13, (int)article->type);
	sqlite3_bind_int(statement, 14, (int)article->status);
	sqlite3_bind_int(statement, 15, article->urgency);
	sqlite3_bind_int64(statement, 16, article->updated ? article->updated : article->published);
	sqlite3_bind_int64(statement, 17, article->expires);
	sqlite3_bind_int64(statement, 18, row->corrected);
	sqlite3_bind_int64(statement, 19, (int64_t)article->body.len);
	sqlite3_bind_int64(statement, 20, minutes ? (int64_t)minutes : 1);
	return statement;
}

/* Run with a path and nothing else. */
static void run_with_path(struct scan *scan, const char *sql, struct str path)
{
	sqlite3_stmt *statement = catalogue_statement(scan->catalogue, sql);

	bind_str(statement, 1, path);
	catalogue_run(scan->catalogue, statement);
}

/* Whether a table has the path: to look costs a twelfth of a deletion that finds nothing. */
static bool has_path(struct scan *scan, const char *sql, struct str path)
{
	sqlite3_stmt *statement = catalogue_statement(scan->catalogue, sql);

	bind_str(statement, 1, path);
	if (!catalogue_row(scan->catalogue, statement))
		return false;
	sqlite3_reset(statement);
	return true;
}

void unpublish(struct scan *scan, struct str path)
{
	if (has_path(scan, "SELECT 1 FROM article WHERE path = ?1", path)) {
		/* What is not in yet cannot be taken out. */
		search_flush(scan);
		lists_flush(scan);
		run_with_path(scan, "DELETE FROM article WHERE path = ?1", path);
		scan->changed = true;
	}
	if (has_path(scan, "SELECT 1 FROM document WHERE path = ?1", path)) {
		run_with_path(scan, "DELETE FROM document WHERE path = ?1", path);
		scan->changed = true;
	}
	/* No reader sees a difference. */
	if (has_path(scan, "SELECT 1 FROM draft WHERE path = ?1", path))
		run_with_path(scan, "DELETE FROM draft WHERE path = ?1", path);
}

/* The file that has the Id; empty when none has. */
static struct str find_holder(struct scan *scan, int64_t edition, struct str uid)
{
	sqlite3_stmt *statement = catalogue_statement(
		scan->catalogue, "SELECT path || '.gmi' FROM article WHERE uid = ?1"
				 " AND edition = ?2");
	struct str holder = STR("");

	bind_str(statement, 1, uid);
	sqlite3_bind_int64(statement, 2, edition);
	if (catalogue_row(scan->catalogue, statement)) {
		holder = column_copy(statement, 0, scan->scratch);
		sqlite3_reset(statement);
	}
	return holder;
}

/* Takes a later file's article out, for an earlier one with the same Id. */
static void displace(struct scan *scan, struct str holder, struct str uid, struct str by)
{
	struct str text = arena_format(scan->scratch,
				       "the Id \"" STR_FMT "\" is already that of " STR_FMT,
				       STR_ARG(uid), STR_ARG(str_skip(by, 1)));
	sqlite3_stmt *statement;

	unpublish(scan, str_head(holder, holder.len - 4));
	statement = catalogue_statement(scan->catalogue,
					"UPDATE file SET blocked = ?1 WHERE path = ?2");
	bind_str(statement, 1, uid);
	bind_str(statement, 2, holder);
	catalogue_run(scan->catalogue, statement);
	scan_file_problem(scan, PROBLEM_ERROR, str_skip(holder, 1), 0, text.data);
}

static int64_t newest_correction(const struct article *article)
{
	int64_t newest = 0;

	for (size_t i = 0; i < article->correction_count; i++)
		if (article->corrections[i].date > newest)
			newest = article->corrections[i].date;
	return newest;
}

bool publish_article(struct scan *scan, const struct place *place, const struct article *article,
		     struct str bytes, struct str *ret_holder)
{
	struct row row = {
		.edition = scan_edition_id(scan, place->prefix),
		.uid = article->uid.len ? article->uid : place->local,
		.words = body_words(scan->scratch, article->body),
		.authors = join(scan->scratch, &article->authors),
		.corrected = newest_correction(article),
	};
	struct str file = arena_join(scan->scratch, place->path, STR(".gmi"), STR(""));
	struct str lists = STR("[]");
	sqlite3_stmt *statement;
	int64_t source;

	unpublish(scan, place->path);
	*ret_holder = find_holder(scan, row.edition, row.uid);
	if (ret_holder->len && scan_forget_leaving(scan, *ret_holder))
		*ret_holder = STR("");
	if (ret_holder->len && str_cmp(*ret_holder, file) < 0)
		return false;
	if (ret_holder->len)
		displace(scan, *ret_holder, row.uid, file);
	row.id = choose_id(scan, article->published, place->path);
	row.key = choose_key(scan, place->prefix, row.uid);
	if (article->status == STATUS_PUBLISHED) {
		lists = publish_in_lists(scan, place, article, row.edition, row.id);
		search_add(scan, row.id, article);
	}
	source = put_source(scan, bytes);
	statement = bind_row(scan, put_article, &row, place, article);
	bind_str(statement, 21, lists);
	sqlite3_bind_int64(statement, 22, source);
	catalogue_run(scan->catalogue, statement);
	if (has_path(scan, "SELECT 1 FROM old_path WHERE path = ?1", place->path))
		run_with_path(scan, "DELETE FROM old_path WHERE path = ?1", place->path);
	scan->changed = true;
	return true;
}

void publish_not(struct scan *scan, const struct place *place, const struct article *article,
		 struct str bytes)
{
	struct row row = {
		.id = article->published << TIE_BITS,
		.edition = scan_edition_id(scan, place->prefix),
		.uid = article->uid.len ? article->uid : place->local,
		.words = body_words(scan->scratch, article->body),
		.authors = join(scan->scratch, &article->authors),
	};
	sqlite3_stmt *statement;

	unpublish(scan, place->path);
	statement = bind_row(scan, put_draft, &row, place, article);
	if (place->kind == FILE_DOCUMENT)
		bind_str(statement, 5, STR(""));
	sqlite3_bind_blob64(statement, 21, bytes.data, bytes.len, SQLITE_STATIC);
	catalogue_run(scan->catalogue, statement);
}

void publish_document(struct scan *scan, const struct place *place, const struct article *article,
		      struct str bytes)
{
	sqlite3_stmt *statement;

	unpublish(scan, place->path);
	statement = catalogue_statement(scan->catalogue,
					"INSERT INTO document (path, edition, kind, title, bytes)"
					" VALUES (?1, ?2, ?3, ?4, ?5)");
	bind_str(statement, 1, place->path);
	sqlite3_bind_int64(statement, 2, scan_edition_id(scan, place->prefix));
	sqlite3_bind_int(statement, 3, place->is_biography ? DOCUMENT_BIOGRAPHY : DOCUMENT_PAGE);
	bind_str(statement, 4, article->title);
	sqlite3_bind_blob64(statement, 5, bytes.data, bytes.len, SQLITE_STATIC);
	catalogue_run(scan->catalogue, statement);
	scan->changed = true;
}
