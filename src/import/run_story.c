/* Stories on their way: known or new, their pages and pictures, their files. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "import/address.h"
#include "import/charset.h"
#include "import/picture.h"
#include "import/run_inside.h"

enum { TITLE_KEY_LEAST = 16 };

static struct str local_path(void *context, struct str url)
{
	struct feed_run *feed = context;
	struct str key = arena_format(feed->arena, "%s|url " STR_FMT, feed->source->edition,
				      STR_ARG(address_alias(feed->arena, url)));
	struct ledger_story story;

	if (!ledger_find(feed->paper->ledger, &key, 1, feed->arena, &story) ||
	    story.state == LEDGER_GONE || !str_ends(story.path, STR(".gmi")))
		return STR("");
	return arena_join(feed->arena, STR("/"), str_head(story.path, story.path.len - 4), STR(""));
}

static void add_key(struct story_run *story, const char *kind, struct str text)
{
	struct arena *arena = story->feed->arena;

	if (text.len && story->key_count < RUN_KEYS_MAX)
		story->keys[story->key_count++] = arena_format(arena, "%s|%s " STR_FMT,
							       story->feed->source->edition, kind,
							       STR_ARG(str_head(text, 1000)));
}

/* Letters and digits only, so that two spellings of one headline are one. */
static struct str fold_title(struct arena *arena, struct str title)
{
	struct buf out;
	struct str folded;

