/* The front page of an edition, and what its feeds list. */
#include "site/visit.h"

/* How far back the lead story is looked for. */
enum { LEAD_WINDOW = 20 };

/* "Live now: Title", unless the title says that it is live by itself. */
static struct str live_text(const struct visit *visit, struct str title)
{
	struct str word = label(visit, LABEL_LIVE);

	if (str_eq_nocase(str_head(title, word.len), word) &&
	    str_starts(str_skip(title, word.len), STR(":")))
		title = str_trim(str_skip(title, word.len + 1));
	return arena_join(visit->arena, label(visit, LABEL_LIVE_NOW), STR(": "), title);
}

static void add_live(const struct visit *visit, struct page *page)
{
	struct headlines live;

	live_now(visit, &live);
	for (size_t i = 0; i < live.count; i++)
		page_link(page,
			  headline_link(&live.items[i], live_text(visit, live.items[i].title)));
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

/* Takes the most urgent of the rest; of equally urgent ones the newest. */
static struct headline *take_lead(struct headlines *rest)
{
	struct headline *best = NULL;

	for (size_t i = 0; i < rest->count; i++)
		if (rest->items[i].id && (!best || rest->items[i].urgency < best->urgency))
			best = &rest->items[i];
	return best;
}

/* The lead stories; ret_ids gets their ids, so that they do not stand on the page twice. */
static size_t add_leads(const struct visit *visit, struct page *page, int64_t *ret_ids)
{
	struct query query = list_query(visit, LISTING_ALL, STR(""));
	struct headlines newest;
	size_t count = 0;

	query.limit = LEAD_WINDOW;
	store_list(visit->store, &query, visit->arena, &newest);
	while (count < visit->edition->lead && count < LEAD_WINDOW) {
		struct headline *lead = take_lead(&newest);

		if (!lead)
			break;
		list_entry(visit, page, lead, visit->edition->summaries);
		ret_ids[count++] = lead->id;
		lead->id = 0;
	}
	return count;
}

static bool is_among(const int64_t *ids, size_t count, int64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

static void add_section(const struct visit *visit, struct page *page, const struct section *section,
			const int64_t *leads, size_t lead_count)
{
	struct query query = list_query(visit, LISTING_SECTION, section->path);
	struct headlines list;
	size_t shown = 0;

	query.limit = visit->edition->front + lead_count;
	query.by_title = section->by_title;
	store_list(visit->store, &query, visit->arena, &list);
	for (size_t i = 0; i < list.count && shown < visit->edition->front; i++) {
		if (is_among(leads, lead_count, list.items[i].id))
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

	if (edition->section_count == 0)
		return;
	page_blank(page);
	page_heading(page, 2, label(visit, LABEL_SECTIONS));
	for (size_t i = 0; i < edition->section_count; i++) {
		const struct section *section = &edition->sections[i];
		struct str name = section->name;

		if ((section->depth > 1 && !edition->subsections) ||
		    !section_is_shown(visit, section))
			continue;
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
	int64_t leads[LEAD_WINDOW];
	size_t lead_count;

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
	add_live(visit, page);
	add_editions(visit, page);
	lead_count = add_leads(visit, page, leads);
	for (size_t i = 0; i < edition->section_count; i++)
		if (edition->sections[i].depth == 1 && edition->front > 0)
			add_section(visit, page, &edition->sections[i], leads, lead_count);
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
