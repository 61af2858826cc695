/* The page "Sources" of each edition: where its news comes from, under which licence, and how that goes. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "import/run_inside.h"
#include "store/label.h"

enum { PAGE_BYTES_MAX = 256 << 10 };

static bool is_of(const struct source *source, const char *edition)
{
	return strcmp(source->edition, edition) == 0;
}

static void write_line(struct buf *out, enum label label, struct str language, struct str text)
{
	if (text.len)
		buf_format(out, STR_FMT ": " STR_FMT "\n", STR_ARG(label_text(label, language)),
			   STR_ARG(text));
}

static void write_source(struct paper_run *paper, const struct source *source, struct str language,
			 struct arena *arena, struct buf *out)
{
	struct ledger_feed record = { .url = str_from(source->url) };
	bool is_known = ledger_source(paper->ledger, str_from(source->name), arena, &record);
	struct str title = *source->title ? str_from(source->title)
					  : file_value(arena, record.title);
	struct str link = record.site.len ? record.site : str_from(source->url);
	char date[DATE_TEXT];

	buf_format(out, "\n## " STR_FMT "\n\n",
		   STR_ARG(title.len ? title : str_from(source->name)));
	write_line(out, LABEL_LICENSE, language, str_from(source->license));
	if (*source->attribution)
		buf_format(out, "%s%s\n", strchr("=#*>`", source->attribution[0]) ? " " : "",
			   source->attribution);
	write_line(out, LABEL_LAST_SUCCESS, language,
		   is_known && record.last_success
			   ? str_from(date_minute(record.last_success, date))
			   : label_text(LABEL_NOT_YET, language));
	write_line(out, LABEL_LAST_ERROR, language, file_value(arena, record.error));
	buf_format(out, "%lld " STR_FMT "\n",
		   (long long)ledger_count(paper->ledger, str_from(source->name)),
		   STR_ARG(label_text(LABEL_STORIES, language)));
	buf_format(out, "=> " STR_FMT " " STR_FMT "\n", STR_ARG(link), STR_ARG(link));
	buf_format(out, "=> /%s%s%s/ %s\n", source->edition, *source->edition ? "/" : "",
		   source->section, source->section);
}

static void compose(struct paper_run *paper, const char *edition, struct str language,
		    struct arena *arena, struct buf *out)
{
	const struct sources *sources = paper->site->sources;

	buf_format(out, "Title: " STR_FMT "\nSummary: " STR_FMT "\nX-Import: sources\n",
		   STR_ARG(label_text(LABEL_SOURCES, language)),
		   STR_ARG(label_text(LABEL_SOURCES_NOTE, language)));
	for (size_t i = 0; i < sources->count; i++)
		if (is_of(&sources->items[i], edition))
			write_source(paper, &sources->items[i], language, arena, out);
}

/* Over a page of somebody else's nothing is written. */
static bool may_write(struct paper_run *paper, struct str path, struct arena *arena,
		      struct str bytes, bool *ret_replace)
{
	struct str old;

	*ret_replace = content_read(paper, path, arena, &old);
	if (!*ret_replace)
		return true;
	return !str_eq(old, bytes) && str_search(old, STR("\nX-Import: sources\n")) < old.len;
}

static void write_page(struct paper_run *paper, const char *edition)
{
	struct arena *arena = arena_new(8 << 20);
	struct str path = arena_format(arena, "%s%ssources.gmi", edition, *edition ? "/" : "");
	struct str language = paper_language(paper, edition, arena);
	struct err err = { "" };
	bool replace;
	struct buf out;

	buf_init(&out, PAGE_BYTES_MAX);
	compose(paper, edition, language, arena, &out);
	if (may_write(paper, path, arena, buf_view(&out), &replace) &&
	    !content_put(paper, path, buf_view(&out), replace, &err))
		run_tell(paper->run, IMPORT_WARNS, "", "%s", err.text);
	buf_done(&out);
	arena_free(arena);
}

void paper_write_sources(struct paper_run *paper)
{
	const struct sources *sources = paper->site->sources;

	for (size_t i = 0; i < sources->count; i++) {
		bool is_first = true;

		for (size_t j = 0; j < i; j++)
			is_first &= !is_of(&sources->items[j], sources->items[i].edition);
		if (is_first)
			write_page(paper, sources->items[i].edition);
	}
}
