/* HTML as plain prose: the paragraphs, headings, lists, quotes and pictures of an article, ready to be gemtext. */
#ifndef IMPORT_PROSE_H
#define IMPORT_PROSE_H

#include "import/dom.h"

enum {
	PROSE_BLOCKS_MAX = 4000, /* of one article; the rest is left out */
	PROSE_LINKS_NEAR = 3,	 /* that stand after their paragraph; further ones at the end */
	PROSE_LINKS_MAX = 200,	 /* of one article */
	PROSE_IMAGES_MAX = 40,
	PROSE_TABLE_COLUMNS = 60, /* widest table that is set as one */
};

enum prose_kind {
	PROSE_TEXT,
	PROSE_HEADING,
	PROSE_ITEM,
	PROSE_QUOTE,
	PROSE_PRE,
	PROSE_IMAGE,
	PROSE_MEDIA,
};

struct prose_link {
	struct str url; /* absolute, or a path of the paper */
	struct str label;
};

struct prose_image {
	struct str url; /* absolute */
	struct str alt;
	struct str caption;
	struct str credit;
};

struct prose_block {
	enum prose_kind kind;
	int level;	 /* of a heading: 1 to 6 as written */
	bool is_joined;	 /* a line break, not a paragraph's end, stands before it */
	bool is_link;	 /* all of its text is the label of its only link */
	struct str text; /* one line; of PROSE_PRE several */
	struct str alt;	 /* of PROSE_PRE */
	struct prose_link *links;
	size_t link_count;
	size_t image; /* of PROSE_IMAGE: index into the images */
};

struct prose {
	struct prose_block *blocks;
	size_t count;
	struct prose_image *images;
	size_t image_count;
};

/* What prose is made with. */
struct prose_plan {
	struct str base; /* URL of the page */
	/* The paper's own path of a story that it carries; empty when it has none of that URL. NULL: nobody knows. */
	struct str (*local)(void *context, struct str url);
	void *context;
};

/* Reads what is below top. All that is returned is in arena. */
void prose_read(struct arena *arena, const xmlNode *top, const struct prose_plan *plan,
		struct prose *ret_prose);

/* The same for a fragment of HTML in UTF-8. */
void prose_read_html(struct arena *arena, struct str html, const struct prose_plan *plan,
		     struct prose *ret_prose);

/* Plain text as prose: lines are paragraphs. */
void prose_read_text(struct arena *arena, struct str text, struct prose *ret_prose);

/* Appends it as gemtext. with_images: links to pictures are in it. No line of text can be taken for markup. */
void prose_gemtext(const struct prose *prose, bool with_images, struct buf *out);

/* Appends it as plain text: paragraphs, headings and items are lines; no pictures, no link targets. */
void prose_text(const struct prose *prose, struct buf *out);

/* Characters of its text. */
size_t prose_length(const struct prose *prose);

#endif
