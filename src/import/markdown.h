/* Markdown files with a head of facts, as sites keep them. */
#ifndef IMPORT_MARKDOWN_H
#define IMPORT_MARKDOWN_H

#include "import/feed.h"

/*
 * Reads a file: the head between "---" (as YAML has it) or "+++" (TOML) lines, of which plain names with values and lists
 * of values are understood; then CommonMark with tables, as HTML. What the head says goes into the entry, whose content is the
 * HTML. ret_is_draft is set when the head says so.
 */
void markdown_read(struct arena *arena, struct str text, struct feed_entry *ret_entry,
		   bool *ret_is_draft);

#endif
