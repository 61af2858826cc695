/* The readers of edition.ini and section.ini. */
#include "store/edition_ini.h"

#include <stddef.h>
#include <string.h>

#include "base/ini.h"
#include "base/text.h"
#include "base/uri.h"

enum { LIST_MAX = 200, LINKS_MAX = 50, FRONT_MAX = 50 };

/* A file being read: keys are set in target; seen has a bit for each that was. */
struct reading {
	struct arena *arena;
	void *target;
	struct edition *edition; /* NULL for a section.ini */
	struct texts *order;
	const struct key *keys;
	size_t key_count;
	uint64_t seen;
	bool labels_seen[LABEL_COUNT];
};

struct key {
	const char *name;
	bool (*set)(struct reading *reading, void *place, struct str value, struct err *err);
	size_t offset; /* in the target */
};

static bool set_text(struct reading *reading, void *place, struct str value, struct err *err)
{
	(void)err;
	*(struct str *)place = arena_str(reading->arena, value);
	return true;
}

static bool set_language(struct reading *reading, void *place, struct str value, struct err *err)
{
	for (size_t i = 0; i < value.len; i++) {
		char byte = value.data[i];

		if (!(byte >= 'a' && byte <= 'z') && !(byte >= 'A' && byte <= 'Z') &&
		    !(byte >= '0' && byte <= '9') && byte != '-')
			return err_set(err, "\"%s\" is not a language tag", value.data);
	}
	if (value.len < 2 || value.len > 35) /* RFC 5646 4.4.1 */
		return err_set(err, "\"%s\" is not a language tag", value.data);
	return set_text(reading, place, value, err);
}

static bool set_count(struct reading *reading, void *place, struct str value, struct err *err)
{
	uint64_t count;

	(void)reading;
	if (!str_number(value, FRONT_MAX, &count))
		return err_set(err, "\"%s\" is not a number from 0 to %d", value.data, FRONT_MAX);
	*(unsigned *)place = (unsigned)count;
	return true;
}

static bool set_flag(struct reading *reading, void *place, struct str value, struct err *err)
{
	(void)reading;
	if (!str_eq(value, STR("yes")) && !str_eq(value, STR("no")))
		return err_set(err, "\"%s\" is not yes or no", value.data);
	*(bool *)place = str_eq(value, STR("yes"));
	return true;
}

static bool set_by_title(struct reading *reading, void *place, struct str value, struct err *err)
{
	(void)reading;
	if (!str_eq(value, STR("newest")) && !str_eq(value, STR("title")))
		return err_set(err, "\"%s\" is not newest or title", value.data);
	*(bool *)place = str_eq(value, STR("title"));
	return true;
}

/* Items between commas; empty ones do not count. */
static bool split(struct reading *reading, struct str value, struct texts *ret_texts,
		  struct err *err)
{
	struct str *items = ARENA_ARRAY(reading->arena, LIST_MAX, struct str);
	struct str item;
	size_t count = 0;

	while (str_next(&value, ',', &item)) {
		item = str_trim(item);
		if (item.len == 0)
			continue;
		if (count == LIST_MAX)
			return err_set(err, "more than %d items", LIST_MAX);
		items[count++] = arena_str(reading->arena, item);
	}
	*ret_texts = (struct texts){ items, count };
	return true;
}

static bool set_order(struct reading *reading, void *place, struct str value, struct err *err)
{
	(void)place;
	return split(reading, value, reading->order, err);
}

/* Paths; one without a first slash is below the edition. */
static bool set_picks(struct reading *reading, void *place, struct str value, struct err *err)
{
	struct texts paths;

	if (!split(reading, value, &paths, err))
		return false;
	for (size_t i = 0; i < paths.count; i++)
		if (!str_starts(paths.items[i], STR("/")))
			paths.items[i] = arena_join(reading->arena, reading->edition->root,
						    paths.items[i], STR(""));
	*(struct texts *)place = paths;
	return true;
}

#define AT(type, member) offsetof(struct type, member)

static const struct key edition_keys[] = {
	{ "name", set_text, AT(edition, name) },
	{ "slogan", set_text, AT(edition, slogan) },
	{ "language", set_language, AT(edition, language) },
	{ "sections", set_order, 0 },
	{ "front", set_count, AT(edition, front) },
	{ "lead", set_count, AT(edition, lead) },
	{ "boxes", set_count, AT(edition, boxes) },
	{ "summaries", set_flag, AT(edition, summaries) },
	{ "subsections", set_flag, AT(edition, subsections) },
	{ "contact", set_text, AT(edition, contact) },
	{ "license", set_text, AT(edition, license) },
	{ "picks", set_picks, AT(edition, picks) },
};

static const struct key section_keys[] = {
	{ "name", set_text, AT(section, name) },
	{ "description", set_text, AT(section, description) },
	{ "sections", set_order, 0 },
	{ "order", set_by_title, AT(section, by_title) },
};

