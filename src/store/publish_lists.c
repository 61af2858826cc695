/* The lists that an article is in. */
#include <stdlib.h>

#include "base/date.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/desk.h"

/* Whose lists they are. */
struct member {
	int64_t edition;
	int64_t article;
};

enum { KNOWN_PLACES = 4096 }; /* a power of two */

/* A list and how many rows more it has than its total says. */
struct known_list {
	int64_t edition;
	enum list_kind kind;
	struct str key; /* owned */
	int64_t id;	/* 0: the place is free */
	int64_t added;
};

struct list_table {
	struct known_list places[KNOWN_PLACES];
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

/* Writes the total and frees the place. */
static void settle(struct scan *scan, struct known_list *list)
{
	sqlite3_stmt *statement;

	if (list->added) {
		statement = catalogue_statement(scan->catalogue,
						"UPDATE list SET total = total + ?1 WHERE id = ?2");
		sqlite3_bind_int64(statement, 1, list->added);
		sqlite3_bind_int64(statement, 2, list->id);
		catalogue_run(scan->catalogue, statement);
	}
	free((char *)list->key.data);
	*list = (struct known_list){ 0 };
}

void lists_flush(struct scan *scan)
{
	for (size_t i = 0; scan->lists && i < KNOWN_PLACES; i++)
		settle(scan, &scan->lists->places[i]);
}

void lists_done(struct scan *scan)
{
	for (size_t i = 0; scan->lists && i < KNOWN_PLACES; i++)
		free((char *)scan->lists->places[i].key.data);
	scan->lists = NULL;
}

/* The list's place in the table; it is made when there is none. */
static struct known_list *find_list(struct scan *scan, int64_t edition, enum list_kind kind,
				    struct str key)
{
	uint64_t sum = str_hash(key) + (uint64_t)edition * 31 + kind;
	struct known_list *list;

	if (!scan->lists)
		scan->lists = ARENA_NEW(scan->arena, struct list_table);
	list = &scan->lists->places[(sum * UINT64_C(0x9E3779B97F4A7C15)) >> 52];
	if (list->id && list->edition == edition && list->kind == kind && str_eq(list->key, key))
		return list;
	settle(scan, list);
	list->id = make_list(scan, edition, kind, key);
	list->edition = edition;
	list->kind = kind;
	list->key = (struct str){ mem_copy(key.data, key.len), key.len };
	return list;
}

/* name is NULL where the list needs none. */
static void put_in_list(struct scan *scan, const struct member *member, enum list_kind kind,
			struct str key, const struct str *name)
{
	struct known_list *list = find_list(scan, member->edition, kind, key);
	/* Two spellings of one tag make one row. */
	sqlite3_stmt *statement = catalogue_statement(
		scan->catalogue,
		"INSERT OR IGNORE INTO listing (list, article, name) VALUES (?1, ?2, ?3)");

	sqlite3_bind_int64(statement, 1, list->id);
	sqlite3_bind_int64(statement, 2, member->article);
	if (name)
		bind_str(statement, 3, *name);
	if (catalogue_run(scan->catalogue, statement))
		list->added += sqlite3_changes(scan->catalogue->db);
}

/* The section of an article and, when that is a subsection, the one above. */
static void put_in_sections(struct scan *scan, const struct member *member,
			    const struct place *place)
{
	struct str path = place->section;
	struct str above = str_head(path, path.len - 1);
	size_t root = place->prefix.len ? place->prefix.len + 2 : 1;

	put_in_list(scan, member, LIST_SECTION, path, NULL);
	above = str_head(above, str_rfind(above, '/') + 1);
	if (above.len > root)
		put_in_list(scan, member, LIST_SECTION, above, NULL);
}

void publish_in_lists(struct scan *scan, const struct place *place, const struct article *article,
		      int64_t edition, int64_t id)
{
	const struct member *member = &(struct member){ .edition = edition, .article = id };
	char day[DATE_TEXT];

	put_in_list(scan, member, LIST_ALL, STR(""), NULL);
	put_in_sections(scan, member, place);
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
}
