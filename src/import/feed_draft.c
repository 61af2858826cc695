/* Feeds in the making: what their formats have in common. */
#include "import/feed_draft.h"

#include "base/text.h"
#include "import/address.h"
#include "import/dom.h"
#include "import/when.h"

enum { WORST = 1000, DAY = 24 * 3600, FIRST_ROOM = 16 };

void feed_part_init(struct feed_part *part)
{
	*part = (struct feed_part){ .author_rank = WORST };
	part->id.rank = part->url.rank = part->title.rank = part->summary.rank = WORST;
	part->content.rank = part->published.rank = part->updated.rank = part->language.rank =
		WORST;
	part->license.rank = part->source.rank = part->source_url.rank = part->image.rank = WORST;
}

void feed_put(struct feed_draft *draft, struct feed_value *value, int rank, struct str text,
	      struct str base)
{
	if (rank >= value->rank || str_trim(text).len == 0)
		return;
	value->text = arena_str(draft->arena, text);
	value->base = base;
	value->rank = rank;
}

void feed_put_line(struct feed_draft *draft, struct feed_value *value, int rank, struct str text,
		   bool with_markup)
{
	if (rank >= value->rank)
		return;
	text = with_markup ? dom_plain(draft->arena, text, FEED_LINE_MAX)
			   : dom_clean_line(draft->arena, text, FEED_LINE_MAX);
	/* Escaped once too often: "AT&amp;amp;T" in the file is "AT&amp;T" here. */
	if (with_markup && str_search(text, STR("&amp;")) < text.len)
		text = dom_plain(draft->arena, text, FEED_LINE_MAX);
	if (text.len == 0)
		return;
	value->text = text;
	value->rank = rank;
}

/* What stands between two marks; empty when they are not both there. */
static struct str between(struct str text, char open, char close)
{
	size_t start = str_find(text, open);
	struct str rest = str_skip(text, start + 1);
	size_t end = str_find(rest, close);

	return start < text.len && end < rest.len ? str_trim(str_head(rest, end)) : STR("");
}

static bool is_mail(struct str text)
{
	return str_find(text, '@') < text.len && str_find(text, ' ') == text.len;
}

void feed_put_author(struct feed_draft *draft, struct feed_part *part, int rank, struct str text)
{
	struct str name = dom_plain(draft->arena, text, FEED_LINE_MAX);
	struct str in_brackets = between(name, '(', ')');
	size_t mail = str_find(name, '<');

	if (rank > part->author_rank)
		return;
	if (in_brackets.len && is_mail(str_trim(str_head(name, str_find(name, '(')))))
		name = in_brackets;
	else if (in_brackets.len && is_mail(in_brackets))
		name = str_trim(str_head(name, str_find(name, '(')));
	else if (mail > 0 && mail < name.len)
		name = str_trim(str_head(name, mail));
	if (name.len >= 2 && name.data[0] == '"' && name.data[name.len - 1] == '"')
		name = str_head(str_skip(name, 1), name.len - 2);
	if (name.len == 0)
		return;
	if (rank < part->author_rank)
		part->author_count = 0;
	part->author_rank = rank;
	for (size_t i = 0; i < part->author_count; i++)
		if (str_eq_nocase(part->authors[i], name))
			return;
	if (part->author_count < FEED_AUTHORS_MAX)
		part->authors[part->author_count++] = name;
}

void feed_put_tag(struct feed_draft *draft, struct feed_part *part, struct str text)
{
	struct str tag = dom_plain(draft->arena, text, 200);

	if (tag.len == 0 || tag.len > 100)
		return;
	for (size_t i = 0; i < part->tag_count; i++)
		if (str_eq_nocase(part->tags[i], tag))
			return;
	if (part->tag_count < FEED_TAGS_MAX)
		part->tags[part->tag_count++] = tag;
}

static struct str lower(struct arena *arena, struct str text)
{
	struct str copy = arena_str(arena, str_trim(str_head(text, str_find(text, ';'))));
	char *bytes = (char *)copy.data;

	for (size_t i = 0; i < copy.len; i++)
		if (bytes[i] >= 'A' && bytes[i] <= 'Z')
			bytes[i] = (char)(bytes[i] + 32);
	return copy;
}

struct feed_media *feed_put_media(struct feed_draft *draft, struct feed_part *part, struct str url,
				  struct str base)
{
	struct feed_media *media;

	url = address_resolve(draft->arena, base, url);
	if (url.len == 0 || !(str_starts(url, STR("http")) || str_starts(url, STR("gemini:")) ||
			      str_starts(url, STR("gopher:"))))
		return NULL;
	for (size_t i = 0; i < part->media_count; i++)
		if (str_eq(part->media[i].url, url))
			return &part->media[i];
	if (part->media_count == FEED_MEDIA_MAX)
		return NULL;
	media = &part->media[part->media_count++];
	*media = (struct feed_media){ .url = url };
	return media;
}

/* The date of a value; 0 when it has none, or one that is still to come. */
static int64_t read_date(const struct feed_draft *draft, const struct feed_value *value)
{
	int64_t seconds;

	if (!when_parse(value->text, false, &seconds) || seconds > draft->now + DAY)
		return 0;
	return seconds;
}

static struct str resolve(const struct feed_draft *draft, const struct feed_value *value)
{
	struct str base = value->base.len ? value->base : draft->base;

	return value->text.len ? address_resolve(draft->arena, base, value->text) : STR("");
}

static struct texts copy_texts(struct arena *arena, const struct str *items, size_t count)
{
	struct texts texts = { ARENA_ARRAY(arena, count + 1, struct str), count };

