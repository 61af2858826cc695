/*
 * Editions as readers see them: the .ini texts in the catalogue, and what the catalogue
 * knows of sections and pages.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/catalogue.h"
#include "store/edition_ini.h"

enum { EDITIONS_MAX = 64, SECTIONS_MAX = 2000, PAGES_MAX = 500 };

/* A section before it has its place: rank is where its parent's order names it. */
struct draft {
	struct section section;
	struct texts order; /* of its subsections */
	struct str folder;  /* "politics" */
	struct str parent;  /* "/news/", or the edition's root */
	size_t rank;
};

static size_t rank_of(const struct texts *order, struct str folder)
{
	size_t rank = 0;

	while (rank < order->count && !str_eq(order->items[rank], folder))
		rank++;
	return rank;
}

static int by_rank(const void *a, const void *b)
{
	const struct draft *left = a;
	const struct draft *right = b;

	if (left->rank != right->rank)
		return left->rank < right->rank ? -1 : 1;
	return str_cmp(left->section.name, right->section.name);
}

/* A section's own texts and its place in the tree, from its path and its section.ini. */
static void draft_section(struct store *store, const struct edition *edition, struct str path,
			  struct str ini, struct draft *draft)
{
	struct str bare = str_head(path, path.len - 1);

	*draft = (struct draft){ 0 };
	section_ini_read(store->arena, ini, "", &draft->section, &draft->order, NULL);
	draft->section.path = path;
	draft->folder = str_skip(bare, str_rfind(bare, '/') + 1);
	draft->parent = str_head(bare, str_rfind(bare, '/') + 1);
	draft->section.depth = str_eq(draft->parent, edition->root) ? 1 : 2;
	draft->section.parent = -1;
	if (draft->section.name.len == 0)
		draft->section.name = draft->folder;
	if (draft->section.description.len == 0)
		draft->section.description = STR("");
}

static struct draft *find_draft(struct draft *drafts, size_t count, struct str path)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(drafts[i].section.path, path))
			return &drafts[i];
	return NULL;
}

/*
 * Folders that have articles, and those that have a section.ini, each once; parents before
 * children.
 */
static size_t read_drafts(struct store *store, const struct edition *edition,
			  struct draft drafts[SECTIONS_MAX])
{
	sqlite3_stmt *statement = catalogue_statement(
		&store->catalogue,
		"SELECT path, ini, 1 FROM section WHERE edition = ?1 UNION ALL"
		" SELECT key, '', 0 FROM list WHERE edition = ?1 AND kind = ?2 AND total > 0"
		" AND NOT EXISTS (SELECT 1 FROM section WHERE path = key) ORDER BY 1");
	size_t count = 0;

	sqlite3_bind_int64(statement, 1, edition->id);
	sqlite3_bind_int(statement, 2, LIST_SECTION);
	while (count < SECTIONS_MAX && catalogue_row(&store->catalogue, statement)) {
		struct str path = column_copy(statement, 0, store->arena);
		struct draft *draft = &drafts[count];

		draft_section(store, edition, path, column_copy(statement, 1, store->arena), draft);
		draft->section.is_declared = sqlite3_column_int(statement, 2) != 0;
		/* A subsection without a section above it has one all the same. */
		if (draft->section.depth == 2 && !find_draft(drafts, count, draft->parent) &&
		    count + 1 < SECTIONS_MAX) {
			drafts[count + 1] = *draft;
			draft_section(store, edition, draft->parent, STR(""), draft);
			count++;
		}
		count++;
	}
	sqlite3_reset(statement);
	return count;
}

