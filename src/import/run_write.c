/* A story becomes a file of the paper, or changes the one that it is. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "import/address.h"
#include "import/run_inside.h"

enum { NAMES_TRIED = 50 };

/* The same for whoever imports the story, from whatever feed: a hash of its address. */
static struct str uid_of(const struct story_run *story)
{
	struct arena *arena = story->feed->arena;
	struct str name = story->story.url.len ? address_alias(arena, story->story.url)
					       : story->story.id;

	if (name.len == 0)
		name = story->keys[0];
	return arena_format(arena, "import:%016llx", (unsigned long long)str_hash(name));
}

static struct str folder_of(const struct story_run *story)
{
	const char *edition = story->feed->source->edition;

	return arena_format(story->feed->arena, "%s%s" STR_FMT "/", edition, *edition ? "/" : "",
			    STR_ARG(story->section));
}

/* Whether a file that the records do not know is this story all the same: they were lost, or cut short. */
static bool is_same_story(struct story_run *story, struct str path, struct str uid)
{
	struct arena *arena = story->feed->arena;
	struct str line = arena_format(arena, "\nId: " STR_FMT "\n", STR_ARG(uid));
	struct str bytes;

	if (!content_read(story->feed->paper, path, arena, &bytes))
		return false;
	bytes = str_head(bytes, str_search(bytes, STR("\n\n")) + 1);
	return str_search(bytes, line) < bytes.len &&
	       str_search(bytes, STR("\nX-Import: ")) < bytes.len;
}

static bool exists(struct story_run *story, struct str path)
{
	struct str bytes;

	return content_read(story->feed->paper, path, story->feed->arena, &bytes);
}

/* A name that no file has, made of the title. replace is set when it is the story's own after all. */
static struct str new_path(struct story_run *story, struct str uid, bool *ret_replace)
{
	struct arena *arena = story->feed->arena;
	struct str folder = folder_of(story);
	struct str slug = text_slug(arena, story->story.title.len ? story->story.title
								  : story->story.summary);

	*ret_replace = false;
	for (unsigned i = 1; i <= NAMES_TRIED; i++) {
		struct str path = i == 1 ? arena_format(arena, STR_FMT STR_FMT ".gmi",
							STR_ARG(folder), STR_ARG(slug))
					 : arena_format(arena, STR_FMT STR_FMT "-%u.gmi",
							STR_ARG(folder), STR_ARG(slug), i);

		*ret_replace = is_same_story(story, path, uid);
		if (*ret_replace || !exists(story, path))
			return path;
	}
	return arena_format(arena, STR_FMT STR_FMT "-" STR_FMT ".gmi", STR_ARG(folder),
			    STR_ARG(slug), STR_ARG(str_skip(uid, 7)));
}

/* The scaled picture beside the article. */
static struct str put_picture(struct story_run *story, struct str path, struct str old)
{
	struct arena *arena = story->feed->arena;
	struct str image;
	struct err err = { "" };

	if (story->picture.len == 0)
		return old;
	image = arena_format(arena, STR_FMT "%s", STR_ARG(str_head(path, path.len - 4)),
			     story->picture_end);
	if (!str_eq(image, old) && exists(story, image))
		return old;
	if (!content_put(story->feed->paper, image, buf_view(&story->picture), true, &err)) {
		run_tell(story->feed->paper->run, IMPORT_WARNS, story->feed->source->name, "%s",
			 err.text);
		return old;
	}
	return image;
}

static void split_sections(struct arena *arena, struct str joined, struct file_facts *facts)
{
	struct str *items = ARENA_ARRAY(arena, joined.len + 1, struct str);

	facts->sections = items;
	while (str_next(&joined, ',', &items[facts->section_count]))
		facts->section_count++;
}

/* Puts the file together; false when it would be larger than the store takes. */
static bool compose(struct story_run *story, const struct ledger_story *record, struct str uid,
		    struct buf *out)
{
	struct arena *arena = story->feed->arena;
	struct file_facts facts = {
		.source = story->feed->source,
		.uid = uid,
		.published = record->published,
		.updated = record->updated,
		.language = story->feed->language,
		.image = str_skip(record->image,
				  record->image.len ? str_rfind(record->image, '/') + 1 : 0),
	};

