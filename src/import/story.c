/* Stories from entries and pages. */
#include "import/story.h"

#include "base/text.h"
#include "import/address.h"
#include "import/gate.h"

enum { SUMMARY_MAX = 700, SUMMARY_BYTES = 4000 };

/* At most so many bytes of a text, cut at the end of a sentence or else of a word. */
static struct str shorten(struct arena *arena, struct str text)
{
	struct str head;
	size_t end;

	if (text.len <= SUMMARY_MAX)
		return text;
	head = text_whole(str_head(text, SUMMARY_MAX));
	for (end = head.len; end > SUMMARY_MAX / 3; end--)
		if (strchr(".!?", head.data[end - 1]) && (end == head.len || head.data[end] == ' '))
			return str_head(head, end);
	end = str_rfind(head, ' ');
	return arena_join(arena, str_head(head, end), STR(" \xE2\x80\xA6"), STR(""));
}

/* The first paragraphs of a summary as one line. */
static struct str plain_summary(struct arena *arena, struct str html)
{
	return shorten(arena, dom_plain(arena, html, SUMMARY_BYTES));
}

static const struct feed_media *leading_picture(const struct feed_entry *entry)
{
	for (size_t i = 0; i < entry->media_count; i++)
		if (str_starts(entry->media[i].type, STR("image")))
			return &entry->media[i];
	return NULL;
}

static void take_picture(const struct feed_entry *entry, struct story *story)
{
	const struct feed_media *picture = leading_picture(entry);

	if (picture) {
		story->image = picture->url;
		story->image_caption = picture->title;
		story->image_credit = picture->credit;
		story->image_alt = picture->alt;
	} else if (story->prose.image_count) {
		story->image = story->prose.images[0].url;
		story->image_caption = story->prose.images[0].caption;
		story->image_credit = story->prose.images[0].credit;
		story->image_alt = story->prose.images[0].alt;
	}
}

static void take_media(struct arena *arena, const struct feed_entry *entry, struct story *story)
{
	story->media = ARENA_ARRAY(arena, entry->media_count + 1, struct feed_media);
	for (size_t i = 0; i < entry->media_count; i++)
		if (str_starts(entry->media[i].type, STR("audio")) ||
		    str_starts(entry->media[i].type, STR("video")))
			story->media[story->media_count++] = entry->media[i];
}

void story_of_entry(struct arena *arena, const struct feed *feed, const struct feed_entry *entry,
		    const struct prose_plan *prose, struct story *ret_story)
{
	struct str text = entry->content.len ? entry->content : entry->summary;
	struct prose_plan plan = *prose;

	plan.base = entry->base.len ? entry->base : entry->url.len ? entry->url : feed->url;
	*ret_story = (struct story){
		.id = entry->id.len ? entry->id : entry->url,
		.url = address_canonical(arena, entry->url),
		.title = entry->title,
		.authors = entry->authors,
		.published = entry->published,
		.updated = entry->updated,
		.language = entry->language.len ? entry->language : feed->language,
		.summary = plain_summary(arena,
					 entry->summary.len ? entry->summary : entry->content),
		.tags = entry->tags,
		.by = EXTRACT_FEED,
		.source = entry->source.len ? entry->source : feed->title,
		.source_url = entry->source_url.len ? entry->source_url : feed->url,
		.license = entry->license.len ? entry->license : feed->license,
	};
	prose_read_html(arena, text, &plan, &ret_story->prose);
	take_picture(entry, ret_story);
	take_media(arena, entry, ret_story);
}

/* What the feed says is nearer to the story than what a page says of itself; gaps are filled. */
static void fill_gaps(const struct meta *meta, struct story *story)
{
	if (story->title.len == 0)
		story->title = meta->title;
	if (story->authors.count == 0)
		story->authors = meta->authors;
	if (story->published == 0)
		story->published = meta->published;
	if (meta->updated > story->updated)
		story->updated = meta->updated;
	if (story->language.len == 0)
		story->language = meta->language;
	if (story->summary.len == 0)
		story->summary = meta->summary;
	if (story->tags.count == 0)
		story->tags = meta->tags;
	if (story->license.len == 0)
		story->license = meta->license;
	if (story->section.len == 0)
		story->section = meta->section;
}

static void fill_picture(const struct extract *extract, struct story *story)
{
	const struct meta *meta = &extract->meta;

	if (story->image.len == 0) {
		story->image = meta->image;
		story->image_caption = meta->image_caption;
		story->image_credit = meta->image_credit;
		story->image_alt = meta->image_alt;
	}
	/* The same picture in the text has the words that readers see. */
	for (size_t i = 0; i < extract->prose.image_count; i++) {
		const struct prose_image *image = &extract->prose.images[i];

		if (story->image.len && !str_eq(image->url, story->image))
			continue;
		story->image = image->url;
		if (image->caption.len)
			story->image_caption = image->caption;
		if (image->credit.len)
			story->image_credit = image->credit;
		if (image->alt.len)
			story->image_alt = image->alt;
		break;
	}
}

void story_add_page(struct arena *arena, const struct extract *extract, struct story *story)
{
	(void)arena;
	fill_gaps(&extract->meta, story);
	fill_picture(extract, story);
	if (!gate_passes(&extract->prose, &extract->meta, &story->prose))
		return;
	story->prose = extract->prose;
	story->by = extract->by;
}

void story_of_page(struct arena *arena, const struct extract *extract, struct str url,
		   struct story *ret_story)
{
	const struct meta *meta = &extract->meta;
	struct str canonical = meta->url.len ? meta->url : url;

	/* A canonical address on another host, or that of the front page, is a mistake of the page's. */
	if (url.len && !str_eq(address_host(canonical), address_host(url)))
		canonical = url;
	*ret_story = (struct story){
		.url = address_canonical(arena, canonical),
		.title = meta->title,
		.authors = meta->authors,
		.published = meta->published,
		.updated = meta->updated,
		.language = meta->language,
		.summary = shorten(arena, meta->summary),
		.tags = meta->tags,
		.prose = extract->prose,
		.by = extract->by,
		.source = meta->site,
		.source_url = meta->url,
		.license = meta->license,
		.section = meta->section,
		.type = meta->is_film ? TYPE_VIDEO : TYPE_ARTICLE,
	};
	ret_story->id = ret_story->url;
	fill_picture(extract, ret_story);
}
