/*
 * The catalogue's tables. All of them but reads, shares and old_path are made
 * from content/ and may be thrown away at any time; a change of this text goes
 * with a new CATALOGUE_VERSION.
 */
#include "store/catalogue.h"

const char catalogue_schema[] =
	/*
	 * generation: counts the scans that changed something; changed: when the last of
	 * them was.
	 */
	"CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"

	/* Every regular file of content/ that has a lawful name, with its extension. */
	"CREATE TABLE file ("
	" path TEXT PRIMARY KEY, kind INTEGER NOT NULL,"
	" size INTEGER NOT NULL, mtime INTEGER NOT NULL, inode INTEGER NOT NULL,"
	/* Set when another file has the Id first; this one waits for it to go. */
	" blocked TEXT, edition INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE INDEX file_blocked ON file (path) WHERE blocked IS NOT NULL;"

	/* What was wrong in a file when it was last read; severity is enum problem. */
	"CREATE TABLE problem (path TEXT NOT NULL, line INTEGER NOT NULL,"
	" severity INTEGER NOT NULL, text TEXT NOT NULL);"
	"CREATE INDEX problem_path ON problem (path);"

	/* ini: the last good text of edition.ini or section.ini. */
	"CREATE TABLE edition (id INTEGER PRIMARY KEY, prefix TEXT NOT NULL UNIQUE, ini TEXT);"
	"CREATE TABLE section (path TEXT PRIMARY KEY, edition INTEGER NOT NULL,"
	" ini TEXT NOT NULL) WITHOUT ROWID;"

	/*
	 * id is (published << 20) | tie-break, so "newest first" is rowid order
	 * and an embargo is a bound on the id. key is the short id as a number:
	 * made from edition and uid, it survives a change of date or path. lists are
	 * those that it is in, as JSON: cheaper than an index of listing by article.
	 */
	"CREATE TABLE article ("
	" id INTEGER PRIMARY KEY, key INTEGER NOT NULL UNIQUE, edition INTEGER NOT NULL,"
	" path TEXT NOT NULL UNIQUE, section TEXT NOT NULL, uid TEXT NOT NULL,"
	" has_id INTEGER NOT NULL, title TEXT NOT NULL, sort TEXT NOT NULL,"
	" kicker TEXT NOT NULL, summary TEXT NOT NULL, author TEXT NOT NULL,"
	" type INTEGER NOT NULL, status INTEGER NOT NULL, urgency INTEGER NOT NULL,"
	" updated INTEGER NOT NULL, expires INTEGER, corrected INTEGER,"
	" size INTEGER NOT NULL, minutes INTEGER NOT NULL, lists TEXT NOT NULL,"
	" source INTEGER NOT NULL);"
	"CREATE UNIQUE INDEX article_uid ON article (uid, edition);"
	"CREATE INDEX article_retracted ON article (status) WHERE status <> 0;"
	"CREATE INDEX article_expires ON article (expires) WHERE expires IS NOT NULL;"
	"CREATE INDEX article_corrected ON article (edition, corrected, id)"
	" WHERE corrected IS NOT NULL;"

	/* The file's bytes, so that a reply never reads a file that is being edited. */
	"CREATE TABLE source (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);"

	/*
	 * What is not to be published: in a table of its own, so that nothing that
	 * asks for readers can ever meet it. id is 0 without a Date; key is that of no
	 * short link. section is empty for a page at an edition's root and a biography.
	 */
	"CREATE TABLE draft (path TEXT PRIMARY KEY, id INTEGER NOT NULL,"
	" key INTEGER NOT NULL DEFAULT 0, edition INTEGER NOT NULL, section TEXT NOT NULL,"
	" uid TEXT NOT NULL, title TEXT NOT NULL, kicker TEXT NOT NULL, summary TEXT NOT NULL,"
	" author TEXT NOT NULL, type INTEGER NOT NULL, urgency INTEGER NOT NULL,"
	" updated INTEGER NOT NULL, size INTEGER NOT NULL, minutes INTEGER NOT NULL,"
	" bytes BLOB NOT NULL);"

	/* Pages at an edition's root and biographies; kind is enum document_kind. */
	"CREATE TABLE document (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE,"
	" edition INTEGER NOT NULL, kind INTEGER NOT NULL, title TEXT NOT NULL,"
	" bytes BLOB NOT NULL);"

	/*
	 * Lists of published articles (never retracted ones, but embargoed and
	 * expired ones too). kind is enum list_kind. name: as this article writes
	 * the tag or author, else NULL. total counts the listing's rows: whoever inserts them adds
	 * to it, once for many.
	 */
	"CREATE TABLE list (id INTEGER PRIMARY KEY, edition INTEGER NOT NULL,"
	" kind INTEGER NOT NULL, key TEXT NOT NULL, total INTEGER NOT NULL DEFAULT 0,"
	" spans INTEGER NOT NULL DEFAULT 0,"
	" UNIQUE (edition, kind, key));"
	"CREATE TABLE listing (list INTEGER NOT NULL, article INTEGER NOT NULL, name TEXT,"
	" PRIMARY KEY (list, article)) WITHOUT ROWID;"
	/* How many articles of a list with spans are in each (store/span.h). */
	"CREATE TABLE span (list INTEGER NOT NULL, level INTEGER NOT NULL,"
	" number INTEGER NOT NULL, total INTEGER NOT NULL,"
	" PRIMARY KEY (list, level, number)) WITHOUT ROWID;"
	"CREATE TRIGGER listing_less AFTER DELETE ON listing BEGIN"
	" UPDATE list SET total = total - 1 WHERE id = old.list;"
	" UPDATE span SET total = total - 1 WHERE list = old.list AND level = 0"
	" AND number = old.article >> 44;"
	" UPDATE span SET total = total - 1 WHERE list = old.list AND level = 1"
	" AND number = old.article >> 38; END;"
	"CREATE TRIGGER list_gone AFTER DELETE ON list BEGIN"
	" DELETE FROM span WHERE list = old.id; END;"

	/*
	 * The words of published articles; rowid is the article's id. The text itself is in
	 * source only (store/searched.h), which therefore outlives its words.
	 */
	"CREATE VIEW searched AS SELECT a.id AS id, searched_text(s.bytes, 0) AS body,"
	" searched_text(s.bytes, 1) AS title, searched_text(s.bytes, 2) AS kicker,"
	" searched_text(s.bytes, 3) AS summary, searched_text(s.bytes, 4) AS tags,"
	" searched_text(s.bytes, 5) AS authors"
	" FROM article AS a JOIN source AS s ON s.id = a.source;"
	"CREATE VIRTUAL TABLE search USING fts5"
	" (body, title, kicker, summary, tags, authors, tokenize = 'tidings',"
	" content = 'searched', content_rowid = 'id', columnsize = 0);"
	"CREATE VIRTUAL TABLE search_words USING fts5vocab (search, instance);"

	"CREATE TRIGGER article_goes BEFORE DELETE ON article BEGIN"
	" DELETE FROM listing WHERE article = old.id"
	" AND list IN (SELECT value FROM json_each(old.lists));"
	" DELETE FROM search WHERE rowid = old.id AND old.status = 0;"
	" DELETE FROM source WHERE id = old.source; END;"

	/* Where an article with an Id of its own used to be. */
	"CREATE TABLE old_path (path TEXT PRIMARY KEY, edition TEXT NOT NULL,"
	" uid TEXT NOT NULL) WITHOUT ROWID;"

	/* Counts, by article.key. hour is seconds / 3600. */
	"CREATE TABLE reads (key INTEGER NOT NULL, hour INTEGER NOT NULL,"
	" count INTEGER NOT NULL, PRIMARY KEY (key, hour)) WITHOUT ROWID;"
	"CREATE INDEX reads_hour ON reads (hour);"
	"CREATE TABLE shares (key INTEGER PRIMARY KEY, count INTEGER NOT NULL);"

	/* The head of a ranked list, in order; list is enum list_kind, key is article.key. */
	"CREATE TABLE ranking (edition INTEGER NOT NULL, list INTEGER NOT NULL,"
	" place INTEGER NOT NULL, key INTEGER NOT NULL,"
	" PRIMARY KEY (edition, list, place)) WITHOUT ROWID;"
	"CREATE INDEX ranking_key ON ranking (edition, list, key);";
