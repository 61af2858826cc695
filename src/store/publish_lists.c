/* The lists that an article is in. */
#include "base/date.h"
#include "base/text.h"
#include "store/desk.h"

/* Whose lists they are. */
struct member {
	int64_t edition;
	int64_t article;
};

static int64_t list_id(struct scan *scan, int64_t edition, enum list_kind kind, struct str key)
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

/* name is NULL where the list needs none. */
static void put_in_list(struct scan *scan, const struct member *member, enum list_kind kind,
			struct str key, const struct str *name)
{
	int64_t list = list_id(scan, member->edition, kind, key);
	/* Two spellings of one tag make one row. */
	sqlite3_stmt *statement = catalogue_statement(
		scan->catalogue,
		"INSERT OR IGNORE INTO listing (list, article, name) VALUES (?1, ?2, ?3)");

	sqlite3_bind_int64(statement, 1, list);
	sqlite3_bind_int64(statement, 2, member->article);
	if (name)
		bind_str(statement, 3, *name);
	catalogue_run(scan->catalogue, statement);
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
