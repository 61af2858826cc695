/* Lists of articles: as a page with a pager, as a gemsub feed, as an Atom feed. */
#include "base/text.h"
#include "site/visit.h"

enum {
	FEED_ENTRIES = 20,
	FEED_TEXT_MAX = 2 << 20, /* bytes of full text in one feed; later entries go without */
};

struct query list_query(const struct visit *visit, enum listing listing, struct str key)
{
	return (struct query){
		.edition = visit->edition,
		.listing = listing,
		.key = key,
		.now = visit->now,
		.limit = visit->site->page_size,
	};
}

static struct entry *new_entry(const struct visit *visit, const struct headline *headline)
{
	struct entry *entry = ARENA_NEW(visit->arena, struct entry);

	*entry = (struct entry){
		.title = headline->title,
		.note = arena_join(visit->arena, headline->kicker, STR(" · "),
				   text_size(visit->arena, headline->size)),
		.summary = headline->summary,
		.snippet = headline->snippet,
		.author = headline->author,
		.uid = headline->uid,
		.edition = headline->edition->prefix,
		.published = headline->published,
		.updated = headline->updated,
		.size = headline->size,
	};
	return entry;
}

void list_entry(const struct visit *visit, struct page *page, const struct headline *headline,
		bool summary)
{
	struct entry *entry = new_entry(visit, headline);

	entry->summary_shown = summary && headline->summary.len > 0;
	page_entry(page, headline_link(headline, headline->title), entry);
	if (headline->updated > page->updated)
		page->updated = headline->updated;
}

/* The newest of an article's corrections; NULL: none. */
static const struct article_correction *newest_correction(const struct article *article)
{
	const struct article_correction *newest = NULL;

	for (size_t i = 0; i < article->correction_count; i++)
		if (!newest || article->corrections[i].date > newest->date)
			newest = &article->corrections[i];
	return newest;
}

static void correction_entry(const struct visit *visit, struct page *page,
			     const struct headline *headline)
{
	struct headline shown = *headline;
	struct headline same;
	struct article article;

	if (store_article(visit->store, headline->path, visit->now, visit->arena, &same,
			  &article) == FOUND_ARTICLE) {
		const struct article_correction *newest = newest_correction(&article);

		if (newest) {
			shown.published = newest->date;
			shown.snippet = newest->text;
		}
	}
	list_entry(visit, page, &shown, false);
}

static void add_entry(const struct visit *visit, const struct list *list, struct page *page,
		      const struct headline *headline)
{
	if (list->is_corrections)
		correction_entry(visit, page, headline);
	else
		list_entry(visit, page, headline, false);
}

/* An entry with its full text, for Atom; bytes counts what the feed holds so far. */
static void feed_entry(const struct visit *visit, struct page *page,
		       const struct headline *headline, size_t *bytes)
{
	struct entry *entry = new_entry(visit, headline);
	struct headline same;
	struct article article;

	if (*bytes + headline->size < FEED_TEXT_MAX &&
	    store_article(visit->store, headline->path, visit->now, visit->arena, &same,
			  &article) == FOUND_ARTICLE) {
		struct page body;

		page_init(&body, visit->arena);
		article_whole(visit, &body, headline, &article);
		entry->body = body.first;
		*bytes += headline->size;
	}
	page_entry(page, headline_link(headline, headline->title), entry);
	if (headline->updated > page->updated)
		page->updated = headline->updated;
}

/* The part of the list that this page shows. */
static enum search_outcome fetch(const struct visit *visit, const struct list *list, size_t limit,
				 struct headlines *ret_list)
{
	size_t offset = (visit->page_number - 1) * limit;
	struct query query = list->query;

	if (list->is_search) {
		struct search search = {
			.edition = visit->edition,
			.words = list->words,
			.now = visit->now,
			.offset = offset,
			.limit = limit,
		};
		return store_search(visit->store, &search, visit->arena, ret_list);
	}
	query.offset = offset;
	query.limit = limit;
	store_list(visit->store, &query, visit->arena, ret_list);
	return SEARCH_DONE;
}

/* path/page/N, or the list itself for the first page. */
static struct str page_path(const struct visit *visit, unsigned number)
{
	const char *slash = str_ends(visit->path, STR("/")) ? "" : "/";

	if (number == 1)
		return visit->path;
	return arena_format(visit->arena, STR_FMT "%spage/%u", STR_ARG(visit->path), slash, number);
}