	buf_init(&out, 4096);
	for (size_t i = 0; i < title.len; i++) {
		unsigned char byte = (unsigned char)title.data[i];

		if (byte >= 'A' && byte <= 'Z')
			byte = (unsigned char)(byte + 32);
		if (byte >= 0x80 || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9'))
			buf_char(&out, (char)byte);
	}
	folded = arena_str(arena, buf_view(&out));
	buf_done(&out);
	return folded;
}

/* What a story is known by, in the order in which it is looked for: the feed's id, its address, its title and day. */
static void make_keys(struct story_run *story)
{
	struct arena *arena = story->feed->arena;
	const struct story *told = &story->story;
	struct str title = fold_title(arena, told->title);

	/* "1234" is an id within its feed only; a URI is one everywhere. */
	if (told->id.len && str_find(told->id, ':') < told->id.len)
		add_key(story, "id", told->id);
	else if (told->id.len)
		add_key(story, "id",
			arena_format(arena, STR_FMT " " STR_FMT, STR_ARG(story->feed->record.url),
				     STR_ARG(told->id)));
	if (str_starts(told->id, STR("http")))
		add_key(story, "url", address_alias(arena, told->id));
	if (told->url.len)
		add_key(story, "url", address_alias(arena, told->url));
	if (title.len >= TITLE_KEY_LEAST && told->published)
		add_key(story, "title",
			arena_format(arena, STR_FMT " %lld", STR_ARG(title),
				     (long long)(told->published / DAY)));
}

static void end_story(struct story_run *story)
{
	struct feed_run *feed = story->feed;

	buf_done(&story->picture);
	feed_release(feed);
}

static void write_and_end(struct story_run *story)
{
	struct run *run = story->feed->paper->run;
	struct err err = { "" };

	if (!run->plan->is_dry)
		ledger_begin(story->feed->paper->ledger);
	story_write(story);
	if (!run->plan->is_dry && !ledger_commit(story->feed->paper->ledger, &err))
		run_tell(run, IMPORT_WARNS, story->feed->source->name, "%s", err.text);
	end_story(story);
}

static void on_picture(void *context, const struct fetch_answer *answer)
{
	struct story_run *story = context;
	const struct source *source = story->feed->source;
	struct picture_plan plan = { source->image_side, source->image_bytes };
	enum picture_kind kind;
	unsigned width;
	unsigned height;
	struct err err = { "" };

	if (answer->outcome == FETCH_DONE &&
	    picture_scale(answer->body, &plan, &story->picture, &kind, &width, &height, &err))
		story->picture_end = kind == PICTURE_PNG ? ".png" : ".jpg";
	write_and_end(story);
}

/* The picture, if there is one to be had; then the story is written. */
static void go_on_with_picture(struct story_run *story)
{
	struct feed_run *feed = story->feed;
	struct fetch_ask ask = {
		.url = story->story.image.data,
		.accept = "image/webp,image/jpeg,image/png,image/*;q=0.5",
		.bytes_max = PICTURE_BYTES_MAX,
		.allows_private = feed->source->allow_private,
		.heeds_robots = true,
	};

	if (feed->source->images != IMAGES_SCALED || story->story.image.len == 0 ||
	    feed->paper->run->plan->is_dry) {
		write_and_end(story);
		return;
	}
	ask.url = arena_str(feed->arena, story->story.image).data;
	fetcher_add(feed->paper->run->fetcher, &ask, on_picture, story);
}

static bool has_type(struct str type, const char *name)
{
	return str_eq_nocase(str_trim(str_head(type, str_find(type, ';'))), str_from(name));
}

static void take_page(struct story_run *story, const struct fetch_answer *answer)
{
	struct feed_run *feed = story->feed;
	struct extract_plan plan = {
		.url = arena_str(feed->arena, answer->url),
		.now = feed->paper->run->now,
		.rules = &feed->paper->run->rules,
		.prose = { .local = local_path, .context = feed },
	};
	struct extract extract;

	if (has_type(answer->type, "text/gemini")) {
		story->story.gemtext = charset_utf8(feed->arena,
						    arena_str(feed->arena, answer->body),
						    answer->type, CHARSET_TEXT);
	} else if (has_type(answer->type, "text/plain")) {
		prose_read_text(feed->arena,
				charset_utf8(feed->arena, answer->body, answer->type, CHARSET_TEXT),
				&story->story.prose);
	} else if (extract_page(feed->arena,
				charset_utf8(feed->arena, answer->body, answer->type, CHARSET_HTML),
				&plan, &extract)) {
		story_add_page(feed->arena, &extract, &story->story);
	}
}

static void on_page(void *context, const struct fetch_answer *answer)
{
	struct story_run *story = context;

	/* Without its page a story still has what the feed says. */
	if (answer->outcome == FETCH_DONE)
		take_page(story, answer);
	go_on_with_picture(story);
}

static void ask_page(struct story_run *story)
{
	struct feed_run *feed = story->feed;
	struct fetch_ask ask = {
		.url = arena_str(feed->arena, story->story.url).data,
		.accept = "text/html,application/xhtml+xml,text/gemini;q=0.9,text/plain;q=0.8,*/"
			  "*;q=0.1",
		.bytes_max = DOM_BYTES_MAX,
		.allows_private = feed->source->allow_private,
		.heeds_robots = true,
	};

	fetcher_add(feed->paper->run->fetcher, &ask, on_page, story);
}

/* Whether a section of the feed's is one that the story is not in yet. */
static bool is_elsewhere(const struct story_run *story)
{
	struct str folder = str_head(story->record.path, str_rfind(story->record.path, '/'));
	struct str rest = story->record.sections;
	struct str section;
	size_t prefix = strlen(story->feed->source->edition);

	if (str_eq(prefix ? str_skip(folder, prefix + 1) : folder, story->section))
		return false;
	while (str_next(&rest, ',', &section))
		if (str_eq(section, story->section))
			return false;
	return true;
}

/* One story in two feeds is one article in two sections: a line is added to its header. */
static void add_section(struct story_run *story)
{
	struct feed_run *feed = story->feed;
	struct paper_run *paper = feed->paper;
	struct ledger_story *record = &story->record;
	struct str bytes;
	struct str header;
	struct err err = { "" };

	if (!content_read(paper, record->path, feed->arena, &bytes) ||
	    (int64_t)str_hash(bytes) != record->file)
		return;
	header = str_head(bytes, str_search(bytes, STR("\n\n")));
	bytes = arena_format(feed->arena, STR_FMT "\nSection: " STR_FMT STR_FMT, STR_ARG(header),
			     STR_ARG(story->section), STR_ARG(str_skip(bytes, header.len)));
	if (!paper->run->plan->is_dry && !content_put(paper, record->path, bytes, true, &err)) {
		run_tell(paper->run, IMPORT_WARNS, feed->source->name, "%s", err.text);
		return;
	}
	record->file = (int64_t)str_hash(bytes);
	record->sections = record->sections.len ? arena_join(feed->arena, record->sections,
							     STR(","), story->section)
						: story->section;
	ledger_change(paper->ledger, record);
	feed->counts.changed++;
}

bool story_is_settled(struct story_run *story)
{
	struct feed_run *feed = story->feed;
	struct ledger *ledger = feed->paper->ledger;

	if (!ledger_find(ledger, story->keys, story->key_count, feed->arena, &story->record))
		return false;
	ledger_put_keys(ledger, story->record.id, story->keys, story->key_count);
	if (story->record.state == LEDGER_HERE && is_elsewhere(story))
		add_section(story);
	/* What another feed says of it does not change it: two feeds would change it to and fro. */
	if (story->record.state == LEDGER_HERE &&
	    str_eq(story->record.source, str_from(feed->source->name)) &&
	    story->record.entry != story->entry)
		return false;
	feed->counts.same++;
	return true;
}

void story_begin(struct feed_run *feed, const struct feed_entry *entry, size_t place)
{
	struct story_run *story = ARENA_NEW(feed->arena, struct story_run);
	const struct prose_plan prose = { .base = feed->feed.url,
					  .local = local_path,
					  .context = feed };
	const struct source *source = feed->source;
	struct run *run = feed->paper->run;

	story_of_entry(feed->arena, &feed->feed, entry, &prose, &story->story);
	if (story->story.title.len == 0 && story->story.prose.count == 0 &&
	    story->story.summary.len == 0)
		return;
	story->feed = feed;
	story->entry = file_entry_hash(entry);
	story->section = source_section(source, entry->tags.items, entry->tags.count);
	if (story->story.published == 0)
		story->story.published = story->story.updated;
	if (story->story.published > run->now)
		story->story.published = run->now;
	/* What would go at once does not come. */
	if (source->keep_days && story->story.published && place >= source->keep_min &&
	    story->story.published < run->now - (int64_t)source->keep_days * DAY)
		return;
	make_keys(story);
	if (story->key_count == 0)
		add_key(story, "text",
			arena_format(feed->arena, "%llx",
				     (unsigned long long)file_words_hash(&story->story)));
	if (story_is_settled(story))
		return;
	buf_init(&story->picture, PICTURE_BYTES_MAX);
	feed->waiting++;
	if (source->mode == SOURCE_FULL && story->story.url.len) {
		ask_page(story);
	} else if (source->images == IMAGES_SCALED && story->story.image.len &&
		   !run->plan->is_dry) {
		go_on_with_picture(story);
	} else {
		story_write(story);
		end_story(story);
	}
}
