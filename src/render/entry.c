/* What every format says of an article in a list. */
#include "base/date.h"
#include "base/text.h"
#include "render/render.h"

struct str entry_title(struct arena *arena, const struct block *block)
{
	struct str title = text_line(arena, block->entry->title);
	char day[DATE_TEXT];

	if (title.len == 0)
		title = text_line(arena, block->link.target);
	return arena_format(arena, "%s " STR_FMT, date_day(block->entry->published, day),
			    STR_ARG(title));
}

struct str entry_note(struct arena *arena, const struct block *block)
{
	struct str note = text_line(arena, block->entry->note);

	return note.len ? arena_join(arena, STR("("), note, STR(")")) : STR("");
}

struct str entry_text(struct arena *arena, const struct block *block)
{
	struct str title = entry_title(arena, block);
	struct str note = entry_note(arena, block);

	return note.len ? arena_join(arena, title, STR(" "), note) : title;
}

bool entry_is_split(struct arena *arena, const struct block *block)
{
	return text_width(entry_title(arena, block)) <= RENDER_COLUMNS &&
	       text_width(entry_text(arena, block)) > RENDER_COLUMNS;
}
