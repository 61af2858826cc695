/* Today's edition: everything of the newest day on one page, for reading offline. */
#include "base/date.h"
#include "site/visit.h"

enum {
	DAY = 86400,
	TEXT_MAX = 400 * 1024, /* bytes of article text on the page */
};

/* The newest day on which anything appeared: midnight of it, 0 for an empty paper. */
static int64_t newest_day(const struct visit *visit)
{
	struct query query = list_query(visit, LISTING_ALL, STR(""));
	struct headlines newest;

	query.limit = 1;
	store_list(visit->store, &query, visit->arena, &newest);
	return newest.count ? newest.items[0].published / DAY * DAY : 0;
}

static void add_article(const struct visit *visit, struct page *page,
			const struct headline *headline)
{
	struct headline same;
	struct article article;

	page_blank(page);
	page_heading(page, 2, headline->title);
	if (headline->author.len)
		page_text(page,
			  arena_format(visit->arena, STR_FMT " " STR_FMT,
				       STR_ARG(label(visit, LABEL_BY)), STR_ARG(headline->author)));
	if (headline->summary.len)
		page_quote(page, headline->summary);
	page_blank(page);
	if (store_article(visit->store, headline->path, visit->now, visit->arena, &same,
			  &article) == FOUND_ARTICLE)
		article_whole(visit, page, headline, &article);
}

static void build(const struct visit *visit, struct page *page)
{
	struct query query = list_query(visit, LISTING_ALL, STR(""));
	int64_t day = newest_day(visit);
	struct headlines list;
	char text[DATE_TEXT];
	uint64_t bytes = 0;

	query.from = day;
	query.before = day + DAY;
	query.limit = STORE_LIMIT_MAX;
	store_list(visit->store, &query, visit->arena, &list);
	furniture_breadcrumb(visit, page);
	page_title(page, arena_format(visit->arena, STR_FMT " - %s", STR_ARG(visit->edition->name),
				      date_day(day, text)));
	page_blank(page);
	for (size_t i = 0; i < list.count; i++)
		list_entry(visit, page, &list.items[i], false);
	for (size_t i = 0; i < list.count; i++) {
		bytes += list.items[i].size;
		if (bytes > TEXT_MAX) {
			page_blank(page);
			page_text(page, label(visit, LABEL_TEXT_TOO_LONG));
			break;
		}
		add_article(visit, page, &list.items[i]);
	}
	furniture_footer(visit, page);
}

const struct page_kind today_kind = { .pattern = "today", .form = LINK_MENU, .build = build };
