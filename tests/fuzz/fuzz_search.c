/* Any words get an answer: no error of SQLite or FTS5, nothing that readers may not see yet. */
#include "base/text.h"
#include "fuzz/gazette.h"
#include "store/catalogue.h"
#include "store/search.h"

enum { ARENA_MAX = 16 << 20 };

static void check_hit(const struct headline *hit, const struct search *search)
{
	must(hit->edition == search->edition, "of the edition searched", hit->path);
	must(hit->published <= search->now, "not embargoed", hit->path);
	must(!str_ends(hit->path, STR("/late")) && !str_ends(hit->path, STR("/gone")) &&
		     !str_ends(hit->path, STR("/draft")),
	     "not expired, retracted or a draft", hit->path);
	must(hit->snippet.len <= SEARCH_SNIPPET_MAX, "a short snippet", hit->snippet);
	must(is_printable(hit->snippet, false), "a clean snippet", hit->snippet);
}

static void search_in(const struct edition *edition, struct str words, size_t offset,
		      struct arena *arena)
{
	struct store *store = gazette_site()->store;
	struct search search = { edition, words, gazette_site()->fixed_now, offset, 4 };
	struct headlines list;
	enum search_outcome outcome = store_search(store, &search, arena, &list);

	must(!store->catalogue.broken, sqlite3_errmsg(store->catalogue.db), words);
	must(outcome != SEARCH_EMPTY || list.count == 0, "nothing for nothing", words);
	must(list.count <= 4, "the limit is kept", words);
	for (size_t i = 0; i < list.count; i++) {
		check_hit(&list.items[i], &search);
		must(i == 0 || list.items[i].id < list.items[i - 1].id, "newest first", words);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *arena;
	struct store *store = gazette_site()->store;
	struct str words = { (const char *)data, size };
	const struct edition *editions;
	size_t count;

	if (!arena)
		arena = arena_new(ARENA_MAX);
	arena_reset(arena);
	must(store_begin(store), "the store can be read", words);
	editions = store_editions(store, &count);
	for (size_t i = 0; i < count; i++)
		search_in(&editions[i], words, i, arena);
	store_end(store);
	return 0;
}
