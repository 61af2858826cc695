/* What the texts of XML feeds are taken for. */
#include "base/text.h"
#include "import/dom.h"
#include "import/feed_reader.h"

int64_t reader_number(struct str text)
{
	uint64_t value = 0;

	return str_number(str_trim(text), INT64_MAX, &value) ? (int64_t)value : 0;
}

static size_t decode_base64(struct str text, char *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0;
	unsigned have = 0;
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		const char *digit = text.data[i] ? strchr(digits, text.data[i]) : NULL;

		if (!digit)
			continue;
		bits = bits << 6 | (unsigned)(digit - digits);
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[len++] = (char)(bits >> have);
		}
	}
	return len;
}

/* The captured text as HTML. */
static struct str as_html(struct reader *reader)
{
	struct arena *arena = reader->draft->arena;
	struct str text = buf_view(&reader->text);
	char *decoded;
	size_t len;

	if (reader->type == TEXT_ELSEWHERE)
		return STR("");
	if (reader->type == TEXT_PLAIN)
		return feed_lines(arena, str_trim(text));
	if (reader->type != TEXT_BASE64)
		return text;
	decoded = ARENA_ARRAY(arena, text.len + 1, char);
	len = decode_base64(text, decoded);
	return len && text_valid((struct str){ decoded, len }) ? (struct str){ decoded, len }
							       : feed_escape(arena, str_trim(text));
}

static bool looks_like_url(struct str text)
{
	return (str_starts(text, STR("http://")) || str_starts(text, STR("https://"))) &&
	       str_find(text, ' ') == text.len;
}

/* Links: an element with text in RSS, one with attributes in Atom (RFC 4287 4.2.7). */
static void take_link(struct reader *reader, const struct feed_name *name, struct str text,
		      struct str base)
{
	struct feed_part *part = reader_part(reader);
	bool is_atom = reader->type == TEXT_ELSEWHERE;
	bool is_page = reader->relation.len == 0 || str_ends(reader->relation, STR("alternate"));
	struct str url = reader->attribute.len ? reader->attribute
					       : (is_atom ? STR("") : str_trim(text));
	bool is_html = !is_atom || text.len == 0 || str_search(text, STR("html")) < text.len;

	if (reader_top(reader)->context == IN_SOURCE ||
	    reader->levels[reader->depth - 1].context == IN_SOURCE) {
		if (is_page)
			feed_put(reader->draft, &part->source_url, 0, url, base);
		return;
	}
	if (is_page)
		feed_put(reader->draft, &part->url, name->rank + (is_html ? 0 : 1), url, base);
}

static void take_id(struct reader *reader, const struct feed_name *name, struct str text)
{
	struct feed_part *part = reader_part(reader);

	feed_put(reader->draft, &part->id, name->rank, str_trim(text), STR(""));
	if (looks_like_url(str_trim(text)) && !str_eq_nocase(reader->attribute, STR("false")))
		feed_put(reader->draft, &part->url, 4, str_trim(text), STR(""));
}

static void take_tag(struct reader *reader, struct str text)
{
	if (reader->in_entry)
		feed_put_tag(reader->draft, &reader->entry,
			     reader->attribute.len ? reader->attribute : text);
}

static void take_tags(struct reader *reader, struct str text)
{
	struct str tag;

	while (reader->in_entry && str_next(&text, ',', &tag))
		feed_put_tag(reader->draft, &reader->entry, tag);
}

/* "1:02:03", "62:03", "3723" */
static int64_t seconds_of(struct str text)
{
	int64_t seconds = 0;
	struct str part;

	text = str_trim(text);
	while (str_next(&text, ':', &part))
		seconds = seconds * 60 + reader_number(part);
	return seconds >= 0 && seconds < 1000000 ? seconds : 0;
}

static void take_media_text(struct reader *reader, const struct feed_name *name, struct str text)
{
	struct feed_media *media = reader->media;
	struct str line;

	if (!media)
		return;
	line = dom_plain(reader->draft->arena, text, FEED_LINE_MAX);
	if (name->action == TAKE_MEDIA_TITLE && media->title.len == 0)
		media->title = line;
	else if (name->action == TAKE_MEDIA_CREDIT && media->credit.len == 0)
		media->credit = line;
}

static void take_duration(struct reader *reader, struct str text)
{
	struct feed_part *part = &reader->entry;

	for (size_t i = 0; reader->in_entry && i < part->media_count; i++)
		if (part->media[i].seconds == 0 && !str_starts(part->media[i].type, STR("image")))
			part->media[i].seconds = seconds_of(text);
}

static void take_source(struct reader *reader, const struct feed_name *name, struct str text)
{
	struct feed_part *part = reader_part(reader);

	feed_put_line(reader->draft, &part->source, name->rank, text, true);
	feed_put(reader->draft, &part->source_url, 1, reader->attribute, STR(""));
}

static void take_url(struct reader *reader, const struct feed_name *name, struct str text,
		     struct str base)
{
	struct str url = reader->attribute.len ? reader->attribute : str_trim(text);
	struct feed_media *media;

	if (!reader->in_entry) {
		feed_put(reader->draft, &reader->feed.image, name->rank, url, base);
		return;
	}
	media = feed_put_media(reader->draft, &reader->entry, url, base);
	if (media && media->type.len == 0)
		media->type = STR("image");
}

void reader_take(struct reader *reader, const struct level *level)
{
	const struct feed_name *name = level->name;
	struct feed_part *part = reader_part(reader);
	struct feed_draft *draft = reader->draft;
	struct str raw = buf_view(&reader->text);
	struct str base = level->base.len ? level->base : STR("");

	switch (name->action) {
	case TAKE_TITLE:
		feed_put_line(draft, &part->title, name->rank, as_html(reader), true);
		break;
	case TAKE_LINK:
		take_link(reader, name, raw, base);
		break;
	case TAKE_ID:
		take_id(reader, name, raw);
		break;
	case TAKE_SUMMARY:
		feed_put(draft, &part->summary, name->rank, as_html(reader), base);
		break;
	case TAKE_CONTENT:
		feed_put(draft, &part->content, name->rank, as_html(reader), base);
		break;
	case TAKE_PUBLISHED:
		feed_put(draft, &part->published, name->rank, str_trim(raw), STR(""));
		break;
	case TAKE_UPDATED:
		feed_put(draft, &part->updated, name->rank, str_trim(raw), STR(""));
		break;
	case TAKE_AUTHOR:
	case TAKE_NAME:
	case TAKE_MAIL:
		feed_put_author(draft, part, name->rank, raw);
		break;
	case TAKE_TAG:
		take_tag(reader, raw);
		break;
	case TAKE_TAGS:
		take_tags(reader, raw);
		break;
	case TAKE_LANGUAGE:
		feed_put_line(draft, &part->language, name->rank, raw, false);
		break;
	case TAKE_LICENSE:
		feed_put_line(draft, &part->license, name->rank,
			      reader->attribute.len ? reader->attribute : as_html(reader), true);
		break;
	case TAKE_SOURCE:
		take_source(reader, name, as_html(reader));
		break;
	case TAKE_URL:
		take_url(reader, name, raw, base);
		break;
	case TAKE_MEDIA_TITLE:
	case TAKE_MEDIA_CREDIT:
		take_media_text(reader, name, raw);
		break;
	case TAKE_DURATION:
		take_duration(reader, raw);
		break;
	default:
		break;
	}
}
