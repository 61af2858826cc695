/* Which section a story of a source goes to. */
#include "import/source.h"

struct str source_section(const struct source *source, const struct str *categories, size_t count)
{
	for (size_t m = 0; m < source->map_count; m++)
		for (size_t i = 0; i < count; i++)
			if (str_eq_nocase(source->maps[m].category, categories[i]))
				return source->maps[m].section;
	return str_from(source->section);
}
