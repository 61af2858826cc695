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
void gemtext_write(struct buf *out, const struct origin *origin, const struct page *page,
		   absolute_link *absolute);

/*
 * A Gopher menu (RFC 1436 3.9 and appendix): four fields, CRLF, lastline; no display
 * string wider than RENDER_COLUMNS. plus marks our items as Gopher+ ones.
 */
void gophermap_write(struct buf *out, const struct origin *origin, const struct page *page,
		     bool plus);

/* The character that Gopher writes before such a link. */
char gopher_type(const struct link *link);

/*
 * One menu line; text, or the target when it is empty, is cleaned and cut to
 * RENDER_COLUMNS. plus adds Gopher+'s fifth field when the item is ours.
 */
void gophermap_item(struct buf *out, struct arena *arena, const struct origin *origin,
		    const struct link *link, struct str text, bool plus);

/* Text without a target: a line of that type (i or 3), wrapped into further info lines. */
void gophermap_text(struct buf *out, struct arena *arena, char type, struct str text);

/* The line that ends a menu. */
void gophermap_end(struct buf *out);

/*
 * Plain text wrapped at RENDER_COLUMNS, LF or CRLF line ends as eol says; no line
 * begins with ".". Links are listed with their URLs by absolute; only those are ever wider.
 */
void plain_write(struct buf *out, const struct origin *origin, const struct page *page,
		 absolute_link *absolute, const char *eol);

/* An Atom feed (RFC 4287) of the page's entries, with full text. */
void atom_write(struct buf *out, const struct origin *origin, const struct page *page,
		absolute_link *absolute);

/* What a list says of an article: "YYYY-MM-DD title (note)", one clean line. */
struct str entry_text(struct arena *arena, const struct block *block);

/* Its two parts: "YYYY-MM-DD title" and "(note)", which may be empty. */
struct str entry_title(struct arena *arena, const struct block *block);
struct str entry_note(struct arena *arena, const struct block *block);

/* Whether the title fills its one line so far that the note had better stand below it, whole. */
bool entry_is_split(struct arena *arena, const struct block *block);

#endif
