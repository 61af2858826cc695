/* Links: what a target is decides the link's form, never the page that links to it. */
#include "base/text.h"
#include "base/uri.h"
#include "site/visit.h"

struct str label(const struct visit *visit, enum label which)
{
	return edition_label(visit->edition, which);
}

struct str path_in(const struct visit *visit, const char *rest)
{
	return arena_join(visit->arena, visit->edition->root, str_from(rest), STR(""));
}

/* The form of what a path leads to, by its view, the table or the store. */
static enum link_form form_of(const struct visit *visit, struct str path)
{
	struct str arguments[ARGUMENTS_MAX];
	const struct edition *edition = store_edition_of(visit->store, path);
	const struct page_kind *kind;
	enum found found;

	if (str_ends(path, STR("/feed.gmi")) || str_ends(path, STR("/atom.xml")))
		return LINK_TEXT;
	found = store_find(visit->store, path, visit->now, visit->arena, NULL);
	if (found == FOUND_FILE)
		return store_form(path);
	if (found != FOUND_NOTHING)
		return LINK_MENU;
	if (str_ends(path, STR(".txt")) || str_ends(path, STR(".gmi")))
		return LINK_TEXT;
	kind = route_find(edition, path, arguments);
	return kind ? kind->form : LINK_MENU;
}

struct link site_link(const struct visit *visit, struct str target, struct str text)
{
	struct link link = { .target = target, .label = text };

	link.form = uri_has_scheme(target) ? LINK_REMOTE : form_of(visit, target);
	if (link.label.len == 0)
		link.label = target;
	return link;
}

struct link label_link(const struct visit *visit, const char *rest, enum label which)
{
	return site_link(visit, path_in(visit, rest), label(visit, which));
}

struct link headline_link(const struct headline *headline, struct str text)
{
	return (struct link){ .form = LINK_MENU, .target = headline->path, .label = text };
}

bool link_headline(const struct visit *visit, struct str path, struct headline *ret_headline)
{
	struct article article;

	if (store_article(visit->store, path, visit->now, visit->arena, ret_headline, &article) ==
	    FOUND_ARTICLE)
		return true;
	return visit->zone && store_preview(visit->store, path, visit->now, visit->arena,
					    ret_headline, NULL) != PREVIEW_NOTHING;
}

static bool is_preview(const struct visit *visit, struct str path)
{
	return visit->zone && store_preview(visit->store, path, visit->now, visit->arena, NULL,
					    NULL) != PREVIEW_NOTHING;
}

bool link_leads_somewhere(const struct visit *visit, struct str path)
{
	struct str arguments[ARGUMENTS_MAX];
	const struct edition *edition = store_edition_of(visit->store, path);
	enum found found = store_find(visit->store, path, visit->now, visit->arena, NULL);
	struct str bare = path;

	if (found == FOUND_NOTHING &&
	    (str_ends(path, STR(".txt")) || str_ends(path, STR(".gmi")))) {
		bare = str_head(path, path.len - 4);
		found = store_find(visit->store, bare, visit->now, visit->arena, NULL);
	}
	if (found != FOUND_NOTHING)
		return found != FOUND_GONE;
	return is_preview(visit, bare) || route_find(edition, path, arguments) != NULL;
}

/* "/search?words" as a path of its own, which every protocol can follow; other queries mean nothing here. */
static struct str without_query(const struct visit *visit, struct str path)
{
	struct str bare = str_head(path, str_find(path, '?'));
	struct str query = str_skip(path, bare.len + 1);
	struct str root = store_edition_of(visit->store, bare)->root;
	struct str words;
	struct str segment;

	if (!str_eq(str_skip(bare, root.len), STR("search")) || query.len == 0 ||
	    !uri_decode(visit->arena, query, &words))
		return bare;
	segment = search_segment(visit->arena, words);
	return segment.len ? arena_join(visit->arena, bare, STR("/"), segment) : bare;
}

struct link body_link(void *context, struct str target, struct str text)
{
	const struct body_links *links = context;
	const struct visit *visit = links->visit;
	struct str path;

	target = arena_str(visit->arena, target);
	if (text.len == 0)
		text = target;
	if (str_starts(target, STR("//")))
		target = arena_join(visit->arena, STR("gemini:"), target, STR(""));
	if (uri_has_scheme(target))
		return site_link(visit, target, text);
	path = uri_resolve(visit->arena, links->base, target);
	path = str_head(path, str_find(path, '#'));
	path = without_query(visit, path);
	if (!uri_path(visit->arena, path, &path) || !link_leads_somewhere(visit, path))
		return (struct link){ .label = text };
	return site_link(visit, path, text);
}
