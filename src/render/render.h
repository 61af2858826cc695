/* Writers: a page and where it was asked become bytes. One file per format. They know links, not news. */
#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H

#include "base/buf.h"
#include "page/page.h"
#include "page/request.h"

enum { RENDER_COLUMNS = 67 }; /* widest line of menus and plain texts */

/* Writes link as an absolute URL of the protocol that the page is read over. */
typedef void absolute_link(struct buf *out, const struct origin *origin, const struct link *link);

/* gemini://host[:port]/path (port left out when 1965). */
void gemini_link(struct buf *out, const struct origin *origin, const struct link *link);

/* gopher://host[:port]/Tselector (RFC 4266; port left out when 70). */
void gopher_link(struct buf *out, const struct origin *origin, const struct link *link);

/*
 * Gemtext (0.24.1). With absolute NULL links are absolute paths, else full
 * URLs. Text that would read as another line type is protected. Line ends are LF.
 */
void gemtext_write(struct buf *out, const struct origin *origin, const struct page *page, absolute_link *absolute);

/* A Gopher menu (RFC 1436 3.9 and appendix): four fields, CRLF, lastline; no display string wider than RENDER_COLUMNS. */
void gophermap_write(struct buf *out, const struct origin *origin, const struct page *page);

/* The character that Gopher writes before such a link. */
char gopher_type(const struct link *link);

/* One menu line. text is cut to RENDER_COLUMNS and cleaned of TAB and controls. */
void gophermap_item(struct buf *out, const struct origin *origin, const struct link *link, struct str text);

/* Plain text wrapped at RENDER_COLUMNS, LF or CRLF line ends as eol says; no line begins with ".". Links are listed with their URLs by absolute. */
void plain_write(struct buf *out, const struct origin *origin, const struct page *page, absolute_link *absolute,
		 const char *eol);

/* An Atom feed (RFC 4287) of the page's entries, with full text. */
void atom_write(struct buf *out, const struct origin *origin, const struct page *page, absolute_link *absolute);

#endif
