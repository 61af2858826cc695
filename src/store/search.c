/* The search itself: a reader's words become one statement on the catalogue, with a deadline. */
#include "store/search.h"

#include <time.h>

#include "base/text.h"
#include "store/catalogue.h"

/* When the statement has to end, and whether it was ended for that. */
struct deadline {
	int64_t nanoseconds;
	bool passed;
};

enum { STEPS_BETWEEN_LOOKS = 200 }; /* of SQLite's machine, between two looks at the clock */

static int64_t monotonic_nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int on_progress(void *context)
{
	struct deadline *deadline = context;

	if (monotonic_nanoseconds() >= deadline->nanoseconds)
		deadline->passed = true;
	return deadline->passed;
}

/*
 * The lists that an article must be in (their ids) and must not be in (their
 * ids negated); 0 where there is none.
 */
struct filters {
	int64_t lists[SEARCH_TERMS_MAX];
	int64_t driving; /* the first wanted one; 0: none */
	bool impossible; /* one that is wanted does not exist */
};

/* The id of a list; 0 when there is none. */
static int64_t list_id(struct store *store, const struct edition *edition, enum list_kind kind,
		       struct str key)
{
	sqlite3_stmt *statement = catalogue_statement(&store->catalogue,
						      "SELECT id FROM list WHERE edition = ?1"
						      " AND kind = ?2 AND key = ?3");
	int64_t id = 0;

	sqlite3_bind_int64(statement, 1, edition->id);
	sqlite3_bind_int(statement, 2, (int)kind);
	bind_str(statement, 3, key);
	if (catalogue_row(&store->catalogue, statement)) {
		id = sqlite3_column_int64(statement, 0);
		sqlite3_reset(statement);
	}
	return id;
}

static struct str trim_slashes(struct str path)
{
	while (str_starts(path, STR("/")))
		path = str_skip(path, 1);
	while (str_ends(path, STR("/")))
		path.len--;
	return path;
}

/* Whether text is the section's path, with or without the edition's prefix, its last part, or its name. */
static bool is_section(const struct edition *edition, const struct section *section,
		       struct str text, struct arena *arena)
{
	struct str path = trim_slashes(section->path);
	struct str local = trim_slashes(str_skip(section->path, edition->root.len));
	size_t slash = str_rfind(local, '/');
	struct str last = slash == local.len ? local : str_skip(local, slash + 1);

	text = trim_slashes(text);
	return str_eq_nocase(text, path) || str_eq_nocase(text, local) ||
	       str_eq_nocase(text, last) ||
	       str_eq(text_slug(arena, text), text_slug(arena, section->name));
}

/* The first section, in order of display, that text may mean; empty when there is none. */
static struct str section_key(const struct edition *edition, struct str text, struct arena *arena)
{
	for (size_t i = 0; i < edition->section_count; i++)
		if (is_section(edition, &edition->sections[i], text, arena))
			return edition->sections[i].path;
	return STR("");
}

static int64_t term_list(struct store *store, const struct edition *edition,
			 const struct search_term *term, struct arena *arena)
{
	switch (term->field) {
	case SEARCH_TAG:
		return list_id(store, edition, LIST_TAG, text_slug(arena, term->text));
	case SEARCH_AUTHOR:
		return list_id(store, edition, LIST_AUTHOR, text_slug(arena, term->text));
	case SEARCH_SECTION:
		return list_id(store, edition, LIST_SECTION,
			       section_key(edition, term->text, arena));
	case SEARCH_TEXT:
	case SEARCH_BYLINE:
		break;
	}
	return 0;
}

/* Readers know a part of a name: authors that nobody is called become words to look for in bylines. */
static void loosen_authors(struct store *store, const struct edition *edition,
			   struct search_query *query, struct arena *arena)
{
	for (size_t i = 0; i < query->count; i++)
		if (query->terms[i].field == SEARCH_AUTHOR &&
		    term_list(store, edition, &query->terms[i], arena) == 0)
			query->terms[i].field = SEARCH_BYLINE;
}

static struct filters find_filters(struct store *store, const struct edition *edition,
				   const struct search_query *query, struct arena *arena)
{
	struct filters filters = { 0 };

	for (size_t i = 0; i < query->count; i++) {
		const struct search_term *term = &query->terms[i];
		int64_t list;

		if (search_in_text(term->field))
			continue;
		list = term_list(store, edition, term, arena);
		filters.lists[i] = term->excluded ? -list : list;
		if (!term->excluded && list == 0)
			filters.impossible = true;
		if (!term->excluded && filters.driving == 0)
			filters.driving = list;
	}
	return filters;
}

/* Parameters, the same in all three statements. ?1 and ?2 are VISIBLE's; ?1 also bounds the date. */
enum { P_FROM = 3, P_EDITION, P_SOURCE, P_UNWANTED, P_LIMIT, P_OFFSET, P_LISTS };

#define IN_LIST(n)                                                                                 \
	" AND (" n " = 0 OR EXISTS (SELECT 1 FROM listing WHERE list = abs(" n ")"                 \
	" AND article = a.id) = (" n " > 0))"
#define IN_LISTS                                                                                   \
	IN_LIST("?9")                                                                              \
	IN_LIST("?10")                                                                             \
	IN_LIST("?11")                                                                             \
	IN_LIST("?12") IN_LIST("?13") IN_LIST("?14") IN_LIST("?15") IN_LIST("?16")
_Static_assert(SEARCH_TERMS_MAX == 8 && P_LISTS == 9, "IN_LISTS names eight lists from ?9 on");