static void load_sections(struct store *store, struct edition *edition, const struct texts *order)
{
	struct draft *drafts = ARENA_ARRAY(store->arena, SECTIONS_MAX, struct draft);
	size_t count = read_drafts(store, edition, drafts);
	struct section *out = ARENA_ARRAY(store->arena, count + 1, struct section);
	size_t done = 0;

	for (size_t i = 0; i < count; i++) {
		struct draft *parent = find_draft(drafts, count, drafts[i].parent);

		drafts[i].rank = rank_of(parent ? &parent->order : order, drafts[i].folder);
	}
	qsort(drafts, count, sizeof(*drafts), by_rank);
	for (size_t i = 0; i < count; i++) {
		int parent = (int)done;

		if (drafts[i].section.depth != 1)
			continue;
		out[done++] = drafts[i].section;
		for (size_t j = 0; j < count; j++) {
			if (drafts[j].section.depth != 2 ||
			    !str_eq(drafts[j].parent, out[parent].path))
				continue;
			out[done] = drafts[j].section;
			out[done++].parent = parent;
		}
	}
	edition->sections = out;
	edition->section_count = done;
}

static void load_pages(struct store *store, struct edition *edition)
{
	sqlite3_stmt *statement = catalogue_statement(
		&store->catalogue, "SELECT path, title FROM document WHERE edition = ?1"
				   " AND kind = ?2 ORDER BY path LIMIT ?3");
	struct link *pages = ARENA_ARRAY(store->arena, PAGES_MAX, struct link);
	size_t count = 0;

	sqlite3_bind_int64(statement, 1, edition->id);
	sqlite3_bind_int(statement, 2, DOCUMENT_PAGE);
	sqlite3_bind_int(statement, 3, PAGES_MAX);
	while (catalogue_row(&store->catalogue, statement))
		pages[count++] = (struct link){
			.form = LINK_MENU,
			.target = column_copy(statement, 0, store->arena),
			.label = column_copy(statement, 1, store->arena),
		};
	edition->pages = pages;
	edition->page_count = count;
}

static bool load_edition(struct store *store, struct str prefix, struct str ini, int64_t id,
			 struct edition *edition)
{
	struct texts order;

	/* It was read well when it came in; what cannot be is replaced by the defaults. */
	if (!edition_ini_read(store->arena, ini, "", prefix, edition, &order, NULL) &&
	    !edition_ini_read(store->arena, STR(""), "", prefix, edition, &order, NULL))
		return false;
	edition->id = id;
	load_sections(store, edition, &order);
	load_pages(store, edition);
	return true;
}

/* -1 when there is none yet. */
static int64_t read_generation(struct store *store)
{
	sqlite3_stmt *statement = catalogue_statement(
		&store->catalogue, "SELECT value FROM meta WHERE name = 'generation'");
	int64_t generation = -1;

	if (catalogue_row(&store->catalogue, statement)) {
		generation = sqlite3_column_int64(statement, 0);
		sqlite3_reset(statement);
	}
	return generation;
}

/*
 * content may be a link that leads to a new release by now; where it may not be opened, the
 * old one stays.
 */
static void reopen_content(struct store *store)
{
	int fd = open(store->folder, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd == -1)
		return;
	close(store->content);
	store->content = fd;
}

static size_t load_all(struct store *store)
{
	sqlite3_stmt *statement = catalogue_statement(
		&store->catalogue, "SELECT id, prefix, ini FROM edition ORDER BY prefix");
	size_t count = 0;

	store->editions = ARENA_ARRAY(store->arena, EDITIONS_MAX, struct edition);
	while (count < EDITIONS_MAX && catalogue_row(&store->catalogue, statement)) {
		struct str prefix = column_copy(statement, 1, store->arena);
		struct str ini = column_copy(statement, 2, store->arena);

		if (load_edition(store, prefix, ini, sqlite3_column_int64(statement, 0),
				 &store->editions[count]))
			count++;
	}
	sqlite3_reset(statement);
	return count;
}

bool editions_load(struct store *store)
{
	int64_t generation = read_generation(store);

	if (generation == -1)
		return false;
	if (generation == store->generation)
		return true;
	store->generation = -1;
	arena_reset(store->arena);
	store->edition_count = load_all(store);
	if (store->edition_count == 0 || !catalogue_is_sure(&store->catalogue))
		return false;
	reopen_content(store);
	store->generation = generation;
	return true;
}
