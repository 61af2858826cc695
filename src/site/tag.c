/* Tags: all of them with their counts, and the articles of one. */
#include "site/visit.h"

static void build_all(const struct visit *visit, struct page *page)
{
	struct buckets tags;

	store_tags(visit->store, visit->edition, visit->now, visit->arena, &tags);
	furniture_breadcrumb(visit, page);
	page_title(page, label(visit, LABEL_TAGS));
	page_blank(page);
	if (tags.count == 0)
		page_text(page, label(visit, LABEL_EMPTY));
	list_buckets(visit, page, &tags, visit->path, false);
	furniture_footer(visit, page);
}

static bool list_one(const struct visit *visit, struct list *list)
{
	struct str slug = visit->arguments[0];
	struct str name;

	if (!store_tag_name(visit->store, visit->edition, slug, visit->now, visit->arena, &name))
		return false;
	list->title = arena_format(visit->arena, STR_FMT ": " STR_FMT,
				   STR_ARG(label(visit, LABEL_TAG)), STR_ARG(name));
	list->query = list_query(visit, LISTING_TAG, slug);
	return true;
}

const struct page_kind tags_kind = { .pattern = "tags/", .form = LINK_MENU, .build = build_all };
const struct page_kind tag_kind = { .pattern = "tags/*", .form = LINK_MENU, .list = list_one };
