/* What of an article is searched, and the SQL function by which the search index finds it again. */
#include "store/searched.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/desk.h"

enum { TEXTS_BYTES_MAX = 64 << 20 }; /* an article of the largest size, several times over */

static struct str join(struct arena *arena, const struct texts *texts)
{
	struct str all = STR("");

	for (size_t i = 0; i < texts->count; i++)
		all = arena_join(arena, all, i ? STR(", ") : STR(""), texts->items[i]);
	return all;
}

void searched_texts(struct arena *arena, const struct article *article,
		    struct str ret_texts[SEARCHED_COUNT])
{
	ret_texts[SEARCHED_TITLE] = article->title;
	ret_texts[SEARCHED_KICKER] = article->kicker;
	ret_texts[SEARCHED_SUMMARY] = article->summary;
	ret_texts[SEARCHED_BODY] = body_words(arena, article->body);
	ret_texts[SEARCHED_TAGS] = join(arena, &article->tags);
	ret_texts[SEARCHED_AUTHORS] = join(arena, &article->authors);
}

/* The article that was asked about last: SQLite asks for all columns in turn. */
struct last {
	struct arena *arena;
	struct str bytes;
	struct str texts[SEARCHED_COUNT];
};

static void look_at(struct last *last, struct str bytes)
{
	struct article article;

	if (last->bytes.data && str_eq(last->bytes, bytes))
		return;
	arena_reset(last->arena);
	memset(last->texts, 0, sizeof(last->texts));
	last->bytes = arena_str(last->arena, bytes);
	if (article_parse(last->arena, last->bytes, STR(""), true, &article, NULL, NULL))
		searched_texts(last->arena, &article, last->texts);
}

static void searched_text(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct last *last = sqlite3_user_data(context);
	const void *bytes = sqlite3_value_blob(values[0]);
	int column = sqlite3_value_int(values[1]);
	struct str text;

	(void)count;
	if (!bytes || column < 0 || column >= SEARCHED_COUNT)
		return;
	look_at(last, (struct str){ bytes, (size_t)sqlite3_value_bytes(values[0]) });
	text = last->texts[column];
	sqlite3_result_text64(context, text.len ? text.data : "", text.len, SQLITE_TRANSIENT,
			      SQLITE_UTF8);
}

static void forget(void *context)
{
	struct last *last = context;

	arena_free(last->arena);
	free(last);
}

bool searched_register(sqlite3 *db)
{
	struct last *last = mem_alloc(1, sizeof(*last));

	last->arena = arena_new(TEXTS_BYTES_MAX);
	/* When it fails SQLite calls forget() as well. */
	return sqlite3_create_function_v2(db, "searched_text", 2,
					  SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
					  last, searched_text, NULL, NULL, forget) == SQLITE_OK;
}
