/* Escapes: how text from files and requests gets into each kind of place without meaning anything there. */
#ifndef RENDER_ESCAPE_H
#define RENDER_ESCAPE_H

#include "base/buf.h"

/* A decoded path, percent-encoded (RFC 3986 3.3). */
void escape_path(struct buf *out, struct str path);

/* A URL as somebody wrote it; only what no URL may hold is percent-encoded. */
void escape_url(struct buf *out, struct str url);

/* Text between tags or in a quoted attribute of HTML or XML; what XML 1.0 forbids (2.2) is left out. */
void escape_markup(struct buf *out, struct str text);

/* One line: controls become blanks, direction controls vanish, malformed bytes become U+FFFD. Blanks stay where they are. */
void escape_line(struct buf *out, struct str line);

/* A preformatted line: like escape_line(), but TAB goes to the next multiple of eight columns. Blanks at the end go. */
void escape_pre(struct buf *out, struct str line);

#endif
