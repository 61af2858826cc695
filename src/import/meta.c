/* Facts about an article: offers are weighed. */
#include "import/meta.h"

#include "base/date.h"
#include "base/text.h"
#include "import/address.h"
#include "import/meta_draft.h"
#include "import/when.h"

enum { DAY = 24 * 3600, NAME_WORDS_MAX = 8, NAME_BYTES_MAX = 120, DATE_LEAST = 8 };

void meta_offer(struct meta_draft *draft, enum meta_fact fact, enum meta_place place,
		struct str value)
{
	if (place >= draft->places[fact])
		return;
	value = dom_plain(draft->arena, value,
			  fact == FACT_SUMMARY ? META_SUMMARY_MAX : META_LINE_MAX);
	if (value.len == 0)
		return;
	draft->facts[fact] = value;
	draft->places[fact] = place;
}

void meta_offer_date(struct meta_draft *draft, enum meta_fact fact, enum meta_place place,
		     struct str text)
{
	int64_t seconds;
	char out[DATE_TEXT];

	if (place >= draft->places[fact] || text.len > META_LINE_MAX)
		return;
	text = str_trim(text);
	/* A lone year or month in the text is not the day of its article. */
	if (place >= PLACE_SEEN && text.len < DATE_LEAST)
		return;
	if (!when_parse(text, false, &seconds) || seconds > draft->now + DAY || seconds < DAY)
		return;
	draft->facts[fact] = arena_str(draft->arena, str_from(date_rfc3339(seconds, out)));
	draft->places[fact] = place;
}

/* Adds to the list of the best place; false when it is there, or full. */
static bool add(struct meta_list *list, size_t max, enum meta_place place, struct str item)
{
	if (place > list->place)
		return false;
	if (place < list->place)
		list->count = 0;
	list->place = place;
	for (size_t i = 0; i < list->count; i++)
		if (str_eq_nocase(list->items[i], item))
			return false;
	if (list->count == max)
		return false;
	list->items[list->count++] = item;
	return true;
}

void meta_offer_tag(struct meta_draft *draft, enum meta_place place, struct str tag)
{
	tag = dom_plain(draft->arena, tag, 200);
	if (str_starts(tag, STR("#")))
		tag = str_skip(tag, 1);
	if (tag.len > 0 && tag.len <= 80)
		add(&draft->tags, META_TAGS_MAX, place, tag);
}

void meta_offer_tags(struct meta_draft *draft, enum meta_place place, struct str tags)
{
	char separator = str_find(tags, ',') < tags.len ? ',' : ';';
	struct str tag;

	while (str_next(&tags, separator, &tag))
		meta_offer_tag(draft, place, tag);
}

/* A word that bylines begin with, in the larger languages. */
static struct str skip_by(struct str name)
{
	static const char *const words[] = {
		"by ",	       "By ",	     "BY ",	   "by: ",	"By: ",	     "Written by ",
		"written by ", "Posted by ", "posted by ", "Story By ", "Story by ", "Author: ",
		"author: ",    "Von ",	     "von ",	   "Por ",	"por ",	     "Par ",
		"par ",	       "Di ",	     "Autor: ",	   "Text: ",	NULL
	};

	for (const char *const *word = words; *word; word++)
		if (str_starts(name, str_from(*word)))
			return str_trim(str_skip(name, strlen(*word)));
	return name;
}

/* A name has few words, no address in it and no more than a digit or two. */
static bool is_name(struct str name)
{
	size_t words = 1;
	size_t digits = 0;

	if (name.len < 2 || name.len > NAME_BYTES_MAX || str_search(name, STR("://")) < name.len ||
	    str_starts(name, STR("www.")) || str_find(name, '@') < name.len ||
	    str_find(name, '{') < name.len)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		words += name.data[i] == ' ';
		digits += name.data[i] >= '0' && name.data[i] <= '9';
	}
	return words <= NAME_WORDS_MAX && digits <= 3;
}

static void add_author(struct meta_draft *draft, enum meta_place place, struct str name)
{
	size_t cut = str_find(name, '|');

	if (str_find(name, '(') > 0 && str_find(name, '(') < cut)
		cut = str_find(name, '(');
	name = skip_by(str_trim(str_head(name, cut)));
	while (name.len && strchr(",;.- ", name.data[name.len - 1]) &&
	       !(name.data[name.len - 1] == '.' && name.len >= 3 && name.data[name.len - 3] == ' '))
		name.len--;
	if (is_name(name))
		add(&draft->authors, META_AUTHORS_MAX, place, name);
}

