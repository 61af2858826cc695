/* A section or subsection: newest first (or by title), its subsections above. */
#include "site/visit.h"

bool section_is_shown(const struct visit *visit, const struct section *section)
{
	struct query query = list_query(visit, LISTING_SECTION, section->path);
	struct headlines list;

	if (section->is_declared)
		return true;
	query.limit = 1;
	store_list(visit->store, &query, visit->arena, &list);
	return list.count > 0;
}

static void add_subsections(const struct visit *visit, struct page *page)
{
	const struct edition *edition = visit->edition;

	for (size_t i = 0; i < edition->section_count; i++) {
		const struct section *section = &edition->sections[i];

		if (section->depth == 2 &&
		    str_eq(edition->sections[section->parent].path, visit->path) &&
		    section_is_shown(visit, section))
			page_link(page, (struct link){ LINK_MENU, section->path, section->name });
	}
}

bool section_list(const struct visit *visit, struct list *list)
{
	const struct section *section = edition_section(visit->edition, visit->path);

	if (!section)
		return false;
	list->title = section->name;
	list->description = section->description;
	list->query = list_query(visit, LISTING_SECTION, section->path);
	list->query.by_title = section->by_title;
	list->above = add_subsections;
	return true;
}