	split_sections(arena, record->sections, &facts);
	buf_init(out, FILE_BYTES_MAX);
	file_write(arena, &story->story, &facts, out);
	return !out->full;
}

static void warn(struct story_run *story, const char *why)
{
	run_tell(story->feed->paper->run, IMPORT_WARNS, story->feed->source->name, STR_FMT ": %s",
		 STR_ARG(str_head(story->story.title, 80)), why);
}

static void tell_coming(struct story_run *story, const char *what)
{
	const char *by = extract_name(story->story.by);

	run_tell(story->feed->paper->run, IMPORT_SAYS, story->feed->source->name,
		 "%s " STR_FMT " (%s) " STR_FMT, what, STR_ARG(story->section), by ? by : "-",
		 STR_ARG(story->story.title));
}

/* Writes the file and what is known of it. */
static void put_story(struct story_run *story, struct ledger_story *record, struct str uid,
		      bool replace)
{
	struct feed_run *feed = story->feed;
	bool is_new = record->id == 0;
	struct err err = { "" };
	struct buf out;

	record->image = put_picture(story, record->path, record->image);
	if (!compose(story, record, uid, &out)) {
		warn(story, "is larger than an article may be");
	} else if (!content_put(feed->paper, record->path, buf_view(&out), replace, &err)) {
		warn(story, err.text);
	} else {
		record->file = (int64_t)str_hash(buf_view(&out));
		if (is_new)
			ledger_add(feed->paper->ledger, record);
		else
			ledger_change(feed->paper->ledger, record);
		ledger_put_keys(feed->paper->ledger, record->id, story->keys, story->key_count);
		*(is_new ? &feed->counts.fresh : &feed->counts.changed) += 1;
	}
	buf_done(&out);
}

static void write_new(struct story_run *story)
{
	struct feed_run *feed = story->feed;
	struct str uid = uid_of(story);
	bool replace;
	struct ledger_story record = {
		.source = str_from(feed->source->name),
		.published = story->story.published ? story->story.published
						    : feed->paper->run->now,
		.entry = story->entry,
		.text = file_words_hash(&story->story),
	};

	record.path = new_path(story, uid, &replace);
	if (feed->paper->run->plan->is_dry) {
		tell_coming(story, "new");
		feed->counts.fresh++;
		/* Undone at the end; until then two entries of one story are one. */
		ledger_add(feed->paper->ledger, &record);
		ledger_put_keys(feed->paper->ledger, record.id, story->keys, story->key_count);
		return;
	}
	put_story(story, &record, uid, replace);
}

/* The Id that the file has, which stays. */
static struct str uid_in(struct story_run *story, struct str bytes)
{
	struct str line;

	while (str_next_line(&bytes, &line) && line.len)
		if (str_starts(line, STR("Id: ")))
			return str_skip(line, 4);
	return uid_of(story);
}

static void write_change(struct story_run *story)
{
	struct feed_run *feed = story->feed;
	struct ledger_story *record = &story->record;
	int64_t words = file_words_hash(&story->story);
	struct str bytes;

	record->entry = story->entry;
	if (!content_read(feed->paper, record->path, feed->arena, &bytes))
		record->state = LEDGER_GONE;
	else if ((int64_t)str_hash(bytes) != record->file)
		record->state = LEDGER_OTHERS;
	if (record->state != LEDGER_HERE || words == record->text) {
		ledger_change(feed->paper->ledger, record);
		feed->counts.same++;
		return;
	}
	record->text = words;
	record->updated = story->story.updated > record->published &&
					  story->story.updated <= feed->paper->run->now
				  ? story->story.updated
				  : feed->paper->run->now;
	if (feed->paper->run->plan->is_dry) {
		tell_coming(story, "changed");
		feed->counts.changed++;
		return;
	}
	put_story(story, record, uid_in(story, bytes), true);
}

void story_write(struct story_run *story)
{
	/* Another feed may have brought it while its page was on the way. */
	if (!story->record.id && story_is_settled(story))
		return;
	if (story->record.id)
		write_change(story);
	else
		write_new(story);
}
