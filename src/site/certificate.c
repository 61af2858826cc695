/* The server's fingerprints, for readers who compare them with what their client shows. */
#include "page/gemtext.h"
#include "site/visit.h"

static void build(const struct visit *visit, struct page *page)
{
	struct body_links links = { visit, visit->path };

	furniture_breadcrumb(visit, page);
	page_title(page, label(visit, LABEL_CERTIFICATE));
	page_blank(page);
	if (visit->site->certificate_text.len)
		gemtext_blocks(page, visit->site->certificate_text, body_link, &links);
	else
		page_text(page, label(visit, LABEL_CERTIFICATE_NONE));
	furniture_footer(visit, page);
}

const struct page_kind certificate_kind = { .pattern = "about/certificate",
					    .form = LINK_MENU,
					    .build = build };
