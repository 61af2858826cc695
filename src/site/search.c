/*
 * Search. Words come as the request's query or, so that further pages have
 * paths that any Gopher client passes on unchanged, as one path segment.
 */
#include "base/text.h"
#include "site/visit.h"

enum {
	SEGMENT_MAX = 180
}; /* leaves room for "/ar/search/.../page/99/" in a selector of 255 bytes */

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/*
 * A path segment that carries search words; empty when they are too many for one. Letters,
 * digits and "-" stand for themselves, "_" for a blank, ".hh" for any other byte.
 */
struct str search_segment(struct arena *arena, struct str words)
{
	static const char digits[] = "0123456789abcdef";
	char *out = arena_alloc(arena, 3 * words.len + 1, 1);
	size_t len = 0;

	for (size_t i = 0; i < words.len; i++) {
		char c = words.data[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32); /* search does not tell case apart */
		if (is_plain(c)) {
			out[len++] = c;
		} else if (c == ' ') {
			out[len++] = '_';
		} else {
			out[len++] = '.';
			out[len++] = digits[(unsigned char)c >> 4];
			out[len++] = digits[(unsigned char)c & 15];
		}
	}
	return len <= SEGMENT_MAX ? (struct str){ out, len } : STR("");
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool search_words(struct arena *arena, struct str segment, struct str *ret_words)
{
	char *out = arena_alloc(arena, segment.len + 1, 1);
	size_t len = 0;

	for (size_t i = 0; i < segment.len; i++) {
		char c = segment.data[i];

		if (is_plain(c)) {
			out[len++] = c;
		} else if (c == '_') {
			out[len++] = ' ';
		} else {
			int high = i + 2 < segment.len ? hex_digit(segment.data[i + 1]) : -1;
			int low = i + 2 < segment.len ? hex_digit(segment.data[i + 2]) : -1;

			if (c != '.' || high < 0 || low < 0)
				return false;
			out[len++] = (char)(high * 16 + low);
			i += 2;
		}
	}
	*ret_words = text_line(arena, (struct str){ out, len });
	return true;
}

static void fill(const struct visit *visit, struct list *list, struct str words)
{
	list->title = arena_format(visit->arena, STR_FMT ": " STR_FMT,
				   STR_ARG(label(visit, LABEL_SEARCH_RESULTS)), STR_ARG(words));
	list->words = words;
	list->is_search = true;
}

static void build(const struct visit *visit, struct page *page)
{
	struct visit results = *visit;
	struct list list = { 0 };
	struct str words = visit->request->query;
	struct str segment;

	if (!visit->request->has_query || words.len == 0) {
		page_fail(page, PAGE_INPUT,
			  arena_str(visit->arena, label(visit, LABEL_SEARCH_PROMPT)));
		page->path = visit->path;
		return;
	}
	segment = search_segment(visit->arena, words);
	fill(visit, &list, words);
	list.single = segment.len == 0;
	results.path = arena_join(visit->arena, path_in(visit, "search/"), segment, STR(""));
	if (segment.len == 0)
		results.path = visit->path;
	list_build(&results, &list, page);
	page->form = LINK_MENU;
}

static bool list_words(const struct visit *visit, struct list *list)
{
	struct str words;

	if (!search_words(visit->arena, visit->arguments[0], &words))
		return false;
	fill(visit, list, words);
	return true;
}

const struct page_kind search_kind = { .pattern = "search", .form = LINK_SEARCH, .build = build };
const struct page_kind search_words_kind = { .pattern = "search/*",
					     .form = LINK_MENU,
					     .list = list_words };
