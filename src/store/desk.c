/* The desk: opening the catalogue for writing, and making it anew when it is of no use. */
#include "store/desk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/uri.h"
#include "store/lock.h"

static const char working_tables[] =
	"CREATE TEMP TABLE vanished (path TEXT PRIMARY KEY) WITHOUT ROWID;"
	/* Files that are not found. They may have been renamed, and the new name is not known yet. */
	"CREATE TEMP TABLE leaving (path TEXT PRIMARY KEY, since INTEGER, is_fresh INTEGER,"
	" is_kept INTEGER) WITHOUT ROWID;"
	/* Files that lost all their bytes, and since when that is known (monotonic nanoseconds). */
	"CREATE TEMP TABLE emptied (path TEXT PRIMARY KEY, since INTEGER) WITHOUT ROWID;"
	/* Problems of this scan that belong to no file that was read. */
	"CREATE TEMP TABLE noted (path TEXT, line INTEGER, severity INTEGER, text TEXT,"
	" UNIQUE (path, line, text));"
	"CREATE TEMP TABLE told (path TEXT, line INTEGER, severity INTEGER, text TEXT);"
	/* Counts that desk_flush() has not written yet. */
	"CREATE TEMP TABLE pending (key INTEGER, hour INTEGER, share INTEGER, count INTEGER,"
	" PRIMARY KEY (key, hour, share)) WITHOUT ROWID;";

/*
 * To read a catalogue of gigabytes takes longer than to serve from it: damage in one shows when
 * it is met, and is mended then.
 */
enum { CHECKED_MAX = 128 << 20 };

static bool is_small(struct catalogue *catalogue)
{
	sqlite3_stmt *statement = catalogue_statement(catalogue, "PRAGMA page_count");
	int64_t pages = 0;

	while (catalogue_row(catalogue, statement))
		pages = sqlite3_column_int64(statement, 0);
	return pages * CATALOGUE_PAGE <= CHECKED_MAX;
}

/* Whether the open file is a whole catalogue of ours; else *ret_why says what it is. */
static bool is_sound(struct catalogue *catalogue, struct err *ret_why)
{
	sqlite3_stmt *statement;
	int version = catalogue_version(catalogue);
	bool sound = false;

	if (version != -1 && version != CATALOGUE_VERSION)
		return err_set(ret_why, "it is of version %d, not %d", version, CATALOGUE_VERSION);
	statement = catalogue_statement(catalogue, is_small(catalogue)
							   ? "PRAGMA quick_check(1)"
							   : "SELECT 'ok' FROM meta LIMIT 1");
	if (catalogue_row(catalogue, statement)) {
		sound = str_eq(column_str(statement, 0), STR("ok"));
		sqlite3_reset(statement);
	}
	return sound || err_set(ret_why, "it is damaged");
}

