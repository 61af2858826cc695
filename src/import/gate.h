/* The gate: whether a page's text is good enough to take the place of the feed's. */
#ifndef IMPORT_GATE_H
#define IMPORT_GATE_H

#include "import/meta.h"
#include "import/prose.h"

/*
 * Whether text may replace what the feed says: it is longer, has a good share of the feed's own words, few links, and
 * is no notice of consent or payment.
 */
bool gate_passes(const struct prose *text, const struct meta *meta, const struct prose *feed);

/* Whether a text is a notice about cookies, scripts or payment and not much else. */
bool gate_is_notice(const struct prose *text);

#endif
