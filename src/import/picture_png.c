/* PNG in and out, by libpng; WebP in, by libwebp. */
#include <png.h>
#include <stdlib.h>
#include <webp/decode.h>

#include "base/mem.h"
#include "import/picture_parts.h"

enum {
	WHOLE_PIXELS_MAX = 16 << 20
}; /* of an interlaced picture, which has to be in memory whole */

struct source {
	struct str rest;
};

static void on_read(png_structp png, png_bytep out, size_t len)
{
	struct source *source = png_get_io_ptr(png);

	if (source->rest.len < len)
		png_error(png, "it ends too early");
	memcpy(out, source->rest.data, len);
	source->rest = str_skip(source->rest, len);
}

static void on_error(png_structp png, png_const_charp text)
{
	err_set(png_get_error_ptr(png), "is a PNG picture that cannot be read: %s", text);
	longjmp(png_jmpbuf(png), 1);
}

static void on_warning(png_structp png, png_const_charp text)
{
	(void)png;
	(void)text;
}

/* Whatever it is, four bytes of eight bits a pixel come out. */
static void set_transforms(png_structp png, png_infop info)
{
	png_set_expand(png);
	png_set_scale_16(png);
	png_set_gray_to_rgb(png);
	png_set_filler(png, 0xFF, PNG_FILLER_AFTER);
	png_set_interlace_handling(png);
	png_read_update_info(png, info);
}

static void read_rows(png_structp png, unsigned height, size_t row_bytes, struct shrink *shrink)
{
	uint8_t *row = mem_alloc(row_bytes, 1);

	for (unsigned y = 0; y < height; y++) {
		png_read_row(png, row, NULL);
		shrink_row(shrink, y, row);
	}
	free(row);
}

static void read_whole(png_structp png, unsigned height, size_t row_bytes, struct shrink *shrink)
{
	uint8_t *pixels = mem_alloc(height, row_bytes);
	png_bytep *rows = mem_alloc(height, sizeof(*rows));

	for (unsigned y = 0; y < height; y++)
		rows[y] = pixels + y * row_bytes;
	png_read_image(png, rows);
	for (unsigned y = 0; y < height; y++)
		shrink_row(shrink, y, rows[y]);
	free(rows);
	free(pixels);
}

bool picture_read_png(struct str bytes, unsigned side, struct raster *ret_raster, struct err *err)
{
	struct source source = { bytes };
	png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, err, on_error, on_warning);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	uint64_t pixels;
	unsigned width;
	unsigned height;
	bool is_interlaced;
	bool has_alpha;
	struct shrink *shrink;

	if (!info)
		return err_set(err, "cannot be read: there is no memory");
	if (setjmp(png_jmpbuf(png)))
		return false; /* what was allocated goes with the process */
	png_set_read_fn(png, &source, on_read);
	png_read_info(png, info);
	width = png_get_image_width(png, info);
	height = png_get_image_height(png, info);
	pixels = (uint64_t)width * height;
	is_interlaced = png_get_interlace_type(png, info) != PNG_INTERLACE_NONE;
	has_alpha = (png_get_color_type(png, info) & PNG_COLOR_MASK_ALPHA) ||
		    png_get_valid(png, info, PNG_INFO_tRNS);
	if (pixels > PICTURE_PIXELS_MAX || (is_interlaced && pixels > WHOLE_PIXELS_MAX))
		return err_set(err, "has %ux%u pixels, too many", width, height);
	set_transforms(png, info);
	shrink = shrink_new(width, height, side);
	if (is_interlaced)
		read_whole(png, height, png_get_rowbytes(png, info), shrink);
	else
		read_rows(png, height, png_get_rowbytes(png, info), shrink);
	*ret_raster = shrink_done(shrink, has_alpha);
	png_destroy_read_struct(&png, &info, NULL);
	return true;
}

bool picture_write_png(const struct raster *raster, struct buf *out)
{
	png_image image = { .version = PNG_IMAGE_VERSION,
			    .width = raster->width,
			    .height = raster->height,
			    .format = PNG_FORMAT_RGBA };
	png_alloc_size_t len = PNG_IMAGE_PNG_SIZE_MAX(image);
	uint8_t *bytes = mem_alloc(len, 1);
	bool ok = png_image_write_to_memory(&image, bytes, &len, 0, raster->pixels, 0, NULL);

	if (ok)
		buf_bytes(out, bytes, len);
	free(bytes);
	return ok && !out->full;
}

bool picture_read_webp(struct str bytes, unsigned side, struct raster *ret_raster, struct err *err)
{
	WebPDecoderConfig config;
	unsigned width;
	unsigned height;

	if (!WebPInitDecoderConfig(&config) ||
	    WebPGetFeatures((const uint8_t *)bytes.data, bytes.len, &config.input) !=
		    VP8_STATUS_OK ||
	    config.input.width <= 0 || config.input.height <= 0)
		return err_set(err, "is a WebP picture that cannot be read");
	if ((uint64_t)config.input.width * (uint64_t)config.input.height > PICTURE_PIXELS_MAX)
		return err_set(err, "has %dx%d pixels, too many", config.input.width,
			       config.input.height);
	picture_fit((unsigned)config.input.width, (unsigned)config.input.height, side, &width,
		    &height);
	*ret_raster = (struct raster){ width, height, mem_alloc((size_t)width * height, 4),
				       config.input.has_alpha };
	config.options.use_scaling = 1;
	config.options.scaled_width = (int)width;
	config.options.scaled_height = (int)height;
	config.output.colorspace = MODE_RGBA;
	config.output.is_external_memory = 1;
	config.output.u.RGBA.rgba = ret_raster->pixels;
	config.output.u.RGBA.stride = (int)width * 4;
	config.output.u.RGBA.size = (size_t)width * height * 4;
	if (WebPDecode((const uint8_t *)bytes.data, bytes.len, &config) != VP8_STATUS_OK)
		return err_set(err, "is a WebP picture that cannot be read");
	return true;
}
