/* Going through content/. */
#include "store/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/place.h"

/* Two changes of a folder within this may have the same time: kernels before 6.13 go by the tick. */
enum { TICK_TIME = 20 * 1000000 };

enum { PATHS_MAX = 1 << 30 }; /* bytes of one folder's names, at WALK_FOLDER_MAX of them */

static void skip(struct walk *walk, struct str path, const char *why)
{
	walk->problem(walk->context, PROBLEM_WARNING, str_skip(path, 1), 0, why);
}

/*
 * Whether the file's page or the folder is what a zone has for its own. What is below such a
 * folder is never seen.
 */
static bool is_zone(const struct walk *walk, struct str path)
{
	struct str page = str_ends(path, STR(".gmi")) ? str_head(path, path.len - 4) : path;

	for (size_t i = 0; walk->zones && i < walk->zones->count; i++) {
		struct str zone = walk->zones->items[i];

		if (str_eq(page, str_head(zone, zone.len - 1)))
			return true;
	}
	return false;
}

bool walk_leaves_out(const struct walk *walk, struct str path)
{
	for (size_t i = 0; walk->zones && i < walk->zones->count; i++)
		if (str_starts(path, walk->zones->items[i]))
			return true;
	return is_zone(walk, path);
}

static int64_t nanoseconds(struct timespec time)
{
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static bool add_file(struct walk *walk, struct str path, const struct stat *st, struct err *err)
{
	if (walk->count == WALK_FOLDER_MAX)
		return err_set(err, "more than %d files in one folder", WALK_FOLDER_MAX);
	if (walk->count == walk->cap) {
		walk->cap = walk->cap ? walk->cap * 2 : 256;
		walk->files = mem_grow(walk->files, walk->cap, sizeof(*walk->files));
	}
	walk->files[walk->count++] = (struct walked){
		.path = path,
		.size = (uint64_t)st->st_size,
		.mtime = nanoseconds(st->st_mtim),
		.inode = st->st_ino,
	};
	return true;
}

/* Notes how a folder is before it is listed. */
static void add_folder(struct walk *walk, int folder, struct str path)
{
	struct timespec now;
	struct stat st;
	int64_t age;

	if (fstat(folder, &st) == -1)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	age = nanoseconds(now) - nanoseconds(st.st_mtim);
	/* A further change might leave it the same time. */
	if (age > -TICK_TIME && age < TICK_TIME)
		walk->is_moving = true;
	if (walk->folder_count == walk->folder_cap) {
		walk->folder_cap = walk->folder_cap ? walk->folder_cap * 2 : 64;
		walk->folders = mem_grow(walk->folders, walk->folder_cap, sizeof(*walk->folders));
	}
	walk->folders[walk->folder_count++] = (struct walked_folder){ path,
								      nanoseconds(st.st_mtim) };
}

/* Whether a folder is as it was before any was listed: else a name may have gone from one not yet listed to one that was. */
static bool is_as_before(int root, const struct walked_folder *folder)
{
	char path[PLACE_PATH_MAX + 2];
	struct stat st;

	/* Nothing in it has a path that is short enough. */
	if (folder->path.len > PLACE_PATH_MAX)
		return true;
	/* "/news/" becomes "./news/". */
	snprintf(path, sizeof(path), "." STR_FMT, STR_ARG(folder->path));
	return fstatat(root, path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       nanoseconds(st.st_mtim) == folder->mtime;
}

static bool walk_names(int folder, struct str path, int depth, struct walk *walk, struct err *err);

/* Opens the folder called name in parent and goes through it. */
static bool walk_into(int parent, struct str name, struct str parent_path, int depth,
		      struct walk *walk, struct err *err)
{
	struct str path = arena_join(walk->kept, parent_path, name, STR("/"));
	int fd = openat(parent, name.data, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd == -1 && errno == ENOENT) {
		walk->is_moving = true;
		return true;
	}
	if (fd == -1)
		return err_set(err, "the folder " STR_FMT " cannot be read: %s",
			       STR_ARG(str_skip(path, 1)), strerror(errno));
	return walk_names(fd, path, depth, walk, err);
}

static void add_name(struct walk *walk, struct texts *names, size_t *cap, const char *name)
{
	struct str *old = names->items;

	if (names->count == *cap) {
		*cap = *cap ? *cap * 2 : 16;
		names->items = ARENA_ARRAY(walk->kept, *cap, struct str);
		if (old)
			memcpy(names->items, old, names->count * sizeof(*old));
	}
	names->items[names->count++] = arena_str(walk->kept, str_from(name));
}

/* A folder being listed. */
struct listing {
	int fd;
	struct str path; /* with its slash */
	int depth;
	struct texts folders; /* in it */
	size_t cap;
};

void walk_skip_name(struct walk *walk, struct str path)
{
	skip(walk, path, "the name is not made of A-Z a-z 0-9 . _ - only; skipped");
}

/* Takes one name of the folder. */
static bool walk_name(struct listing *listing, const char *name, struct walk *walk, struct err *err)
{
	struct str full = arena_join(walk->names, listing->path, str_from(name), STR(""));
	struct stat st;

	if (!place_name_is_lawful(str_from(name))) {
		walk_skip_name(walk, full);
	} else if (is_zone(walk, full)) {
		walk->problem(walk->context, PROBLEM_ERROR, str_skip(full, 1), 0,
			      "the configuration has a zone of this path, so no reader would get "
			      "this; left out");
	} else if (full.len > PLACE_PATH_MAX) {
		skip(walk, full, "the path is too long; skipped");
	} else if (fstatat(listing->fd, name, &st, AT_SYMLINK_NOFOLLOW) == -1) {
		if (errno != ENOENT)
			return err_set(err, STR_FMT ": %s", STR_ARG(str_skip(full, 1)),
				       strerror(errno));
		walk->is_moving = true;
	} else if (S_ISDIR(st.st_mode) && listing->depth == PLACE_DEPTH_MAX) {
		skip(walk, arena_join(walk->names, full, STR("/"), STR("")),
		     "too many folders in each other; skipped");
	} else if (S_ISDIR(st.st_mode)) {
		add_name(walk, &listing->folders, &listing->cap, name);
	} else if (S_ISREG(st.st_mode)) {
		return add_file(walk, full, &st, err);
	} else {
		skip(walk, full,
		     S_ISLNK(st.st_mode) ? "a symbolic link; skipped"
					 : "not a regular file; skipped");
	}
	return true;
}

static int by_path(const void *a, const void *b)
{
	const struct walked *left = a;
	const struct walked *right = b;

	return str_cmp(left->path, right->path);
}

static int by_name(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Gives what was listed to the walk's owner. */
static void give(struct walk *walk, struct listing *listing)
{
	if (walk->count)
		qsort(walk->files, walk->count, sizeof(*walk->files), by_path);
	if (listing->folders.count)
		qsort(listing->folders.items, listing->folders.count, sizeof(struct str), by_name);
	walk->folder(walk->context, listing->path, walk->files, walk->count, &listing->folders);
	walk->count = 0;
	arena_reset(walk->names);
}

/*
 * Takes all names of the folder and closes it. Goes on after a failure: its siblings may be
 * read.
 */
static bool walk_names(int folder, struct str path, int depth, struct walk *walk, struct err *err)
{
	struct listing listing = { .fd = folder, .path = path, .depth = depth };
	DIR *dir = fdopendir(folder);
	struct dirent *entry;
	bool ok = true;

	if (!dir) {
		err_set(err, "the folder " STR_FMT " cannot be read: %s", STR_ARG(path),
			strerror(errno));
		close(folder);
		return false;
	}
	add_folder(walk, folder, path);
	while ((errno = 0, entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			ok &= walk_name(&listing, entry->d_name, walk, err);
	if (errno != 0)
		ok = err_set(err, "the folder " STR_FMT " cannot be read: %s", STR_ARG(path),
			     strerror(errno));
	give(walk, &listing);
	for (size_t i = 0; i < listing.folders.count; i++)
		ok &= walk_into(folder, listing.folders.items[i], path, depth + 1, walk, err);
	closedir(dir);
	return ok;
}

bool walk_folder(int root, struct walk *walk, struct err *err)
{
	/* Opened anew, so that the offset of the listing is ours. */
	int fd = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok;

	walk->is_moving = false;
	if (fd == -1)
		return err_set(err, "content cannot be read: %s", strerror(errno));
	walk->kept = arena_new(PATHS_MAX);
	walk->names = arena_new(PATHS_MAX);
	ok = walk_names(fd, STR("/"), 0, walk, err);
	for (size_t i = 0; i < walk->folder_count && !walk->is_moving; i++)
		walk->is_moving = !is_as_before(root, &walk->folders[i]);
	free(walk->files);
	free(walk->folders);
	walk->files = NULL;
	walk->folders = NULL;
	walk->cap = walk->folder_count = walk->folder_cap = 0;
	arena_free(walk->names);
	arena_free(walk->kept);
	return ok;
}
