/* The import's records: a SQLite file of its own, which no reader opens. */
#include "store/ledger.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/catalogue.h"

enum { LEDGER_VERSION = 1 };

struct ledger {
	struct catalogue catalogue;
	bool has_failed;
};

static const char schema[] =
	"CREATE TABLE feed (source TEXT, url TEXT, found TEXT, etag TEXT, last_modified TEXT, "
	"title TEXT, site TEXT,"
	" next_check INTEGER, last_try INTEGER, last_success INTEGER, failures INTEGER, error "
	"TEXT, stories INTEGER,"
	" PRIMARY KEY (source, url)) WITHOUT ROWID;"
	"CREATE TABLE story (id INTEGER PRIMARY KEY, source TEXT, path TEXT, sections TEXT, image "
	"TEXT, state INTEGER, "
	"published INTEGER,"
	" updated INTEGER, entry INTEGER, text INTEGER, file INTEGER);"
	"CREATE INDEX story_source ON story (source, state, published);"
	"CREATE TABLE key (key TEXT PRIMARY KEY, story INTEGER) WITHOUT ROWID;";

static bool make(struct ledger *ledger, struct err *err)
{
	struct catalogue *catalogue = &ledger->catalogue;
	int version = catalogue_version(catalogue);

	if (version == LEDGER_VERSION)
		return true;
	if (version != 0)
		return err_set(
			err,
			"The import's records are of version %d, which this Tidings does not know",
			version);
	return (catalogue_exec(catalogue, "BEGIN IMMEDIATE") && catalogue_exec(catalogue, schema) &&
		catalogue_exec(catalogue, "PRAGMA user_version = 1") &&
		catalogue_exec(catalogue, "COMMIT")) ||
	       catalogue_error(catalogue, "The import's records", err);
}

struct ledger *ledger_open(const char *state, struct err *err)
{
	struct ledger *ledger = mem_alloc(1, sizeof(*ledger));
	char *file = state ? mem_format("%s/" LEDGER_FILE, state) : mem_text(":memory:");
	bool ok = catalogue_open(&ledger->catalogue, file,
				 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);

	free(file);
	if (ok && make(ledger, err))
		return ledger;
	if (ok)
		catalogue_close(&ledger->catalogue);
	free(ledger);
	return NULL;
}

void ledger_close(struct ledger *ledger)
{
	if (!ledger)
		return;
	catalogue_close(&ledger->catalogue);
	free(ledger);
}

static sqlite3_stmt *statement(struct ledger *ledger, const char *sql)
{
	return catalogue_statement(&ledger->catalogue, sql);
}

static void run(struct ledger *ledger, sqlite3_stmt *prepared)
{
	if (!catalogue_run(&ledger->catalogue, prepared))
		ledger->has_failed = true;
}

bool ledger_begin(struct ledger *ledger)
{
	ledger->has_failed = false;
	return catalogue_exec(&ledger->catalogue, "BEGIN IMMEDIATE");
}

bool ledger_commit(struct ledger *ledger, struct err *err)
{
	if (!ledger->has_failed && catalogue_exec(&ledger->catalogue, "COMMIT"))
		return true;
	catalogue_error(&ledger->catalogue, "The import's records", err);
	catalogue_exec(&ledger->catalogue, "ROLLBACK");
	return false;
}

void ledger_undo(struct ledger *ledger)
{
	catalogue_exec(&ledger->catalogue, "ROLLBACK");
}

#define FEED_COLUMNS                                                                               \
	"source, url, found, etag, last_modified, title, site, next_check, last_try, "             \
	"last_success, failures, error,"                                                           \
	" stories"

static void read_feed(sqlite3_stmt *row, struct arena *arena, struct ledger_feed *feed)
{
	*feed = (struct ledger_feed){
		.source = column_copy(row, 0, arena),
		.url = column_copy(row, 1, arena),
		.found = column_copy(row, 2, arena),
		.etag = column_copy(row, 3, arena),
		.last_modified = column_copy(row, 4, arena),
		.title = column_copy(row, 5, arena),
		.site = column_copy(row, 6, arena),
		.next_check = sqlite3_column_int64(row, 7),
		.last_try = sqlite3_column_int64(row, 8),
		.last_success = sqlite3_column_int64(row, 9),
		.failures = sqlite3_column_int64(row, 10),
		.error = column_copy(row, 11, arena),
		.stories = sqlite3_column_int64(row, 12),
	};
}

