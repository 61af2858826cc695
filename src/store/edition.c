/* Questions about an edition. */
#include "store/edition.h"

const struct section *edition_section(const struct edition *edition, struct str path)
{
	for (size_t i = 0; i < edition->section_count; i++)
		if (str_eq(edition->sections[i].path, path))
			return &edition->sections[i];
	return NULL;
}
