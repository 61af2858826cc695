/*
 * What a zone shows to those whom it admits: a list of what is not out yet, and each of it
 * below the zone's path as it will look. Reading it is never counted.
 */
#include "base/date.h"
#include "site/visit.h"

static struct str minute(const struct visit *visit, int64_t seconds)
{
	char text[DATE_TEXT];

	return arena_str(visit->arena, str_from(date_minute(seconds, text)));
}

/* path below the zone */
static struct str in_zone(const struct visit *visit, struct str path)
{
	struct str zone = visit->zone->path;

	return arena_join(visit->arena, str_head(zone, zone.len - 1), path, STR(""));
}

/* A link with the date in front, when there is one, so that the list can be subscribed to. */
static void add_item(const struct visit *visit, struct page *page, const struct headline *headline)
{
	struct arena *arena = visit->arena;
	struct str text = headline->title;
	struct str where = headline->edition->name;

	if (headline->section.len)
		where = arena_join(arena, headline->kicker, STR(" · "), where);
	if (headline->published)
		text = arena_join(arena, minute(visit, headline->published), STR(" "), text);
	text = arena_format(arena, STR_FMT " (" STR_FMT ")", STR_ARG(text), STR_ARG(where));
	page_link(page, (struct link){ LINK_MENU, in_zone(visit, headline->path), text });
}

static size_t add_list(const struct visit *visit, struct page *page, enum preview kind,
		       enum label title)
{
	struct headlines list;

	store_previews(visit->store, kind, visit->now, visit->arena, &list);
	if (list.count == 0)
		return 0;
	page_blank(page);
	page_heading(page, 2, label(visit, title));
	for (size_t i = 0; i < list.count; i++)
		add_item(visit, page, &list.items[i]);
	if (list.has_more)
		page_text(page, label(visit, LABEL_TEXT_TOO_LONG));
	return list.count;
}

static void build_list(const struct visit *visit, struct page *page)
{
	const struct zone_key *key = &visit->request->admitted->key;
	size_t count;

	page_link(page, label_link(visit, "", LABEL_HOME));
	page_blank(page);
	page_title(page, arena_join(visit->arena, visit->edition->name, STR(": "),
				    label(visit, LABEL_PREVIEW)));
	count = add_list(visit, page, PREVIEW_EMBARGOED, LABEL_EMBARGOED);
	count += add_list(visit, page, PREVIEW_DRAFT, LABEL_DRAFTS);
	page_blank(page);
	if (count == 0)
		page_text(page, label(visit, LABEL_PREVIEW_NONE));
	page_blank(page);
	page_text(page, arena_join(visit->arena, label(visit, LABEL_PREVIEW_KEY), STR(": "),
				   zone_key_text(visit->arena, key)));
}

/* The line on top that nobody will see later. */
static void add_notice(const struct visit *visit, struct page *page, enum preview kind,
		       const struct headline *headline)
{
	struct str what = label(visit, LABEL_DRAFT);
	struct str text;

	if (kind == PREVIEW_EMBARGOED)
		what = arena_join(visit->arena, label(visit, LABEL_EMBARGOED_UNTIL), STR(" "),
				  minute(visit, headline->published));
	text = arena_join(visit->arena, label(visit, LABEL_PREVIEW), STR(": "), what);
	if (visit->view == VIEW_PAGE)
		page_link(page, (struct link){ LINK_MENU, visit->zone->path, text });
	else
		page_text(page, text);
	page_blank(page);
}

/* Leads a link to what is not out at the reader's own time to its preview. */
static void redirect_link(const struct visit *visit, struct link *link)
{
	struct str path = link->target;

	if (link->form == LINK_REMOTE)
		return;
	route_view(&path);
	if (store_preview(visit->store, path, visit->now, visit->arena, NULL, NULL) !=
	    PREVIEW_NOTHING)
		link->target = in_zone(visit, link->target);
}

static void redirect_links(const struct visit *visit, struct page *page)
{
	for (struct block *block = page->first; block; block = block->next)
		if (block->kind == BLOCK_LINK)
			redirect_link(visit, &block->link);
}

/*
 * The article at the hour when it comes out, or now when that has passed: with the lists,
 * neighbours and translations of then.
 */
static void build_article(const struct visit *visit, struct page *page, enum preview kind,
			  const struct headline *headline, const struct article *article)
{
	struct visit then = *visit;

	if (headline->published > visit->now)
		then.now = headline->published;
	add_notice(visit, page, kind, headline);
	if (headline->section.len)
		article_show(&then, page, headline, article);
	else
		document_show(&then, page, article);
	redirect_links(visit, page);
	page->count = COUNT_NOTHING;
	page->article = 0;
	page->views = NULL;
	page->view_count = 0;
}

/* Everything below the zone stands at the path that it will have, or has by now. */
static void build_below(const struct visit *visit, struct page *page, struct str path)
{
	struct visit inner = *visit;
	struct headline headline;
	struct article article;
	enum preview kind = PREVIEW_NOTHING;

	inner.path = path;
	inner.view = route_view(&inner.path);
	inner.edition = store_edition_of(visit->store, path);
	if (inner.view != VIEW_FEED && inner.view != VIEW_ATOM)
		kind = store_preview(visit->store, inner.path, visit->now, visit->arena, &headline,
				     &article);
	if (kind != PREVIEW_NOTHING) {
		page->language = arena_str(visit->arena, inner.edition->language);
		build_article(&inner, page, kind, &headline, &article);
	} else if (link_leads_somewhere(visit, path)) {
		page_redirect(page, PAGE_REDIRECT, path);
	} else {
		furniture_fail(visit, page, PAGE_NOT_FOUND, LABEL_NOT_FOUND);
	}
}

void preview_build(const struct visit *visit, struct page *page)
{
	struct str zone = visit->zone->path;

	if (visit->path.len < zone.len)
		page_redirect(page, PAGE_MOVED, zone);
	else if (visit->path.len == zone.len)
		build_list(visit, page);
	else
		build_below(visit, page, str_skip(visit->path, zone.len - 1));
	page->path = visit->path;
}
