/* Whether files have changed since they were read. */
#ifndef STAMPS_H
#define STAMPS_H

#include <stdbool.h>
#include <stddef.h>

struct stamp;

/* Zeroed is empty. */
struct stamps {
	struct stamp *items;
	size_t count;
	bool has_changed; /* since stamps_take(), and stamps_look() has not told */
};

/* Forgets all files. */
void stamps_done(struct stamps *stamps);

/* One more file, as it is now; "" is none. Symbolic links are followed. */
void stamps_add(struct stamps *stamps, const char *path);

/*
 * Looks at all files. True, once, when one of them has changed and this look found all
 * of them there and as the look before did: the writer has ended, as far as can be told.
 */
bool stamps_look(struct stamps *stamps);

#endif
