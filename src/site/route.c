/* Paths become pages: the view and page number come off the end, then the table and the store are asked. */
#include <string.h>

#include "base/text.h"
#include "site/visit.h"

enum { PAGE_NUMBER_MAX = 1000000 };

static const struct page_kind *const kinds[] = {
	&front_kind,	   &latest_kind,  &trending_kind,  &most_read_kind,    &picks_kind,
	&corrections_kind, &live_kind,	  &headlines_kind, &today_kind,	       &tags_kind,
	&tag_kind,	   &authors_kind, &author_kind,	   &archive_kind,      &year_kind,
	&month_kind,	   &day_kind,	  &search_kind,	   &search_words_kind, &short_kind,
	&certificate_kind, &robots_kind,  &favicon_kind,   &security_kind,
};

const struct page_kind *route_at(size_t index)
{
	return index < sizeof(kinds) / sizeof(kinds[0]) ? kinds[index] : NULL;
}

bool site_has_name(struct str name)
{
	const struct page_kind *kind;

	for (size_t i = 0; (kind = route_at(i)) != NULL; i++) {
		struct str pattern = str_from(kind->pattern);

		if (str_eq(str_head(pattern, str_find(pattern, '/')), name))
			return true;
	}
	return str_eq(name, STR("page"));
}

static struct str without_slash(struct str path)
{
	return path.len && path.data[path.len - 1] == '/' ? str_head(path, path.len - 1) : path;
}

/* Matches segment by segment; a trailing slash on either side does not matter here. */
static bool is_match(struct str pattern, struct str rest, struct str arguments[ARGUMENTS_MAX])
{
	size_t count = 0;
	struct str want;
	struct str have;

	pattern = without_slash(pattern);
	rest = without_slash(rest);
	while (str_next(&pattern, '/', &want)) {
		if (!str_next(&rest, '/', &have) || have.len == 0)
			return false;
		if (str_eq(want, STR("*")))
			arguments[count++] = have;
		else if (!str_eq(want, have))
			return false;
	}
	return rest.len == 0;
}

const struct page_kind *route_find(const struct edition *edition, struct str path,
				   struct str arguments[ARGUMENTS_MAX])
{
	struct str rest = str_skip(path, edition->root.len);
	const struct page_kind *kind;

	for (size_t i = 0; (kind = route_at(i)) != NULL; i++)
		if ((!kind->at_root || edition->prefix.len == 0) &&
		    is_match(str_from(kind->pattern), rest, arguments))
			return kind;
	return NULL;
}

/* Takes "/page/N" off *path. False when the number is none or not canonical; page 1 has no suffix. */
static bool take_page_number(struct str *path, unsigned *ret_number)
{
	struct str bare = without_slash(*path);
	size_t slash = str_rfind(bare, '/');
	struct str last = str_skip(bare, slash + 1);
	struct str before = str_head(bare, slash);
	uint64_t number;

	*ret_number = 1;
	if (!str_ends(before, STR("/page")))
		return true;
	if (!str_number(last, PAGE_NUMBER_MAX, &number) || number < 2 || last.data[0] == '0')
		return false;
	*ret_number = (unsigned)number;
	*path = str_head(before, before.len - 4);
	return true;
}

enum view route_view(struct str *path)
{
	static const struct {
		struct str suffix;
		size_t cut;
		enum view view;
	} suffixes[] = {
		{ { "/feed.gmi", 9 }, 8, VIEW_FEED },
		{ { "/atom.xml", 9 }, 8, VIEW_ATOM },
		{ { ".txt", 4 }, 4, VIEW_TEXT },
		{ { ".gmi", 4 }, 4, VIEW_SOURCE },
	};

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (str_ends(*path, suffixes[i].suffix)) {
			*path = str_head(*path, path->len - suffixes[i].cut);
			return suffixes[i].view;
		}
	return VIEW_PAGE;
}

/* A page that is asked for under another spelling than its own: redirected where that can be. */
static bool is_elsewhere(const struct visit *visit, struct page *page, struct str canonical)
{
	bool plain = visit->view == VIEW_PAGE && visit->page_number == 1;

	if (!visit->request->can_redirect || !plain || str_eq(visit->path, canonical))
		return false;
	page_redirect(page, PAGE_MOVED, arena_str(visit->arena, canonical));
	return true;
}

static void build_list(struct visit *visit, bool (*fill)(const struct visit *, struct list *),
		       struct page *page)
{
	struct list list = { 0 };

	if (visit->view == VIEW_TEXT || visit->view == VIEW_SOURCE || !fill(visit, &list))
		furniture_fail(visit, page, PAGE_NOT_FOUND, LABEL_NOT_FOUND);
	else
		list_build(visit, &list, page);
}

