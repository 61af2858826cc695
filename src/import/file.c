/* The article file of a story. */
#include "import/file.h"

#include "base/date.h"
#include "base/text.h"
#include "import/address.h"
#include "store/label.h"

enum { VALUE_MAX = 2000, EXCERPT_MAX = 1200, TITLE_MAX = 400, LEAD_BYTES = 90, TAGS_MAX = 12 };

struct str file_value(struct arena *arena, struct str text)
{
	struct str line = dom_clean_line(arena, text, VALUE_MAX);
	struct buf out;

	if (str_find(line, '|') == line.len)
		return line;
	buf_init(&out, 2 * VALUE_MAX);
	for (size_t i = 0; i < line.len; i++) {
		if (line.data[i] == '|')
			buf_str(&out, STR("\xC2\xA6")); /* a broken bar */
		else
			buf_char(&out, line.data[i]);
	}
	line = arena_str(arena, buf_view(&out));
	buf_done(&out);
	return line;
}

static void write_field(struct buf *out, const char *name, struct str value)
{
	if (value.len)
		buf_format(out, "%s: " STR_FMT "\n", name, STR_ARG(value));
}

static void write_date(struct buf *out, const char *name, int64_t seconds)
{
	char text[DATE_TEXT];

	if (seconds)
		buf_format(out, "%s: %s\n", name, date_rfc3339(seconds, text));
}

/* A story without a headline is called by its first words. */
static struct str title_of(struct arena *arena, const struct story *story)
{
	struct str title = dom_clean_line(arena, story->title, TITLE_MAX);
	struct str lead = story->summary;
	size_t end;

	if (title.len)
		return title;
	if (lead.len == 0 && story->prose.count)
		lead = story->prose.blocks[0].text;
	if (lead.len == 0)
		return story->url.len ? story->url : STR("Untitled");
	if (lead.len <= LEAD_BYTES)
		return lead;
	lead = text_whole(str_head(lead, LEAD_BYTES));
	end = str_rfind(lead, ' ');
	return arena_join(arena, str_head(lead, end), STR(" \xE2\x80\xA6"), STR(""));
}

static void write_list(struct arena *arena, struct buf *out, const char *name,
		       const struct texts *texts, size_t max)
{
	for (size_t i = 0; i < texts->count && i < max; i++)
		write_field(out, name, file_value(arena, texts->items[i]));
}

static void write_image(struct arena *arena, struct buf *out, const struct story *story,
			const struct file_facts *facts)
{
	struct str target = facts->image.len ? facts->image : story->image;

	if (target.len == 0 || (facts->image.len == 0 && facts->source->images != IMAGES_LINK))
		return;
	buf_format(out, "Image: " STR_FMT " | " STR_FMT " | " STR_FMT " | " STR_FMT "\n",
		   STR_ARG(target), STR_ARG(file_value(arena, story->image_caption)),
		   STR_ARG(file_value(arena, story->image_credit)),
		   STR_ARG(file_value(arena, story->image_alt)));
}

static void write_media(struct arena *arena, struct buf *out, const struct story *story)
{
	for (size_t i = 0; i < story->media_count; i++) {
		const struct feed_media *media = &story->media[i];
		struct str label = file_value(arena,
					      media->title.len ? media->title : story->title);
		struct str size = media->bytes > 0 ? text_size(arena, (uint64_t)media->bytes)
						   : STR("");

		buf_format(out, "Media: " STR_FMT " | " STR_FMT " | ", STR_ARG(media->url),
			   STR_ARG(label));
		if (media->seconds > 0)
			buf_format(out, "%d:%02d", (int)(media->seconds / 60),
				   (int)(media->seconds % 60));
		buf_format(out, " | " STR_FMT "\n", STR_ARG(size));
	}
}

static enum article_type type_of(const struct story *story)
{
	for (size_t i = 0; i < story->media_count; i++)
		if (story->type == TYPE_ARTICLE && str_starts(story->media[i].type, STR("video")))
			return TYPE_VIDEO;
	return story->type;
}

