/* A look at one document: what would become of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "import/charset.h"
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
	return show_json(&story, out) || err_set(err, "Standard output: %s", strerror(errno));
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
		if (!show_json(&story, out))
			return err_set(err, "Standard output: %s", strerror(errno));
	}
	return true;
}

bool import_look(const struct import_look *look, FILE *out, struct err *err)
{
	struct arena *arena = arena_new(LOOK_ARENA_BYTES);
	struct document document = { .url = str_from(look->base) };
	bool ok = read_file(arena, look->target, &document, err);

	if (ok && feed_looks_like(document.bytes, document.type))
		ok = look_at_feed(arena, look, &document, out, err);
	else if (ok)
		ok = look_at_page(arena, look, &document, out, err);

	arena_free(arena);
	return ok;
}
