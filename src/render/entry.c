/* What every format says of an article in a list. */
#include "base/date.h"
#include "base/text.h"
#include "render/render.h"

struct str entry_text(struct arena *arena, const struct block *block)
{
	const struct entry *entry = block->entry;
	struct str title = text_line(arena, entry->title);
	struct str note = text_line(arena, entry->note);
	char day[DATE_TEXT];

	date_day(entry->published, day);
	if (title.len == 0)
		title = text_line(arena, block->link.target);
	if (note.len == 0)
		return arena_format(arena, "%s " STR_FMT, day, STR_ARG(title));
	return arena_format(arena, "%s " STR_FMT " (" STR_FMT ")", day, STR_ARG(title),
			    STR_ARG(note));
}