static struct str source_name(const struct story *story, const struct source *source)
{
	if (source && *source->title)
		return str_from(source->title);
	return story->source.len ? story->source : address_host(story->url);
}

/* A licence as a line: its URL or short text; what a copyright notice says at length is not one. */
static struct str license_of(struct arena *arena, const struct story *story,
			     const struct source *source)
{
	enum { LICENSE_MAX = 200 };

	if (source && *source->license)
		return str_from(source->license);
	return story->license.len <= LICENSE_MAX ? file_value(arena, story->license) : STR("");
}

/* Of a text in several paragraphs that a feed gives as the summary, the first one is; all of them are the body. */
static struct str summary_of(struct arena *arena, const struct story *story)
{
	enum { FIRST_LEAST = 40 };
	struct str first = story->prose.count > 1 ? story->prose.blocks[0].text : STR("");

	if (first.len >= FIRST_LEAST && str_starts(story->summary, first))
		return file_value(arena, first);
	return file_value(arena, story->summary);
}

static void write_header(struct arena *arena, const struct story *story,
			 const struct file_facts *facts, struct buf *out)
{
	const struct source *source = facts->source;

	write_field(out, "Title", title_of(arena, story));
	write_date(out, "Date", facts->published);
	write_date(out, "Updated", facts->updated);
	write_field(out, "Id", facts->uid);
	if (type_of(story) != TYPE_ARTICLE)
		write_field(out, "Type", article_type_name(type_of(story)));
	write_field(out, "Summary", summary_of(arena, story));
	write_list(arena, out, "Author", &story->authors, TAGS_MAX);
	write_field(out, "Source", file_value(arena, source_name(story, source)));
	write_field(out, "Source-Url", story->url);
	write_field(out, "Canonical", str_starts(story->url, STR("http")) ? story->url : STR(""));
	write_list(arena, out, "Tag", &story->tags, TAGS_MAX);
	for (size_t i = 0; i < facts->section_count; i++)
		write_field(out, "Section", facts->sections[i]);
	write_image(arena, out, story, facts);
	write_media(arena, out, story);
	write_field(out, "Language", story->language);
	write_field(out, "License", license_of(arena, story, source));
	if (source)
		write_field(out, "X-Import", str_from(source->name));
}

/* The first paragraphs, until they are enough to know what it is about. */
static struct prose excerpt_of(const struct prose *prose)
{
	struct prose excerpt = *prose;
	size_t length = 0;
	size_t count = 0;

	while (count < prose->count && length < EXCERPT_MAX) {
		enum prose_kind kind = prose->blocks[count].kind;

		if (kind == PROSE_PRE || kind == PROSE_MEDIA)
			break;
		if (kind != PROSE_IMAGE)
			length += prose->blocks[count].text.len;
		count++;
	}
	/* One more than that is a text of ours that has lost its source. */
	while (count > 1 && length > 2 * EXCERPT_MAX)
		length -= prose->blocks[--count].text.len;
	excerpt.count = count;
	return excerpt;
}

static void add_words(struct str text, struct buf *out)
{
	uint32_t rune;
	size_t len;

	while ((len = text_rune(text, &rune)) > 0) {
		if (rune >= 0x80 && !(rune >= 0x2000 && rune <= 0x206F) && rune != 0xA0)
			buf_bytes(out, text.data, len);
		else if ((rune >= 'a' && rune <= 'z') || (rune >= '0' && rune <= '9'))
			buf_char(out, (char)rune);
		else if (rune >= 'A' && rune <= 'Z')
			buf_char(out, (char)(rune + 32));
		text = str_skip(text, len);
	}
}

