/* `tidings check`: one article file: its header and what that leads to. */
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

/* Types that promise something, and articles that have nothing at all. */
static void check_substance(struct check *check, const struct place *place,
			    const struct article *article)
{
	const char *why = NULL;

	if (article->type == TYPE_GALLERY && article->image_count == 0)
		why = "a gallery without a picture (Image)";
	else if (article->type == TYPE_VIDEO && article->media_count == 0)
		why = "a video without a recording (Media)";
	else if (article->body.len == 0 && article->image_count == 0 && article->media_count == 0)
		why = "there is no text below the header";
	if (why && !place->is_draft && article->status != STATUS_RETRACTED)
		check_tell(check, PROBLEM_WARNING, place->file, 0, "%s", why);
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
		check_substance(check, &place, &article);
		check_text(check, place, source, article.body_line);
	}
	arena_free(arena);
}
