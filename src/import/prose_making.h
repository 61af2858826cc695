/* Prose in the making; for prose*.c only. */
#ifndef IMPORT_PROSE_MAKING_H
#define IMPORT_PROSE_MAKING_H

#include "import/prose.h"

enum { LISTS_MAX = 8, LINE_BYTES_MAX = 64 << 10, LINE_LINKS_MAX = 40 };

/* A list that the walk is in: what the next item is called. */
struct making_list {
	bool is_ordered;
	unsigned number;
};

struct making {
	struct arena *arena;
	const struct prose_plan *plan;
	struct prose *prose;
	size_t room;	 /* blocks that there is memory for */
	struct buf line; /* of the block under way; blanks in a row are one already */
	struct prose_link links[LINE_LINKS_MAX];
	size_t link_count;
	struct str seen[PROSE_LINKS_MAX]; /* URLs that the article has linked to: once is enough */
	size_t links_in_all;
	size_t link_text; /* bytes of the line that are labels */
	struct making_list lists[LISTS_MAX];
	size_t list_depth;
	unsigned quotes;     /* block quotes in each other */
	int heading;	     /* level; 0: none */
	bool is_item_start;  /* the line begins a new item */
	bool is_after_break; /* it follows a line break */
};

/* Ends the line: what is in it becomes a block. */
void making_flush(struct making *making);

/* A new block of the kind, or NULL when there are too many. */
struct prose_block *making_block(struct making *making, enum prose_kind kind);

/* Appends text of the line, blanks collapsed. */
void making_text(struct making *making, struct str text);

/* A URL as it goes into the article: absolute; a path of the paper when it has the story; empty when it leads nowhere. */
struct str making_url(struct making *making, struct str reference);

/* Walks what is in node as blocks. */
void making_children(struct making *making, const xmlNode *node);

/* Takes a figure with its captions, a lone picture, a film or sound. False: it is not one; its parts are to be walked. */
bool making_figure(struct making *making, const xmlNode *figure);
void making_picture(struct making *making, const xmlNode *img);
void making_media(struct making *making, const xmlNode *node);

/* Takes a table: one of data is set, others are walked. */
void making_table(struct making *making, const xmlNode *table);

void making_pre(struct making *making, const xmlNode *pre);

#endif
