/* The lists that an article is in. */
#include <stdlib.h>

#include "base/date.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/desk.h"
#include "store/span.h"

enum {
	KNOWN_PLACES = 4096, /* place_of() makes 12 bits */
	ROWS_MAX = 64 * 1024,
	NAMES_MAX = 64 << 20, /* bytes; never reached: a row has one name */
};

/* A list and its id, which is looked up once for many articles. */
struct known_list {
	int64_t edition;
	enum list_kind kind;
	struct str key; /* owned */
	int64_t id;	/* 0: the place is free */
};

/* A row of listing on its way in. */
struct listed {
	int64_t list;
	int64_t article;
	struct str name; /* data is NULL where the list needs none */
};

struct list_table {
	struct known_list places[KNOWN_PLACES];
	struct listed *rows;
	size_t count;
	size_t cap;
	struct arena *names;
};

/* Whose lists they are, and their ids so far. */
struct member {
	int64_t edition;
	int64_t article;
	struct str ids; /* "1,7,12" */
};

static int64_t make_list(struct scan *scan, int64_t edition, enum list_kind kind, struct str key)
{
	sqlite3_stmt *statement = catalogue_statement(
		scan->catalogue, "INSERT INTO list (edition, kind, key) VALUES (?1, ?2, ?3)"
				 " ON CONFLICT (edition, kind, key) DO UPDATE SET total = total"
				 " RETURNING id");
	int64_t id = 0;

	sqlite3_bind_int64(statement, 1, edition);
	sqlite3_bind_int(statement, 2, (int)kind);
	bind_str(statement, 3, key);
	/* Stepped to its end: until then the row is not there for others. */
	while (catalogue_row(scan->catalogue, statement))
		id = sqlite3_column_int64(statement, 0);
	return id;
}

static size_t place_of(int64_t edition, enum list_kind kind, struct str key)
{
	uint64_t sum = str_hash(key) + (uint64_t)edition * 31 + kind;

	return (sum * UINT64_C(0x9E3779B97F4A7C15)) >> 52;
}

static int64_t list_id(struct scan *scan, int64_t edition, enum list_kind kind, struct str key)
{
	struct known_list *list = &scan->lists->places[place_of(edition, kind, key)];

	if (list->id && list->edition == edition && list->kind == kind && str_eq(list->key, key))
		return list->id;
	free((char *)list->key.data);
	*list = (struct known_list){
		.edition = edition,
		.kind = kind,
		.key = { mem_copy(key.data, key.len), key.len },
		.id = make_list(scan, edition, kind, key),
	};
	return list->id;
}

static int by_list(const void *a, const void *b)
{
	const struct listed *left = a;
	const struct listed *right = b;

	if (left->list != right->list)
		return left->list < right->list ? -1 : 1;
	return (left->article > right->article) - (left->article < right->article);
}

/* Whether there was none yet. */
static bool put_row(struct scan *scan, const struct listed *row)
{
	/* Two spellings of one tag make one row. */
	sqlite3_stmt *statement = catalogue_statement(
		scan->catalogue,
		"INSERT OR IGNORE INTO listing (list, article, name) VALUES (?1, ?2, ?3)");

	sqlite3_bind_int64(statement, 1, row->list);
	sqlite3_bind_int64(statement, 2, row->article);
	if (row->name.data)
		bind_str(statement, 3, row->name);
	return catalogue_run(scan->catalogue, statement) &&
	       sqlite3_changes(scan->catalogue->db) > 0;
}

/* Returns what a list's total comes to. */
static int64_t add_to_total(struct scan *scan, int64_t list, int64_t more)
{
	sqlite3_stmt *statement = catalogue_statement(
		scan->catalogue,
		"UPDATE list SET total = total + ?1 WHERE id = ?2 RETURNING total");
	int64_t total = 0;

	sqlite3_bind_int64(statement, 1, more);
	sqlite3_bind_int64(statement, 2, list);
	while (catalogue_row(scan->catalogue, statement))
		total = sqlite3_column_int64(statement, 0);
	return total;
}

static bool has_spans(struct scan *scan, int64_t list)
{
	sqlite3_stmt *statement = catalogue_statement(scan->catalogue,
						      "SELECT spans FROM list WHERE id = ?");
	bool has = false;

	sqlite3_bind_int64(statement, 1, list);
	while (catalogue_row(scan->catalogue, statement))
		has = sqlite3_column_int(statement, 0);
	return has;
}

/* Puts in the rows of one list, which are in order; returns how many there are. */
static size_t put_rows(struct scan *scan, const struct listed *rows, size_t count)
{
	struct span_sums sums = { .list = rows[0].list };
	bool is_long = has_spans(scan, rows[0].list);
	int64_t added = 0;
	size_t i;

	for (i = 0; i < count && rows[i].list == rows[0].list; i++) {
		if (!put_row(scan, &rows[i]))
			continue;
		added++;
		if (is_long)
			spans_add(scan, &sums, rows[i].article);
	}
	spans_end(scan, &sums);
	if (add_to_total(scan, rows[0].list, added) >= SPANS_MIN && !is_long)
		spans_make(scan, rows[0].list);
	return i;
}

