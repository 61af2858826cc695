/* Lists that are a query and a title: latest, trending, most read, picks, corrections. */
#include "site/visit.h"

static bool latest(const struct visit *visit, struct list *list)
{
	list->title = label(visit, LABEL_LATEST);
	list->query = list_query(visit, LISTING_ALL, STR(""));
	return true;
}

static bool trending(const struct visit *visit, struct list *list)
{
	list->title = label(visit, LABEL_TRENDING);
	list->query = list_query(visit, LISTING_TRENDING, STR(""));
	return true;
}

static bool most_read(const struct visit *visit, struct list *list)
{
	list->title = label(visit, LABEL_MOST_READ);
	list->query = list_query(visit, LISTING_MOST_READ, STR(""));
	return true;
}

static bool picks(const struct visit *visit, struct list *list)
{
	list->title = label(visit, LABEL_PICKS);
	list->query = list_query(visit, LISTING_PICKS, STR(""));
	return true;
}

static bool corrections(const struct visit *visit, struct list *list)
{
	list->title = label(visit, LABEL_CORRECTIONS);
	list->query = list_query(visit, LISTING_CORRECTED, STR(""));
	list->is_corrections = true;
	return true;
}

const struct page_kind latest_kind = { .pattern = "latest", .form = LINK_MENU, .list = latest };
const struct page_kind trending_kind = { .pattern = "trending",
					 .form = LINK_MENU,
					 .list = trending };
const struct page_kind most_read_kind = { .pattern = "most-read",
					  .form = LINK_MENU,
					  .list = most_read };
const struct page_kind picks_kind = { .pattern = "picks", .form = LINK_MENU, .list = picks };
const struct page_kind corrections_kind = { .pattern = "corrections",
					    .form = LINK_MENU,
					    .list = corrections };
