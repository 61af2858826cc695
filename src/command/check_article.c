/* `tidings check`: one article file, its header's targets and its lines. */
#include "base/text.h"
#include "command/check.h"
#include "render/render.h"

enum { ARENA_BYTES_MAX = 32 << 20, DATE_COLUMNS = 11 }; /* "2026-10-03 " */

/* The line of the header on which a field called name has value in it; 0 when it is spread over lines. */
static unsigned field_line(struct str source, struct str name, struct str value)
{
	struct str line;

	for (unsigned number = 1; str_next_line(&source, &line); number++) {
		size_t colon = str_find(line, ':');

		if (str_eq_nocase(str_trim(str_head(line, colon)), name) &&
		    str_search(line, value) < line.len)
			return number;
	}
	return 0;
}

static void check_title(struct check *check, const struct place *place, struct str title)
{
	size_t width = DATE_COLUMNS + text_width(title);

	if (width > RENDER_COLUMNS)
		check_tell(check, PROBLEM_WARNING, place->file, place->line,
			   "the title is cut in menus: with its date it has %zu columns, %d fit",
			   width, RENDER_COLUMNS);
}

static void check_header(struct check *check, struct place place, struct str source,
			 const struct article *article)
{
	place.line = field_line(source, STR("Title"), STR(""));
	check_title(check, &place, article->title);
	for (size_t i = 0; i < article->image_count; i++) {
		place.line = field_line(source, STR("Image"), article->images[i].target);
		check_file_link(check, &place, article->images[i].target);
	}
	for (size_t i = 0; i < article->media_count; i++) {
		place.line = field_line(source, STR("Media"), article->media[i].target);
		check_file_link(check, &place, article->media[i].target);
	}
	for (size_t i = 0; i < article->related.count; i++) {
		place.line = field_line(source, STR("Related"), article->related.items[i]);
		check_link(check, &place, article->related.items[i]);
	}
	for (size_t i = 0; i < article->translation_count; i++) {
		place.line = field_line(source, STR("Translation"), article->translations[i].path);
		check_link(check, &place, article->translations[i].path);
	}
}

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

/* Gemtext, line by line, as it is written in the file. */
static void check_body(struct check *check, struct place place, struct str source, unsigned first)
{
	unsigned fence = 0;
	struct str line;

	for (place.line = 1; str_next_line(&source, &line); place.line++) {
		if (place.line < first)
			continue;
		if (str_starts(line, STR("```"))) {
			fence = fence ? 0 : place.line;
		} else if (!fence && str_starts(line, STR("=>"))) {
			check_link_line(check, &place, line);
		} else if (str_find(line, '\t') < line.len) {
			check_tell(check, PROBLEM_WARNING, place.file, place.line,
				   "a TAB: readers see one blank or many, write blanks");
		}
	}
	if (fence)
		check_tell(check, PROBLEM_WARNING, place.file, fence,
			   "the preformatted text that begins here has no end (```)");
}

void check_article(struct check *check, struct str file, struct str source)
{
	struct arena *arena = arena_new(ARENA_BYTES_MAX);
	struct place place = {
		.file = file,
		.base = arena_join(arena, STR("/"), str_head(file, file.len - 4), STR("")),
		.at = check->now,
	};
	struct article article;

	/* What is wrong with a file that cannot be parsed has been told by the scan. */
	if (article_parse(arena, source, file, false, &article, NULL, NULL)) {
		if (article.published > place.at)
			place.at = article.published;
		place.is_draft = article.status == STATUS_DRAFT;
		check_header(check, place, source, &article);
		check_body(check, place, source, article.body_line);
	}
	arena_free(arena);
}
