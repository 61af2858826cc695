/* Making pictures smaller by averages, row by row, so that a large one is never whole in memory. */
#include <stdlib.h>

#include "base/mem.h"
#include "import/picture_parts.h"

struct shrink {
	unsigned width;
	unsigned height;
	struct raster raster;
	uint32_t *
		sums; /* of the row of the small picture under way: four and a count for each pixel */
	unsigned row; /* its number */
	bool has_begun;
};

void picture_fit(unsigned width, unsigned height, unsigned side, unsigned *ret_width,
		 unsigned *ret_height)
{
	unsigned longest = width > height ? width : height;

	if (longest <= side) {
		*ret_width = width;
		*ret_height = height;
		return;
	}
	*ret_width = (unsigned)((uint64_t)width * side / longest);
	*ret_height = (unsigned)((uint64_t)height * side / longest);
	if (*ret_width == 0)
		*ret_width = 1;
	if (*ret_height == 0)
		*ret_height = 1;
}

struct shrink *shrink_new(unsigned width, unsigned height, unsigned side)
{
	struct shrink *shrink = mem_alloc(1, sizeof(*shrink));

	shrink->width = width;
	shrink->height = height;
	picture_fit(width, height, side, &shrink->raster.width, &shrink->raster.height);
	shrink->raster.pixels = mem_alloc((size_t)shrink->raster.width * shrink->raster.height, 4);
	shrink->sums = mem_alloc(shrink->raster.width, 5 * sizeof(uint32_t));
	return shrink;
}

/* Colours of transparent pixels do not count. */
static void flush(struct shrink *shrink)
{
	uint8_t *out = shrink->raster.pixels + (size_t)shrink->row * shrink->raster.width * 4;

	for (unsigned x = 0; x < shrink->raster.width; x++, out += 4) {
		uint32_t *sum = &shrink->sums[5 * x];
		uint32_t alpha = sum[3];

		for (int i = 0; i < 3; i++)
			out[i] = alpha ? (uint8_t)((sum[i] + alpha / 2) / alpha) : 255;
		out[3] = sum[4] ? (uint8_t)(alpha * 255 / 15 / sum[4]) : 255;
		for (int i = 0; i < 5; i++)
			sum[i] = 0;
	}
}

void shrink_row(struct shrink *shrink, unsigned y, const uint8_t *row)
{
	unsigned to = (unsigned)((uint64_t)y * shrink->raster.height / shrink->height);

	if (y >= shrink->height)
		return;
	if (shrink->has_begun && to != shrink->row)
		flush(shrink);
	shrink->has_begun = true;
	shrink->row = to;
	for (unsigned x = 0; x < shrink->width; x++, row += 4) {
		uint32_t *sum = &shrink->sums[5 * (size_t)((uint64_t)x * shrink->raster.width /
							   shrink->width)];
		uint32_t alpha = (row[3] + 8) /
				 17; /* 0 to 15: sums of large cells stay within 32 bits */

		sum[0] += row[0] * alpha;
		sum[1] += row[1] * alpha;
		sum[2] += row[2] * alpha;
		sum[3] += alpha;
		sum[4]++;
	}
}

struct raster shrink_done(struct shrink *shrink, bool has_alpha)
{
	struct raster raster = shrink->raster;

	if (shrink->has_begun)
		flush(shrink);
	raster.has_alpha = has_alpha;
	free(shrink->sums);
	free(shrink);
	return raster;
}