bool ledger_feed(struct ledger *ledger, struct str source, struct str url, struct arena *arena,
		 struct ledger_feed *ret_feed)
{
	sqlite3_stmt *row = statement(ledger, "SELECT " FEED_COLUMNS
					      " FROM feed WHERE source = ?1 AND url = ?2");

	*ret_feed = (struct ledger_feed){ .source = source, .url = url };
	bind_str(row, 1, source);
	bind_str(row, 2, url);
	if (!catalogue_row(&ledger->catalogue, row))
		return false;
	read_feed(row, arena, ret_feed);
	sqlite3_reset(row);
	return true;
}

struct texts ledger_feeds(struct ledger *ledger, struct str source, struct arena *arena)
{
	sqlite3_stmt *row = statement(
		ledger, "SELECT url, count(*) OVER () FROM feed WHERE source = ?1 ORDER BY url");
	struct texts urls = { NULL, 0 };

	bind_str(row, 1, source);
	while (catalogue_row(&ledger->catalogue, row)) {
		if (!urls.items)
			urls.items = ARENA_ARRAY(arena, (size_t)sqlite3_column_int64(row, 1),
						 struct str);
		urls.items[urls.count++] = column_copy(row, 0, arena);
	}
	return urls;
}

void ledger_put_feed(struct ledger *ledger, const struct ledger_feed *feed)
{
	sqlite3_stmt *row = statement(
		ledger, "INSERT OR REPLACE INTO feed (" FEED_COLUMNS
			") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
	const struct str texts[] = { feed->source,	  feed->url,   feed->found, feed->etag,
				     feed->last_modified, feed->title, feed->site };
	const int64_t numbers[] = { feed->next_check, feed->last_try, feed->last_success,
				    feed->failures };

	for (int i = 0; i < 7; i++)
		bind_str(row, i + 1, texts[i]);
	for (int i = 0; i < 4; i++)
		sqlite3_bind_int64(row, i + 8, numbers[i]);
	bind_str(row, 12, feed->error);
	sqlite3_bind_int64(row, 13, feed->stories);
	run(ledger, row);
}

bool ledger_source(struct ledger *ledger, struct str source, struct arena *arena,
		   struct ledger_feed *ret_feed)
{
	sqlite3_stmt *row = statement(ledger, "SELECT " FEED_COLUMNS
					      " FROM feed WHERE source = ?1 AND last_try > 0"
					      " ORDER BY failures DESC, last_try DESC LIMIT 1");

	bind_str(row, 1, source);
	if (!catalogue_row(&ledger->catalogue, row))
		return false;
	read_feed(row, arena, ret_feed);
	sqlite3_reset(row);
	return true;
}

static int64_t number_of(struct ledger *ledger, sqlite3_stmt *row)
{
	int64_t number = 0;

	while (catalogue_row(&ledger->catalogue, row))
		number = sqlite3_column_int64(row, 0);
	return number;
}

int64_t ledger_next(struct ledger *ledger, struct str source)
{
	sqlite3_stmt *row = statement(ledger, "SELECT min(next_check) FROM feed WHERE source = ?1");

	bind_str(row, 1, source);
	return number_of(ledger, row);
}

#define STORY_COLUMNS                                                                              \
	"s.id, s.source, s.path, s.state, s.published, s.updated, s.entry, s.text, s.file,"        \
	" s.sections, s.image"

static void read_story(sqlite3_stmt *row, struct arena *arena, struct ledger_story *story)
{
	*story = (struct ledger_story){
		.id = sqlite3_column_int64(row, 0),
		.source = column_copy(row, 1, arena),
		.path = column_copy(row, 2, arena),
		.state = (enum ledger_state)sqlite3_column_int(row, 3),
		.published = sqlite3_column_int64(row, 4),
		.updated = sqlite3_column_int64(row, 5),
		.entry = sqlite3_column_int64(row, 6),
		.text = sqlite3_column_int64(row, 7),
		.file = sqlite3_column_int64(row, 8),
		.sections = column_copy(row, 9, arena),
		.image = column_copy(row, 10, arena),
	};
}

bool ledger_find(struct ledger *ledger, const struct str *keys, size_t count, struct arena *arena,
		 struct ledger_story *ret_story)
{
	for (size_t i = 0; i < count; i++) {
		sqlite3_stmt *row = statement(
			ledger, "SELECT " STORY_COLUMNS
				" FROM key k JOIN story s ON s.id = k.story WHERE k.key = ?1");

		bind_str(row, 1, keys[i]);
		if (!catalogue_row(&ledger->catalogue, row))
			continue;
		read_story(row, arena, ret_story);
		sqlite3_reset(row);
		return true;
	}
	return false;
}

static void bind_story(sqlite3_stmt *row, const struct ledger_story *story)
{
	const int64_t numbers[] = { story->state, story->published, story->updated,
				    story->entry, story->text,	    story->file };

	bind_str(row, 1, story->source);
	bind_str(row, 2, story->path);
	for (int i = 0; i < 6; i++)
		sqlite3_bind_int64(row, i + 3, numbers[i]);
	bind_str(row, 9, story->sections);
	bind_str(row, 10, story->image);
}

bool ledger_add(struct ledger *ledger, struct ledger_story *story)
{
	sqlite3_stmt *row = statement(ledger,
				      "INSERT INTO story (source, path, state, published, updated, "
				      "entry, text, file, sections,"
				      " image) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");

	bind_story(row, story);
	run(ledger, row);
	story->id = sqlite3_last_insert_rowid(ledger->catalogue.db);
	return !ledger->has_failed;
}

void ledger_change(struct ledger *ledger, const struct ledger_story *story)
{
	sqlite3_stmt *row = statement(
		ledger,
		"UPDATE story SET source = ?1, path = ?2, state = ?3, published = ?4, updated = ?5,"
		" entry = ?6, text = ?7, file = ?8, sections = ?9, image = ?10 WHERE id = ?11");

	bind_story(row, story);
	sqlite3_bind_int64(row, 11, story->id);
	run(ledger, row);
}

void ledger_put_keys(struct ledger *ledger, int64_t story, const struct str *keys, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		sqlite3_stmt *row =
			statement(ledger, "INSERT OR IGNORE INTO key (key, story) VALUES (?1, ?2)");

		bind_str(row, 1, keys[i]);
		sqlite3_bind_int64(row, 2, story);
		run(ledger, row);
	}
}

