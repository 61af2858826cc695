/* Pictures made small for slow lines, in a process of their own. */
#ifndef IMPORT_PICTURE_H
#define IMPORT_PICTURE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum {
	PICTURE_BYTES_MAX = 16 << 20,  /* of a file that is read */
	PICTURE_PIXELS_MAX = 60 << 20, /* width times height */
	PICTURE_SECONDS = 20,	       /* of work for one */
};

struct picture_plan {
	unsigned side_max; /* longest side in pixels */
	size_t bytes_max;  /* of the file that is made */
};

enum picture_kind { PICTURE_JPEG, PICTURE_PNG, PICTURE_WEBP, PICTURE_GIF, PICTURE_UNKNOWN };

/* By the first bytes. */
enum picture_kind picture_kind(struct str bytes);

/*
 * Scales a JPEG, PNG or WebP picture so that it fits plan, never up, as a JPEG (a PNG where the
 * source has transparency and fits). Metadata is dropped but its orientation is applied. The decoders run in a
 * forked process that can open nothing and make no socket, with bounds on memory and CPU time, so that a picture can break only itself.
 * Appends the file to out and says its kind and size; false with err set when it cannot be.
 */
bool picture_scale(struct str bytes, const struct picture_plan *plan, struct buf *out,
		   enum picture_kind *ret_kind, unsigned *ret_width, unsigned *ret_height,
		   struct err *err);

#endif
