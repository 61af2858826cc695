/* Files of the store, served as they are. */
#include "site/visit.h"

void file_build(const struct visit *visit, struct page *page)
{
	struct store_file file;

	if (!store_open_file(visit->store, visit->path, &file)) {
		furniture_fail(visit, page, PAGE_NOT_FOUND, LABEL_NOT_FOUND);
		return;
	}
	page->format = FORMAT_FILE;
	page->form = store_form(visit->path);
	page->mime = file.mime;
	page->file = file.descriptor;
	page->file_size = file.size;
	page->updated = file.modified;
}