static void build_kind(struct visit *visit, const struct page_kind *kind, struct page *page)
{
	struct str bare = without_slash(visit->path);
	bool folder = kind->pattern[0] == '\0' || str_ends(str_from(kind->pattern), STR("/"));
	struct str canonical = arena_join(visit->arena, bare, folder ? STR("/") : STR(""), STR(""));

	if (is_elsewhere(visit, page, canonical))
		return;
	visit->path = canonical;
	page->path = canonical;
	page->form = kind->form;
	if (kind->list)
		build_list(visit, kind->list, page);
	else if (visit->page_number > 1 || (visit->view != VIEW_PAGE && !kind->has_views))
		furniture_fail(visit, page, PAGE_NOT_FOUND, LABEL_NOT_FOUND);
	else
		kind->build(visit, page);
}

static bool is_section_shown(const struct visit *visit, struct str canonical)
{
	const struct section *section = edition_section(visit->edition,
							canonical.len ? canonical : visit->path);

	return section && section_is_shown(visit, section);
}

/* What the store has at the path. False when it has nothing. */
static bool build_stored(struct visit *visit, struct page *page)
{
	struct str canonical = STR("");
	enum found found = store_find(visit->store, visit->path, visit->now, visit->arena,
				      &canonical);

	if (found == FOUND_NOTHING || (visit->page_number > 1 && found != FOUND_SECTION) ||
	    (found == FOUND_SECTION && !is_section_shown(visit, canonical)))
		return false;
	if (canonical.len && is_elsewhere(visit, page, canonical))
		return true;
	if (canonical.len)
		visit->path = canonical;
	page->path = visit->path;
	switch (found) {
	case FOUND_EDITION:
		build_kind(visit, &front_kind, page);
		break;
	case FOUND_SECTION:
		build_list(visit, section_list, page);
		break;
	case FOUND_DOCUMENT:
		document_build(visit, page);
		break;
	case FOUND_FILE:
		file_build(visit, page);
		break;
	default:
		article_build(visit, page);
	}
	return true;
}

/* A file that is there under exactly the asked name comes before any view. */
static bool build_plain_file(struct visit *visit, struct page *page)
{
	if (store_find(visit->store, visit->path, visit->now, visit->arena, NULL) != FOUND_FILE)
		return false;
	page->path = visit->path;
	file_build(visit, page);
	return true;
}

static void build(struct visit *visit, struct page *page)
{
	const struct page_kind *kind;
	bool numbered;

	if (!str_ends(visit->path, STR("/")) && build_plain_file(visit, page))
		return;
	kind = route_find(visit->edition, visit->path, visit->arguments);
	if (kind && !kind->yields && !strchr(kind->pattern, '*')) {
		build_kind(visit, kind, page);
		return;
	}
	visit->view = route_view(&visit->path);
	numbered = take_page_number(&visit->path, &visit->page_number);
	if (!numbered || (visit->page_number > 1 && visit->view != VIEW_PAGE)) {
		furniture_fail(visit, page, PAGE_NOT_FOUND, LABEL_NOT_FOUND);
		return;
	}
	kind = route_find(visit->edition, visit->path, visit->arguments);
	if (kind && !kind->yields)
		build_kind(visit, kind, page);
	else if (build_stored(visit, page))
		return;
	else if (kind)
		build_kind(visit, kind, page);
	else
		furniture_fail(visit, page, PAGE_NOT_FOUND, LABEL_NOT_FOUND);
}

static void fail_for_now(struct page *page)
{
	page_fail(page, PAGE_UNAVAILABLE, label_text(LABEL_UNAVAILABLE, page->language));
}

void site_build(const struct site *site, const struct request *request, struct page *page)
{
	struct visit visit = {
		.site = site,
		.store = site->store,
		.arena = page->arena,
		.request = request,
		.now = site->now(site),
		.path = request->path,
		.page_number = 1,
	};

	page->is_for_robots = str_eq(request->path, STR("/robots.txt"));
	if (!store_begin(site->store)) {
		fail_for_now(page);
		return;
	}
	visit.edition = store_edition_of(site->store, visit.path);
	page->language = arena_str(page->arena, visit.edition->language);
	page->site_name = arena_str(page->arena, visit.edition->name);
	page->contact = arena_str(page->arena, visit.edition->contact);
	page->rights = arena_str(page->arena, visit.edition->license);
	visit.zone = zones_find(site->zones, visit.path);
	if (!visit.zone)
		build(&visit, page);
	else if (request->admitted)
		preview_build(&visit, page);
	else
		furniture_fail(&visit, page, PAGE_NOT_FOUND, LABEL_NOT_FOUND);
	if (!store_end(site->store))
		fail_for_now(page);
}
