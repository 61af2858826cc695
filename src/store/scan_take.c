/* What the bytes of a file become: an article, a document, an edition, a section. */
#include <stdlib.h>
#include <string.h>

#include "store/desk.h"
#include "store/edition_ini.h"

/* Tells an error of a whole file. */
static void tell(struct scan *scan, struct str path, unsigned line, const char *text)
{
	scan_file_problem(scan, PROBLEM_ERROR, str_skip(path, 1), line, text);
}

/* Returns the Id when another file has it. */
static struct str take_article(struct scan *scan, struct str path, const struct place *place,
			       struct str bytes)
{
	struct article article;
	struct str holder;
	struct str uid;

	if (!article_parse(scan->scratch, bytes, str_skip(path, 1), true, &article,
			   scan_file_problem, scan)) {
		unpublish(scan, place->path);
		return STR("");
	}
	if (article.status == STATUS_DRAFT) {
		publish_not(scan, place, &article, bytes);
		return STR("");
	}
	if (publish_article(scan, place, &article, bytes, &holder))
		return STR("");
	uid = article.uid.len ? article.uid : place->local;
	tell(scan, path, 0,
	     arena_format(scan->scratch, "the Id \"" STR_FMT "\" is already that of " STR_FMT,
			  STR_ARG(uid), STR_ARG(str_skip(holder, 1)))
		     .data);
	return uid;
}

static void take_document(struct scan *scan, struct str path, const struct place *place,
			  struct str bytes)
{
	struct article article;

	if (!article_parse(scan->scratch, bytes, str_skip(path, 1), false, &article,
			   scan_file_problem, scan) ||
	    article.status == STATUS_RETRACTED)
		unpublish(scan, place->path);
	else if (article.status == STATUS_DRAFT)
		publish_not(scan, place, &article, bytes);
	else
		publish_document(scan, place, &article, bytes);
}

/* Tells an error of an .ini file that was called "": ":12: what" becomes line 12 and what. */
static void tell_ini(struct scan *scan, struct str path, const struct err *err)
{
	const char *text = err->text;
	unsigned long line = 0;
	char *end;

	if (*text == ':') {
		line = strtoul(text + 1, &end, 10);
		text = *end == ':' ? end + 1 : end;
		text += strspn(text, " ");
	}
	tell(scan, path, (unsigned)line, text);
}

/* A bad text leaves the last good one in place. */
static void take_edition(struct scan *scan, struct str path, const struct place *place,
			 struct str bytes)
{
	struct edition edition;
	struct texts order;
	struct err err = { "" };
	sqlite3_stmt *statement;

	if (!edition_ini_read(scan->scratch, bytes, "", place->prefix, &edition, &order, &err)) {
		tell_ini(scan, path, &err);
		return;
	}
	statement = catalogue_statement(scan->catalogue,
					"UPDATE edition SET ini = ?1 WHERE prefix = ?2");
	bind_str(statement, 1, bytes);
	bind_str(statement, 2, place->prefix);
	catalogue_run(scan->catalogue, statement);
	scan->changed = true;
}

/* With a bad text the folder is a section all the same, as it was or under its own name. */
static void take_section(struct scan *scan, struct str path, const struct place *place,
			 struct str bytes)
{
	struct section section;
	struct texts order;
	struct err err = { "" };
	bool ok = section_ini_read(scan->scratch, bytes, "", &section, &order, &err);
	sqlite3_stmt *statement = catalogue_statement(
		scan->catalogue, "INSERT INTO section (path, edition, ini) VALUES (?1, ?2, ?3)"
				 " ON CONFLICT (path) DO UPDATE SET edition = ?2,"
				 " ini = iif(?4, ?3, ini)");

	if (!ok)
		tell_ini(scan, path, &err);
	bind_str(statement, 1, str_head(path, str_rfind(path, '/') + 1));
	sqlite3_bind_int64(statement, 2, scan_edition_id(scan, place->prefix));
	bind_str(statement, 3, ok ? bytes : STR(""));
	sqlite3_bind_int(statement, 4, ok);
	catalogue_run(scan->catalogue, statement);
	scan->changed = true;
}

struct str scan_take(struct scan *scan, struct str path, const struct place *place,
		     struct str bytes)
{
	switch (place->kind) {
	case FILE_ARTICLE:
		return take_article(scan, path, place, bytes);
	case FILE_DOCUMENT:
		take_document(scan, path, place, bytes);
		break;
	case FILE_EDITION:
		take_edition(scan, path, place, bytes);
		break;
	case FILE_SECTION:
		take_section(scan, path, place, bytes);
		break;
	case FILE_PLAIN:
	case FILE_IGNORED:
		break;
	}
	return STR("");
}
