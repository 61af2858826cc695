/* What stands below an article's text: corrections, tags, more to read, other languages and forms. */
#include "base/date.h"
#include "base/text.h"
#include "base/uri.h"
#include "page/gemtext.h"
#include "site/visit.h"

enum { RELATED_SHOWN = 3 };

void article_corrections(const struct visit *visit, struct page *page,
			 const struct article *article)
{
	char day[DATE_TEXT];

	if (article->correction_count == 0)
		return;
	page_blank(page);
	page_heading(page, 2, label(visit, LABEL_CORRECTION));
	for (size_t i = 0; i < article->correction_count; i++)
		page_item(page, arena_format(visit->arena, "%s: " STR_FMT,
					     date_day(article->corrections[i].date, day),
					     STR_ARG(article->corrections[i].text)));
}

static void add_tags(const struct visit *visit, struct page *page, const struct article *article)
{
	if (article->tags.count == 0)
		return;
	page_blank(page);
	page_heading(page, 2, label(visit, LABEL_TAGS));
	for (size_t i = 0; i < article->tags.count; i++) {
		struct str slug = text_slug(visit->arena, article->tags.items[i]);
		struct query query = list_query(visit, LISTING_TAG, slug);
		struct str path = arena_join(visit->arena, path_in(visit, "tags/"), slug, STR(""));

		page_link(page, site_link(visit, path,
					  arena_format(visit->arena, STR_FMT " (%zu)",
						       STR_ARG(article->tags.items[i]),
						       store_count(visit->store, &query))));
	}
}

/* Links below a heading that comes with the first of them: what they name may not be out yet. */
struct group {
	const struct visit *visit;
	struct page *page;
	enum label title;
	bool is_open;
};

static void group_link(struct group *group, struct link link)
{
	if (!group->is_open) {
		page_blank(group->page);
		page_heading(group->page, 2, label(group->visit, group->title));
		group->is_open = true;
	}
	page_link(group->page, link);
}

/* The file's own Related paths first, labelled with what the articles are called now. */
static void add_named(struct group *group, const struct headline *of, const struct article *article)
{
	const struct visit *visit = group->visit;
	struct body_links links = { visit, of->path };

	for (size_t i = 0; i < article->related.count; i++) {
		struct link link = body_link(&links, article->related.items[i], STR(""));
		struct headline headline;

		if (link.target.len == 0)
			continue;
		if (link_headline(visit, link.target, &headline))
			link = headline_link(&headline, headline.title);
		link.label = arena_join(visit->arena, label(visit, LABEL_READ_MORE), STR(": "),
					link.label);
		group_link(group, link);
	}
}

static bool is_named(const struct article *article, struct str path)
{
	for (size_t i = 0; i < article->related.count; i++)
		if (str_eq(article->related.items[i], path))
			return true;
	return false;
}

static void add_related(const struct visit *visit, struct page *page, const struct headline *of,
			const struct article *article)
{
	struct group group = { visit, page, LABEL_RELATED, false };
	struct headlines related;

	store_related(visit->store, of, &article->tags, visit->now, RELATED_SHOWN, visit->arena,
		      &related);
	add_named(&group, of, article);
	for (size_t i = 0; i < related.count; i++)
		if (!is_named(article, related.items[i].path))
			group_link(&group,
				   headline_link(&related.items[i], related.items[i].title));
}

static void add_neighbours(const struct visit *visit, struct page *page, const struct headline *of)
{
	struct headline other;

	page_blank(page);
	if (store_newer(visit->store, of, visit->now, visit->arena, &other))
		page_link(page,
			  headline_link(&other, arena_join(visit->arena, label(visit, LABEL_NEXT),
							   STR(": "), other.title)));
	if (store_older(visit->store, of, visit->now, visit->arena, &other))
		page_link(page, headline_link(&other,
					      arena_join(visit->arena, label(visit, LABEL_PREVIOUS),
							 STR(": "), other.title)));
}

/* Whether an edition's language is told by a Translation field, so that the store's finding is not shown twice. */
static bool is_told(const struct article *article, struct str language)
{
	for (size_t i = 0; i < article->translation_count; i++)
		if (str_eq_nocase(article->translations[i].language, language))
			return true;
	return false;
}

/* "The Paper: Title" for an article that is out. */
static struct link translation_link(const struct visit *visit, const struct headline *other)
{
	return headline_link(other,
			     arena_format(visit->arena, STR_FMT ": " STR_FMT,
					  STR_ARG(other->edition->name), STR_ARG(other->title)));
}

/* The Translation fields; what they lead to may be anything, and has its language for a name then. */
static void add_told(struct group *group, const struct headline *of, const struct article *article)
{
	const struct visit *visit = group->visit;
	struct body_links links = { visit, of->path };

	for (size_t i = 0; i < article->translation_count; i++) {
		struct link link = body_link(&links, article->translations[i].path,
					     article->translations[i].language);
		struct headline headline;

		if (link.target.len == 0)
			continue;
		if (link_headline(visit, link.target, &headline))
			link = translation_link(visit, &headline);
		group_link(group, link);
	}
}

static void add_translations(const struct visit *visit, struct page *page,
			     const struct headline *of, const struct article *article,
			     const struct headlines *others)
{
	struct group group = { visit, page, LABEL_OTHER_LANGUAGES, false };

	add_told(&group, of, article);
	for (size_t i = 0; i < others->count; i++)
		if (!is_told(article, others->items[i].edition->language))
			group_link(&group, translation_link(visit, &others->items[i]));
}

static void add_forms(const struct visit *visit, struct page *page, const struct headline *of,
		      const struct article *article)
{
	struct str short_path = arena_join(visit->arena, path_in(visit, "s/"), of->short_id,
					   STR(""));

	page_blank(page);
	page_link(page, (struct link){ LINK_TEXT,
				       arena_join(visit->arena, of->path, STR(".txt"), STR("")),
				       label(visit, LABEL_PLAIN_TEXT) });
	page_link(page, (struct link){ LINK_TEXT,
				       arena_join(visit->arena, of->path, STR(".gmi"), STR("")),
				       label(visit, LABEL_GEMTEXT) });
	if (of->short_id.len)
		page_link(page,
			  (struct link){ LINK_MENU, short_path, label(visit, LABEL_SHARE_LINK) });
	if (uri_has_scheme(article->canonical))
		page_link(page,
			  site_link(visit, article->canonical, label(visit, LABEL_CANONICAL)));
	if (article->license.len)
		page_text(page, arena_join(visit->arena, label(visit, LABEL_LICENSE), STR(": "),
					   article->license));
}

void article_tail(const struct visit *visit, struct page *page, const struct headline *headline,
		  const struct article *article, const struct headlines *translations)
{
	article_corrections(visit, page, article);
	add_tags(visit, page, article);
	add_translations(visit, page, headline, article, translations);
	add_related(visit, page, headline, article);
	add_neighbours(visit, page, headline);
	add_forms(visit, page, headline, article);
}