/* Whether a body says no more than the summary above it. */
static bool repeats(const struct prose *prose, struct str summary)
{
	struct buf body;
	struct buf above;
	struct str told;
	size_t blocks = 0;
	bool has_links = false;
	bool same;

	buf_init(&body, FILE_BYTES_MAX);
	buf_init(&above, FILE_BYTES_MAX);
	for (size_t i = 0; i < prose->count; i++) {
		has_links |= prose->blocks[i].link_count > 0;
		if (prose->blocks[i].kind == PROSE_IMAGE || prose->blocks[i].kind == PROSE_MEDIA)
			continue;
		add_words(prose->blocks[i].text, &body);
		blocks++;
	}
	add_words(summary, &above);
	told = buf_view(&above);
	same = body.len == 0 || (blocks <= 1 && !has_links && body.len <= told.len &&
				 str_starts(told, buf_view(&body)));
	buf_done(&body);
	buf_done(&above);
	return same;
}

/* Without the picture that the header has. */
static struct prose without_leading_image(struct arena *arena, const struct story *story)
{
	struct prose prose = story->prose;
	size_t count = 0;

	prose.blocks = ARENA_ARRAY(arena, prose.count + 1, struct prose_block);
	for (size_t i = 0; i < story->prose.count; i++) {
		const struct prose_block *block = &story->prose.blocks[i];

		if (block->kind == PROSE_IMAGE &&
		    str_eq(story->prose.images[block->image].url, story->image))
			continue;
		prose.blocks[count++] = *block;
	}
	prose.count = count;
	return prose;
}

static void write_body(struct arena *arena, const struct story *story,
		       const struct file_facts *facts, struct buf *out)
{
	const struct source *source = facts->source;
	unsigned mode = source ? source->mode : SOURCE_FULL;
	struct prose prose = without_leading_image(arena, story);
	size_t start = out->len;

	if (mode == SOURCE_EXCERPT)
		prose = excerpt_of(&prose);
	if (mode == SOURCE_FULL && story->gemtext.len)
		buf_str(out, story->gemtext);
	else if (mode != SOURCE_HEADLINE && !repeats(&prose, story->summary))
		prose_gemtext(&prose, source && source->images == IMAGES_LINK, out);
	while (out->len > start && out->data[out->len - 1] == '\n')
		out->len--;
	if (out->len > start)
		buf_str(out, STR("\n\n"));
	if (story->url.len && source)
		buf_format(out, "=> " STR_FMT " " STR_FMT " " STR_FMT "\n", STR_ARG(story->url),
			   STR_ARG(label_text(LABEL_READ_ON, facts->language)),
			   STR_ARG(file_value(arena, source_name(story, source))));
	if (source && *source->attribution)
		buf_format(out, "\n%s%s\n", strchr("=#*>`", source->attribution[0]) ? " " : "",
			   source->attribution);
}

void file_write(struct arena *arena, const struct story *story, const struct file_facts *facts,
		struct buf *out)
{
	write_header(arena, story, facts, out);
	buf_char(out, '\n');
	write_body(arena, story, facts, out);
}

int64_t file_words_hash(const struct story *story)
{
	struct buf words;
	uint64_t hash;

	buf_init(&words, 4 * FILE_BYTES_MAX);
	add_words(story->title, &words);
	buf_char(&words, '\n');
	if (story->gemtext.len)
		add_words(story->gemtext, &words);
	for (size_t i = 0; i < story->prose.count; i++)
		add_words(story->prose.blocks[i].text, &words);
	/* A summary cut from the text says nothing of its own. */
	if (story->prose.count == 0)
		add_words(story->summary, &words);
	hash = str_hash(buf_view(&words));
	buf_done(&words);
	return (int64_t)hash;
}

int64_t file_entry_hash(const struct feed_entry *entry)
{
	const struct str parts[] = { entry->url, entry->title, entry->summary, entry->content };
	uint64_t hash = (uint64_t)entry->published * 31 + (uint64_t)entry->updated;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		hash = hash * 1099511628211u + str_hash(parts[i]);
	return (int64_t)hash;
}
