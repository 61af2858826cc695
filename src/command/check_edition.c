/* `tidings check`: what edition.ini names must be there. */
#include "command/check.h"

enum { ARENA_BYTES_MAX = 1 << 20, INI_BYTES_MAX = 1 << 20 };

/* The first line that holds text; 0 when none does. */
static unsigned line_of(struct str source, struct str text)
{
	struct str line;

	for (unsigned number = 1; str_next_line(&source, &line); number++)
		if (str_search(line, text) < line.len)
			return number;
	return 0;
}

static void check_edition(struct check *check, const struct edition *edition)
{
	struct arena *arena = arena_new(ARENA_BYTES_MAX);
	struct str root = str_skip(edition->root, 1);
	struct place place = {
		.file = arena_join(arena, root, STR("edition.ini"), STR("")),
		.base = edition->root,
		.at = check->now,
	};
	struct buf source;

	buf_init(&source, INI_BYTES_MAX);
	check_read(check, place.file, &source);
	for (size_t i = 0; i < edition->picks.count; i++) {
		struct str path = edition->picks.items[i];

		/* The path is made whole by the store; its last part is as it was written. */
		place.line = line_of(buf_view(&source), str_skip(path, str_rfind(path, '/') + 1));
		check_link(check, &place, path);
	}
	for (size_t i = 0; i < edition->link_count; i++) {
		place.line = line_of(buf_view(&source), edition->links[i].label);
		check_link(check, &place, edition->links[i].target);
	}
	buf_done(&source);
	arena_free(arena);
}

/* What check_link() needs of an edition; editions do not outlive a reading of the store. */
static struct edition copy_of(struct arena *arena, const struct edition *edition)
{
	struct edition copy = { .root = arena_str(arena, edition->root) };

	copy.picks.count = edition->picks.count;
	copy.picks.items = ARENA_ARRAY(arena, copy.picks.count + 1, struct str);
	for (size_t i = 0; i < copy.picks.count; i++)
		copy.picks.items[i] = arena_str(arena, edition->picks.items[i]);
	copy.link_count = edition->link_count;
	copy.links = ARENA_ARRAY(arena, copy.link_count + 1, struct link);
	for (size_t i = 0; i < copy.link_count; i++) {
		copy.links[i].label = arena_str(arena, edition->links[i].label);
		copy.links[i].target = arena_str(arena, edition->links[i].target);
	}
	return copy;
}

void check_editions(struct check *check)
{
	struct arena *arena = arena_new(ARENA_BYTES_MAX);
	const struct edition *editions;
	struct edition *copies = NULL;
	size_t count = 0;

	if (store_begin(check->paper->store)) {
		editions = store_editions(check->paper->store, &count);
		copies = ARENA_ARRAY(arena, count, struct edition);
		for (size_t i = 0; i < count; i++)
			copies[i] = copy_of(arena, &editions[i]);
		store_end(check->paper->store);
	}
	for (size_t i = 0; i < count; i++)
		check_edition(check, &copies[i]);
	arena_free(arena);
}
