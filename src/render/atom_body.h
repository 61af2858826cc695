/* The full text of an Atom entry. Internal to render/. */
#ifndef RENDER_ATOM_BODY_H
#define RENDER_ATOM_BODY_H

#include "render/render.h"

/* Blocks as HTML, escaped once more as the text of an XML element (RFC 4287 3.1.1.2). */
void atom_body(struct buf *out, struct arena *arena, const struct origin *origin,
	       const struct block *body, absolute_link *absolute);

#endif
