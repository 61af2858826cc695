/* A recursive watch on a folder. */
#include "store/watch.h"

#include <errno.h>
#include <fts.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/mem.h"

enum {
	/* IN_MODIFY too: a file written in pieces is read again after its last one, even if it is never closed. */
	EVENTS = IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_MOVED_FROM |
		 IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF,
	BATCH_BYTES = 64 * 1024,
};

struct watch {
	int descriptor;
	char *folder;
	bool partial;
};

/* Adds a watch for every folder; one that is watched already stays so. Links are not followed. */
static bool watch_tree(struct watch *watch, struct err *err)
{
	char *roots[] = { watch->folder, NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, NULL);
	bool any = false;
	int trouble = 0;
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
		if (inotify_add_watch(watch->descriptor, entry->fts_path,
				      EVENTS | IN_ONLYDIR | IN_DONT_FOLLOW) != -1) {
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
			folders |= (event->mask & (IN_ISDIR | IN_Q_OVERFLOW | IN_MOVE_SELF)) != 0;
		}
	}
	if (folders)
		watch_tree(watch, NULL);
	return changed;
}
