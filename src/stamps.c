/* Files watched by what stat(2) says of them: also when they are replaced, and through links. */
#include "stamps.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"

struct stamp {
	char *path;
	bool is_there;
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified;
	struct timespec changed; /* also by chmod: a key that was refused may be good now */
};

static struct stamp stamp_of(char *path)
{
	struct stamp stamp = { .path = path };
	struct stat st;

	if (stat(path, &st) == -1)
		return stamp;
	stamp.is_there = true;
	stamp.device = st.st_dev;
	stamp.inode = st.st_ino;
	stamp.size = st.st_size;
	stamp.modified = st.st_mtim;
	stamp.changed = st.st_ctim;
	return stamp;
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool same(const struct stamp *a, const struct stamp *b)
{
	return a->is_there == b->is_there && a->device == b->device && a->inode == b->inode &&
	       a->size == b->size && same_time(a->modified, b->modified) &&
	       same_time(a->changed, b->changed);
}

void stamps_done(struct stamps *stamps)
{
	for (size_t i = 0; i < stamps->count; i++)
		free(stamps->items[i].path);
	free(stamps->items);
	*stamps = (struct stamps){ 0 };
}

void stamps_add(struct stamps *stamps, const char *path)
{
	if (*path == '\0')
		return;
	stamps->items = mem_grow(stamps->items, stamps->count + 1, sizeof(*stamps->items));
	stamps->items[stamps->count++] = stamp_of(mem_text(path));
}

bool stamps_look(struct stamps *stamps)
{
	bool are_there = true;
	bool are_still = true;

	for (size_t i = 0; i < stamps->count; i++) {
		struct stamp now = stamp_of(stamps->items[i].path);

		are_there &= now.is_there;
		are_still &= same(&now, &stamps->items[i]);
		stamps->items[i] = now;
	}
	stamps->has_changed |= !are_still;
	if (!stamps->has_changed || !are_still || !are_there)
		return false;
	stamps->has_changed = false;
	return true;
}
