/* [zone /path/]: its path, and the keys that are let in. */
#include "zone_setting.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "site/site.h"

enum { SEGMENTS_MAX = 2 };

bool zone_section(struct str section, struct str *ret_site, struct str *ret_path)
{
	struct str rest = str_skip(section, STR("zone ").len);
	size_t blank = str_rfind(rest, ' ');

	if (!str_starts(section, STR("zone ")))
		return false;
	*ret_site = blank < rest.len ? str_trim(str_head(rest, blank)) : STR("");
	*ret_path = blank < rest.len ? str_skip(rest, blank + 1) : rest;
	return true;
}

static bool is_lawful(struct str segment)
{
	for (size_t i = 0; i < segment.len; i++) {
		char byte = segment.data[i];

		if (!(byte >= 'a' && byte <= 'z') && !(byte >= '0' && byte <= '9') && byte != '-' &&
		    byte != '_' && byte != '.')
			return false;
	}
	return segment.len > 0 && segment.data[0] != '.';
}

static bool check_path(struct str path, struct err *err)
{
	struct str rest = str_skip(path, 1);
	struct str segment;
	int count = 0;
	bool ok = path.len > 2 && path.data[0] == '/' && path.data[path.len - 1] == '/';

	while (ok && str_next(&rest, '/', &segment)) {
		ok = ++count <= SEGMENTS_MAX && is_lawful(segment);
		if (ok && site_has_name(segment))
			return err_set(err, "Tidings itself has pages at " STR_FMT, STR_ARG(path));
	}
	return ok ||
	       err_set(err,
		       "\"" STR_FMT "\" is no path of a zone: one or two names of a-z 0-9 . _ - "
		       "between slashes, such as /preview/",
		       STR_ARG(path));
}

bool zone_settings_add(struct zone_settings *settings, struct str path, struct err *err)
{
	struct zone *items = (struct zone *)settings->zones.items;
	size_t count = settings->zones.count;
	char *copy;

	if (!check_path(path, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (str_starts(path, items[i].path) || str_starts(items[i].path, path))
			return err_set(err, "the zone " STR_FMT " and the zone " STR_FMT " overlap",
				       STR_ARG(path), STR_ARG(items[i].path));
	if (count == ZONES_MAX)
		return err_set(err, "more than %d zones", ZONES_MAX);
	copy = mem_copy(path.data, path.len);
	items = mem_grow(items, count + 1, sizeof(*items));
	items[count] = (struct zone){ .path = str_from(copy) };
	settings->zones = (struct zones){ items, count + 1 };
	settings->paths.items = mem_grow(settings->paths.items, count + 1,
					 sizeof(*settings->paths.items));
	settings->paths.items[count] = str_from(copy);
	settings->paths.count = count + 1;
	return true;
}

static bool add_key(struct zone *zone, struct str text, struct err *err)
{
	struct zone_key *keys = (struct zone_key *)zone->keys;
	struct zone_key key;

	if (!zone_key_parse(text, &key))
		return err_set(err,
			       "keys: \"" STR_FMT
			       "\" is no SHA-256 of a public key: 64 hexadecimal "
			       "digits, with colons or without",
			       STR_ARG(text));
	if (zone->key_count == ZONE_KEYS_MAX)
		return err_set(err, "keys: more than %d", ZONE_KEYS_MAX);
	keys = mem_grow(keys, zone->key_count + 1, sizeof(*keys));
	keys[zone->key_count++] = key;
	zone->keys = keys;
	return true;
}

static struct zone *find(const struct zone_settings *settings, struct str path)
{
	for (size_t i = 0; i < settings->zones.count; i++)
		if (str_eq(settings->zones.items[i].path, path))
			return (struct zone *)&settings->zones.items[i];
	return NULL;
}

bool zone_settings_pair(struct zone_settings *settings, struct str path, const char *key,
			const char *value, struct err *err)
{
	struct zone *zone = find(settings, path);
	struct str rest = str_from(value);
	struct str text;

	if (!zone || strcmp(key, "keys") != 0)
		return err_set(err, "unknown key \"%s\" in [zone " STR_FMT "]", key, STR_ARG(path));
	while (str_next(&rest, ',', &text)) {
		text = str_trim(text);
		if (text.len && !add_key(zone, text, err))
			return false;
	}
	return true;
}

bool zone_settings_same_paths(const struct zone_settings *a, const struct zone_settings *b)
{
	if (a->zones.count != b->zones.count)
		return false;
	for (size_t i = 0; i < a->zones.count; i++)
		if (!find(b, a->zones.items[i].path))
			return false;
	return true;
}

void zone_settings_done(struct zone_settings *settings)
{
	for (size_t i = 0; i < settings->zones.count; i++) {
		free((char *)settings->zones.items[i].path.data);
		free((struct zone_key *)settings->zones.items[i].keys);
	}
	free((struct zone *)settings->zones.items);
	free(settings->paths.items);
	*settings = (struct zone_settings){ 0 };
}
