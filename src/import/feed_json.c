/* JSON Feed 1.0 and 1.1. */
#include <jansson.h>

#include "base/text.h"
#include "import/dom.h"
#include "import/feed_draft.h"

static struct str text_of(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_string(value)
		       ? (struct str){ json_string_value(value), json_string_length(value) }
		       : STR("");
}

/* An id should be a text; numbers are taken as one (1.1, Items). */
static struct str id_of(struct feed_draft *draft, const json_t *item)
{
	const json_t *id = json_object_get(item, "id");

	if (json_is_integer(id))
		return arena_format(draft->arena, "%lld", (long long)json_integer_value(id));
	if (json_is_real(id))
		return arena_format(draft->arena, "%.17g", json_real_value(id));
	return text_of(item, "id");
}

static void take_authors(struct feed_draft *draft, struct feed_part *part, const json_t *object)
{
	const json_t *authors = json_object_get(object, "authors");
	const json_t *author;
	size_t i;

	json_array_foreach((json_t *)authors, i, author)
		feed_put_author(draft, part, 0, text_of(author, "name"));
	feed_put_author(draft, part, 1, text_of(json_object_get(object, "author"), "name"));
	if (json_is_string(json_object_get(object, "author")))
		feed_put_author(draft, part, 1, text_of(object, "author"));
}

static void take_picture(struct feed_draft *draft, struct feed_part *part, struct str url)
{
	struct feed_media *media = url.len ? feed_put_media(draft, part, url, draft->base) : NULL;

	if (media && media->type.len == 0)
		media->type = STR("image");
}

static void take_attachment(struct feed_draft *draft, struct feed_part *part,
			    const json_t *attachment)
{
	struct feed_media *media = feed_put_media(draft, part, text_of(attachment, "url"),
						  draft->base);
	const json_t *bytes = json_object_get(attachment, "size_in_bytes");
	const json_t *seconds = json_object_get(attachment, "duration_in_seconds");

	if (!media)
		return;
	media->type = arena_str(draft->arena, text_of(attachment, "mime_type"));
	media->title = dom_clean_line(draft->arena, text_of(attachment, "title"), FEED_LINE_MAX);
	media->bytes = json_is_number(bytes) ? (int64_t)json_number_value(bytes) : 0;
	media->seconds = json_is_number(seconds) ? (int64_t)json_number_value(seconds) : 0;
}

static void take_item(struct feed_draft *draft, const json_t *item)
{
	struct str text = text_of(item, "content_text");
	struct feed_part part;
	const json_t *each;
	size_t i;

	feed_part_init(&part);
	feed_put(draft, &part.id, 0, id_of(draft, item), STR(""));
	feed_put(draft, &part.url, 0, text_of(item, "url"), STR(""));
	feed_put(draft, &part.url, 1, text_of(item, "external_url"), STR(""));
	if (str_starts(text_of(item, "id"), STR("http")))
		feed_put(draft, &part.url, 2, text_of(item, "id"), STR(""));
	feed_put_line(draft, &part.title, 0, text_of(item, "title"), false);
	feed_put(draft, &part.content, 0, text_of(item, "content_html"), STR(""));
	feed_put(draft, &part.content, 1, feed_escape(draft->arena, text), STR(""));
	feed_put(draft, &part.summary, 0, feed_escape(draft->arena, text_of(item, "summary")),
		 STR(""));
	feed_put(draft, &part.published, 0, text_of(item, "date_published"), STR(""));
	feed_put(draft, &part.updated, 0, text_of(item, "date_modified"), STR(""));
	feed_put_line(draft, &part.language, 0, text_of(item, "language"), false);
	take_authors(draft, &part, item);
	json_array_foreach(json_object_get(item, "tags"), i, each) if (json_is_string(each))
		feed_put_tag(draft, &part,
			     (struct str){ json_string_value(each), json_string_length(each) });
	take_picture(draft, &part, text_of(item, "image"));
	take_picture(draft, &part, text_of(item, "banner_image"));
	json_array_foreach(json_object_get(item, "attachments"), i, each)
		take_attachment(draft, &part, each);
	feed_finish_entry(draft, &part);
}

bool feed_read_json(struct feed_draft *draft, struct str text, struct err *err)
{
	json_error_t error;
	json_t *root = json_loadb(text.data, text.len, 0, &error);
	const json_t *items = json_object_get(root, "items");
	struct feed_part part;
	const json_t *item;
	size_t i;

	if (!root)
		return err_set(err, "is no JSON: %s in line %d", error.text, error.line);
	if (!json_is_array(items)) {
		json_decref(root);
		return err_set(err, "is JSON, but no feed");
	}
	draft->feed->format = FEED_JSON;
	feed_part_init(&part);
	feed_put_line(draft, &part.title, 0, text_of(root, "title"), false);
	feed_put(draft, &part.url, 0, text_of(root, "home_page_url"), STR(""));
	feed_put(draft, &part.summary, 0, feed_escape(draft->arena, text_of(root, "description")),
		 STR(""));
	feed_put_line(draft, &part.language, 0, text_of(root, "language"), false);
	feed_put(draft, &part.image, 0, text_of(root, "icon"), STR(""));
	feed_put(draft, &part.image, 1, text_of(root, "favicon"), STR(""));
	take_authors(draft, &part, root);
	json_array_foreach(items, i, item) take_item(draft, item);
	feed_finish(draft, &part);
	/* JSON Feed 1.1, Top-level: authors of the feed are those of items without any. */
	for (i = 0; i < draft->feed->entry_count && part.author_count; i++) {
		struct feed_entry *entry = &draft->feed->entries[i];

		if (entry->authors.count == 0) {
			entry->authors.items = ARENA_ARRAY(draft->arena, part.author_count,
							   struct str);
			memcpy(entry->authors.items, part.authors,
			       part.author_count * sizeof(struct str));
			entry->authors.count = part.author_count;
		}
	}
	json_decref(root);
	return true;
}
