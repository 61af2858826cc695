/* `tidings check`: do links lead somewhere, and from when on? */
#include "base/uri.h"
#include "command/check.h"

enum { ARENA_BYTES_MAX = 64 << 20 };

/* A moment after every embargo: the last second that date_parse() knows. */
static const int64_t far_future = INT64_C(253402300799);

/* What readers find behind a path at a moment. */
static enum found find(struct check *check, struct arena *arena, struct str path, int64_t at,
		       struct str *ret_path)
{
	struct store *store = check->paper->store;
	enum found found = FOUND_NOTHING;

	*ret_path = path;
	if (store_begin(store)) {
		found = store_find(store, path, at, arena, ret_path);
		store_end(store);
	}
	return found;
}

/* Whether the site makes a page for path that the store knows nothing of: a tag, a list, a view. */
static bool is_page(struct check *check, struct arena *arena, struct str path, int64_t at)
{
	struct site site = check->paper->site;
	struct request request = { .path = path };
	struct page page;
	bool ok;

	site.now = site_fixed_clock;
	site.fixed_now = at;
	page_init(&page, arena);
	site_build(&site, &request, &page);
	ok = page.status == PAGE_OK || page.status == PAGE_INPUT || page.status == PAGE_REDIRECT;
	page_done(&page);
	return ok;
}

static void check_path(struct check *check, struct arena *arena, const struct place *place,
		       struct str path)
{
	enum problem problem = place->is_draft ? PROBLEM_WARNING : PROBLEM_ERROR;
	struct str now_at;
	enum found found = find(check, arena, path, place->at, &now_at);

	if (found == FOUND_MOVED)
		check_tell(check, PROBLEM_WARNING, place->file, place->line,
			   "the link to " STR_FMT " is old: the article is at " STR_FMT " now",
			   STR_ARG(path), STR_ARG(now_at));
	else if (found == FOUND_GONE)
		check_tell(check, PROBLEM_WARNING, place->file, place->line,
			   "the link leads to the retracted article " STR_FMT, STR_ARG(path));
	else if (found != FOUND_NOTHING || is_page(check, arena, path, place->at))
		return;
	else if (is_page(check, arena, path, far_future))
		check_tell(check, PROBLEM_WARNING, place->file, place->line,
			   "the link to " STR_FMT " is dead until that is published",
			   STR_ARG(path));
	else
		check_tell(check, problem, place->file, place->line,
			   "dead link: there is no " STR_FMT, STR_ARG(path));
}

/* Turns a reference on the page into a path of this paper. False (after a word about it) when it is none. */
static bool resolve(struct check *check, struct arena *arena, const struct place *place,
		    struct str target, struct str *ret_path)
{
	struct uri uri;

	if (!uri_split(target, &uri)) {
		check_tell(check, PROBLEM_WARNING, place->file, place->line,
			   "\"" STR_FMT "\" is not a URL: blanks and letters outside ASCII are "
			   "written as %%20 and the like",
			   STR_ARG(target));
		return false;
	}
	if (uri.scheme.len || uri.has_authority)
		return false;
	if (uri.path.len == 0)
		uri.path = place->base;
	if (uri_path(arena, uri_resolve(arena, place->base, uri.path), ret_path))
		return true;
	check_tell(check, PROBLEM_WARNING, place->file, place->line,
		   "\"" STR_FMT "\" is not a path", STR_ARG(target));
	return false;
}

void check_link(struct check *check, const struct place *place, struct str target)
{
	struct arena *arena = arena_new(ARENA_BYTES_MAX);
	struct str path;

	if (resolve(check, arena, place, target, &path))
		check_path(check, arena, place, path);
	arena_free(arena);
}

void check_file_link(struct check *check, const struct place *place, struct str target)
{
	struct arena *arena = arena_new(ARENA_BYTES_MAX);
	struct str path;
	struct str ignored;

	if (resolve(check, arena, place, target, &path) &&
	    find(check, arena, path, place->at, &ignored) != FOUND_FILE)
		check_tell(check, place->is_draft ? PROBLEM_WARNING : PROBLEM_ERROR, place->file,
			   place->line, "there is no file " STR_FMT, STR_ARG(path));
	arena_free(arena);
}
