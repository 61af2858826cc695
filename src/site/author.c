/* Authors: all of them, and one with biography and articles. */
#include "page/gemtext.h"
#include "site/visit.h"

static void build_all(const struct visit *visit, struct page *page)
{
	struct buckets authors;

	store_authors(visit->store, visit->edition, visit->now, visit->arena, &authors);
	furniture_breadcrumb(visit, page);
	page_title(page, label(visit, LABEL_AUTHORS));
	page_blank(page);
	if (authors.count == 0)
		page_text(page, label(visit, LABEL_EMPTY));
	list_buckets(visit, page, &authors, visit->path, false);
	furniture_footer(visit, page);
}

static void add_biography(const struct visit *visit, struct page *page)
{
	struct body_links links = { visit, visit->path };
	struct article biography;

	if (!store_document(visit->store, visit->path, visit->arena, &biography))
		return;
	gemtext_blocks(page, biography.body, body_link, &links);
	page_blank(page);
	page_heading(page, 2, label(visit, LABEL_LATEST));
}

static bool list_one(const struct visit *visit, struct list *list)
{
	struct str slug = visit->arguments[0];
	struct article biography;

	if (!store_author_name(visit->store, visit->edition, slug, visit->now, visit->arena,
			       &list->title))
		return false;
	if (store_document(visit->store, visit->path, visit->arena, &biography))
		list->description = biography.summary;
	list->query = list_query(visit, LISTING_AUTHOR, slug);
	list->above = add_biography;
	return true;
}

const struct page_kind authors_kind = { .pattern = "authors/",
					.form = LINK_MENU,
					.build = build_all };
const struct page_kind author_kind = { .pattern = "authors/*",
				       .form = LINK_MENU,
				       .list = list_one };
