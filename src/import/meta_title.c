/* The headline: what several places call it, without the site's name. */
#include "base/text.h"
#include "import/meta_draft.h"

/* What stands between a headline and the name of the site; spaces on both sides. */
static const char *const separators[] = {
	" | ",	" - ", " \xE2\x80\x93 ", " \xE2\x80\x94 ", " \xC2\xBB ",
	" :: ", " / ", " \xE2\x80\xA2 ", " \xC2\xB7 ",	   " < ",
	" > ",	NULL
};

static size_t count_words(struct str text)
{
	return text_words(text);
}

/* Where the last separator begins, and its length; text.len when there is none. */
static size_t last_separator(struct str text, size_t *ret_len)
{
	size_t found = text.len;

	for (const char *const *mark = separators; *mark; mark++) {
		struct str needle = str_from(*mark);
		struct str rest = text;
		size_t base = 0;
		size_t at;

		while ((at = str_search(rest, needle)) < rest.len) {
			if (found == text.len || base + at > found) {
				found = base + at;
				*ret_len = needle.len;
			}
			base += at + 1;
			rest = str_skip(text, base);
		}
	}
	return found;
}

static size_t first_separator(struct str text, size_t *ret_len)
{
	size_t found = text.len;

	for (const char *const *mark = separators; *mark; mark++) {
		size_t at = str_search(text, str_from(*mark));

		if (at < found) {
			found = at;
			*ret_len = strlen(*mark);
		}
	}
	return found;
}

/* Without blanks and case, to tell whether two lines say the same. */
static bool says_same(struct str a, struct str b)
{
	size_t i = 0;
	size_t j = 0;

	while (i < a.len && j < b.len) {
		char one = a.data[i];
		char two = b.data[j];

		if (one == ' ') {
			i++;
		} else if (two == ' ') {
			j++;
		} else {
			if (!str_eq_nocase((struct str){ &one, 1 }, (struct str){ &two, 1 }))
				return false;
			i++;
			j++;
		}
	}
	return i == a.len && j == b.len;
}

/* The site's own name at either end goes. */
static struct str without_site(struct str title, struct str site)
{
	size_t len = 0;
	size_t at = last_separator(title, &len);

	if (site.len == 0 || at == title.len)
		return title;
	if (says_same(str_skip(title, at + len), site))
		return str_head(title, at);
	at = first_separator(title, &len);
	if (says_same(str_head(title, at), site))
		return str_skip(title, at + len);
	return title;
}

/* Whether a heading of the page says exactly this. */
static bool is_heading(struct meta_draft *draft, xmlNode *root, struct str text)
{
	for (xmlNode *node = root; node; node = dom_next(node, root))
		if (dom_is_one(node, "h1 h2") &&
		    says_same(dom_line(draft->arena, node, META_LINE_MAX), text))
			return true;
	return false;
}

static struct str only_heading(struct meta_draft *draft, xmlNode *root)
{
	struct str found = STR("");

	for (xmlNode *node = root; node; node = dom_next(node, root)) {
		struct str line;

		if (!dom_is(node, "h1"))
			continue;
		line = dom_line(draft->arena, node, META_LINE_MAX);
		if (line.len && found.len && !says_same(line, found))
			return STR("");
		if (line.len)
			found = line;
	}
	return found;
}

/* A title in several parts: the part that a heading says, else all but a short last one. */
static struct str main_part(struct meta_draft *draft, xmlNode *root, struct str title)
{
	size_t len = 0;
	size_t at = last_separator(title, &len);
	struct str cut = title;

	while (at < cut.len) {
		cut = str_head(cut, at);
		if (is_heading(draft, root, cut))
			return cut;
		at = last_separator(cut, &len);
	}
	at = first_separator(title, &len);
	if (at < title.len && is_heading(draft, root, str_skip(title, at + len)))
		return str_skip(title, at + len);
	at = last_separator(title, &len);
	if (at < title.len && count_words(str_head(title, at)) >= 3 &&
	    count_words(str_skip(title, at + len)) <= 4)
		return str_head(title, at);
	return title;
}

/* "<title>" of the head; one within a drawing is none. */
static struct str title_element(struct meta_draft *draft, xmlNode *root)
{
	for (xmlNode *node = root; node; node = dom_next(node, root))
		if (dom_is(node, "title") && !dom_is(node->parent, "svg"))
			return dom_line(draft->arena, node, META_LINE_MAX);
	return STR("");
}

struct str meta_title(struct meta_draft *draft, xmlNode *root)
{
	struct str title = draft->facts[FACT_TITLE];
	struct str heading = only_heading(draft, root);

	if (title.len) {
		struct str bare = without_site(title, draft->facts[FACT_SITE]);

		if (bare.len < title.len || is_heading(draft, root, title))
			return str_trim(bare);
		return str_trim(draft->places[FACT_TITLE] == PLACE_JSONLD
					? title
					: main_part(draft, root, title));
	}
	title = title_element(draft, root);
	if (title.len == 0)
		return heading;
	title = str_trim(main_part(draft, root, without_site(title, draft->facts[FACT_SITE])));
	if (heading.len && count_words(title) < 3 && count_words(heading) > count_words(title))
		return heading;
	return title;
}
