/* A recursive watch on a folder. */
#include "store/watch.h"

#include <errno.h>
#include <fts.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

enum {
	/* IN_MODIFY too: a file written in pieces is read again after its last one, even if it is never closed. */
	EVENTS = IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_MOVED_FROM |
		 IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF,
	BATCH_BYTES = 64 * 1024,
	TROUBLE_MILLISECONDS = 50,
	TOUCHED_MAX = 4096, /* files; with more of them it is as fast to look at all */
	WRITERS_MAX = 256,  /* files beyond are read when they have been at rest for a moment */
};

/* How long a file that was written and is still open may rest until it is taken as it is. */
static const int64_t writer_patience = 10 * (int64_t)1000000000;

/* A file that was written to and not closed since. */
struct writer {
	uint64_t file; /* hash of its path: two of one hash only wait for each other */
	int64_t time;  /* of the last write, monotonic nanoseconds; 0 in a free entry */
};

struct watch {
	int descriptor;
	char *folder;
	bool partial;
	char **paths; /* of the folders, by watch descriptor: "news/", "" for the first */
	size_t path_count;
	char **touched; /* full paths, in the order of the events */
	size_t touched_count;
	bool is_lost; /* more than touched may have changed */
	struct writer writers[WRITERS_MAX];
};

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* FNV-1a, to be continued. */
static uint64_t hash(uint64_t start, struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		start = (start ^ (unsigned char)text.data[i]) * 0x100000001b3;
	return start;
}

static const uint64_t hash_start = 0xcbf29ce484222325;

/* Keeps where a watched folder is. A folder keeps its number when it is moved. */
static void keep_path(struct watch *watch, int number, const char *name)
{
	const char *path = name + strlen(watch->folder);
	size_t index = (size_t)number;
	size_t count = index + 1;

	while (*path == '/')
		path++;
	if (count > watch->path_count) {
		watch->paths = mem_grow(watch->paths, count, sizeof(*watch->paths));
		memset(watch->paths + watch->path_count, 0,
		       (count - watch->path_count) * sizeof(*watch->paths));
		watch->path_count = count;
	}
	free(watch->paths[index]);
	watch->paths[index] = mem_format("%s%s", path, *path ? "/" : "");
}

static struct writer *find_writer(struct watch *watch, uint64_t file)
{
	for (size_t i = 0; i < WRITERS_MAX; i++)
		if (watch->writers[i].time && watch->writers[i].file == file)
			return &watch->writers[i];
	return NULL;
}

static struct writer *free_writer(struct watch *watch)
{
	for (size_t i = 0; i < WRITERS_MAX; i++)
		if (!watch->writers[i].time || watch->writers[i].time <= now() - writer_patience)
			return &watch->writers[i];
	return NULL;
}

/* The folder that an event is of; NULL when that is not known. */
static const char *folder_of(const struct watch *watch, const struct inotify_event *event)
{
	size_t folder = (size_t)event->wd;

	return event->wd >= 0 && folder < watch->path_count ? watch->paths[folder] : NULL;
}

/* Keeps the writers in line with one event of a file. */
static void note_writer(struct watch *watch, const struct inotify_event *event)
{
	const char *folder = folder_of(watch, event);
	struct writer *writer;
	uint64_t file;

	if (!folder || event->len == 0)
		return;
	file = hash(hash(hash_start, str_from(folder)), str_from(event->name));
	writer = find_writer(watch, file);
	if (event->mask & IN_MODIFY) {
		writer = writer ? writer : free_writer(watch);
		if (writer)
			*writer = (struct writer){ file, now() };
	} else if (writer &&
		   event->mask & (IN_CLOSE_WRITE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)) {
		writer->time = 0;
	}
}

bool watch_is_written(const struct watch *watch, struct str path, int64_t *ret_wait)
{
	uint64_t file = hash(hash_start, str_skip(path, 1));
	int64_t time = now();

	for (size_t i = 0; i < WRITERS_MAX; i++) {
		const struct writer *writer = &watch->writers[i];

		if (!writer->time || writer->file != file || writer->time <= time - writer_patience)
			continue;
		*ret_wait = writer->time + writer_patience - time;
		return true;
	}
	return false;
}

static void forget_touched(struct watch *watch)
{
	for (size_t i = 0; i < watch->touched_count; i++)
		free(watch->touched[i]);
	watch->touched_count = 0;
}

/* What an .ini file says concerns others, and what happens to a folder all that is in it. */
static bool is_of_one_file(const struct inotify_event *event)
{
	return event->len > 0 && !(event->mask & (IN_ISDIR | IN_Q_OVERFLOW)) &&
	       !str_ends(str_from(event->name), STR(".ini"));
}

