/* Short links: their visits are an article's shares. */
#include "site/visit.h"

static void build(const struct visit *visit, struct page *page)
{
	struct visit article = *visit;
	struct headline headline;

	if (!store_short(visit->store, visit->edition, visit->arguments[0], visit->now,
			 visit->arena, &headline)) {
		furniture_fail(visit, page, PAGE_NOT_FOUND, LABEL_NOT_FOUND);
		return;
	}
	if (visit->request->can_redirect) {
		page_redirect(page, PAGE_REDIRECT, headline.path);
	} else {
		article.path = headline.path;
		page->path = headline.path;
		article_build(&article, page);
	}
	page->count = COUNT_SHARE;
	page->article = headline.id;
}

const struct page_kind short_kind = { .pattern = "s/*", .form = LINK_MENU, .build = build };
