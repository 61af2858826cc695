/* Stories as JSON. */
#include "import/show.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/date.h"

enum { SHOW_BYTES_MAX = 4 << 20 };

static json_t *text_or_null(struct str text)
{
	return text.len ? json_stringn(text.data, text.len) : json_null();
}

static json_t *date_or_null(int64_t seconds)
{
	char out[DATE_TEXT];

	return seconds ? json_string(date_rfc3339(seconds, out)) : json_null();
}

static json_t *list_of(const struct texts *texts)
{
	json_t *list = json_array();

	for (size_t i = 0; i < texts->count; i++)
		json_array_append_new(list, text_or_null(texts->items[i]));
	return list;
}

/* "A. One, B. Two" */
static json_t *names_of(const struct texts *names)
{
	struct buf out;
	json_t *joined;

	buf_init(&out, 4096);
	for (size_t i = 0; i < names->count; i++) {
		if (i)
			buf_str(&out, STR(", "));
		buf_str(&out, names->items[i]);
	}
	joined = text_or_null(buf_view(&out));
	buf_done(&out);
	return joined;
}

static json_t *written(const struct prose *prose, bool as_gemtext)
{
	struct buf out;
	json_t *text;

	buf_init(&out, SHOW_BYTES_MAX);
	if (as_gemtext)
		prose_gemtext(prose, true, &out);
	else
		prose_text(prose, &out);
	text = text_or_null(buf_view(&out));
	buf_done(&out);
	return text;
}

bool show_json(const struct story *story, FILE *out)
{
	json_t *object = json_object();
	const char *by = extract_name(story->by);
	bool ok;

	json_object_set_new(object, "id", text_or_null(story->id));
	json_object_set_new(object, "url", text_or_null(story->url));
	json_object_set_new(object, "title", text_or_null(story->title));
	json_object_set_new(object, "author", names_of(&story->authors));
	json_object_set_new(object, "published", date_or_null(story->published));
	json_object_set_new(object, "updated", date_or_null(story->updated));
	json_object_set_new(object, "language", text_or_null(story->language));
	json_object_set_new(object, "summary", text_or_null(story->summary));
	json_object_set_new(object, "tags", list_of(&story->tags));
	json_object_set_new(object, "image", text_or_null(story->image));
	json_object_set_new(object, "text", written(&story->prose, false));
	json_object_set_new(object, "gemtext", written(&story->prose, true));
	json_object_set_new(object, "extract", by ? json_string(by) : json_null());
	ok = json_dumpf(object, out, JSON_COMPACT) == 0 && fputc('\n', out) != EOF;
	json_decref(object);
	return ok;
}
