/* `tidings check`: the lines of a text, as they are written in the file. */
#include <string.h>

#include "base/text.h"
#include "command/check.h"

enum { WRAPPED_COLUMNS_MIN = 50, WRAPPED_COLUMNS_MAX = 100 };

/* "=> my file.pdf My file": a target without an extension, and behind a blank a word with one. */
static bool looks_split(struct str target, struct str label)
{
	struct str name = str_skip(target, str_rfind(target, '/') + 1);
	struct str word = str_head(label, str_find(label, ' '));
	size_t dot = str_rfind(word, '.');
	size_t extension = word.len - dot;

	return name.len > 0 && str_find(name, '.') == name.len && dot > 0 && extension >= 3 &&
	       extension <= 5 && text_width(word) == word.len && word.len < label.len;
}

static void check_link_line(struct check *check, const struct place *place, struct str line)
{
	struct str rest = str_trim(str_skip(line, 2));
	size_t end = 0;
	struct str target;

	while (end < rest.len && rest.data[end] != ' ' && rest.data[end] != '\t')
		end++;
	target = str_head(rest, end);
	if (target.len == 0) {
		check_tell(check, PROBLEM_WARNING, place->file, place->line,
			   "a link line without a target");
		return;
	}
	if (looks_split(target, str_trim(str_skip(rest, end))))
		check_tell(check, PROBLEM_WARNING, place->file, place->line,
			   "the URL looks as if it had a blank in it: write %%20");
	check_link(check, place, target);
}

/* Habits from Markdown that gemtext shows as they are written; NULL when there is none. */
static const char *habit(struct str line)
{
	size_t middle = str_search(line, STR("]("));

	if (str_starts(line, STR("####")))
		return "a heading has at most three #";
	if (str_starts(line, STR("*")) && line.len > 1 && line.data[1] != ' ' &&
	    line.data[1] != '\t')
		return "a * at the start of a line makes a list only with a blank behind it";
	if (str_find(line, '[') < middle &&
	    str_find(str_skip(line, middle), ')') + middle < line.len)
		return "a link of Markdown: gemtext has links on lines of their own, => target "
		       "label";
	return NULL;
}

/*
 * Whether an editor broke a paragraph between two lines: a full one that no sentence ends with,
 * then more. What ends outside ASCII may end with any script's full stop.
 */
static bool is_wrapped(struct str above, struct str line)
{
	size_t width = text_width(above);

	return width >= WRAPPED_COLUMNS_MIN && width <= WRAPPED_COLUMNS_MAX && line.len > 0 &&
	       !strchr("#*>=", above.data[0]) && !strchr("#*>=`", line.data[0]) &&
	       !strchr(".:;!?\")", above.data[above.len - 1]) &&
	       (unsigned char)above.data[above.len - 1] < 0x80;
}

/* Tells of a paragraph that an editor broke; true when it did. */
static bool check_wrap(struct check *check, const struct place *place, struct str above,
		       struct str line)
{
	if (!is_wrapped(above, line))
		return false;
	check_tell(check, PROBLEM_WARNING, place->file, place->line,
		   "this line goes on where the one above ends: one line is one paragraph");
	return true;
}

static void check_tab(struct check *check, const struct place *place, struct str line)
{
	if (str_find(line, '\t') < line.len)
		check_tell(check, PROBLEM_WARNING, place->file, place->line,
			   "a TAB: readers see one blank or many, write blanks");
}

static void check_text_line(struct check *check, const struct place *place, struct str line)
{
	const char *why = habit(line);

	if (why)
		check_tell(check, PROBLEM_WARNING, place->file, place->line, "%s", why);
	check_tab(check, place, line);
}

void check_text(struct check *check, struct place place, struct str source, unsigned first)
{
	unsigned fence = 0;
	bool is_told = false;
	struct str above = STR("");
	struct str line;

	for (place.line = 1; str_next_line(&source, &line); place.line++) {
		if (place.line < first)
			continue;
		if (str_starts(line, STR("```"))) {
			fence = fence ? 0 : place.line;
		} else if (!fence && str_starts(line, STR("=>"))) {
			check_link_line(check, &place, line);
		} else if (fence) {
			check_tab(check, &place, line);
		} else {
			check_text_line(check, &place, line);
			is_told = is_told || check_wrap(check, &place, above, line);
		}
		above = fence ? STR("") : str_trim(line);
	}
	if (fence)
		check_tell(check, PROBLEM_WARNING, place.file, fence,
			   "the preformatted text that begins here has no end (```)");
}
