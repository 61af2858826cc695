/* Headlines: titles and nothing else, in at most 1.5 KB in either protocol. */
#include "base/text.h"
#include "site/visit.h"

enum {
	PAGE_BYTES = 1500,
	LINE_BYTES = 24, /* a menu line without its texts, port and all */
	WRAP_BYTES = 24, /* a further line for a long title */
	WRAP_COLUMNS = 65,
	COUNT_MAX = 20,
};

/* What a line costs in the dearer of the protocols, Gopher, which names the host on every line. */
static size_t line_cost(const struct visit *visit, const struct headline *headline)
{
	size_t cost = headline->title.len + headline->path.len + visit->site->host.len + LINE_BYTES;

	return cost + text_width(headline->title) / WRAP_COLUMNS * WRAP_BYTES;
}

static void build(const struct visit *visit, struct page *page)
{
	struct query query = list_query(visit, LISTING_ALL, STR(""));
	struct str title = visit->edition->name;
	struct headlines list;
	size_t bytes = 3 * title.len + visit->site->host.len + 4 * LINE_BYTES;

	query.limit = COUNT_MAX;
	store_list(visit->store, &query, visit->arena, &list);
	page_title(page, title);
	for (size_t i = 0; i < list.count; i++) {
		bytes += line_cost(visit, &list.items[i]);
		if (bytes > PAGE_BYTES)
			break;
		page_link(page, headline_link(&list.items[i], list.items[i].title));
		if (list.items[i].updated > page->updated)
			page->updated = list.items[i].updated;
	}
	page_link(page, label_link(visit, "", LABEL_HOME));
}

const struct page_kind headlines_kind = { .pattern = "headlines",
					  .form = LINK_MENU,
					  .build = build };
