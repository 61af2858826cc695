/* Live coverage: which tickers are live now, and the list of all. */
#include "site/visit.h"

enum {
	LIVE_SECONDS = 48 * 3600, /* a ticker ends by itself this long after its last entry */
	LIVE_URGENCY = 1,	  /* but one this urgent stays until its writer says otherwise */
	LIVE_SHOWN = 3,
	LIVE_WINDOW = 10,
};

void live_now(const struct visit *visit, struct headlines *ret_list)
{
	struct query query = list_query(visit, LISTING_TYPE, STR("live"));
	struct headlines all;
	size_t count = 0;

	query.limit = LIVE_WINDOW;
	store_list(visit->store, &query, visit->arena, &all);
	for (size_t i = 0; i < all.count && count < LIVE_SHOWN; i++) {
		const struct headline *ticker = &all.items[i];

		if (ticker->urgency <= LIVE_URGENCY || visit->now - ticker->updated < LIVE_SECONDS)
			all.items[count++] = *ticker;
	}
	all.count = count;
	*ret_list = all;
}

static bool list(const struct visit *visit, struct list *list)
{
	list->title = label(visit, LABEL_LIVE);
	list->query = list_query(visit, LISTING_TYPE, STR("live"));
	return true;
}

const struct page_kind live_kind = {
	.pattern = "live",
	.form = LINK_MENU,
	.yields = true,
	.list = list,
};
