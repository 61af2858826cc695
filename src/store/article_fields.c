/* The fields of an article's header: one table row each. */
#include <stddef.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "base/uri.h"
#include "store/article_parse.h"
#include "store/place.h"

enum { SHARES_MAX = 1000000000, ID_MAX = 128, QUOTE_MAX = 60 };

/* In messages to writers, who need not know the RFC's number. */
#define NO_DATE "\"" STR_FMT "\" is no date such as 2026-10-03T08:40:00Z"

/* A value in a message, cut so that the message stays a sentence. */
#define QUOTE(s) STR_ARG(text_whole(str_head(s, QUOTE_MAX)))

struct field {
	const char *name;
	void (*set)(struct parse *parse, const struct field *field, struct str value);
	size_t offset; /* in struct article, for the setters that are shared */
	bool repeats;
};

static void *place(struct parse *parse, const struct field *field)
{
	return (char *)parse->article + field->offset;
}

/* A list's memory doubles whenever count reaches a power of two. Returns the new last item. */
static void *grow(struct arena *arena, void *items, size_t *count, size_t size)
{
	size_t old = *count;
	void *fresh;

	if (old == 0 || (old & (old - 1)) == 0) {
		fresh = arena_alloc(arena, old ? old * 2 : 1, size);
		if (old)
			memcpy(fresh, *(void **)items, old * size);
		*(void **)items = fresh;
	}
	++*count;
	return *(char **)items + old * size;
}

#define GROW(parse, items, count) grow((parse)->arena, &(items), &(count), sizeof(*(items)))

static void set_text(struct parse *parse, const struct field *field, struct str value)
{
	*(struct str *)place(parse, field) = value;
}

static void add_text(struct parse *parse, const struct field *field, struct str value)
{
	struct texts *texts = place(parse, field);

	for (size_t i = 0; i < texts->count; i++)
		if (str_eq(texts->items[i], value))
			return;
	*(struct str *)GROW(parse, texts->items, texts->count) = value;
}

/* A date whose loss would publish or keep what must not be: an error. */
static void set_date(struct parse *parse, const struct field *field, struct str value)
{
	int64_t date;

	if (date_parse(value, &date) && date > 0)
		*(int64_t *)place(parse, field) = date;
	else
		parse_error(parse, "%s: " NO_DATE, field->name, QUOTE(value));
}

static void set_updated(struct parse *parse, const struct field *field, struct str value)
{
	if (!date_parse(value, &parse->article->updated))
		parse_warning(parse, "%s: " NO_DATE, field->name, QUOTE(value));
}

static bool is_id(struct str id)
{
	for (size_t i = 0; i < id.len; i++) {
		char byte = id.data[i];

		if (!(byte >= 'a' && byte <= 'z') && !(byte >= 'A' && byte <= 'Z') &&
		    !(byte >= '0' && byte <= '9') && !strchr("._~:/@+-", byte))
			return false;
	}
	return id.len <= ID_MAX;
}

static void set_id(struct parse *parse, const struct field *field, struct str value)
{
	if (is_id(value))
		set_text(parse, field, value);
	else
		parse_error(parse,
			    "Id: \"" STR_FMT "\" is not made of up to %d of a-z 0-9 ._~:/@+-",
			    QUOTE(value), ID_MAX);
}

static void set_type(struct parse *parse, const struct field *field, struct str value)
{
	(void)field;
	if (!article_type_find(value, &parse->article->type))
		parse_warning(parse, "Type: \"" STR_FMT "\" is not a known type", QUOTE(value));
}

/* A draft with a typing error must not be published. */
static void set_status(struct parse *parse, const struct field *field, struct str value)
{
	static const char *const names[] = { "published", "draft", "retracted" };

	(void)field;
	for (int i = 0; i < 3; i++) {
		if (!str_eq_nocase(value, str_from(names[i])))
			continue;
		parse->article->status = (enum article_status)i;
		return;
	}
	parse_error(parse, "Status: \"" STR_FMT "\" is not published, draft or retracted",
		    QUOTE(value));
}

/* Whether value can stand in a link line: a URL, or (unless it must be absolute) a path. */
static bool is_target(struct str value, bool must_be_absolute)
{
	struct uri uri;

	return value.len && uri_split(value, &uri) && (!must_be_absolute || uri.scheme.len);
}

static void set_url(struct parse *parse, const struct field *field, struct str value)
{
	if (is_target(value, true))
		set_text(parse, field, value);
	else
		parse_warning(parse, "%s: \"" STR_FMT "\" is not a URL", field->name, QUOTE(value));
}

