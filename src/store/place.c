/* What a file's path makes of it: its kind, its edition, its section. */
#include "store/place.h"

bool place_name_is_lawful(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char byte = name.data[i];

		if (!(byte >= 'a' && byte <= 'z') && !(byte >= 'A' && byte <= 'Z') &&
		    !(byte >= '0' && byte <= '9') && byte != '.' && byte != '_' && byte != '-')
			return false;
	}
	return name.len > 0 && name.data[0] != '.';
}

bool place_path_is_lawful(struct str path)
{
	struct str name;

	if (!str_starts(path, STR("/")) || path.len > PLACE_PATH_MAX)
		return false;
	path = str_skip(path, 1);
	if (path.len == 0 || str_ends(path, STR("/")))
		return false;
	while (str_next(&path, '/', &name))
		if (!place_name_is_lawful(name))
			return false;
	return true;
}

static bool is_one_of(struct str name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(name, str_from(names[i])))
			return true;
	return false;
}

/* The edition whose folder the path is in; *ret_local is what is below it. */
static struct str find_prefix(struct str path, const struct texts *prefixes, struct str *ret_local)
{
	struct str below = str_skip(path, 1);
	size_t slash = str_find(below, '/');

	*ret_local = below;
	if (slash == below.len)
		return STR("");
	for (size_t i = 0; i < prefixes->count; i++) {
		if (!str_eq(prefixes->items[i], str_head(below, slash)))
			continue;
		*ret_local = str_skip(below, slash + 1);
		return prefixes->items[i];
	}
	return STR("");
}

/* The section of a file: at most two folders below the edition. */
static struct str find_section(struct arena *arena, struct str prefix, struct str local)
{
	size_t end = 0;
	int depth = 0;

	for (size_t i = 0; i < local.len && depth < 2; i++) {
		if (local.data[i] != '/')
			continue;
		end = i + 1;
		depth++;
	}
	if (prefix.len == 0)
		return arena_join(arena, STR("/"), str_head(local, end), STR(""));
	return arena_format(arena, "/" STR_FMT "/" STR_FMT, STR_ARG(prefix),
			    STR_ARG(str_head(local, end)));
}

static size_t count_slashes(struct str local)
{
	size_t count = 0;

	for (size_t i = 0; i < local.len; i++)
		count += local.data[i] == '/';
	return count;
}

static enum file_kind find_kind(struct str local, struct place *place)
{
	size_t depth = count_slashes(local);
	bool in_authors = str_starts(local, STR("authors/"));

	if (str_eq(local, STR("edition.ini")))
		return FILE_EDITION;
	if (str_ends(local, STR("/section.ini")) && (depth == 1 || depth == 2) && !in_authors)
		return FILE_SECTION;
	if (str_ends(local, STR(".ini"))) {
		place->warning = str_ends(local, STR("section.ini"))
					 ? "only folders one or two below the edition are sections"
					 : "this .ini file has no meaning here";
		return FILE_IGNORED;
	}
	if (!str_ends(local, STR(".gmi")))
		return FILE_PLAIN;
	place->is_biography = in_authors && depth == 1;
	return depth == 0 || in_authors ? FILE_DOCUMENT : FILE_ARTICLE;
}

/* Whether a page of our own stands in the way of a local path (without ".gmi"). */
static bool collides(struct str local, bool is_page)
{
	static const char *const at_root[] = {
		"tags",	  "archive",	 "latest",    "trending", "most-read", "picks",
		"search", "corrections", "headlines", "today",	  "s",
	};
	size_t slash = str_find(local, '/');
	struct str first = str_head(local, slash);
	size_t last_slash = str_rfind(local, '/');
	struct str last = last_slash < local.len ? str_skip(local, last_slash + 1) : local;

	return is_one_of(first, at_root, sizeof(at_root) / sizeof(at_root[0])) ||
	       str_eq(local, STR("authors")) || str_starts(local, STR("page/")) ||
	       str_search(local, STR("/page/")) < local.len ||
	       (is_page && (str_eq(last, STR("page")) || str_eq(last, STR("feed"))));
}

struct place place_find(struct arena *arena, struct str path, const struct texts *prefixes)
{
	struct place place = { .path = path };
	bool is_page;

	place.prefix = find_prefix(path, prefixes, &place.local);
	place.section = find_section(arena, place.prefix, place.local);
	place.kind = find_kind(place.local, &place);
	is_page = place.kind == FILE_ARTICLE || place.kind == FILE_DOCUMENT;
	if (place.kind == FILE_ARTICLE && count_slashes(place.local) > 2)
		place.warning = "more than two folders deep: listed in the second one's section";
	if (is_page) {
		place.path.len -= 4;
		place.local.len -= 4;
	}
	if (!place.warning && collides(place.local, is_page))
		place.warning = "a page of Tidings itself has this path";
	return place;
}

bool place_section_is_lawful(struct str *path)
{
	struct str rest;
	struct str name;
	size_t names = 0;

	while (str_starts(*path, STR("/")))
		*path = str_skip(*path, 1);
	while (str_ends(*path, STR("/")))
		path->len--;
	rest = *path;
	while (str_next(&rest, '/', &name)) {
		if (!place_name_is_lawful(name))
			return false;
		names++;
	}
	return names >= 1 && names <= 2;
}
