/* An article: as a page, as plain text, as the gemtext it was written in. */
#include "page/gemtext.h"
#include "site/visit.h"

static void add_body(const struct visit *visit, struct page *page, const struct headline *headline,
		     const struct article *article)
{
	struct body_links links = { visit, headline->path };

	gemtext_blocks(page, article->body, body_link, &links);
	article_pictures(visit, page, headline, article);
}

void article_whole(const struct visit *visit, struct page *page, const struct headline *headline,
		   const struct article *article)
{
	article_lead(visit, page, headline, article);
	add_body(visit, page, headline, article);
	article_corrections(visit, page, article);
}

/* The languages and forms that Gopher+ tells of. */
static void add_views(const struct visit *visit, struct page *page, const struct headline *headline,
		      const struct headlines *others)
{
	struct link *views = ARENA_ARRAY(visit->arena, others->count + 2, struct link);
	size_t count = 0;

	views[count++] = headline_link(headline, page->language);
	views[count++] =
		(struct link){ LINK_TEXT,
			       arena_join(visit->arena, headline->path, STR(".txt"), STR("")),
			       page->language };
	for (size_t i = 0; i < others->count; i++)
		views[count++] = headline_link(&others->items[i],
					       others->items[i].edition->language);
	page->views = views;
	page->view_count = count;
}

/* A retracted article leaves a notice with its reason where it was. */
static void build_gone(const struct visit *visit, struct page *page,
		       const struct headline *headline)
{
	struct str reason = headline->summary.len ? headline->summary : headline->title;

	page_fail(page, PAGE_GONE,
		  arena_join(visit->arena, label(visit, LABEL_GONE), STR(": "), reason));
	page->path = visit->path;
}

void article_show(const struct visit *visit, struct page *page, const struct headline *headline,
		  const struct article *article)
{
	struct headlines translations;

	store_translations(visit->store, headline, visit->now, visit->arena, &translations);
	page->summary = headline->summary;
	page->updated = headline->updated;
	page->count = COUNT_READ;
	page->article = headline->id;
	if (article->language.len)
		page->language = article->language;
	add_views(visit, page, headline, &translations);
	if (visit->view == VIEW_PAGE)
		furniture_breadcrumb(visit, page);
	article_head(visit, page, headline, article);
	add_body(visit, page, headline, article);
	if (visit->view != VIEW_PAGE) {
		article_corrections(visit, page, article);
		page->form = LINK_TEXT;
		page->format = visit->view == VIEW_TEXT ? FORMAT_PLAIN : FORMAT_GEMTEXT;
		return;
	}
	article_tail(visit, page, headline, article, &translations);
	furniture_boxes(visit, page, headline->uid);
	furniture_footer(visit, page);
}

/* Where a moved article is now, in the view that was asked for. */
static struct str moved_path(const struct visit *visit, struct str path)
{
	struct str suffix = visit->view == VIEW_TEXT	 ? STR(".txt")
			    : visit->view == VIEW_SOURCE ? STR(".gmi")
							 : STR("");

	return arena_join(visit->arena, path, suffix, STR(""));
}

void article_build(const struct visit *visit, struct page *page)
{
	struct str path = visit->path;
	struct headline headline;
	struct article article;
	enum found found = FOUND_NOTHING;

	if (visit->view != VIEW_FEED && visit->view != VIEW_ATOM)
		found = store_article(visit->store, path, visit->now, visit->arena, &headline,
				      &article);
	if (found == FOUND_MOVED && visit->request->can_redirect)
		page_redirect(page, PAGE_MOVED, moved_path(visit, headline.path));
	else if (found == FOUND_ARTICLE || found == FOUND_MOVED)
		article_show(visit, page, &headline, &article);
	else if (found == FOUND_GONE)
		build_gone(visit, page, &headline);
	else
		furniture_fail(visit, page, PAGE_NOT_FOUND, LABEL_NOT_FOUND);
}