static void add_related(struct parse *parse, const struct field *field, struct str value)
{
	if (is_target(value, false))
		add_text(parse, field, value);
	else
		parse_warning(parse, "Related: \"" STR_FMT "\" is not a path", QUOTE(value));
}

/* Takes the next part of "a | b | c"; the last one keeps all that is left. */
static struct str part(struct str *rest, bool is_last)
{
	struct str text = *rest;

	if (is_last)
		*rest = STR("");
	else if (!str_next(rest, '|', &text))
		text = STR("");
	return str_trim(text);
}

static void add_image(struct parse *parse, const struct field *field, struct str value)
{
	struct article *article = parse->article;
	struct article_image image;

	(void)field;
	image.target = part(&value, false);
	image.caption = part(&value, false);
	image.credit = part(&value, false);
	image.alt = part(&value, true);
	if (!is_target(image.target, false)) {
		parse_warning(parse, "Image: \"" STR_FMT "\" is not a path or URL",
			      QUOTE(image.target));
		return;
	}
	if (image.alt.len == 0)
		parse_warning(parse,
			      "Image: " STR_FMT " has no alt text (path | caption | credit "
			      "| alt text)",
			      QUOTE(image.target));
	*(struct article_image *)GROW(parse, article->images, article->image_count) = image;
}

static void add_media(struct parse *parse, const struct field *field, struct str value)
{
	struct article *article = parse->article;
	struct article_media media;

	(void)field;
	media.target = part(&value, false);
	media.label = part(&value, false);
	media.duration = part(&value, false);
	media.size = part(&value, true);
	if (is_target(media.target, false))
		*(struct article_media *)GROW(parse, article->media, article->media_count) = media;
	else
		parse_warning(parse, "Media: \"" STR_FMT "\" is not a path or URL",
			      QUOTE(media.target));
}

/*
 * A correction is worth more than its date: without one it gets the article's
 * (parse_fields_end).
 */
static void add_correction(struct parse *parse, const struct field *field, struct str value)
{
	struct article *article = parse->article;
	struct article_correction correction = { 0 };
	struct str date = part(&value, false);

	(void)field;
	correction.text = part(&value, true);
	if (correction.text.len == 0) {
		parse_warning(parse, "Correction: not \"date | text\"");
		return;
	}
	if (!date_parse(date, &correction.date))
		parse_warning(parse, "Correction: " NO_DATE, QUOTE(date));
	*(struct article_correction *)GROW(parse, article->corrections,
					   article->correction_count) = correction;
}

static bool is_language(struct str tag)
{
	for (size_t i = 0; i < tag.len; i++) {
		char byte = tag.data[i];

		if (!(byte >= 'a' && byte <= 'z') && !(byte >= 'A' && byte <= 'Z') &&
		    !(byte >= '0' && byte <= '9') && byte != '-')
			return false;
	}
	return tag.len >= 2 && tag.len <= 35; /* RFC 5646 4.4.1 */
}

static void set_language(struct parse *parse, const struct field *field, struct str value)
{
	if (is_language(value))
		set_text(parse, field, value);
	else
		parse_warning(parse, "Language: \"" STR_FMT "\" is not a language tag",
			      QUOTE(value));
}

static void add_translation(struct parse *parse, const struct field *field, struct str value)
{
	struct article *article = parse->article;
	struct article_translation translation;

	(void)field;
	str_next(&value, ' ', &translation.language);
	translation.path = str_trim(value);
	if (is_language(translation.language) && is_target(translation.path, false))
		*(struct article_translation *)GROW(parse, article->translations,
						    article->translation_count) = translation;
	else
		parse_warning(parse, "Translation: not \"language path\"");
}

static void set_pick(struct parse *parse, const struct field *field, struct str value)
{
	(void)field;
	parse->article->pick = str_eq_nocase(value, STR("yes"));
	if (!parse->article->pick && !str_eq_nocase(value, STR("no")))
		parse_warning(parse, "Pick: \"" STR_FMT "\" is not yes or no", QUOTE(value));
}

static void set_urgency(struct parse *parse, const struct field *field, struct str value)
{
	uint64_t urgency;

	(void)field;
	if (str_number(value, 9, &urgency) && urgency > 0)
		parse->article->urgency = (int)urgency;
	else
		parse_warning(parse, "Urgency: \"" STR_FMT "\" is not 1 to 9", QUOTE(value));
}

