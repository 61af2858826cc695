/* Pages at an edition's root: about, contact, privacy and whatever else the paper has there. */
#include "page/gemtext.h"
#include "site/visit.h"

void document_build(const struct visit *visit, struct page *page)
{
	struct article document;

	if (visit->view == VIEW_FEED || visit->view == VIEW_ATOM ||
	    !store_document(visit->store, visit->path, visit->arena, &document))
		furniture_fail(visit, page, PAGE_NOT_FOUND, LABEL_NOT_FOUND);
	else
		document_show(visit, page, &document);
}

void document_show(const struct visit *visit, struct page *page, const struct article *document)
{
	struct body_links links = { visit, visit->path };

	page->summary = document->summary;
	page->updated = document->updated ? document->updated : document->published;
	if (visit->view == VIEW_PAGE)
		furniture_breadcrumb(visit, page);
	page_title(page, document->title);
	page_blank(page);
	if (document->summary.len)
		page_quote(page, document->summary);
	page_blank(page);
	gemtext_blocks(page, document->body, body_link, &links);
	if (visit->view != VIEW_PAGE) {
		page->form = LINK_TEXT;
		page->format = visit->view == VIEW_TEXT ? FORMAT_PLAIN : FORMAT_GEMTEXT;
		return;
	}
	furniture_footer(visit, page);
}