static bool read_key(struct reading *reading, struct str name, struct str value, struct err *err)
{
	for (size_t i = 0; i < reading->key_count; i++) {
		const struct key *key = &reading->keys[i];

		if (!str_eq(name, str_from(key->name)))
			continue;
		if (reading->seen >> i & 1)
			return err_set(err, "%s is set twice", key->name);
		reading->seen |= UINT64_C(1) << i;
		if (value.len == 0)
			return true;
		return key->set(reading, (char *)reading->target + key->offset, value, err);
	}
	return err_set(err, "the key \"%s\" is not known", name.data);
}

static bool read_label(struct reading *reading, struct str name, struct str value, struct err *err)
{
	enum label label;

	if (!label_find(name, &label))
		return err_set(err, "there is no label \"%s\"", name.data);
	if (reading->labels_seen[label])
		return err_set(err, "%s is set twice", name.data);
	reading->labels_seen[label] = true;
	if (value.len)
		reading->edition->labels[label] = arena_str(reading->arena, value);
	return true;
}

static bool read_link(struct reading *reading, struct str name, struct str value, struct err *err)
{
	struct edition *edition = reading->edition;
	bool is_url = uri_has_scheme(value);
	struct uri uri;

	if (!uri_split(value, &uri) || (!is_url && !str_starts(value, STR("/"))))
		return err_set(err, "\"%s\" is neither a URL nor a path", value.data);
	if (edition->link_count == LINKS_MAX)
		return err_set(err, "more than %d links", LINKS_MAX);
	if (!edition->links)
		edition->links = ARENA_ARRAY(reading->arena, LINKS_MAX, struct link);
	edition->links[edition->link_count++] = (struct link){
		.form = is_url ? LINK_REMOTE : LINK_MENU,
		.target = arena_str(reading->arena, value),
		.label = arena_str(reading->arena, name),
	};
	return true;
}

static bool on_pair(void *context, const char *section, const char *key, const char *value,
		    unsigned line, struct err *err)
{
	struct reading *reading = context;
	/* Copied, so that messages find a NUL behind them. */
	struct str name = arena_str(reading->arena, text_line(reading->arena, str_from(key)));
	struct str text = arena_str(reading->arena, text_line(reading->arena, str_from(value)));

	(void)line;
	if (strcmp(section, "") == 0)
		return read_key(reading, name, text, err);
	if (reading->edition && strcmp(section, "labels") == 0)
		return read_label(reading, name, text, err);
	if (reading->edition && strcmp(section, "links") == 0)
		return read_link(reading, name, text, err);
	return err_set(err, "there is no section [%s] here", section);
}

static void set_labels(struct edition *edition, struct str language)
{
	for (int i = 0; i < LABEL_COUNT; i++)
		edition->labels[i] = label_text((enum label)i, language);
}

/* The language decides what [labels] is laid over, so it is looked for first. */
static bool on_language(void *context, const char *section, const char *key, const char *value,
			unsigned line, struct err *err)
{
	(void)line;
	(void)err;
	if (strcmp(section, "") == 0 && strcmp(key, "language") == 0)
		set_labels(context, str_from(value));
	return true;
}

bool edition_ini_read(struct arena *arena, struct str text, const char *name, struct str prefix,
		      struct edition *ret_edition, struct texts *ret_order, struct err *err)
{
	struct edition edition = {
		.prefix = arena_str(arena, prefix),
		.root = STR("/"),
		.name = prefix.len ? arena_str(arena, prefix) : STR("Tidings"),
		.slogan = STR(""),
		.language = STR("en"),
		.contact = STR(""),
		.license = STR(""),
		.front = 5,
		.lead = 1,
		.boxes = 5,
		.summaries = true,
		.subsections = true,
	};
	struct texts order = { 0 };
	struct reading reading = {
		.arena = arena,
		.target = &edition,
		.edition = &edition,
		.order = &order,
		.keys = edition_keys,
		.key_count = sizeof(edition_keys) / sizeof(edition_keys[0]),
	};

	if (prefix.len)
		edition.root = arena_join(arena, STR("/"), prefix, STR("/"));
	set_labels(&edition, edition.language);
	if (!ini_read(text, name, on_language, &edition, err) ||
	    !ini_read(text, name, on_pair, &reading, err))
		return false;
	*ret_edition = edition;
	*ret_order = order;
	return true;
}

bool section_ini_read(struct arena *arena, struct str text, const char *name,
		      struct section *ret_section, struct texts *ret_order, struct err *err)
{
	struct section section = { .name = STR(""), .description = STR("") };
	struct texts order = { 0 };
	struct reading reading = {
		.arena = arena,
		.target = &section,
		.order = &order,
		.keys = section_keys,
		.key_count = sizeof(section_keys) / sizeof(section_keys[0]),
	};

	if (!ini_read(text, name, on_pair, &reading, err))
		return false;
	*ret_section = section;
	*ret_order = order;
	return true;
}
