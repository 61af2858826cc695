/* Every word that Tidings itself writes, in the languages that are built in: en, es, ar. */
#ifndef STORE_LABEL_H
#define STORE_LABEL_H

#include "base/str.h"

/* One row a label: name of the enum, key in [labels], English, Spanish, Arabic. In label.c. */
enum label {
#define LABEL(name, key, en, es, ar) LABEL_##name,
#include "store/label.def"
#undef LABEL
	LABEL_COUNT
};

/*
 * The built-in text for a language ("es", "es-MX", ...); English for a language that is not
 * built in.
 */
struct str label_text(enum label label, struct str language);

/* The label with that key in [labels]; false when there is none. */
bool label_find(struct str key, enum label *ret_label);

#endif
