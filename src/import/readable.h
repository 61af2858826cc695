/*
 * The article within a page, by the Readability algorithm (as its public descriptions and
 * implementations have it since 2009): paragraphs give points to what they stand in, the
 * element with most points and its like neighbours are the article, what looks like furniture goes.
 */
#ifndef IMPORT_READABLE_H
#define IMPORT_READABLE_H

#include "import/dom.h"

/*
 * The article of the page as a new document whose root holds it, cleaned; the caller frees it with xmlFreeDoc().
 * NULL when the page has no text. title is the article's, which is not repeated in it.
 */
xmlDoc *readable_article(const xmlDoc *page, struct str title);

/* Only the cleaning: of a subtree that somebody else has chosen. */
void readable_clean(xmlNode *top, struct str title);

#endif
