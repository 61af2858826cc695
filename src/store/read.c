/* The store for readers: opening, and one snapshot a request. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/desk.h"

enum {
	EDITIONS_BYTES_MAX = 256 << 20,
	OPEN_SECONDS = 10, /* that a reader gives the editor to make the catalogue */
	OPEN_PAUSE_MILLISECONDS = 50,
	MEND_MILLISECONDS = 2000, /* that it gives it to mend the WAL index, once */
	MEND_PAUSE_MILLISECONDS = 10,
	VERSION_MILLISECONDS = 10, /* that a version is believed */
};

/* Opens the catalogue file. False when there is none of our version yet. */
static bool open_file(struct store *store, struct err *err)
{
	struct stat st;

	if (stat(store->file, &st) == -1)
		return err_set(err, "%s: %s", store->file, strerror(errno));
	if (!catalogue_open(&store->catalogue, store->file, SQLITE_OPEN_READONLY, err))
		return false;
	/* The upper pages of every tree of a paper of a million, and some of the lower ones. */
	catalogue_exec(&store->catalogue, "PRAGMA cache_size = -6000");
	if (catalogue_version(&store->catalogue) != CATALOGUE_VERSION) {
		store->is_waiting = store->catalogue.is_waiting;
		catalogue_close(&store->catalogue);
		return err_set(err, "%s: not a catalogue of this version", store->file);
	}
	store->device = st.st_dev;
	store->inode = st.st_ino;
	store->openings++;
	store->generation = -1;
	return true;
}

/*
 * Whether the file that is open was replaced by another. One that is merely gone still reads
 * well.
 */
static bool is_replaced(const struct store *store)
{
	struct stat st;

	return store->file && stat(store->file, &st) == 0 &&
	       (st.st_ino != store->inode || st.st_dev != store->device);
}

/* The version of what was read last. SQLite counts in 32 bits, for every opening anew. */
static int64_t version_begun(struct store *store)
{
	unsigned int version = 0;
	int result = sqlite3_file_control(store->catalogue.db, NULL, SQLITE_FCNTL_DATA_VERSION,
					  &version);

	return result == SQLITE_OK ? (store->openings + 1) << 32 | version : 0;
}

static bool begin(struct store *store)
{
	if (catalogue_run(&store->catalogue, catalogue_statement(&store->catalogue, "BEGIN")) &&
	    editions_load(store)) {
		store->version = version_begun(store);
		memo_set_version(store->memo, store->version);
		return true;
	}
	store->is_waiting = store->catalogue.is_waiting;
	return false;
}

/*
 * Goes over to the file that has taken the old one's place, once there is a paper in it; until
 * then the old one, which is deleted but open, still reads well.
 */
static bool begin_replaced(struct store *store)
{
	struct catalogue old = store->catalogue;
	const dev_t device = store->device;
	const ino_t inode = store->inode;
	const int64_t generation = store->generation;

	if (open_file(store, NULL)) {
		if (begin(store)) {
			catalogue_close(&old);
			return true;
		}
		catalogue_close(&store->catalogue);
	}
	store->catalogue = old;
	store->device = device;
	store->inode = inode;
	store->generation = store->edition_count ? generation : -1;
	return begin(store);
}

static bool try_to_begin(struct store *store)
{
	store->is_waiting = false;
	if (store->file && store->catalogue.db && !store->catalogue.broken && is_replaced(store) &&
	    begin_replaced(store))
		return true;
	if (store->file && (!store->catalogue.db || store->catalogue.broken)) {
		catalogue_close(&store->catalogue);
		if (!open_file(store, NULL))
			return false;
	}
	if (begin(store))
		return true;
	store_end(store);
	return false;
}

/*
 * A reader cannot mend the WAL index, which an editor that was killed at a bad moment leaves in
 * disorder: the next one does, within a second.
 */
bool store_begin(struct store *store)
{
	const struct timespec pause = { .tv_nsec = MEND_PAUSE_MILLISECONDS * 1000000 };
	int naps = store->has_waited ? 0 : MEND_MILLISECONDS / MEND_PAUSE_MILLISECONDS;
	bool ok = try_to_begin(store);

	for (; !ok && store->is_waiting && naps > 0; naps--) {
		nanosleep(&pause, NULL);
		ok = try_to_begin(store);
	}
	store->has_waited = !ok && (store->is_waiting || store->has_waited);
	return ok;
}

bool store_end(struct store *store)
{
	struct catalogue *catalogue = &store->catalogue;

	if (catalogue->db && !sqlite3_get_autocommit(catalogue->db))
		catalogue_run(catalogue, catalogue_statement(catalogue, "COMMIT"));
	if (catalogue_is_sure(catalogue))
		return true;
	store->version = 0;
	memo_set_version(store->memo, 0); /* what seemed to be nothing may be something */
	return false;
}

