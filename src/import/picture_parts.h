/* Inside the scaling of pictures; for picture*.c only. All of it runs in the process that may break. */
#ifndef IMPORT_PICTURE_PARTS_H
#define IMPORT_PICTURE_PARTS_H

#include <stdint.h>

#include "import/picture.h"

/* Pixels, four bytes each: red, green, blue, alpha. */
struct raster {
	unsigned width;
	unsigned height;
	uint8_t *pixels;
	bool has_alpha;
};

/* The size that a picture gets: its longest side is at most side, never larger than it was. */
void picture_fit(unsigned width, unsigned height, unsigned side, unsigned *ret_width,
		 unsigned *ret_height);

/* Takes rows of a large picture and keeps the averages of what falls into each pixel of the small one. */
struct shrink;
struct shrink *shrink_new(unsigned width, unsigned height, unsigned side);
/* row is width times four bytes. */
void shrink_row(struct shrink *shrink, unsigned y, const uint8_t *row);
/* The small picture; frees the rest. */
struct raster shrink_done(struct shrink *shrink, bool has_alpha);

/* Decode and shrink. False with err set. */
bool picture_read_jpeg(struct str bytes, unsigned side, struct raster *ret_raster, struct err *err);
bool picture_read_png(struct str bytes, unsigned side, struct raster *ret_raster, struct err *err);
bool picture_read_webp(struct str bytes, unsigned side, struct raster *ret_raster, struct err *err);

/* Encode; appends to out. */
bool picture_write_jpeg(const struct raster *raster, int quality, struct buf *out);
bool picture_write_png(const struct raster *raster, struct buf *out);

/* The whole of the work, in this process. */
bool picture_make(struct str bytes, const struct picture_plan *plan, struct buf *out,
		  enum picture_kind *ret_kind, unsigned *ret_width, unsigned *ret_height,
		  struct err *err);

#endif
