/*
 * Articles on their way into the search index. They wait for each other and go in in the order of
 * their ids: FTS5 gathers what comes in that order in memory, and writes a part of the
 * index for each article that does not, or when another statement comes between two of them.
 */
#include <stdlib.h>
#include <string.h>

#include "store/desk.h"
#include "store/searched.h"

enum {
	WAITING_MAX = 4096,
	WAITING_BYTES_MAX = 6 << 20,
	QUEUE_BYTES_MAX = 64 << 20, /* one more article of the largest size fits */
};

struct waiting {
	int64_t id;
	struct str texts[SEARCHED_COUNT];
};

struct search_queue {
	struct arena *arena;
	struct waiting *items;
	size_t count;
};

static int by_id(const void *a, const void *b)
{
	const struct waiting *left = a;
	const struct waiting *right = b;

	return (left->id > right->id) - (left->id < right->id);
}

static void put(struct scan *scan, const struct waiting *article)
{
	sqlite3_stmt *statement = catalogue_statement(
		scan->catalogue,
		"INSERT INTO search (rowid, body, title, kicker, summary, tags, authors)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");

	sqlite3_bind_int64(statement, 1, article->id);
	for (int i = 0; i < SEARCHED_COUNT; i++)
		sqlite3_bind_text64(statement, i + 2, article->texts[i].data, article->texts[i].len,
				    SQLITE_STATIC, SQLITE_UTF8);
	catalogue_run(scan->catalogue, statement);
}

void search_flush(struct scan *scan)
{
	struct search_queue *queue = scan->unsearched;

	if (!queue || queue->count == 0)
		return;
	qsort(queue->items, queue->count, sizeof(*queue->items), by_id);
	for (size_t i = 0; i < queue->count; i++)
		put(scan, &queue->items[i]);
	queue->count = 0;
	arena_reset(queue->arena);
}

void search_add(struct scan *scan, int64_t id, const struct article *article)
{
	struct search_queue *queue = scan->unsearched;
	struct str texts[SEARCHED_COUNT];
	struct waiting *waiting;

	if (!queue) {
		queue = ARENA_NEW(scan->arena, struct search_queue);
		queue->arena = arena_new(QUEUE_BYTES_MAX);
		queue->items = ARENA_ARRAY(scan->arena, WAITING_MAX, struct waiting);
		scan->unsearched = queue;
	}
	waiting = &queue->items[queue->count++];
	waiting->id = id;
	searched_texts(scan->scratch, article, texts);
	for (int i = 0; i < SEARCHED_COUNT; i++)
		waiting->texts[i] = arena_str(queue->arena, texts[i]);
	if (queue->count == WAITING_MAX || arena_total(queue->arena) > WAITING_BYTES_MAX)
		search_flush(scan);
}

void search_done(struct scan *scan)
{
	if (scan->unsearched)
		arena_free(scan->unsearched->arena);
	scan->unsearched = NULL;
}
