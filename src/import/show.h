/* What an import would bring, printed: JSON for programs, lines for people. */
#ifndef IMPORT_SHOW_H
#define IMPORT_SHOW_H

#include <stdio.h>

#include "import/story.h"

/*
 * One JSON object and a line end: id, url, title, author, published, updated, language, summary, tags,
 * image, text, gemtext, extract; null for what is unknown. False when out takes no more.
 */
bool show_json(const struct story *story, FILE *out);

#endif