static void note_touched(struct watch *watch, const struct inotify_event *event)
{
	const char *folder = folder_of(watch, event);
	char *path;

	if (!folder || !is_of_one_file(event) || watch->touched_count == TOUCHED_MAX)
		watch->is_lost = true;
	if (watch->is_lost)
		return;
	path = mem_format("/%s%s", folder, event->name);
	/* Events of a file come in a row. */
	if (watch->touched_count && strcmp(watch->touched[watch->touched_count - 1], path) == 0) {
		free(path);
		return;
	}
	watch->touched[watch->touched_count++] = path;
}

bool watch_take(struct watch *watch, struct arena *arena, struct texts *ret_paths)
{
	bool is_known = !watch->is_lost;

	*ret_paths = (struct texts){ ARENA_ARRAY(arena, watch->touched_count, struct str), 0 };
	for (size_t i = 0; is_known && i < watch->touched_count; i++)
		ret_paths->items[ret_paths->count++] = arena_str(arena,
								 str_from(watch->touched[i]));
	forget_touched(watch);
	watch->is_lost = false;
	return is_known;
}

/* Adds a watch for every folder; one that is watched already stays so. Links are not followed. */
static bool watch_tree(struct watch *watch, struct err *err)
{
	char *roots[] = { watch->folder, NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, NULL);
	bool any = false;
	int trouble = 0;
	int number;
	FTSENT *entry;

	if (!tree)
		return err_set(err, "%s: %s", watch->folder, strerror(errno));
	watch->partial = false;
	while ((entry = fts_read(tree)) != NULL) {
		if (entry->fts_info != FTS_D)
			continue;
		if (entry->fts_level > 0 && entry->fts_name[0] == '.') {
			fts_set(tree, entry, FTS_SKIP);
			continue;
		}
		number = inotify_add_watch(watch->descriptor, entry->fts_path,
					   EVENTS | IN_ONLYDIR | IN_DONT_FOLLOW);
		if (number != -1) {
			keep_path(watch, number, entry->fts_path);
			any = true;
		} else if (errno != ENOENT && errno != ENOTDIR) {
			trouble = errno;
			watch->partial = true;
		}
	}
	fts_close(tree);
	return any || err_set(err, "%s: %s", watch->folder, strerror(trouble ? trouble : ENOENT));
}

struct watch *watch_new(const char *folder, struct err *err)
{
	struct watch *watch = mem_alloc(1, sizeof(*watch));

	watch->folder = mem_text(folder);
	watch->touched = mem_alloc(TOUCHED_MAX, sizeof(*watch->touched));
	watch->descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watch->descriptor == -1) {
		err_set(err, "inotify: %s", strerror(errno));
	} else if (watch_tree(watch, err)) {
		return watch;
	}
	watch_free(watch);
	return NULL;
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	if (watch->descriptor != -1)
		close(watch->descriptor);
	for (size_t i = 0; i < watch->path_count; i++)
		free(watch->paths[i]);
	free(watch->paths);
	forget_touched(watch);
	free(watch->touched);
	free(watch->folder);
	free(watch);
}

int watch_descriptor(const struct watch *watch)
{
	return watch->descriptor;
}

bool watch_is_partial(const struct watch *watch)
{
	return watch->partial;
}

/* Hidden names are no part of the paper; editors and rsync write their half-done files under them. */
static bool is_news(const struct inotify_event *event)
{
	return event->len == 0 || event->name[0] != '.';
}

bool watch_read(struct watch *watch)
{
	_Alignas(struct inotify_event) char batch[BATCH_BYTES];
	bool changed = false;
	bool folders = false;
	ssize_t len;

	while ((len = read(watch->descriptor, batch, sizeof(batch))) > 0) {
		for (const char *at = batch; at < batch + len;) {
			const struct inotify_event *event = (const void *)at;

			at += sizeof(*event) + event->len;
			if (event->mask & IN_IGNORED || !is_news(event))
				continue;
			changed = true;
			note_writer(watch, event);
			note_touched(watch, event);
			/* What was closed meanwhile is not known: better read too early than never. */
			if (event->mask & IN_Q_OVERFLOW)
				memset(watch->writers, 0, sizeof(watch->writers));
			folders |= (event->mask & (IN_ISDIR | IN_Q_OVERFLOW | IN_MOVE_SELF)) != 0;
		}
	}
	if (len == -1 && errno != EAGAIN && errno != EINTR) {
		const struct timespec pause = { .tv_nsec = TROUBLE_MILLISECONDS * 1000000 };

		/* As after an overflow, and it may well come again at once. */
		memset(watch->writers, 0, sizeof(watch->writers));
		changed = folders = watch->is_lost = true;
		nanosleep(&pause, NULL);
	}
	if (folders)
		watch_tree(watch, NULL);
	return changed;
}
