/* What the attributes of XML feeds are taken for: media, pictures, outlines. */
#include "base/text.h"
#include "import/dom.h"
#include "import/feed_reader.h"

struct str reader_attribute(const struct attributes *attributes, const char *name)
{
	for (int i = 0; i < attributes->count; i++) {
		const xmlChar **item = &attributes->items[5 * i];

		if (strcmp((const char *)item[0], name) == 0)
			return (struct str){ (const char *)item[3], (size_t)(item[4] - item[3]) };
	}
	return STR("");
}

/* A medium by its attributes, as enclosures, media:content and Atom's links have them. */
struct feed_media *reader_note_media(struct reader *reader, const struct attributes *attributes,
				     const char *url)
{
	struct feed_media *media;
	struct arena *arena = reader->draft->arena;
	struct str medium = reader_attribute(attributes, "medium");

	if (!reader->in_entry)
		return NULL;
	media = feed_put_media(reader->draft, &reader->entry, reader_attribute(attributes, url),
			       reader_top(reader)->base.len ? reader_top(reader)->base
							    : reader->draft->base);
	if (!media)
		return NULL;
	if (media->type.len == 0)
		media->type = arena_str(arena, reader_attribute(attributes, "type").len
						       ? reader_attribute(attributes, "type")
						       : medium);
	if (media->bytes == 0)
		media->bytes = reader_number(reader_attribute(attributes, "length").len
						     ? reader_attribute(attributes, "length")
						     : reader_attribute(attributes, "fileSize"));
	if (media->seconds == 0)
		media->seconds = reader_number(reader_attribute(attributes, "duration"));
	if (media->title.len == 0)
		media->title = dom_clean_line(arena, reader_attribute(attributes, "title"),
					      FEED_LINE_MAX);
	return media;
}

void reader_note_picture(struct reader *reader, const struct attributes *attributes,
			 const char *url)
{
	struct feed_media *media = reader_note_media(reader, attributes, url);

	if (media && media->type.len == 0)
		media->type = STR("image");
	if (media && !reader->media)
		reader->media = media;
}

void reader_note_outline(struct reader *reader, const struct attributes *attributes)
{
	struct arena *arena = reader->draft->arena;
	struct str title = reader_attribute(attributes, "title").len
				   ? reader_attribute(attributes, "title")
				   : reader_attribute(attributes, "text");
	struct str url = reader_attribute(attributes, "xmlUrl");
	struct str above = reader->depth < DEPTH_MAX ? reader->categories[reader->depth] : STR("");

	if (url.len == 0)
		url = reader_attribute(attributes, "xmlurl");
	title = dom_plain(arena, title, FEED_LINE_MAX);
	if (url.len)
		feed_add_outline(reader->draft, title, dom_plain(arena, url, FEED_LINE_MAX), above);
	if (reader->depth + 1 < DEPTH_MAX)
		reader->categories[reader->depth + 1] =
			url.len || above.len == 0 ? (url.len ? above : title)
						  : arena_join(arena, above, STR("/"), title);
}