/* Passages of the body and the summary, with a mark (char(2)) before each hit. */
#define SNIPPETS                                                                                   \
	", snippet(search, 0, char(2), '', '…', 40), snippet(search, 3, char(2), '', '…', 40)"

static const char words_sql[] =
	"SELECT " HEADLINE_COLUMNS SNIPPETS
	" FROM search CROSS JOIN article a ON a.id = search.rowid"
	" WHERE search MATCH ?5 AND search.rowid < ?1 AND search.rowid >= ?3"
	" AND a.edition = ?4 AND " VISIBLE IN_LISTS
	" ORDER BY search.rowid DESC LIMIT ?7 OFFSET ?8";

#define FROM_LIST                                                                                  \
	"SELECT " HEADLINE_COLUMNS " FROM listing l CROSS JOIN article a ON a.id = l.article"      \
	" WHERE l.list = ?5 AND l.article < ?1 AND l.article >= ?3 AND " VISIBLE IN_LISTS
#define NEWEST_FIRST " ORDER BY l.article DESC LIMIT ?7 OFFSET ?8"

static const char list_sql[] = FROM_LIST NEWEST_FIRST;
static const char list_without_sql[] = FROM_LIST
	" AND a.id NOT IN (SELECT rowid FROM search WHERE search MATCH ?6)" NEWEST_FIRST;

/* The statement for what is asked, with its own parameters bound. */
static sqlite3_stmt *choose(struct store *store, const struct edition *edition,
			    const struct search_query *query, const struct filters *filters,
			    struct arena *arena)
{
	struct str match = search_match(arena, query);
	struct str unwanted = search_unwanted(arena, query);
	int64_t list = filters->driving;
	sqlite3_stmt *statement;

	if (match.len != 0) {
		statement = catalogue_statement(&store->catalogue, words_sql);
		bind_str(statement, P_SOURCE, match);
		return statement;
	}
	if (list == 0)
		list = list_id(store, edition, LIST_ALL, STR(""));
	statement = catalogue_statement(&store->catalogue,
					unwanted.len != 0 ? list_without_sql : list_sql);
	sqlite3_bind_int64(statement, P_SOURCE, list);
	if (unwanted.len != 0)
		bind_str(statement, P_UNWANTED, unwanted);
	return statement;
}

static int64_t first_id(int64_t seconds)
{
	return seconds * (INT64_C(1) << TIE_BITS);
}

static void bind_rest(sqlite3_stmt *statement, const struct search *search,
		      const struct search_query *query, const struct filters *filters)
{
	bind_now(statement, search->now);
	if (query->before <= search->now)
		sqlite3_bind_int64(statement, 1, first_id(query->before));
	sqlite3_bind_int64(statement, P_FROM, first_id(query->from));
	sqlite3_bind_int64(statement, P_EDITION, search->edition->id);
	sqlite3_bind_int64(statement, P_LIMIT, (int64_t)search->limit + 1);
	sqlite3_bind_int64(statement, P_OFFSET, (int64_t)search->offset);
	for (int i = 0; i < SEARCH_TERMS_MAX; i++)
		sqlite3_bind_int64(statement, P_LISTS + i, filters->lists[i]);
}

static struct str read_snippet(sqlite3_stmt *row, struct arena *arena)
{
	struct str snippet = STR("");

	for (int i = HEADLINE_COLUMN_COUNT; i < sqlite3_column_count(row) && snippet.len == 0; i++)
		snippet = search_snippet(arena, column_str(row, i));
	return snippet;
}

static void read_rows(struct store *store, sqlite3_stmt *statement, size_t limit,
		      struct arena *arena, struct headlines *list)
{
	while (catalogue_row(&store->catalogue, statement)) {
		struct headline *headline = &list->items[list->count];

		if (list->count == limit) {
			list->has_more = true;
			sqlite3_reset(statement);
			return;
		}
		headline_read(store, statement, arena, headline);
		headline->snippet = read_snippet(statement, arena);
		list->count++;
	}
}

enum search_outcome search_within(struct store *store, const struct search *search,
				  int milliseconds, struct arena *arena, struct headlines *ret_list)
{
	struct deadline deadline = {
		.nanoseconds = monotonic_nanoseconds() + (int64_t)milliseconds * 1000000,
	};
	struct search bounded = *search;
	struct search_query query;
	struct filters filters;
	sqlite3_stmt *statement;
	bool is_complete;

	*ret_list = (struct headlines){ 0 };
	if (!search_parse(search->words, &query))
		return SEARCH_EMPTY;
	loosen_authors(store, search->edition, &query, arena);
	filters = find_filters(store, search->edition, &query, arena);
	if (filters.impossible)
		return SEARCH_DONE;
	if (bounded.limit > STORE_LIMIT_MAX)
		bounded.limit = STORE_LIMIT_MAX;
	ret_list->items = ARENA_ARRAY(arena, bounded.limit + 1, struct headline);
	is_complete = search_find_forms(store, &query, arena);
	statement = choose(store, search->edition, &query, &filters, arena);
	bind_rest(statement, &bounded, &query, &filters);
	sqlite3_progress_handler(store->catalogue.db, STEPS_BETWEEN_LOOKS, on_progress, &deadline);
	read_rows(store, statement, bounded.limit, arena, ret_list);
	sqlite3_progress_handler(store->catalogue.db, 0, NULL, NULL);
	return deadline.passed || !is_complete ? SEARCH_CUT : SEARCH_DONE;
}

enum search_outcome store_search(struct store *store, const struct search *search,
				 struct arena *arena, struct headlines *ret_list)
{
	return search_within(store, search, SEARCH_MILLISECONDS, arena, ret_list);
}
