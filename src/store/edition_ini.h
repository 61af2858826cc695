/* Inside the store: what edition.ini and section.ini say, before it meets the catalogue. */
#ifndef STORE_EDITION_INI_H
#define STORE_EDITION_INI_H

#include "store/edition.h"

/*
 * Reads the text of an edition.ini, called name in errors, over the defaults.
 * Fills in everything but id, sections and pages. ret_order gets the folder
 * names of "sections". The text is copied into the arena where needed.
 */
bool edition_ini_read(struct arena *arena, struct str text, const char *name, struct str prefix,
		      struct edition *ret_edition, struct texts *ret_order, struct err *err);

/*
 * Reads the text of a section.ini into section's name, description and by_title; all may be
 * unset.
 */
bool section_ini_read(struct arena *arena, struct str text, const char *name,
		      struct section *ret_section, struct texts *ret_order, struct err *err);

#endif
