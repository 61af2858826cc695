/* Inside the store's writing side: the desk, and a scan under way. */
#ifndef STORE_DESK_H
#define STORE_DESK_H

#include "store/catalogue.h"
#include "store/place.h"
#include "store/scan.h"
#include "store/walk.h"
#include "store/watch.h"

/* An open catalogue that may be written, and the folder it is made from. */
struct desk {
	struct catalogue catalogue;
	char *content;
	char *state;  /* NULL: the catalogue is in memory */
	char *file;   /* the catalogue in state; NULL likewise */
	dev_t device; /* and inode: of that file when it was opened */
	ino_t inode;
	off_t size;	     /* and time: of that file when the desk last wrote to it */
	int64_t mtime;	     /* nanoseconds */
	int lock;	     /* held open; -1 in memory */
	int64_t ranked_hour; /* of the last desk_flush() */
	struct watch *watch; /* of content, borrowed; may be NULL */
	size_t files;	     /* after the last scan */
	bool has_scanned;    /* once */
	bool knows_all;	     /* the last scan that went through all of content could do so */
	char **again;	     /* paths of files that scans have left for later */
	size_t again_count;
	const struct texts *zones;	 /* likewise */
	void (*progress)(void *context); /* may be NULL */
	void *progress_context;
};

/*
 * A desk whose catalogue is in memory: a copy of the one in state (may be NULL) when that
 * can be had.
 */
struct desk *desk_copy(const char *content, const char *state, struct err *err);

/*
 * Makes the catalogue anew when its file is gone, was replaced or is damaged;
 * ret_rebuilt is set then. True when it is fit for use.
 */
bool desk_mend(struct desk *desk, bool *ret_rebuilt, struct err *err);

/* Notes how the file is after a write of ours, so that a write of somebody else is seen. */
void desk_note_file(struct desk *desk);

/*
 * The counts' way over a rebuild: out of an old database (as far as it can be
 * read; may be NULL) into a file of their own beside it, and from there into
 * the new one, after which that file is gone.
 */
void counts_save(sqlite3 *old, const char *file);
void counts_restore(sqlite3 *fresh, const char *file);

/* What the catalogue knows of a file. */
struct known_file {
	bool is_there;
	enum file_kind kind;
	int64_t size;
	int64_t mtime;
	int64_t inode;
	int64_t edition;
};

/* One scan. */
struct scan {
	struct desk *desk;
	struct catalogue *catalogue; /* of the desk */
	int root;		     /* content */
	struct walk walk;
	struct walked *files; /* that the catalogue does not know as they are; by path */
	size_t count;
	size_t cap;
	size_t seen;	       /* files, known ones too */
	struct texts vanished; /* files that no listing has shown */
	size_t vanished_cap;
	bool is_complete; /* every folder was read, or whatever was to be */
	bool is_partial;  /* only some files were to be looked at */
	size_t added;	  /* files that are new, in a partial scan */
	bool is_first;	  /* there is no paper yet that readers could be shown */
	bool has_unread;  /* a new file was put off */
	bool changed;
	struct arena *arena;   /* of the scan */
	struct arena *paths;   /* of files */
	struct arena *scratch; /* of one file */
	struct texts prefixes; /* of the editions there are now, "" first */
	int64_t *edition_ids;  /* and their ids */
	unsigned naps;	       /* left */
	struct scan_report report;
	struct search_queue *unsearched; /* articles that are not in the search index yet */
	struct list_table *lists; /* that articles are put in, and those that are in none yet */
};

/*
 * Problem handlers whose context is the scan. Those of files stay known while the file is
 * unchanged.
 */
void scan_note(void *context, enum problem problem, struct str path, unsigned line,
	       const char *text);
void scan_file_problem(void *context, enum problem problem, struct str path, unsigned line,
		       const char *text);

/* Paths that a statement gives, in the scan's arena; taken whole, because the tables change afterwards. */
struct texts scan_paths(struct scan *scan, const char *sql);

/*
 * Finds the files that no listing has shown. Those that are there all the same it takes among the
 * walked ones, the others are leaving; both before anything is put in.
 */