static int64_t milliseconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t store_version(struct store *store)
{
	struct catalogue *catalogue = &store->catalogue;
	int64_t now = milliseconds_now();

	if (!catalogue->db || catalogue->broken)
		return 0;
	if (store->version && now - store->version_time < VERSION_MILLISECONDS)
		return store->version;
	/* To ask takes two system calls, which cost as much as the rest of a kept reply. */
	catalogue_run(catalogue, catalogue_statement(catalogue, "PRAGMA data_version"));
	store->version = catalogue_is_sure(catalogue) ? version_begun(store) : 0;
	store->version_time = now;
	return store->version;
}

/* Waits for the editor's first scan. */
static bool await_catalogue(struct store *store, struct err *err)
{
	const struct timespec pause = { .tv_nsec = OPEN_PAUSE_MILLISECONDS * 1000000 };
	struct err why = { "" };

	for (int i = 0; i < OPEN_SECONDS * 1000 / OPEN_PAUSE_MILLISECONDS; i++) {
		if (i > 0)
			nanosleep(&pause, NULL);
		if (!store->catalogue.db && !open_file(store, &why))
			continue;
		if (store_begin(store)) {
			store_end(store);
			return true;
		}
		err_set(&why, "%s: there is no paper in it yet", store->file);
	}
	return err_set(err, "%s", why.text);
}

static bool make_copy(struct store *store, const char *state, const struct texts *zones,
		      problem_handler *handler, void *context, struct err *err)
{
	struct desk *desk = desk_copy(store->folder, state, err);
	struct err unread = { "" };
	struct scan_report report;
	bool ok;

	if (!desk)
		return false;
	desk_zones(desk, zones);
	/* A folder that cannot be read does not keep the rest from being shown. */
	ok = desk_scan(desk, handler, context, &report, &unread);
	if (!ok && handler)
		handler(context, PROBLEM_ERROR, STR(""), 0, unread.text);
	store->catalogue = desk->catalogue;
	desk->catalogue = (struct catalogue){ 0 };
	desk_free(desk);
	if (store_begin(store)) {
		store_end(store);
		return true;
	}
	return err_set(err, "%s", unread.text[0] ? unread.text : "the copy cannot be read");
}

/* NULL, and the store freed, when it could not be made ready. */
static struct store *ready_or_not(struct store *store, bool is_ready)
{
	if (is_ready)
		return store;
	store_free(store);
	return NULL;
}

/* A store without a catalogue; NULL when there is no such folder. */
static struct store *store_new(const char *content, struct err *err)
{
	struct store *store = mem_alloc(1, sizeof(*store));

	store->generation = -1;
	store->arena = arena_new(EDITIONS_BYTES_MAX);
	store->memo = memo_new();
	store->folder = mem_text(content);
	store->content = open(content, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (store->content == -1)
		err_set(err, "the content folder %s: %s", content, strerror(errno));
	return ready_or_not(store, store->content != -1);
}

struct store *store_open(const char *content, const char *state, enum store_mode mode,
			 problem_handler *handler, void *context, struct err *err)
{
	struct store *store;

	if (mode == STORE_COPY)
		return store_copy(content, state, NULL, handler, context, err);
	store = store_new(content, err);
	if (!store)
		return NULL;
	store->file = mem_format("%s/" CATALOGUE_FILE, state);
	return ready_or_not(store, await_catalogue(store, err));
}

struct store *store_copy(const char *content, const char *state, const struct texts *zones,
			 problem_handler *handler, void *context, struct err *err)
{
	struct store *store = store_new(content, err);

	if (!store)
		return NULL;
	return ready_or_not(store, make_copy(store, state, zones, handler, context, err));
}

void store_free(struct store *store)
{
	if (!store)
		return;
	catalogue_close(&store->catalogue);
	arena_free(store->arena);
	memo_free(store->memo);
	if (store->content != -1)
		close(store->content);
	free(store->folder);
	free(store->file);
	free(store);
}

const struct edition *store_editions(struct store *store, size_t *ret_count)
{
	*ret_count = store->edition_count;
	return store->editions;
}

const struct edition *store_edition_of(struct store *store, struct str path)
{
	struct str below = str_skip(path, 1);
	struct str first = str_head(below, str_find(below, '/'));

	/* The first one is the default; its prefix is empty. */
	for (size_t i = 1; i < store->edition_count; i++)
		if (str_eq(store->editions[i].prefix, first))
			return &store->editions[i];
	return &store->editions[0];
}

int64_t store_changed(struct store *store)
{
	sqlite3_stmt *statement = catalogue_statement(
		&store->catalogue, "SELECT value FROM meta WHERE name = 'changed'");
	int64_t changed = 0;

	while (catalogue_row(&store->catalogue, statement))
		changed = sqlite3_column_int64(statement, 0);
	return changed;
}
