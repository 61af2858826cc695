/* Gopher+ (University of Minnesota, 1993), read-only: what is known of pages and items. Internal to proto/. */
#ifndef PROTO_GOPHERPLUS_H
#define PROTO_GOPHERPLUS_H

#include "base/buf.h"
#include "page/page.h"
#include "page/request.h"

/* What can go wrong, in Gopher+'s own numbers. */
enum gopherplus_error {
	PLUS_NOT_AVAILABLE = 1,
	PLUS_TRY_LATER = 2,
	PLUS_MOVED = 3, /* the text is the menu line of where it is now */
};

/*
 * Answers "!": the blocks of the page itself. self is the item as a menu would
 * show it, size what its content takes; blocks names the ones wanted ("+VIEWS"), or is empty: all.
 */
void gopherplus_item(struct buf *out, const struct origin *origin, const struct page *page,
		     const struct link *self, uint64_t size, struct str blocks);

/* Answers "$": the blocks of every link and entry of the page. */
void gopherplus_menu(struct buf *out, const struct origin *origin, const struct page *page,
		     struct str blocks);

/* An error; text is one line. */
void gopherplus_fail(struct buf *out, const struct origin *origin, const struct page *page,
		     enum gopherplus_error error, struct str text);

/* The error that says where something is now. */
void gopherplus_moved(struct buf *out, const struct origin *origin, const struct page *page,
		      const struct link *link);

/*
 * Whether view ("text/plain En", as +VIEWS shows it) is what the page is written as.
 * If not, ret_link is the link among the page's views that it is, or NULL.
 */
bool gopherplus_is_view(const struct page *page, struct str view, const struct link **ret_link);

#endif