void scan_find_vanished(struct scan *scan);

/* Forgets a file that is leaving: another has its Id. False when it is none. */
bool scan_forget_leaving(struct scan *scan, struct str path);

/*
 * Forgets all that are leaving, once everything else is in, but for those that may have been
 * renamed to a name that was missed or cannot be read yet.
 */
void scan_forget_vanished(struct scan *scan);

/*
 * A folder's part in finding the editions of content; before any of its files is looked at.
 * Only those that the catalogue has already get an id.
 */
void scan_note_edition(struct scan *scan, struct str path, const struct walked *files,
		       size_t count);

/* In place of that: the editions that the catalogue has. */
void scan_editions_known(struct scan *scan);

/* Makes the editions that were found, and their ids; before any file is taken. */
bool scan_editions(struct scan *scan);

/* The id of the edition with that prefix, which is one of them. */
int64_t scan_edition_id(const struct scan *scan, struct str prefix);

/*
 * Once all files are in: drops editions that are gone, orders picks, checks what edition.ini
 * names.
 */
void scan_editions_end(struct scan *scan);

/* Whether the catalogue knows a file as it is. What is strange about its place is noted. */
bool scan_is_known(struct scan *scan, const struct walked *file, const struct known_file *known);

/* Brings the catalogue in line with one file. */
void scan_file(struct scan *scan, struct walked *file);

/*
 * The walk's handler: finds what is new, changed or gone in a folder. The first scan of all takes
 * what it finds at once, in several transactions, so that it needs no more memory for more files.
 */
walk_handler scan_folder;

/*
 * Finds what is new, changed or gone among the files that the watch and earlier scans name.
 * False when all of content has to be gone through.
 */
bool scan_touched(struct scan *scan);

/* Forgets what was touched and left for later: all of content will be gone through. */
void scan_forget_touched(struct scan *scan);

/* Leaves a file for the next scan. */
void scan_again(struct scan *scan, struct str path);
void desk_forget_again(struct desk *desk);

/* A file's row; is_there is false when there is none. */
struct known_file scan_known(struct scan *scan, struct str path);

/* Takes path among the vanished ones. */
void scan_add_vanished(struct scan *scan, struct str path);

/* Adds a copy of what the catalogue does not know. */
void scan_add(struct scan *scan, const struct walked *file);

/* Brings the catalogue in line with all of scan->files. */
void scan_take_files(struct scan *scan);

/*
 * Puts in what a file's bytes say. Returns its Id when that is another file's already: it
 * waits for it to go.
 */
struct str scan_take(struct scan *scan, struct str path, const struct place *place,
		     struct str bytes);

/* Forgets a file that has vanished; an article with an Id leaves a note where it was. */
void scan_forget(struct scan *scan, struct str path);

/*
 * Puts an article in, in place of what had its path. False when its Id is
 * taken: then ret_holder is the file that has it. A later file (by path) that
 * had the Id is taken out for it and told so.
 */
bool publish_article(struct scan *scan, const struct place *place, const struct article *article,
		     struct str bytes, struct str *ret_holder);
void publish_document(struct scan *scan, const struct place *place, const struct article *article,
		      struct str bytes);

/* Keeps a draft for the preview, in place of what readers had at its path. */
void publish_not(struct scan *scan, const struct place *place, const struct article *article,
		 struct str bytes);

/* Puts a published article in its lists, sooner or later; lists_flush(): now. Returns their ids as JSON. */
struct str publish_in_lists(struct scan *scan, const struct place *place,
			    const struct article *article, int64_t edition, int64_t id);
void lists_flush(struct scan *scan);
void lists_done(struct scan *scan);

/* Puts a published article in the search index, sooner or later; search_flush(): now. */
void search_add(struct scan *scan, int64_t id, const struct article *article);
void search_flush(struct scan *scan);
void search_done(struct scan *scan);

/* Takes out what a page's path has, if it has anything. */
void unpublish(struct scan *scan, struct str path);

/* The words of a body, for search and reading time: without marks and URLs, on one line. */
struct str body_words(struct arena *arena, struct str body);

#endif
