/* Blocks as lines of bounded width: what menus and plain texts have in common. Internal to render/. */
#ifndef RENDER_LAYOUT_H
#define RENDER_LAYOUT_H

#include "base/buf.h"
#include "page/page.h"

/* Lines on their way out. The owner sets the fields down to rules and starts with the rest zero. */
struct layout {
	struct buf *out;
	struct arena *arena;
	/* Writes one finished, clean line: indent, then text; both may be empty. */
	void (*put)(struct layout *layout, struct str indent, struct str text);
	bool guards_dots; /* no line may begin with "." */
	int rules;	  /* headings up to this level are underlined */
	bool has_lines;
	bool is_blank_due;
	struct buf line; /* scratch; layout_done() frees it */
};

void layout_done(struct layout *layout);

/* To be called before a line is written other than by the functions below: pays the blank that is due. */
void layout_begin(struct layout *layout);

/*
 * Text cleaned and wrapped; first stands before its first line and next before
 * the others. A blank next is left out for right-to-left text, where it would be at the wrong end.
 */
void layout_text(struct layout *layout, struct str text, struct str first, struct str next);

/* Any block but links and entries. */
void layout_block(struct layout *layout, const struct block *block);

#endif
