/* Tells when something below a folder may have changed, by inotify, and where. What it is now is the scan's to find out. */
#ifndef STORE_WATCH_H
#define STORE_WATCH_H

#include "base/arena.h"
#include "base/err.h"
#include "store/article.h"

struct watch;

/* Watches folder and every folder below it. NULL with err set when the kernel has no watch to give. */
struct watch *watch_new(const char *folder, struct err *err);
void watch_free(struct watch *watch);

/* Readable when there is something for watch_read(). Owned by the watch. */
int watch_descriptor(const struct watch *watch);

/*
 * Takes all waiting events; whether any of them may change the paper. New
 * folders are watched from here on, and after an overflow of the kernel's queue
 * all are gone through again: a scan that begins after this call misses nothing.
 */
bool watch_read(struct watch *watch);

/*
 * The files (full paths: "/news/a.gmi") that something has happened to since the last call, as
 * far as was read by watch_read(); some more than once, some gone. False when it
 * was more than that: folders, an .ini file, or nobody knows what.
 */
bool watch_take(struct watch *watch, struct arena *arena, struct texts *ret_paths);

/*
 * Whether somebody has written to the file (full path: "/news/a.gmi") and not
 * closed it since, as far as was read by watch_read(). Whoever then does nothing
 * for 10 seconds is not waited for; *ret_wait is what is left of them, in nanoseconds.
 */
bool watch_is_written(const struct watch *watch, struct str path, int64_t *ret_wait);

/* Whether some folder could not be watched (the kernel's limit): changes there are only seen by the periodic scan. */
bool watch_is_partial(const struct watch *watch);

#endif