	for (size_t i = 0; i < count; i++)
		texts.items[i] = items[i];
	return texts;
}

/* A medium that does not say what it is says it by its name. */
static void name_type(struct arena *arena, struct feed_media *media)
{
	static const struct {
		const char *end;
		const char *type;
	} ends[] = {
		{ ".jpg", "image/jpeg" },  { ".jpeg", "image/jpeg" }, { ".png", "image/png" },
		{ ".webp", "image/webp" }, { ".gif", "image/gif" },   { ".mp3", "audio/mpeg" },
		{ ".m4a", "audio/mp4" },   { ".ogg", "audio/ogg" },   { ".mp4", "video/mp4" },
		{ ".webm", "video/webm" },
	};
	struct str path = str_head(media->url, str_find(media->url, '?'));

	media->type = lower(arena, media->type);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if ((media->type.len == 0 || str_find(media->type, '/') == media->type.len) &&
		    str_ends(lower(arena, path), str_from(ends[i].end)))
			media->type = str_from(ends[i].type);
}

static struct feed_media *copy_media(struct arena *arena, const struct feed_part *part)
{
	struct feed_media *media = ARENA_ARRAY(arena, part->media_count + 1, struct feed_media);

	for (size_t i = 0; i < part->media_count; i++) {
		media[i] = part->media[i];
		name_type(arena, &media[i]);
	}
	return media;
}

static struct feed_entry *new_entry(struct feed_draft *draft)
{
	struct feed *feed = draft->feed;
	struct feed_entry *old = feed->entries;

	if (feed->entry_count == draft->room) {
		draft->room = draft->room ? 2 * draft->room : FIRST_ROOM;
		feed->entries = ARENA_ARRAY(draft->arena, draft->room, struct feed_entry);
		if (feed->entry_count)
			memcpy(feed->entries, old, feed->entry_count * sizeof(*old));
	}
	return &feed->entries[feed->entry_count++];
}

void feed_finish_entry(struct feed_draft *draft, const struct feed_part *part)
{
	struct arena *arena = draft->arena;
	struct feed_entry *entry;

	if (draft->feed->entry_count == FEED_ENTRIES_MAX)
		return;
	entry = new_entry(draft);
	*entry = (struct feed_entry){
		.id = dom_clean_line(arena, part->id.text, FEED_LINE_MAX),
		.url = resolve(draft, &part->url),
		.title = part->title.text,
		.authors = copy_texts(arena, part->authors, part->author_count),
		.published = read_date(draft, &part->published),
		.updated = read_date(draft, &part->updated),
		.language = part->language.text,
		.summary = part->summary.text,
		.content = part->content.text,
		.base = part->content.text.len ? part->content.base : part->summary.base,
		.tags = copy_texts(arena, part->tags, part->tag_count),
		.media = copy_media(arena, part),
		.media_count = part->media_count,
		.source = part->source.text,
		.source_url = resolve(draft, &part->source_url),
		.license = part->license.text,
	};
}

void feed_finish(struct feed_draft *draft, const struct feed_part *part)
{
	struct feed *feed = draft->feed;
	struct texts authors = copy_texts(draft->arena, part->authors, part->author_count);

	feed->title = part->title.text;
	feed->url = resolve(draft, &part->url);
	feed->description = dom_plain(draft->arena, part->summary.text, FEED_LINE_MAX);
	feed->language = part->language.text;
	feed->license = part->license.text;
	feed->image = resolve(draft, &part->image);
	feed->updated = read_date(draft, &part->updated);
	for (size_t i = 0; i < feed->entry_count; i++) {
		struct feed_entry *entry = &feed->entries[i];

		if (entry->base.len == 0)
			entry->base = feed->url.len ? feed->url : draft->base;
		if (entry->language.len == 0)
			entry->language = feed->language;
		/* RFC 4287 4.2.1: an entry without an author has the feed's. */
		if (entry->authors.count == 0 && feed->format == FEED_ATOM)
			entry->authors = authors;
	}
}

void feed_add_outline(struct feed_draft *draft, struct str title, struct str url,
		      struct str category)
{
	struct feed *feed = draft->feed;

	if (!feed->outlines)
		feed->outlines = ARENA_ARRAY(draft->arena, FEED_OUTLINES_MAX, struct feed_outline);
	if (feed->outline_count < FEED_OUTLINES_MAX)
		feed->outlines[feed->outline_count++] = (struct feed_outline){
			.title = dom_clean_line(draft->arena, title, FEED_LINE_MAX),
			.url = address_resolve(draft->arena, draft->base, url),
			.category = dom_clean_line(draft->arena, category, FEED_LINE_MAX),
		};
}

struct str feed_lines(struct arena *arena, struct str html)
{
	struct buf out;
	struct str done;
	struct str line;

	buf_init(&out, 8 * FEED_TEXT_BYTES_MAX);
	while (str_next_line(&html, &line)) {
		buf_str(&out, line);
		if (html.len)
			buf_str(&out, str_trim(line).len ? STR("<br>") : STR("<p>"));
	}
	done = arena_str(arena, buf_view(&out));
	buf_done(&out);
	return done;
}

struct str feed_escape(struct arena *arena, struct str text)
{
	struct buf out;
	struct str html;

	buf_init(&out, 8 * FEED_TEXT_BYTES_MAX);
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '&')
			buf_str(&out, STR("&amp;"));
		else if (text.data[i] == '<')
			buf_str(&out, STR("&lt;"));
		else
			buf_char(&out, text.data[i]);
	}
	html = feed_lines(arena, buf_view(&out));
	buf_done(&out);
	return html;
}
