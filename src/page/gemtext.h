/* Gemtext (0.24.1) as input: article bodies become blocks. */
#ifndef PAGE_GEMTEXT_H
#define PAGE_GEMTEXT_H

#include "page/page.h"

/*
 * Decides what a link target written in a body means. Returns the finished
 * link; one without target becomes a paragraph of its label.
 */
typedef struct link gemtext_linker(void *context, struct str target, struct str label);

/*
 * Appends text as blocks to page. Runs of empty lines become one BLOCK_BLANK;
 * an unclosed preformatted block ends with the text.
 */
void gemtext_blocks(struct page *page, struct str text, gemtext_linker *linker, void *context);

#endif
