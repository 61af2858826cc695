/* Inside the store: going through content/ and reading its files, never through a link. */
#ifndef STORE_WALK_H
#define STORE_WALK_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "store/article.h"

enum { WALK_FOLDER_MAX = 1000000 }; /* files in one folder */

/* A regular file that was seen. */
struct walked {
	struct str path; /* full: "/news/river.jpg" */
	uint64_t size;
	int64_t mtime; /* nanoseconds */
	uint64_t inode;
	int64_t wait; /* after READING_UNSETTLED: nanoseconds until it may have settled, 0 when unknown */
};

/* A folder that was listed. */
struct walked_folder {
	struct str path; /* with its slash: "/news/" */
	int64_t mtime;	 /* nanoseconds, when its listing began */
};

struct walk;

/*
 * Is given each folder (its path with the slash), its files by path and the names of the folders
 * in it that are gone into afterwards, by name. Nothing of it outlives the call.
 */
typedef void walk_handler(void *context, struct str path, struct walked *files, size_t count,
			  const struct texts *folders);

/* A walk under way. What is up to its owner comes first. */
struct walk {
	const struct texts *zones; /* paths of which nothing is taken, "/preview/"; NULL: none */
	walk_handler *folder;
	problem_handler *problem; /* gets a warning for what is skipped; never NULL */
	void *context;		  /* of both */
	bool is_moving; /* names came, went or moved while we looked: a listing may lack what is there */
	struct arena *kept;   /* paths of folders */
	struct arena *names;  /* of the files of one folder */
	struct walked *files; /* of one folder */
	size_t count;
	size_t cap;
	struct walked_folder *folders;
	size_t folder_count;
	size_t folder_cap;
};

/*
 * Goes through the folder. Hidden names are skipped in silence; links, what is
 * not regular, unlawful names and what is too deep with a warning; what lies in a
 * zone, where readers would not get it, with an error. False with
 * err set when a folder could not be read: what was given is incomplete then.
 */
bool walk_folder(int root, struct walk *walk, struct err *err);

/* Whether a file lies where a zone is, and so is left out however present. */
bool walk_leaves_out(const struct walk *walk, struct str path);

/* Tells that a file's name is none that is served. */
void walk_skip_name(struct walk *walk, struct str path);

enum presence {
	PRESENCE_GONE,	  /* there is nothing of that path */
	PRESENCE_OTHER,	  /* a link, a folder or the like */
	PRESENCE_THERE,	  /* file is brought up to date */
	PRESENCE_UNKNOWN, /* it cannot be told at the moment */
};

/* Looks for one file by its path, rather than for its name in a listing. */
enum presence walk_look(int root, struct walked *file);

/*
 * Opens a regular file below root by its full path, read-only, through no link of any kind.
 * -1 with errno.
 */
int walk_open(int root, struct str path);

enum reading {
	READING_DONE,
	READING_UNSETTLED, /* it is being written, or out of reach for the moment */
	READING_REFUSED,   /* why says it */
};

/*
 * Reads a whole file of at most max bytes. The bytes belong together: size and
 * time stayed as they were while it was read, and it was not written in the
 * 400 ms before. file is brought up to date. *naps is how often to wait 50 ms for that, at most.
 */
enum reading walk_read(int root, struct walked *file, size_t max, unsigned *naps,
		       struct arena *arena, struct str *ret_bytes, struct err *why);

/* Waits 50 ms when there is one of the naps left. */
bool walk_nap(unsigned *naps);

/* How long a file of that mtime has to be left alone until it has rested so long (nanoseconds, both); 0 when it has. */
int64_t walk_unrest(int64_t mtime, int64_t rest);

#endif
