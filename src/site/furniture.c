/* What stands around every page: the way up, the boxes, the footer. */
#include "site/visit.h"

/* The name of a level on the way up, such as "/news/"; empty when it has no page. */
static struct str level_name(const struct visit *visit, struct str up, struct str segment)
{
	const struct section *section = edition_section(visit->edition, up);
	struct str rest = str_skip(up, visit->edition->root.len);

	if (section)
		return section->name;
	if (str_eq(rest, STR("tags/")))
		return label(visit, LABEL_TAGS);
	if (str_eq(rest, STR("authors/")))
		return label(visit, LABEL_AUTHORS);
	if (str_eq(rest, STR("archive/")))
		return label(visit, LABEL_ARCHIVE);
	return str_starts(rest, STR("archive/")) ? segment : STR("");
}

/* Home, section, subsection: a link for every level above the page. */
void furniture_breadcrumb(const struct visit *visit, struct page *page)
{
	size_t len = visit->edition->root.len;
	struct str rest = str_skip(visit->path, len);
	struct str segment;

	if (rest.len == 0)
		return;
	page_link(page, label_link(visit, "", LABEL_HOME));
	while (str_next(&rest, '/', &segment) && rest.len) {
		struct str up = str_head(visit->path, len += segment.len + 1);
		struct str name = level_name(visit, up, segment);

		if (name.len)
			page_link(page, site_link(visit, up, name));
	}
	page_blank(page);
}

static void box(const struct visit *visit, struct page *page, enum listing listing,
		enum label title, const char *all, struct str except_uid)
{
	struct query query = list_query(visit, listing, STR(""));
	struct headlines list;
	size_t shown = 0;

	query.limit = visit->edition->boxes + 1;
	store_list(visit->store, &query, visit->arena, &list);
	if (list.count == 0)
		return;
	page_blank(page);
	page_heading(page, 2, label(visit, title));
	for (size_t i = 0; i < list.count && shown < visit->edition->boxes; i++) {
		if (except_uid.len && str_eq(list.items[i].uid, except_uid))
			continue;
		page_link(page, headline_link(&list.items[i], list.items[i].title));
		shown++;
	}
	page_link(page, site_link(visit, path_in(visit, all),
				  arena_join(visit->arena, label(visit, LABEL_ALL), STR(": "),
					     label(visit, title))));
}

void furniture_boxes(const struct visit *visit, struct page *page, struct str except_uid)
{
	if (visit->edition->boxes == 0)
		return;
	box(visit, page, LISTING_TRENDING, LABEL_TRENDING, "trending", except_uid);
	box(visit, page, LISTING_MOST_READ, LABEL_MOST_READ, "most-read", except_uid);
	box(visit, page, LISTING_PICKS, LABEL_PICKS, "picks", except_uid);
}

void furniture_footer(const struct visit *visit, struct page *page)
{
	const struct edition *edition = visit->edition;

	page_blank(page);
	page_link(page, label_link(visit, "search", LABEL_SEARCH));
	page_link(page, label_link(visit, "latest", LABEL_LATEST));
	for (size_t i = 0; i < edition->page_count; i++)
		page_link(page, edition->pages[i]);
}

void furniture_fail(const struct visit *visit, struct page *page, enum page_status status,
		    enum label why)
{
	page_fail(page, status, arena_str(visit->arena, label(visit, why)));
	page->path = visit->path;
}
