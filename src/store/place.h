/* Inside the store: which names content/ may have, and what a file's path makes of it. */
#ifndef STORE_PLACE_H
#define STORE_PLACE_H

#include "base/arena.h"
#include "base/str.h"
#include "store/article.h"

enum {
	PLACE_PATH_MAX = 700, /* bytes; the whole URL must fit in Gemini's 1024 */
	PLACE_DEPTH_MAX = 16, /* folders in each other */
};

enum file_kind {
	FILE_PLAIN,
	FILE_ARTICLE,
	FILE_DOCUMENT,
	FILE_EDITION,
	FILE_SECTION,
	FILE_IGNORED
};

/* Where a file stands. Texts borrow from path and the prefix, section is in the arena. */
struct place {
	enum file_kind kind;
	struct str prefix; /* of its edition */
	struct str path;   /* of its page: without ".gmi" */
	struct str local;  /* the same below the edition, without the first slash: the default Id */
	struct str section; /* full path with its slash; the edition's root for files there */
	bool is_biography;
	const char *warning; /* static text, or NULL */
};

/* Whether a name in content/ is served: [A-Za-z0-9._-] and not hidden. */
bool place_name_is_lawful(struct str name);

/* Whether every name on a full path ("/news/river.jpg") is. */
bool place_path_is_lawful(struct str path);

/* Whether a path is a folder or two below an edition's ("news/world"); slashes at its ends are taken off. */
bool place_section_is_lawful(struct str *path);

/* The place of a file by its full path; prefixes are those of all editions, "" among them. */
struct place place_find(struct arena *arena, struct str path, const struct texts *prefixes);

#endif
