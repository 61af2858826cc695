/* [source NAME]: its settings. */
#include "source_setting.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "setting.h"

#define ROW(name, type, field, ...)                                                                \
	{                                                                                          \
		"source", name, &setting_##type, offsetof(struct source, field), __VA_ARGS__       \
	}

/* In each row: name, type, field, least, most, words, default, help. */
static const struct setting rows[] = {
	ROW("url", text, url, 1, 1024, NULL, "",
	    "of a feed (RSS, Atom, JSON Feed), an OPML list, a page that names its feed; gopher:// "
	    "and gemini:// too"),
	ROW("title", text, title, 0, 120, NULL, "",
	    "what readers see as the source; empty: the feed's own title"),
	ROW("section", text, section, 1, 120, NULL, "",
	    "folder below the edition's, such as news/world"),
	ROW("edition", text, edition, 0, 32, NULL, "", "folder of another edition, such as ar"),
	ROW("mode", choice, mode, 0, 0, "headline|excerpt|full", "excerpt",
	    "headline (a link), excerpt (the feed's summary), or full (the text of feed or page)"),
	ROW("every", duration, every, 60, 30 * 86400, NULL, "60m",
	    "time between two looks: 60s to 30d"),
	ROW("keep_days", number, keep_days, 0, 36500, "for-ever", "90",
	    "older stories go; for-ever keeps them"),
	ROW("keep_max", number, keep_max, 0, 1000000, "all", "500",
	    "most stories of this source that are kept"),
	ROW("keep_min", number, keep_min, 0, 1000000, NULL, "20",
	    "stories that stay however old they are"),
	ROW("images", choice, images, 0, 0, "no|link|scaled", "no",
	    "no, link (to the source's server), or scaled (kept beside the article)"),
	ROW("image_side", number, image_side, 64, 4096, NULL, "800",
	    "longest side of a scaled picture, pixels"),
	ROW("image_bytes", number, image_bytes, 4096, 4194304, NULL, "65536",
	    "largest file of a scaled picture"),
	ROW("license", text, license, 0, 160, NULL, "", "under which its texts may be passed on"),
	ROW("attribution", text, attribution, 0, 160, NULL, "",
	    "a line that has to stand under each story"),
	ROW("allow_private", switch, allow_private, 0, 0, NULL, "no",
	    "yes fetches from private and loopback networks too"),
};

enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };

bool source_is_section(struct str section, struct str *ret_site, struct str *ret_name)
{
	struct str rest = str_skip(section, STR("source ").len);
	size_t blank = str_rfind(rest, ' ');

	if (!str_starts(section, STR("source ")))
		return false;
	*ret_site = blank < rest.len ? str_trim(str_head(rest, blank)) : STR("");
	*ret_name = blank < rest.len ? str_skip(rest, blank + 1) : rest;
	return true;
}

/* Names stand in file headers, on the command line and in the import's records. */
static bool is_lawful(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!(name.data[i] >= 'a' && name.data[i] <= 'z') &&
		    !(name.data[i] >= '0' && name.data[i] <= '9') && !strchr("-_.", name.data[i]))
			return false;
	return name.len > 0 && name.len <= SOURCE_NAME_MAX && name.data[0] != '-';
}

static struct source *find(struct sources *sources, struct str name)
{
	for (size_t i = 0; i < sources->count; i++)
		if (str_eq(name, str_from(sources->items[i].name)))
			return &sources->items[i];
	return NULL;
}

bool source_settings_add(struct sources *sources, struct str name, struct err *err)
{
	if (!is_lawful(name))
		return err_set(err,
			       "\"" STR_FMT "\" is no name of a source: up to %d of a-z 0-9 . _ -",
			       STR_ARG(name), SOURCE_NAME_MAX);
	if (find(sources, name))
		return true;
	if (sources->count == SOURCES_MAX)
		return err_set(err, "more than %d sources", SOURCES_MAX);
	sources->items = mem_grow(sources->items, sources->count + 1, sizeof(struct source));
	sources->items[sources->count++] = (struct source){ .name = mem_copy(name.data, name.len) };
	return true;
}

/* Sections are folders: names as the store takes them, one or two. */
static bool is_folder(struct str path, size_t names_max)
{
	struct str name;
	size_t count = 0;

	while (str_next(&path, '/', &name)) {
		for (size_t i = 0; i < name.len; i++)
			if (!(name.data[i] >= 'a' && name.data[i] <= 'z') &&
			    !(name.data[i] >= '0' && name.data[i] <= '9') &&
			    !(name.data[i] >= 'A' && name.data[i] <= 'Z') &&
			    !strchr("-_.", name.data[i]))
				return false;
		if (name.len == 0 || name.data[0] == '.' || ++count > names_max)
			return false;
	}
	return count > 0;
}

static bool check_folder(struct str path, struct err *err)
{
	return is_folder(path, 2) || err_set(err,
					     "\"" STR_FMT "\" is no section: one or two names with "
					     "a slash between, such as news/world",
					     STR_ARG(path));
}