static void set_shares(struct parse *parse, const struct field *field, struct str value)
{
	(void)field;
	if (!str_number(value, SHARES_MAX, &parse->article->shares))
		parse_warning(parse, "Shares: \"" STR_FMT "\" is not a number up to %d",
			      QUOTE(value), SHARES_MAX);
}

static void add_section(struct parse *parse, const struct field *field, struct str value)
{
	if (place_section_is_lawful(&value))
		add_text(parse, field, value);
	else
		parse_warning(parse, "Section: \"" STR_FMT "\" is not a section such as news/world",
			      QUOTE(value));
}

#define AT(member) offsetof(struct article, member)

static const struct field fields[] = {
	{ "Title", set_text, AT(title), false },
	{ "Date", set_date, AT(published), false },
	{ "Id", set_id, AT(uid), false },
	{ "Updated", set_updated, AT(updated), false },
	{ "Expires", set_date, AT(expires), false },
	{ "Type", set_type, 0, false },
	{ "Kicker", set_text, AT(kicker), false },
	{ "Summary", set_text, AT(summary), false },
	{ "Author", add_text, AT(authors), true },
	{ "Source", set_text, AT(source), false },
	{ "Source-Url", set_url, AT(source_url), false },
	{ "Tag", add_text, AT(tags), true },
	{ "Section", add_section, AT(sections), true },
	{ "Image", add_image, 0, true },
	{ "Media", add_media, 0, true },
	{ "Related", add_related, AT(related), true },
	{ "Translation", add_translation, 0, true },
	{ "Correction", add_correction, 0, true },
	{ "Pick", set_pick, 0, false },
	{ "Urgency", set_urgency, 0, false },
	{ "Status", set_status, 0, false },
	{ "Shares", set_shares, 0, false },
	{ "Canonical", set_url, AT(canonical), false },
	{ "Language", set_language, AT(language), false },
	{ "License", set_text, AT(license), false },
};

enum { FIELD_COUNT = sizeof(fields) / sizeof(fields[0]) };
_Static_assert(FIELD_COUNT <= 64, "parse.seen has one bit a field");

/* A text that is not filled in, as in a new article, is one that is left out; the rest may be a slip. */
static void tell_empty(struct parse *parse, const struct field *field)
{
	if (field->set != set_text && field->set != add_text)
		parse_warning(parse, "%s is empty", field->name);
}

void parse_field(struct parse *parse, struct str name, struct str value)
{
	struct str clean = text_line(parse->arena, value);

	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const struct field *field = &fields[i];

		if (!str_eq_nocase(name, str_from(field->name)))
			continue;
		if (!field->repeats && (parse->seen >> i & 1))
			parse_warning(parse, "%s stands here twice; the first one counts",
				      field->name);
		else if (clean.len == 0)
			tell_empty(parse, field);
		else
			field->set(parse, field, clean);
		parse->seen |= UINT64_C(1) << i;
		return;
	}
	if (!str_eq_nocase(str_head(name, 2), STR("X-")))
		parse_warning(parse, "the field " STR_FMT " is not known", QUOTE(name));
}

void parse_fields_end(struct parse *parse, bool needs_date)
{
	struct article *article = parse->article;

	if (article->title.len == 0)
		parse_error(parse, "Title is missing");
	/* One that is there but wrong has been told already. */
	if (needs_date && article->published == 0 && article->status != STATUS_DRAFT &&
	    parse->errors == 0)
		parse_error(parse, "Date is missing");
	if (article->updated && article->updated < article->published) {
		parse_warning(parse, "Updated is before Date");
		article->updated = 0;
	}
	if (article->expires && article->expires <= article->published)
		parse_warning(parse, "Expires is not after Date: this is never visible");
	for (size_t i = 0; i < article->correction_count; i++)
		if (article->corrections[i].date == 0)
			article->corrections[i].date = article->updated ? article->updated
									: article->published;
}

static const char *const type_names[TYPE_COUNT] = {
	"article", "opinion",	  "analysis", "blog", "feature",
	"video",   "infographic", "gallery",  "live",
};

struct str article_type_name(enum article_type type)
{
	return str_from(type_names[type]);
}

bool article_type_find(struct str name, enum article_type *ret_type)
{
	for (int i = 0; i < TYPE_COUNT; i++) {
		if (!str_eq_nocase(name, str_from(type_names[i])))
			continue;
		*ret_type = (enum article_type)i;
		return true;
	}
	return false;
}
