/* Every page that there is at this moment, for `check`. */
#include <string.h>

#include "site/visit.h"

enum { ARENA_MAX = 64 << 20 };

struct tour {
	struct visit visit;
	void (*visit_path)(void *context, struct str path);
	void *context;
};

static void tell(const struct tour *tour, struct str path)
{
	tour->visit_path(tour->context, path);
}

static void tell_feeds(const struct tour *tour, struct str path)
{
	struct arena *arena = tour->visit.arena;
	struct str slash = str_ends(path, STR("/")) ? STR("") : STR("/");

	tell(tour, path);
	tell(tour, arena_join(arena, path, slash, STR("feed.gmi")));
	tell(tour, arena_join(arena, path, slash, STR("atom.xml")));
}

static void tell_kinds(const struct tour *tour)
{
	const struct page_kind *kind;

	for (size_t i = 0; (kind = route_at(i)) != NULL; i++) {
		struct str path = path_in(&tour->visit, kind->pattern);

		if (strchr(kind->pattern, '*') || kind->yields || kind->at_root)
			continue;
		if (kind->list || kind->has_views)
			tell_feeds(tour, path);
		else
			tell(tour, path);
	}
}

static void tell_buckets(const struct tour *tour, const char *folder, const struct buckets *buckets)
{
	for (size_t i = 0; i < buckets->count; i++)
		tell_feeds(tour, arena_join(tour->visit.arena, path_in(&tour->visit, folder),
					    buckets->items[i].slug, STR("")));
}

static void tell_articles(const struct tour *tour)
{
	struct arena *arena = tour->visit.arena;
	struct query query = list_query(&tour->visit, LISTING_ALL, STR(""));
	struct headlines list;

	query.limit = STORE_LIMIT_MAX;
	do {
		store_list(tour->visit.store, &query, arena, &list);
		for (size_t i = 0; i < list.count; i++) {
			struct str path = list.items[i].path;

			tell(tour, path);
			tell(tour, arena_join(arena, path, STR(".txt"), STR("")));
			tell(tour, arena_join(arena, path, STR(".gmi"), STR("")));
		}
		query.offset += list.count;
	} while (list.has_more);
}

static void tell_edition(const struct tour *tour)
{
	const struct visit *visit = &tour->visit;
	const struct edition *edition = visit->edition;
	struct buckets buckets;

	tell_kinds(tour);
	for (size_t i = 0; i < edition->section_count; i++)
		if (section_is_shown(visit, &edition->sections[i]))
			tell_feeds(tour, edition->sections[i].path);
	for (size_t i = 0; i < edition->page_count; i++)
		tell(tour, edition->pages[i].target);
	store_tags(visit->store, edition, visit->now, visit->arena, &buckets);
	tell_buckets(tour, "tags/", &buckets);
	store_authors(visit->store, edition, visit->now, visit->arena, &buckets);
	tell_buckets(tour, "authors/", &buckets);
	store_calendar(visit->store, edition, visit->now, 0, 0, 4, visit->arena, &buckets);
	for (size_t i = 0; i < buckets.count; i++)
		tell(tour, arena_join(visit->arena, path_in(visit, "archive/"),
				      buckets.items[i].slug, STR("/")));
	tell_articles(tour);
}

/* Paths are gathered first: the visitor renders pages, which begins and ends readings of its own. */
struct gathered {
	struct str *paths;
	size_t count;
	size_t room;
	struct arena *arena;
};

static void gather(void *context, struct str path)
{
	struct gathered *all = context;

	if (all->count == all->room) {
		size_t room = all->room ? 2 * all->room : 256;
		struct str *paths = ARENA_ARRAY(all->arena, room, struct str);

		if (all->count)
			memcpy(paths, all->paths, all->count * sizeof(*paths));
		all->paths = paths;
		all->room = room;
	}
	all->paths[all->count++] = arena_str(all->arena, path);
}

void site_each_path(const struct site *site, void (*visit)(void *context, struct str path),
		    void *context)
{
	struct gathered all = { .arena = arena_new((size_t)ARENA_MAX * 16) };
	struct tour tour = {
		.visit = { .site = site,
			   .store = site->store,
			   .arena = all.arena,
			   .now = site->now(site),
			   .page_number = 1 },
		.visit_path = gather,
		.context = &all,
	};
	const struct edition *editions;
	size_t count;

	if (store_begin(site->store)) {
		editions = store_editions(site->store, &count);
		for (size_t i = 0; i < count; i++) {
			tour.visit.edition = &editions[i];
			tell_edition(&tour);
		}
		store_end(site->store);
	}
	for (size_t i = 0; i < all.count; i++)
		visit(context, all.paths[i]);
	arena_free(all.arena);
}