/* Takes the part before the next ", ", " and " and the like. */
static bool next_name(struct str *rest, struct str *ret_name)
{
	static const char *const between[] = { ", and ", " and ", " & ", ", ",	      "; ",
					       " und ",	 " et ",  " y ", "\xD8\x8C ", NULL };
	size_t end = rest->len;
	size_t skip = 0;

	if (rest->len == 0)
		return false;
	for (const char *const *word = between; *word; word++) {
		size_t at = str_search(*rest, str_from(*word));

		if (at < end) {
			end = at;
			skip = strlen(*word);
		}
	}
	*ret_name = str_head(*rest, end);
	*rest = str_skip(*rest, end + skip);
	return true;
}

void meta_offer_author(struct meta_draft *draft, enum meta_place place, struct str names)
{
	struct str name;

	names = dom_plain(draft->arena, names, META_LINE_MAX);
	while (next_name(&names, &name))
		add_author(draft, place, name);
}

static struct texts take_list(struct arena *arena, const struct meta_list *list)
{
	struct texts texts = { ARENA_ARRAY(arena, list->count + 1, struct str), list->count };

	for (size_t i = 0; i < list->count; i++)
		texts.items[i] = list->items[i];
	return texts;
}

static int64_t take_date(struct str text)
{
	int64_t seconds = 0;

	return date_parse(text, &seconds) ? seconds : 0;
}

static struct str take_url(const struct meta_draft *draft, enum meta_fact fact)
{
	struct str url = draft->facts[fact];

	url = url.len ? address_resolve(draft->arena, draft->base, url) : url;
	return str_starts(url, STR("http:")) || str_starts(url, STR("https:")) ? url : STR("");
}

/* "en_GB" is how Open Graph writes en-GB. */
static struct str take_language(const struct meta_draft *draft)
{
	struct str language = arena_str(draft->arena, draft->facts[FACT_LANGUAGE]);
	char *bytes = (char *)language.data;

	if (language.len > 35)
		return STR("");
	for (size_t i = 0; i < language.len; i++) {
		bool is_letter = (bytes[i] >= 'a' && bytes[i] <= 'z') ||
				 (bytes[i] >= 'A' && bytes[i] <= 'Z');

		if (bytes[i] == '_')
			bytes[i] = '-';
		else if (!is_letter && bytes[i] != '-' &&
			 !(i > 1 && bytes[i] >= '0' && bytes[i] <= '9'))
			return STR("");
	}
	return language.len >= 2 ? language : STR("");
}

void meta_read(struct arena *arena, xmlDoc *page, struct str base, int64_t now,
	       struct meta *ret_meta)
{
	struct meta_draft draft = { .arena = arena, .base = base, .now = now };
	xmlNode *root = xmlDocGetRootElement(page);

	for (size_t i = 0; i < FACT_COUNT; i++)
		draft.places[i] = PLACE_NOWHERE;
	draft.authors.place = draft.tags.place = PLACE_NOWHERE;
	meta_read_jsonld(&draft, root);
	meta_read_head(&draft, root);
	meta_read_microdata(&draft, root);
	meta_read_seen(&draft, root);
	*ret_meta = (struct meta){
		.title = meta_title(&draft, root),
		.site = draft.facts[FACT_SITE],
		.authors = take_list(arena, &draft.authors),
		.published = take_date(draft.facts[FACT_PUBLISHED]),
		.updated = take_date(draft.facts[FACT_UPDATED]),
		.language = take_language(&draft),
		.summary = draft.facts[FACT_SUMMARY],
		.section = draft.facts[FACT_SECTION],
		.tags = take_list(arena, &draft.tags),
		.image = take_url(&draft, FACT_IMAGE),
		.image_caption = draft.facts[FACT_IMAGE_CAPTION],
		.image_credit = draft.facts[FACT_IMAGE_CREDIT],
		.image_alt = draft.facts[FACT_IMAGE_ALT],
		.url = take_url(&draft, FACT_URL),
		.license = draft.facts[FACT_LICENSE],
		.body = draft.body,
		.is_locked = draft.is_locked,
		.is_film = draft.is_film,
	};
}
