/* Files of the store, served as they are. */
#include "site/visit.h"

void file_build(const struct visit *visit, struct page *page)
{
	struct store_file file;

	switch (store_open_file(visit->store, visit->path, &file)) {
	case STORE_OPENED:
		break;
	case STORE_OPENS_NOTHING:
		page_fail(page, PAGE_UNAVAILABLE, label_text(LABEL_UNAVAILABLE, page->language));
		return;
	default:
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
