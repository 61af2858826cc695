/* ninjs, the JSON of the IPTC for news; version 3.1, and the names of versions 1 and 2. */
#ifndef IMPORT_NINJS_H
#define IMPORT_NINJS_H

#include "base/err.h"
#include "import/feed.h"

/*
 * Reads one item, or a list of them. Items whose pubStatus is "canceled" or "withheld" are left out. False with
 * err set when the text is no ninjs.
 */
bool ninjs_read(struct arena *arena, struct str text, int64_t now, struct feed *ret_feed,
		struct err *err);

#endif