void ledger_walk(struct ledger *ledger, struct str source,
		 bool (*on_story)(void *context, const struct ledger_story *story), void *context)
{
	enum { STORY_BYTES = 4096, LEAST_BYTES = 1 << 20 };
	size_t count = (size_t)ledger_count(ledger, source);
	struct arena *arena = arena_new(LEAST_BYTES + count * STORY_BYTES);
	struct ledger_story *stories = mem_alloc(count + 1, sizeof(*stories));
	sqlite3_stmt *row = statement(ledger, "SELECT " STORY_COLUMNS
					      " FROM story s WHERE s.source = ?1 AND s.state = 0"
					      " ORDER BY s.published DESC, s.id DESC");
	size_t read = 0;

	/* Read whole first: what is called may change the table. */
	bind_str(row, 1, source);
	while (catalogue_row(&ledger->catalogue, row))
		if (read < count)
			read_story(row, arena, &stories[read++]);
	for (size_t i = 0; i < read && on_story(context, &stories[i]); i++)
		;
	free(stories);
	arena_free(arena);
}

int64_t ledger_count(struct ledger *ledger, struct str source)
{
	sqlite3_stmt *row = statement(ledger,
				      "SELECT count(*) FROM story WHERE source = ?1 AND state = 0");

	bind_str(row, 1, source);
	return number_of(ledger, row);
}