static char *trimmed(const char *value)
{
	struct str path = str_trim(str_from(value));

	while (str_starts(path, STR("/")))
		path = str_skip(path, 1);
	while (str_ends(path, STR("/")))
		path.len--;
	return mem_copy(path.data, path.len);
}

/* "Science -> news/science" */
static bool add_map(struct source *source, const char *value, struct err *err)
{
	struct str text = str_from(value);
	size_t at = str_search(text, STR("->"));
	size_t mark = 2;
	struct str category = str_trim(str_head(text, at));
	struct source_map *map;
	char *section;

	if (at == text.len) {
		at = str_search(text, STR("\xE2\x86\x92")); /* an arrow */
		mark = 3;
		category = str_trim(str_head(text, at));
	}
	if (at == text.len || category.len == 0)
		return err_set(err, "\"%s\" is not of the form: category -> section", value);
	if (source->map_count == SOURCE_MAPS_MAX)
		return err_set(err, "more than %d lines", SOURCE_MAPS_MAX);
	section = trimmed(text.data + at + mark);
	if (!check_folder(str_from(section), err)) {
		free(section);
		return false;
	}
	source->maps = mem_grow(source->maps, source->map_count + 1, sizeof(struct source_map));
	map = &source->maps[source->map_count++];
	map->category = str_from(mem_copy(category.data, category.len));
	map->section = str_from(section);
	return true;
}

static const struct setting *find_row(const char *key)
{
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (strcmp(rows[i].name, key) == 0)
			return &rows[i];
	return NULL;
}

bool source_settings_pair(struct sources *sources, struct str name, const char *key,
			  const char *value, struct err *err)
{
	struct source *source = find(sources, name);
	const struct setting *row = find_row(key);
	struct err why = { "" };

	/* A header that only the ini reader takes for one, as behind a second byte order mark. */
	if (!source)
		return err_set(err, "unknown section [source " STR_FMT "]", STR_ARG(name));
	if (strcmp(key, "map") == 0)
		return add_map(source, value, &why) || err_set(err, "map: %s", why.text);
	if (!row)
		return err_set(err, "unknown key \"%s\" in [source %s]", key, source->name);
	if (source->seen & 1u << (row - rows))
		return err_set(err, "%s is already set", key);
	source->seen |= 1u << (row - rows);
	return row->type->read(row, value, "", (char *)source + row->offset, &why) ||
	       err_set(err, "%s: %s", key, why.text);
}

static bool is_url(const char *url)
{
	static const char *const schemes[] = { "http://", "https://", "gopher://", "gemini://",
					       NULL };

	for (const char *const *scheme = schemes; *scheme; scheme++)
		if (strncmp(url, *scheme, strlen(*scheme)) == 0 && url[strlen(*scheme)])
			return true;
	return false;
}

static bool finish(struct source *source, struct err *err)
{
	char *section;

	for (size_t i = 0; i < ROW_COUNT; i++)
		if (!(source->seen & 1u << i) &&
		    !rows[i].type->read(&rows[i], rows[i].preset, "",
					(char *)source + rows[i].offset, err))
			abort(); /* a default that its own row refuses: a broken promise of ours */
	if (*source->url == '\0' || *source->section == '\0')
		return err_set(err, "[source %s] has no %s", source->name,
			       *source->url ? "section" : "url");
	if (!is_url(source->url))
		return err_set(err,
			       "[source %s]: url: \"%s\" is not fetched: http, https, gemini and "
			       "gopher are",
			       source->name, source->url);
	section = trimmed(source->section);
	free(source->section);
	source->section = section;
	if (!check_folder(str_from(section), err))
		return false;
	return *source->edition == '\0' || is_folder(str_from(source->edition), 1) ||
	       err_set(err, "[source %s]: edition: \"%s\" is no name of a folder", source->name,
		       source->edition);
}

bool source_settings_finish(struct sources *sources, struct err *err)
{
	for (size_t i = 0; i < sources->count; i++)
		if (!finish(&sources->items[i], err))
			return false;
	return true;
}

void source_settings_done(struct sources *sources)
{
	for (size_t i = 0; i < sources->count; i++) {
		struct source *source = &sources->items[i];

		for (size_t j = 0; j < ROW_COUNT; j++)
			rows[j].type->done((char *)source + rows[j].offset);
		for (size_t j = 0; j < source->map_count; j++) {
			free((char *)source->maps[j].category.data);
			free((char *)source->maps[j].section.data);
		}
		free(source->maps);
		free(source->name);
	}
	free(sources->items);
	*sources = (struct sources){ NULL, 0 };
}

void source_settings_print(FILE *out)
{
	fprintf(out, "\n; A source of news for `tidings import`; a site's own: [source SITE "
		     "NAME].\n; [source NAME]\n");
	for (size_t i = 0; i < ROW_COUNT; i++)
		fprintf(out, "; %s = %s\n;   %s\n", rows[i].name, rows[i].preset, rows[i].help);
	fprintf(out, "; map = CATEGORY -> SECTION\n;   stories of a category go elsewhere; may "
		     "stand there several times\n");
}
