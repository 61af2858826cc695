/*
 * Inside the store: the SQLite catalogue, its statements and its rows. Only
 * files of store/ include this.
 */
#ifndef STORE_CATALOGUE_H
#define STORE_CATALOGUE_H

#include <sqlite3.h>
#include <sys/stat.h>

#include "store/memo.h"
#include "store/store.h"

enum { CATALOGUE_VERSION = 3 }; /* user_version; another one is rebuilt */

#define CATALOGUE_FILE "catalogue.db" /* in the state folder */

enum {
	CATALOGUE_PAGE = 16384
}; /* bytes; articles of a few thousand leave a third of 4 KB pages empty */

enum { TIE_BITS = 20 }; /* of an article's id, below its publication time */

/* In list.kind and ranking.list. */
enum list_kind {
	LIST_ALL,     /* key "" */
	LIST_SECTION, /* key: full section path; an article is in its section and in the one above */
	LIST_TAG,     /* key: slug */
	LIST_AUTHOR,  /* key: slug */
	LIST_TYPE,    /* key: type name */
	LIST_PICKS,   /* key "" ; as ranking: edition.ini's picks */
	LIST_CORRECTED, /* key "" */
	LIST_DAY,	/* key: "2026-10-03" */
	LIST_TRENDING,	/* ranking only */
	LIST_MOST_READ, /* ranking only */
};

enum document_kind { DOCUMENT_PAGE, DOCUMENT_BIOGRAPHY };

/* The text of schema.c. */
extern const char catalogue_schema[];

/* A statement that was prepared once and is kept. */
struct statement {
	const char *sql;
	sqlite3_stmt *handle;
};

/* An open catalogue with its prepared statements. */
struct catalogue {
	sqlite3 *db;
	struct statement *statements;
	size_t statement_count;
	unsigned long refusals; /* of memory, when it was opened */
	bool broken;		/* a statement failed; only opening anew can mend it */
	bool is_damaged;	/* and that was because the file is no sound database */
	bool is_waiting; /* and that was because its writer has to mend the WAL index first */
};

/*
 * Opens a database file (or ":memory:") with sqlite3_open_v2's flags and our
 * tokenizer. False with err set; the catalogue is closed then.
 */
bool catalogue_open(struct catalogue *catalogue, const char *file, int flags, struct err *err);

/* Finalizes all statements and closes; harmless when it is closed already. */
void catalogue_close(struct catalogue *catalogue);

/* PRAGMA user_version; -1 when it cannot be read. */
int catalogue_version(struct catalogue *catalogue);

/* Makes all tables in an empty database. */
bool catalogue_create(struct catalogue *catalogue, struct err *err);

/*
 * A statement for sql, reset, without bindings. sql is a string literal: its
 * address is the key of the cache. When it cannot be prepared the result is
 * NULL and the catalogue is broken; binding and stepping NULL is harmless.
 */
sqlite3_stmt *catalogue_statement(struct catalogue *catalogue, const char *sql);

/*
 * Steps. True with a row; at the end and after an error false, and the
 * statement is reset. A loop that is left early calls sqlite3_reset() itself.
 */
bool catalogue_row(struct catalogue *catalogue, sqlite3_stmt *statement);

/* Whether nothing has failed since it was opened. After the last row: its columns may have. */
bool catalogue_is_sure(struct catalogue *catalogue);

/* What has failed may work now. */
void catalogue_forgive(struct catalogue *catalogue);

/* Steps to the end, whatever rows there are. False after an error. */
bool catalogue_run(struct catalogue *catalogue, sqlite3_stmt *statement);

/* Runs SQL without bindings or results; it is not kept. */
bool catalogue_exec(struct catalogue *catalogue, const char *sql);

/* Sets err to SQLite's own sentence, after what. Returns false. */
bool catalogue_error(struct catalogue *catalogue, const char *what, struct err *err);

/* Text in and out. A borrowed column is gone with the next step. */
void bind_str(sqlite3_stmt *statement, int index, struct str text);
struct str column_str(sqlite3_stmt *statement, int column);
struct str column_copy(sqlite3_stmt *statement, int column, struct arena *arena);

/* A paper opened for reading. */
struct store {
	struct catalogue catalogue;
	char *file;   /* the catalogue's path; NULL: a copy in memory */
	dev_t device; /* and inode: which file that was when it was opened */
	ino_t inode;
	int64_t openings;    /* how often one was opened */
	char *folder;	     /* content */
	int content;	     /* the same, opened, for store_open_file() */
	struct arena *arena; /* of the editions */
	struct edition *editions;
	size_t edition_count;
	int64_t generation; /* that the editions were loaded from; -1: none */
	struct memo *memo;
	int64_t version;      /* of the catalogue when it was last looked at; 0: unknown */
	int64_t version_time; /* when it was asked for, monotonic milliseconds */
	bool is_waiting; /* the last failure was one that passes as soon as the editor is there */
	bool has_waited; /* in vain, since anything could be read */
};

/* The ids of visible articles are below this. */
static inline int64_t visible_bound(int64_t now)
{
	return (now + 1) * (INT64_C(1) << TIE_BITS);
}

/*
 * Condition on article a in every query of visible articles (retracted ones are in no list
 * and not in search).
 */
#define VISIBLE "a.id < ?1 AND (a.expires IS NULL OR a.expires > ?2)"

/* Binds ?1 and ?2 of VISIBLE. */
void bind_now(sqlite3_stmt *statement, int64_t now);

/* What headline_read() takes, from article a; a query may add columns behind. */
#define HEADLINE_COLUMNS                                                                           \
	"a.id, a.key, a.edition, a.path, a.section, a.uid, a.title, a.kicker, a.summary,"          \
	" a.author, a.type, a.urgency, a.updated, a.size, a.minutes"
enum { HEADLINE_COLUMN_COUNT = 15 };

/* Copies the current row into the arena. The snippet is left empty. */
void headline_read(struct store *store, sqlite3_stmt *row, struct arena *arena,
		   struct headline *ret_headline);

/* A copy with all its text in the arena. */
struct headline headline_copy(const struct headline *headline, struct arena *arena);

/* As above, but false (and the statement reset) when there is no row; takes one row only. */
bool headline_one(struct store *store, sqlite3_stmt *statement, struct arena *arena,
		  struct headline *ret_headline);

/*
 * Takes up to limit rows and notes in has_more whether there was one more;
 * the statement's own limit is therefore limit + 1. Appends to ret_list,
 * whose items have room for them.
 */
void headlines_read(struct store *store, sqlite3_stmt *statement, size_t limit, struct arena *arena,
		    struct headlines *ret_list);

/* Short ids: eight letters and digits for the 40 bits of article.key. False when text is none. */
bool short_id_parse(struct str text, int64_t *ret_key);

/* The id of a list; 0: there is none. */
int64_t list_named(struct store *store, const struct edition *edition, enum list_kind kind,
		   struct str key);

/* Reloads store->editions when the catalogue has changed. False when they cannot be read. */
bool editions_load(struct store *store);

#endif