static void pager(const struct visit *visit, struct page *page, bool has_more)
{
	if (visit->page_number == 1 && !has_more)
		return;
	page_blank(page);
	if (visit->page_number > 1)
		page_link(page, (struct link){ LINK_MENU, page_path(visit, visit->page_number - 1),
					       label(visit, LABEL_NEWER) });
	if (has_more)
		page_link(page, (struct link){ LINK_MENU, page_path(visit, visit->page_number + 1),
					       label(visit, LABEL_OLDER) });
}

static struct str feed_path(const struct visit *visit, const char *name)
{
	return arena_join(visit->arena, visit->path,
			  str_ends(visit->path, STR("/")) ? STR("") : STR("/"), str_from(name));
}

static void feed_links(const struct visit *visit, struct page *page)
{
	page_blank(page);
	page_link(page, site_link(visit, feed_path(visit, "feed.gmi"), label(visit, LABEL_FEED)));
	page_link(page, site_link(visit, feed_path(visit, "atom.xml"), label(visit, LABEL_ATOM)));
}

/* The paper's name stands in front: a subscriber sees nothing but this line. */
static struct str full_title(const struct visit *visit, const struct list *list)
{
	struct str paper = visit->edition->name;

	if (list->title.len == 0 || str_eq(list->title, paper))
		return paper;
	return arena_join(visit->arena, paper, STR(" - "), list->title);
}

static void build_feed(const struct visit *visit, const struct list *list, struct page *page)
{
	struct headlines found;
	size_t bytes = 0;

	page->form = LINK_TEXT;
	page->summary = list->description;
	page->feed_self = feed_path(visit, "atom.xml");
	fetch(visit, list, FEED_ENTRIES, &found);
	page_title(page, full_title(visit, list));
	if (list->description.len)
		page_heading(page, 2, list->description);
	page_blank(page);
	page->format = visit->view == VIEW_ATOM ? FORMAT_ATOM : FORMAT_GEMTEXT;
	for (size_t i = 0; i < found.count; i++) {
		if (visit->view == VIEW_ATOM)
			feed_entry(visit, page, &found.items[i], &bytes);
		else
			add_entry(visit, list, page, &found.items[i]);
	}
	if (page->updated == 0)
		page->updated = store_changed(visit->store);
}

static void add_entries(const struct visit *visit, const struct list *list, struct page *page,
			const struct headlines *found, enum search_outcome outcome)
{
	page_blank(page);
	if (outcome == SEARCH_CUT)
		page_text(page, label(visit, LABEL_SEARCH_CUT));
	if (outcome == SEARCH_EMPTY)
		page_text(page, label(visit, LABEL_SEARCH_EMPTY));
	else if (found->count == 0 && outcome == SEARCH_DONE)
		page_text(page, label(visit, list->is_search ? LABEL_SEARCH_NONE : LABEL_EMPTY));
	for (size_t i = 0; i < found->count; i++)
		add_entry(visit, list, page, &found->items[i]);
}

void list_build(const struct visit *visit, const struct list *list, struct page *page)
{
	struct headlines found = { 0 };
	enum search_outcome outcome;

	if (visit->view != VIEW_PAGE) {
		build_feed(visit, list, page);
		return;
	}
	outcome = fetch(visit, list, list->single ? STORE_LIMIT_MAX : visit->site->page_size,
			&found);
	if (visit->page_number > 1 && found.count == 0) {
		furniture_fail(visit, page, PAGE_NOT_FOUND, LABEL_NOT_FOUND);
		return;
	}
	page->summary = list->description;
	furniture_breadcrumb(visit, page);
	page_title(page, full_title(visit, list));
	if (list->description.len)
		page_heading(page, 2, list->description);
	if (visit->page_number > 1)
		page_text(page,
			  arena_format(visit->arena, STR_FMT " %u",
				       STR_ARG(label(visit, LABEL_PAGE)), visit->page_number));
	page_blank(page);
	if (list->above && visit->page_number == 1)
		list->above(visit, page);
	add_entries(visit, list, page, &found, outcome);
	if (list->is_search) {
		page_blank(page);
		page_text(page, label(visit, LABEL_SEARCH_HELP));
	}
	if (!list->single) {
		pager(visit, page, found.has_more);
		feed_links(visit, page);
	}
	furniture_footer(visit, page);
}

void list_buckets(const struct visit *visit, struct page *page, const struct buckets *buckets,
		  struct str parent, bool folders)
{
	for (size_t i = 0; i < buckets->count; i++) {
		const struct bucket *bucket = &buckets->items[i];
		struct str target = arena_join(visit->arena, parent, bucket->slug,
					       folders ? STR("/") : STR(""));
		struct str text = arena_format(visit->arena, STR_FMT " (%zu)",
					       STR_ARG(bucket->name), bucket->count);

		page_link(page, (struct link){ LINK_MENU, target, text });
	}
}
