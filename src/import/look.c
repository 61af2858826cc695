/* A look at one document: what would become of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "import/charset.h"
#include "import/fetch.h"
#include "import/import.h"
#include "import/show.h"

enum { LOOK_ARENA_BYTES = 512 << 20 };

/* The document and what is known of it. */
struct document {
	struct str bytes;
	struct str type; /* Content-Type */
	struct str url;
};

static bool read_file(struct arena *arena, const char *path, struct document *ret_document,
		      struct err *err)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	char *bytes;
	size_t len;
	bool ok;

	if (!file)
		return err_set(err, "%s: %s", path, strerror(errno));
	bytes = ARENA_ARRAY(arena, FEED_BYTES_MAX + 1, char);
	len = fread(bytes, 1, FEED_BYTES_MAX + 1, file);
	ok = !ferror(file);
	if (!ok)
		err_set(err, "%s: %s", path, strerror(errno));
	if (file != stdin)
		fclose(file);
	if (ok && len > FEED_BYTES_MAX)
		return err_set(err, "%s: larger than %d bytes", path, FEED_BYTES_MAX);
	ret_document->bytes = (struct str){ bytes, len };
	return ok;
}

/* What a fetch is to bring, and whether it did. */
struct waiting {
	struct arena *arena;
	struct document *document;
	struct err *err;
	bool ok;
};

static void on_fetched(void *context, const struct fetch_answer *answer)
{
	struct waiting *waiting = context;

	waiting->ok = answer->outcome == FETCH_DONE;
	if (!waiting->ok) {
		*waiting->err = answer->err;
		return;
	}
	waiting->document->bytes = arena_str(waiting->arena, answer->body);
	waiting->document->type = arena_str(waiting->arena, answer->type);
	waiting->document->url = arena_str(waiting->arena, answer->url);
}

/* Whoever types an address may have it fetched, wherever it is. */
static bool fetch(struct arena *arena, const struct import_look *look,
		  struct document *ret_document, struct err *err)
{
	const struct fetch_plan plan = { .contact = look->contact, .gemini = look->gemini };
	const struct fetch_ask ask = { .url = look->target,
				       .bytes_max = FEED_BYTES_MAX,
				       .allows_private = true };
	struct waiting waiting = { arena, ret_document, err, false };
	struct fetcher *fetcher = fetcher_new(&plan, err);

	if (!fetcher)
		return false;
	fetcher_add(fetcher, &ask, on_fetched, &waiting);
	fetcher_run(fetcher, NULL, NULL);
	fetcher_free(fetcher);
	return waiting.ok;
}

/* For people: what it is called, and by which rule its text was found. */
static bool show_line(const struct story *story, FILE *out)
{
	const char *by = extract_name(story->by);
	char date[DATE_TEXT] = "no date";

	if (story->published)
		date_minute(story->published, date);
	return fprintf(out, "%s  %-11s  " STR_FMT "\n    " STR_FMT "\n", date, by ? by : "nothing",
		       STR_ARG(story->title.len ? story->title : STR("(no title)")),
		       STR_ARG(story->url)) > 0;
}

static bool show(const struct import_look *look, const struct story *story, FILE *out,
		 struct err *err)
{
	return (look->as_json ? show_json(story, out) : show_line(story, out)) ||
	       err_set(err, "Standard output: %s", strerror(errno));
}

/* Gemtext and plain text are what they are. */
static bool look_at_text(struct arena *arena, const struct import_look *look,
			 const struct document *document, FILE *out, struct err *err)
{
	struct str text = charset_utf8(arena, document->bytes, document->type, CHARSET_TEXT);
	struct story story = { .id = document->url, .url = document->url, .by = EXTRACT_ARTICLE };

	prose_read_text(arena, text, &story.prose);
	if (str_starts(document->type, STR("text/gemini")))
		story.gemtext = text;
	return show(look, &story, out, err);
}

static bool look_at_page(struct arena *arena, const struct import_look *look,
			 const struct document *document, FILE *out, struct err *err)
{
	struct rules rules = { .folder = look->rules };
	struct extract_plan plan = { .url = document->url, .now = look->now, .rules = &rules };
	struct extract extract;
	struct story story;

	extract_page(arena, charset_utf8(arena, document->bytes, document->type, CHARSET_HTML),
		     &plan, &extract);
	story_of_page(arena, &extract, document->url, &story);
	return show(look, &story, out, err);
}

static bool look_at_feed(struct arena *arena, const struct import_look *look,
			 const struct document *document, FILE *out, struct err *err)
{
	struct prose_plan prose = { .base = document->url };
	struct feed feed;

	if (!feed_read(arena, document->bytes, document->type, document->url, look->now, &feed,
		       err))
		return false;
	for (size_t i = 0; i < feed.entry_count; i++) {
		struct story story;

		story_of_entry(arena, &feed, &feed.entries[i], &prose, &story);
		if (!show(look, &story, out, err))
			return false;
	}
	return true;
}

bool import_look(const struct import_look *look, FILE *out, struct err *err)
{
	struct arena *arena = arena_new(LOOK_ARENA_BYTES);
	struct document document = { .url = str_from(look->base) };
	bool ok = strstr(look->target, "://") ? fetch(arena, look, &document, err)
					      : read_file(arena, look->target, &document, err);

	if (ok && feed_looks_like(document.bytes, document.type))
		ok = look_at_feed(arena, look, &document, out, err);
	else if (ok && (str_starts(document.type, STR("text/gemini")) ||
			str_starts(document.type, STR("text/plain"))))
		ok = look_at_text(arena, look, &document, out, err);
	else if (ok)
		ok = look_at_page(arena, look, &document, out, err);

	arena_free(arena);
	return ok;
}