void lists_flush(struct scan *scan)
{
	struct list_table *table = scan->lists;
	size_t i = 0;

	if (!table || table->count == 0)
		return;
	qsort(table->rows, table->count, sizeof(*table->rows), by_list);
	while (i < table->count)
		i += put_rows(scan, table->rows + i, table->count - i);
	table->count = 0;
	arena_reset(table->names);
}

void lists_done(struct scan *scan)
{
	struct list_table *table = scan->lists;

	if (!table)
		return;
	for (size_t i = 0; i < KNOWN_PLACES; i++)
		free((char *)table->places[i].key.data);
	arena_free(table->names);
	free(table->rows);
	free(table);
	scan->lists = NULL;
}

/* name is NULL where the list needs none. */
static void put_in_list(struct scan *scan, struct member *member, enum list_kind kind,
			struct str key, const struct str *name)
{
	struct list_table *table = scan->lists;
	struct listed row = { list_id(scan, member->edition, kind, key),
			      member->article,
			      { NULL, 0 } };

	if (name)
		row.name = arena_str(table->names, *name);
	if (table->count == table->cap) {
		table->cap = table->cap ? table->cap * 2 : 256;
		table->rows = mem_grow(table->rows, table->cap, sizeof(*table->rows));
	}
	table->rows[table->count++] = row;
	member->ids = arena_format(scan->scratch, STR_FMT "%s%lld", STR_ARG(member->ids),
				   member->ids.len ? "," : "", (long long)row.list);
}

enum { SECTION_LISTS_MAX = 32 };

/* Section paths that an article is already in. */
struct sections {
	struct str paths[SECTION_LISTS_MAX];
	size_t count;
};

static void put_in_section(struct scan *scan, struct member *member, struct sections *sections,
			   struct str path)
{
	for (size_t i = 0; i < sections->count; i++)
		if (str_eq(sections->paths[i], path))
			return;
	if (sections->count == SECTION_LISTS_MAX)
		return;
	sections->paths[sections->count++] = path;
	put_in_list(scan, member, LIST_SECTION, path, NULL);
}

/* A section and, when it is a subsection, the one above. */
static void put_in_both(struct scan *scan, struct member *member, struct sections *sections,
			const struct place *place, struct str path)
{
	struct str above = str_head(path, path.len - 1);
	size_t root = place->prefix.len ? place->prefix.len + 2 : 1;

	put_in_section(scan, member, sections, path);
	above = str_head(above, str_rfind(above, '/') + 1);
	if (above.len > root)
		put_in_section(scan, member, sections, above);
}

/* The sections of an article: that of its folder, and those that it names. */
static void put_in_sections(struct scan *scan, struct member *member, const struct place *place,
			    const struct texts *named)
{
	struct sections sections = { .count = 0 };

	put_in_both(scan, member, &sections, place, place->section);
	for (size_t i = 0; i < named->count; i++)
		put_in_both(scan, member, &sections, place,
			    arena_format(scan->scratch, "/" STR_FMT "%s" STR_FMT "/",
					 STR_ARG(place->prefix), place->prefix.len ? "/" : "",
					 STR_ARG(named->items[i])));
}

struct str publish_in_lists(struct scan *scan, const struct place *place,
			    const struct article *article, int64_t edition, int64_t id)
{
	struct member *member = &(struct member){ .edition = edition, .article = id };
	char day[DATE_TEXT];

	if (!scan->lists) {
		scan->lists = mem_alloc(1, sizeof(*scan->lists));
		scan->lists->names = arena_new(NAMES_MAX);
	}
	if (scan->lists->count >= ROWS_MAX)
		lists_flush(scan);

	put_in_list(scan, member, LIST_ALL, STR(""), NULL);
	put_in_sections(scan, member, place, &article->sections);
	put_in_list(scan, member, LIST_TYPE, article_type_name(article->type), NULL);
	put_in_list(scan, member, LIST_DAY, str_from(date_day(article->published, day)), NULL);
	for (size_t i = 0; i < article->tags.count; i++)
		put_in_list(scan, member, LIST_TAG,
			    text_slug(scan->scratch, article->tags.items[i]),
			    &article->tags.items[i]);
	for (size_t i = 0; i < article->authors.count; i++)
		put_in_list(scan, member, LIST_AUTHOR,
			    text_slug(scan->scratch, article->authors.items[i]),
			    &article->authors.items[i]);
	if (article->pick)
		put_in_list(scan, member, LIST_PICKS, STR(""), NULL);
	if (article->correction_count)
		put_in_list(scan, member, LIST_CORRECTED, STR(""), NULL);
	return arena_join(scan->scratch, STR("["), member->ids, STR("]"));
}