static int64_t nanoseconds(struct timespec time)
{
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

void desk_note_file(struct desk *desk)
{
	struct stat st;

	if (!desk->file || stat(desk->file, &st) == -1)
		return;
	desk->size = st.st_size;
	desk->mtime = nanoseconds(st.st_mtim);
}

static bool set_up(struct desk *desk, struct err *err)
{
	struct stat st;

	if (!catalogue_exec(&desk->catalogue,
			    "PRAGMA journal_mode = WAL;"
			    "PRAGMA synchronous = NORMAL;"
			    "PRAGMA journal_size_limit = 16777216; PRAGMA cache_size = -16000") ||
	    !catalogue_exec(&desk->catalogue, working_tables))
		return catalogue_error(&desk->catalogue, "the catalogue cannot be used", err);
	if (desk->file && stat(desk->file, &st) == -1)
		return err_set(err, "%s: %s", desk->file, strerror(errno));
	if (desk->file) {
		desk->device = st.st_dev;
		desk->inode = st.st_ino;
		desk_note_file(desk);
	}
	return true;
}

static void remove_beside(const char *file, const char *suffix)
{
	char *path = mem_format("%s%s", file, suffix);

	unlink(path);
	free(path);
}

/* Gives up what is open or on disk and makes an empty catalogue, with the counts of the old one. */
static bool make_anew(struct desk *desk, struct err *err)
{
	char *kept = mem_format("%s.kept", desk->file);
	bool ok;

	desk->ranked_hour = 0;
	counts_save(desk->catalogue.db, kept);
	catalogue_close(&desk->catalogue);
	/* The database first: without it nobody takes the others for something. */
	remove_beside(desk->file, "");
	remove_beside(desk->file, "-wal");
	remove_beside(desk->file, "-shm");
	remove_beside(desk->file, "-journal");
	ok = catalogue_open(&desk->catalogue, desk->file,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err) &&
	     catalogue_create(&desk->catalogue, err) && set_up(desk, err);
	if (ok)
		counts_restore(desk->catalogue.db, kept);
	free(kept);
	return ok;
}

/* Opens the catalogue as it is, or makes one; ret_rebuilt says why. */
static bool open_catalogue(struct desk *desk, struct err *ret_rebuilt, struct err *err)
{
	struct err why = { "" };

	if (access(desk->file, F_OK) == -1)
		err_set(&why, "there was none");
	else if (catalogue_open(&desk->catalogue, desk->file, SQLITE_OPEN_READWRITE, &why) &&
		 is_sound(&desk->catalogue, &why) && set_up(desk, &why))
		return true;
	if (ret_rebuilt)
		*ret_rebuilt = why;
	return make_anew(desk, err);
}

struct desk *desk_open(const char *content, const char *state, struct err *ret_rebuilt,
		       struct err *err)
{
	struct desk *desk = mem_alloc(1, sizeof(*desk));

	desk->content = mem_text(content);
	desk->state = mem_text(state);
	desk->file = mem_format("%s/" CATALOGUE_FILE, state);
	desk->lock = -1;
	if (ret_rebuilt)
		ret_rebuilt->text[0] = '\0';
	if (mkdir(state, 0750) == -1 && errno != EEXIST)
		err_set(err, "the state folder %s: %s", state, strerror(errno));
	else if ((desk->lock = lock_take(state, err)) != -1 &&
		 open_catalogue(desk, ret_rebuilt, err))
		return desk;
	desk_free(desk);
	return NULL;
}

void desk_free(struct desk *desk)
{
	if (!desk)
		return;
	catalogue_close(&desk->catalogue);
	if (desk->lock != -1)
		close(desk->lock);
	desk_forget_again(desk);
	free(desk->again);
	free(desk->content);
	free(desk->state);
	free(desk->file);
	free(desk);
}

/* Looks at the file through a connection of its own: ours may have what is damaged in memory. */
static bool is_damaged_on_disk(const struct desk *desk)
{
	struct catalogue catalogue;
	bool damaged = false;

	/* That it cannot be read for want of something else says nothing. */
	if (catalogue_open(&catalogue, desk->file, SQLITE_OPEN_READONLY, NULL))
		damaged = !is_sound(&catalogue, NULL) &&
			  (catalogue.is_damaged || !catalogue.broken);
	catalogue_close(&catalogue);
	return damaged;
}

bool desk_is_whole(struct desk *desk)
{
	struct stat st;

	if (!desk->catalogue.db || desk->catalogue.is_damaged)
		return false;
	if (!desk->file)
		return true;
	if (stat(desk->file, &st) == -1 || st.st_dev != desk->device || st.st_ino != desk->inode)
		return false;
	if (st.st_size == desk->size && nanoseconds(st.st_mtim) == desk->mtime)
		return true;
	desk->catalogue.is_damaged = is_damaged_on_disk(desk);
	desk_note_file(desk);
	return !desk->catalogue.is_damaged;
}

static bool is_folder_gone(const struct desk *desk)
{
	struct stat st;

	return fstat(desk->lock, &st) == 0 && st.st_nlink == 0;
}

bool desk_mend(struct desk *desk, bool *ret_rebuilt, struct err *err)
{
	if (desk_is_whole(desk)) {
		/* What failed then (a full disk) may work now. */
		catalogue_forgive(&desk->catalogue);
		return true;
	}
	if (!desk->file)
		return err_set(err, "the catalogue in memory is damaged");
	*ret_rebuilt = true;
	if (make_anew(desk, err))
		return true;
	/* Our walls stand around the folder that was there at the start. */
	if (is_folder_gone(desk))
		err_set(err,
			"%s: the state folder was removed; a restart of the server makes it again",
			desk->state);
	return false;
}

/* Opens the catalogue of a state folder in a way that writes nothing there, not even locks. */
static sqlite3 *open_untouched(const char *state)
{
	struct arena *arena = arena_new(1 << 20);
	struct str path = uri_encode(arena, str_from(state), "/");
	struct str uri = arena_format(
		arena, "file:" STR_FMT "/" CATALOGUE_FILE "?mode=ro&readonly_shm=1", STR_ARG(path));
	sqlite3 *db = NULL;

	if (sqlite3_open_v2(uri.data, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) !=
	    SQLITE_OK) {
		sqlite3_close(db);
		db = NULL;
	}
	arena_free(arena);
	return db;
}

static bool copy_catalogue(struct desk *desk, const char *state)
{
	sqlite3 *from = open_untouched(state);
	sqlite3_backup *backup = NULL;
	bool ok = false;

	if (from)
		backup = sqlite3_backup_init(desk->catalogue.db, "main", from, "main");
	if (backup) {
		ok = sqlite3_backup_step(backup, -1) == SQLITE_DONE;
		ok &= sqlite3_backup_finish(backup) == SQLITE_OK;
	}
	sqlite3_close(from);
	return ok;
}

struct desk *desk_copy(const char *content, const char *state, struct err *err)
{
	struct desk *desk = mem_alloc(1, sizeof(*desk));
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	bool ok;

	desk->content = mem_text(content);
	desk->lock = -1;
	ok = catalogue_open(&desk->catalogue, ":memory:", flags, err);
	if (ok && state && copy_catalogue(desk, state) && is_sound(&desk->catalogue, NULL) &&
	    set_up(desk, NULL))
		return desk;
	/* There is none, or none that is of use: everything is read afresh. */
	catalogue_close(&desk->catalogue);
	if (ok && catalogue_open(&desk->catalogue, ":memory:", flags, err) &&
	    catalogue_create(&desk->catalogue, err) && set_up(desk, err))
		return desk;
	desk_free(desk);
	return NULL;
}

void desk_zones(struct desk *desk, const struct texts *zones)
{
	desk->zones = zones;
}

void desk_watch(struct desk *desk, struct watch *watch)
{
	desk->watch = watch;
}

void desk_progress(struct desk *desk, void (*progress)(void *context), void *context)
{
	desk->progress = progress;
	desk->progress_context = context;
}

bool desk_has_paper(struct desk *desk)
{
	sqlite3_stmt *statement = catalogue_statement(
		&desk->catalogue, "SELECT value FROM meta WHERE name = 'generation'");
	bool has = false;

	while (catalogue_row(&desk->catalogue, statement))
		has = sqlite3_column_int64(statement, 0) > 0;
	return has;
}
