/* The front page of an edition, and what its feeds list. */
#include "site/visit.h"

enum {
	LEAD_WINDOW = 20, /* how far back the lead stories are looked for */
	ABOVE_MAX = 2 * LEAD_WINDOW,
};

/* The articles that stand at the top, so that they do not stand further down again. */
struct above {
	int64_t ids[ABOVE_MAX];
	size_t count;
};

static void note(struct above *above, const struct headline *headline)
{
	if (above->count < ABOVE_MAX)
		above->ids[above->count++] = headline->id;
}

static bool is_above(const struct above *above, const struct headline *headline)
{
	for (size_t i = 0; i < above->count; i++)
		if (above->ids[i] == headline->id)
			return true;
	return false;
}

/* "Live now: Title", unless the title says that it is live by itself. */
static struct str live_text(const struct visit *visit, struct str title)
{
	struct str word = label(visit, LABEL_LIVE);

	if (str_eq_nocase(str_head(title, word.len), word) &&
	    str_starts(str_skip(title, word.len), STR(":")))
		title = str_trim(str_skip(title, word.len + 1));
	return arena_join(visit->arena, label(visit, LABEL_LIVE_NOW), STR(": "), title);
}

static void add_live(const struct visit *visit, struct page *page, struct above *above)
{
	struct headlines live;

	live_now(visit, &live);
	for (size_t i = 0; i < live.count; i++) {
		page_link(page,
			  headline_link(&live.items[i], live_text(visit, live.items[i].title)));
		note(above, &live.items[i]);
	}
	page_blank(page);
}

static void add_editions(const struct visit *visit, struct page *page)
{
	size_t count;
	const struct edition *editions = store_editions(visit->store, &count);

	for (size_t i = 0; i < count; i++) {
		if (editions[i].id == visit->edition->id)
			continue;
		page_link(page, (struct link){ LINK_MENU, editions[i].root,
					       arena_format(visit->arena, STR_FMT " (" STR_FMT ")",
							    STR_ARG(editions[i].name),
							    STR_ARG(editions[i].language)) });
	}
	page_blank(page);
}

/* The most urgent of those that are not on the page yet; of equally urgent ones the newest. */
static const struct headline *next_lead(const struct headlines *newest, const struct above *above)
{
	const struct headline *best = NULL;

	for (size_t i = 0; i < newest->count; i++)
		if (!is_above(above, &newest->items[i]) &&
		    (!best || newest->items[i].urgency < best->urgency))
			best = &newest->items[i];
	return best;
}

static void add_leads(const struct visit *visit, struct page *page, struct above *above)
{
	struct query query = list_query(visit, LISTING_ALL, STR(""));
	struct headlines newest;

	query.limit = LEAD_WINDOW;
	store_list(visit->store, &query, visit->arena, &newest);
	for (size_t i = 0; i < visit->edition->lead && i < LEAD_WINDOW; i++) {
		const struct headline *lead = next_lead(&newest, above);

		if (!lead)
			break;
		list_entry(visit, page, lead, visit->edition->summaries);
		note(above, lead);
	}
}

static void add_section(const struct visit *visit, struct page *page, const struct section *section,
			const struct above *above)
{
	struct query query = list_query(visit, LISTING_SECTION, section->path);
	struct headlines list;
	size_t shown = 0;

	query.limit = visit->edition->front + above->count;
	query.by_title = section->by_title;
	store_list(visit->store, &query, visit->arena, &list);
	for (size_t i = 0; i < list.count && shown < visit->edition->front; i++) {
		if (is_above(above, &list.items[i]))
			continue;
		if (shown++ == 0) {
			page_blank(page);
			page_heading(page, 2, section->name);
		}
		list_entry(visit, page, &list.items[i], false);
	}
	if (shown == 0)
		return; /* all that it has leads the page; the navigation names it below */
	page_link(page, site_link(visit, section->path,
				  arena_join(visit->arena, label(visit, LABEL_ALL), STR(": "),
					     section->name)));
}

/* Both levels of the tree, each section followed by its own. */
static void add_navigation(const struct visit *visit, struct page *page)
{
	const struct edition *edition = visit->edition;
	size_t shown = 0;

	for (size_t i = 0; i < edition->section_count; i++) {
		const struct section *section = &edition->sections[i];
		struct str name = section->name;

		if ((section->depth > 1 && !edition->subsections) ||
		    !section_is_shown(visit, section))
			continue;
		/* With the first of them: a heading alone would tell that something is to come. */
		if (shown++ == 0) {
			page_blank(page);
			page_heading(page, 2, label(visit, LABEL_SECTIONS));
		}
		if (section->depth > 1)
			name = arena_join(visit->arena, edition->sections[section->parent].name,
					  STR(": "), name);
		page_link(page, (struct link){ LINK_MENU, section->path, name });
	}
}

static void add_footer(const struct visit *visit, struct page *page)
{
	const struct edition *edition = visit->edition;
	static const struct {
		const char *path;
		enum label label;
	} links[] = {
		{ "search", LABEL_SEARCH },
		{ "latest", LABEL_LATEST },
		{ "archive/", LABEL_ARCHIVE },
		{ "tags/", LABEL_TAGS },
		{ "authors/", LABEL_AUTHORS },
		{ "corrections", LABEL_CORRECTIONS },
		{ "headlines", LABEL_HEADLINES },
		{ "today", LABEL_TODAY },
		{ "feed.gmi", LABEL_FEED },
		{ "atom.xml", LABEL_ATOM },
		{ "about/certificate", LABEL_CERTIFICATE },
	};

	page_blank(page);
	page_heading(page, 2, label(visit, LABEL_ABOUT_PAPER));
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		page_link(page, label_link(visit, links[i].path, links[i].label));
	for (size_t i = 0; i < edition->page_count; i++)
		page_link(page, edition->pages[i]);
	if (edition->link_count) {
		page_text(page,
			  arena_join(visit->arena, label(visit, LABEL_APPS), STR(":"), STR("")));
		for (size_t i = 0; i < edition->link_count; i++)
			page_link(page, site_link(visit, edition->links[i].target,
						  edition->links[i].label));
	}
	if (edition->license.len)
		page_text(page, arena_join(visit->arena, label(visit, LABEL_LICENSE), STR(": "),
					   edition->license));
}

static void build(const struct visit *visit, struct page *page)
{
	const struct edition *edition = visit->edition;
	struct above above = { .count = 0 };

	if (visit->view == VIEW_FEED || visit->view == VIEW_ATOM) {
		struct list list = {
			.title = edition->name,
			.description = edition->slogan,
			.query = list_query(visit, LISTING_ALL, STR("")),
		};

		list_build(visit, &list, page);
		return;
	}
	page->summary = edition->slogan;
	page_title(page, edition->name);
	if (edition->slogan.len)
		page_heading(page, 2, edition->slogan);
	page_blank(page);
	add_live(visit, page, &above);
	add_editions(visit, page);
	add_leads(visit, page, &above);
	for (size_t i = 0; i < edition->section_count; i++)
		if (edition->sections[i].depth == 1 && edition->front > 0)
			add_section(visit, page, &edition->sections[i], &above);
	furniture_boxes(visit, page, STR(""));
	add_navigation(visit, page);
	add_footer(visit, page);
}

const struct page_kind front_kind = {
	.pattern = "",
	.form = LINK_MENU,
	.has_views = true,
	.build = build,
};
