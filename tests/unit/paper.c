/* A paper for the tests of the store. */
#include "unit/paper.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "store/desk.h"

char paper_content[64];
char paper_state[64];
struct arena *paper_arena;
int64_t paper_now;
struct scan_report paper_report;
char paper_told[16384];
struct str paper_found;
struct headline paper_headline;
struct article paper_text;

static char root[32];
static struct desk *desk;
static struct store *store;
static time_t clock_of_files;

int paper_set_up(void **state)
{
	(void)state;
	strcpy(root, "/tmp/tidings-store-XXXXXX");
	assert_non_null(mkdtemp(root));
	snprintf(paper_content, sizeof(paper_content), "%s/content", root);
	snprintf(paper_state, sizeof(paper_state), "%s/state", root);
	assert_int_equal(mkdir(paper_content, 0700), 0);
	paper_arena = arena_new(64 << 20);
	paper_now = 1793534400;
	paper_told[0] = '\0';
	clock_of_files = 1500000000;
	return 0;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int paper_tear_down(void **state)
{
	(void)state;
	store_free(store);
	store = NULL;
	paper_close_desk();
	arena_free(paper_arena);
	nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	return 0;
}

const char *paper_path(const char *path)
{
	static char name[1024];

	if (strncmp(path, "state/", 6) == 0)
		snprintf(name, sizeof(name), "%s/%s", paper_state, path + 6);
	else
		snprintf(name, sizeof(name), "%s/%s", paper_content, path);
	return name;
}

void paper_put(const char *path, const char *text)
{
	struct timespec times[2] = { { .tv_sec = clock_of_files }, { .tv_sec = clock_of_files } };
	char name[1024];
	FILE *file;

	clock_of_files++;
	strcpy(name, paper_path(path));
	for (char *slash = name + strlen(root) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		mkdir(name, 0700);
		*slash = '/';
	}
	file = fopen(name, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(utimensat(AT_FDCWD, name, times, 0), 0);
}

void paper_article(const char *path, const char *title, const char *date, const char *more)
{
	char text[4096];

	snprintf(text, sizeof(text), "Title: %s\nDate: %s\n%s\nThe text of %s.\n", title, date,
		 more, title);
	paper_put(path, text);
}

void paper_remove(const char *path)
{
	assert_int_equal(remove(paper_path(path)), 0);
}

void paper_rename(const char *from, const char *to)
{
	char name[1024];

	strcpy(name, paper_path(from));
	assert_int_equal(rename(name, paper_path(to)), 0);
}

static void on_problem(void *context, enum problem problem, struct str path, unsigned line,
		       const char *text)
{
	size_t len = strlen(paper_told);

	(void)context;
	snprintf(paper_told + len, sizeof(paper_told) - len, "%s " STR_FMT ":%u: %s\n",
		 problem == PROBLEM_ERROR ? "error" : "warning", STR_ARG(path), line, text);
}

bool paper_try_scan(void)
{
	struct err err = { "" };

	if (!desk)
		desk = desk_open(paper_content, paper_state, NULL, &err);
	if (!desk)
		print_error("%s\n", err.text);
	assert_non_null(desk);
	paper_told[0] = '\0';
	if (desk_scan(desk, on_problem, NULL, &paper_report, &err))
		return true;
	snprintf(paper_told + strlen(paper_told), 600, "failed: %s\n", err.text);
	return false;
}

void paper_scan(void)
{
	if (!paper_try_scan())
		print_error("%s", paper_told);
	assert_non_null(desk);
	assert_null(strstr(paper_told, "failed: "));
}

struct desk *paper_desk(void)
{
	return desk;
}

int64_t paper_number(const char *sql)
{
	sqlite3_stmt *statement;
	int64_t number;

	assert_int_equal(sqlite3_prepare_v2(desk->catalogue.db, sql, -1, &statement, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return number;
}

void paper_close_desk(void)
{
	desk_free(desk);
	desk = NULL;
}

struct store *paper_read(void)
{
	struct err err = { "" };

	if (!store)
		store = store_open(paper_content, paper_state, STORE_READ, NULL, NULL, &err);
	if (!store)
		print_error("%s\n", err.text);
	assert_non_null(store);
	store_end(store);
	assert_true(store_begin(store));
	return store;
}

const struct edition *paper_edition(const char *prefix)
{
	size_t count;
	const struct edition *editions = store_editions(paper_read(), &count);

	for (size_t i = 0; i < count; i++)
		if (str_eq(editions[i].prefix, str_from(prefix)))
			return &editions[i];
	return NULL;
}

const char *paper_paths(const struct headlines *list)
{
	struct str all = STR("");

	for (size_t i = 0; i < list->count; i++) {
		struct str path = str_skip(list->items[i].path, list->items[i].edition->root.len);

		all = arena_join(paper_arena, all, all.len ? STR(" ") : STR(""), path);
	}
	return arena_str(paper_arena, all).data;
}

const char *paper_list(enum listing listing, const char *key)
{
	struct query query = {
		.edition = paper_edition(""),
		.listing = listing,
		.key = str_from(key),
		.now = paper_now,
		.limit = 20,
	};
	struct headlines list;

	store_list(store, &query, paper_arena, &list);
	assert_int_equal(store_count(store, &query), list.count);
	return paper_paths(&list);
}

enum found paper_find(const char *path)
{
	paper_found = STR("");
	return store_find(paper_read(), str_from(path), paper_now, paper_arena, &paper_found);
}

void assert_told(const char *part)
{
	if (!strstr(paper_told, part))
		print_error("\"%s\" is not in:\n%s", part, paper_told);
	assert_non_null(strstr(paper_told, part));
}

void paper_put_small(void)
{
	paper_put("edition.ini", "name = Test\n");
	paper_article("news/a.gmi", "A", "2026-10-01", "");
	paper_article("news/b.gmi", "B", "2026-10-02", "");
	paper_put("news/river.jpg", "x");
	paper_put("about.gmi", "Title: About\n\nUs.\n");
}

void paper_put_read(void)
{
	struct headline headline;
	struct article article;

	paper_put("edition.ini", "");
	paper_article("news/a.gmi", "A", "2026-10-01", "Id: one\n");
	paper_article("news/b.gmi", "B", "2026-10-02", "");
	paper_scan();
	paper_rename("news/a.gmi", "news/c.gmi");
	paper_scan();
	assert_int_equal(store_article(paper_read(), STR("/news/c"), paper_now, paper_arena,
				       &headline, &article),
			 FOUND_ARTICLE);
	desk_count(paper_desk(), headline.id, false, paper_now);
	desk_count(paper_desk(), headline.id, true, paper_now);
	desk_count(paper_desk(), headline.id, true, paper_now);
	assert_true(desk_flush(paper_desk(), paper_now, NULL));
}

int64_t paper_at(const char *date)
{
	int64_t seconds = 0;

	assert_true(date_parse(str_from(date), &seconds));
	return seconds;
}

void assert_text(struct str have, const char *want)
{
	if (!str_eq(have, str_from(want)))
		print_error("\"" STR_FMT "\" is not \"%s\"\n", STR_ARG(have), want);
	assert_true(str_eq(have, str_from(want)));
}

enum found paper_get(const char *path)
{
	return store_article(paper_read(), str_from(path), paper_now, paper_arena, &paper_headline,
			     &paper_text);
}

/* "slug=Name:count" of every bucket, joined by blanks. */
static const char *written(const struct buckets *buckets)
{
	struct str all = STR("");

	for (size_t i = 0; i < buckets->count; i++)
		all = arena_format(paper_arena, STR_FMT "%s" STR_FMT "=" STR_FMT ":%zu",
				   STR_ARG(all), i ? " " : "", STR_ARG(buckets->items[i].slug),
				   STR_ARG(buckets->items[i].name), buckets->items[i].count);
	return arena_str(paper_arena, all).data;
}

const char *paper_tags(void)
{
	struct buckets buckets;

	paper_read();
	store_tags(store, paper_edition(""), paper_now, paper_arena, &buckets);
	return written(&buckets);
}

const char *paper_authors(void)
{
	struct buckets buckets;

	paper_read();
	store_authors(store, paper_edition(""), paper_now, paper_arena, &buckets);
	return written(&buckets);
}

const char *paper_calendar(int64_t from, int64_t before, int width)
{
	struct buckets buckets;

	paper_read();
	store_calendar(store, paper_edition(""), paper_now, from, before, width, paper_arena,
		       &buckets);
	return written(&buckets);
}
