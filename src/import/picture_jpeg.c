/* JPEG in and out, by libjpeg. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include "base/mem.h"
#include "import/picture_parts.h"

/* libjpeg ends a process on errors unless one jumps out of it. */
struct trouble {
	struct jpeg_error_mgr manager;
	jmp_buf jump;
	char text[JMSG_LENGTH_MAX];
};

static void on_error(j_common_ptr info)
{
	struct trouble *trouble = (struct trouble *)info->err;

	trouble->manager.format_message(info, trouble->text);
	longjmp(trouble->jump, 1);
}

static void on_message(j_common_ptr info)
{
	(void)info;
}

/* Orientation (tag 274) of the first directory of Exif data; 1 when it is not said (Exif 2.32, 4.6.4). */
static unsigned read_orientation(const uint8_t *data, size_t len)
{
	bool little = len > 8 && data[6] == 'I';
	size_t start;
	unsigned count;

#define AT(offset)                                                                                 \
	(little ? (unsigned)(data[offset] | data[(offset) + 1] << 8)                               \
		: (unsigned)(data[offset] << 8 | data[(offset) + 1]))
	if (len < 20 || memcmp(data, "Exif\0\0", 6) != 0)
		return 1;
	start = 6 +
		(little ? (size_t)(data[10] | data[11] << 8) : (size_t)(data[12] << 8 | data[13]));
	if (start + 2 > len)
		return 1;
	count = AT(start);
	for (unsigned i = 0; i < count && start + 2 + 12 * (size_t)i + 12 <= len; i++) {
		size_t entry = start + 2 + 12 * (size_t)i;

		if (AT(entry) == 274 && AT(entry + 8) >= 1 && AT(entry + 8) <= 8)
			return AT(entry + 8);
	}
	return 1;
#undef AT
}

/* Turns and mirrors the picture as its camera was held. */
static void orient(struct raster *raster, unsigned orientation)
{
	bool swaps = orientation >= 5;
	unsigned width = swaps ? raster->height : raster->width;
	unsigned height = swaps ? raster->width : raster->height;
	uint32_t *to;
	const uint32_t *from = (const uint32_t *)(const void *)raster->pixels;

	if (orientation <= 1)
		return;
	to = mem_alloc((size_t)width * height, 4);
	for (unsigned y = 0; y < raster->height; y++) {
		for (unsigned x = 0; x < raster->width; x++) {
			unsigned mirrored = raster->width - 1 - x;
			unsigned upside = raster->height - 1 - y;
			unsigned new_x = orientation == 2 || orientation == 3	? mirrored
					 : orientation == 6 || orientation == 7 ? upside
					 : swaps				? y
										: x;
			unsigned new_y = orientation == 3 || orientation == 4	? upside
					 : orientation == 7 || orientation == 8 ? mirrored
					 : swaps				? x
										: y;

			to[(size_t)new_y * width + new_x] = from[(size_t)y * raster->width + x];
		}
	}
	free(raster->pixels);
	*raster = (struct raster){ width, height, (uint8_t *)to, raster->has_alpha };
}

static unsigned orientation_of(const struct jpeg_decompress_struct *info)
{
	for (const struct jpeg_marker_struct *marker = info->marker_list; marker;
	     marker = marker->next)
		if (marker->marker == JPEG_APP0 + 1 && marker->data_length >= 20)
			return read_orientation(marker->data, marker->data_length);
	return 1;
}

/* Grey, colour and print's four inks as four bytes a pixel. Adobe writes the inks the other way round. */
static void widen(const struct jpeg_decompress_struct *info, const uint8_t *row, uint8_t *wide)
{
	for (unsigned x = 0; x < info->output_width; x++, wide += 4) {
		const uint8_t *pixel = row + (size_t)x * (unsigned)info->output_components;

		wide[3] = 255;
		if (info->output_components == 1)
			wide[0] = wide[1] = wide[2] = pixel[0];
		for (int i = 0; i < 3 && info->output_components >= 3; i++)
			wide[i] = info->output_components == 3 ? pixel[i]
				  : info->saw_Adobe_marker
					  ? (uint8_t)(pixel[i] * pixel[3] / 255)
					  : (uint8_t)((255 - pixel[i]) * (255 - pixel[3]) / 255);
	}
}

static bool read_rows(struct jpeg_decompress_struct *info, unsigned side, struct raster *ret_raster)
{
	struct shrink *shrink = shrink_new(info->output_width, info->output_height, side);
	uint8_t *row = mem_alloc(info->output_width, (size_t)info->output_components);
	uint8_t *wide = mem_alloc(info->output_width, 4);

	while (info->output_scanline < info->output_height) {
		unsigned y = info->output_scanline;

		jpeg_read_scanlines(info, &row, 1);
		widen(info, row, wide);
		shrink_row(shrink, y, wide);
	}
	free(row);
	free(wide);
	*ret_raster = shrink_done(shrink, false);
	return true;
}

bool picture_read_jpeg(struct str bytes, unsigned side, struct raster *ret_raster, struct err *err)
{
	struct jpeg_decompress_struct info;
	struct trouble trouble;
	unsigned longest;

	info.err = jpeg_std_error(&trouble.manager);
	trouble.manager.error_exit = on_error;
	trouble.manager.output_message = on_message;
	if (setjmp(trouble.jump)) {
		/* What was allocated goes with the process. */
		return err_set(err, "is a JPEG picture that cannot be read: %s", trouble.text);
	}
	jpeg_create_decompress(&info);
	jpeg_save_markers(&info, JPEG_APP0 + 1, 0xFFFF);
	jpeg_mem_src(&info, (const unsigned char *)bytes.data, bytes.len);
	jpeg_read_header(&info, TRUE);
	if ((uint64_t)info.image_width * info.image_height > PICTURE_PIXELS_MAX)
		return err_set(err, "has %ux%u pixels, too many", info.image_width,
			       info.image_height);
	longest = info.image_width > info.image_height ? info.image_width : info.image_height;
	/* The decoder halves at next to no cost. */
	for (info.scale_num = info.scale_denom = 1;
	     info.scale_denom < 8 && longest / (info.scale_denom * 2) >= side;)
		info.scale_denom *= 2;
	if (info.jpeg_color_space == JCS_YCCK || info.jpeg_color_space == JCS_CMYK)
		info.out_color_space = JCS_CMYK;
	else if (info.jpeg_color_space != JCS_GRAYSCALE)
		info.out_color_space = JCS_RGB;
	jpeg_start_decompress(&info);
	read_rows(&info, side, ret_raster);
	orient(ret_raster, orientation_of(&info));
	jpeg_finish_decompress(&info);
	jpeg_destroy_decompress(&info);
	return true;
}

bool picture_write_jpeg(const struct raster *raster, int quality, struct buf *out)
{
	struct jpeg_compress_struct info;
	struct trouble trouble;
	unsigned char *bytes = NULL;
	unsigned long len = 0;
	uint8_t *row;

	info.err = jpeg_std_error(&trouble.manager);
	trouble.manager.error_exit = on_error;
	if (setjmp(trouble.jump))
		return false;
	jpeg_create_compress(&info);
	jpeg_mem_dest(&info, &bytes, &len);
	info.image_width = raster->width;
	info.image_height = raster->height;
	info.input_components = 3;
	info.in_color_space = JCS_RGB;
	jpeg_set_defaults(&info);
	jpeg_set_quality(&info, quality, TRUE);
	jpeg_simple_progression(&info);
	info.optimize_coding = TRUE;
	jpeg_start_compress(&info, TRUE);
	row = mem_alloc(raster->width, 3);
	for (unsigned y = 0; y < raster->height; y++) {
		const uint8_t *from = raster->pixels + (size_t)y * raster->width * 4;

		/* On white, where it is transparent. */
		for (unsigned x = 0; x < raster->width; x++)
			for (int i = 0; i < 3; i++)
				row[3 * x + (unsigned)i] =
					(uint8_t)((from[4 * x + (unsigned)i] * from[4 * x + 3] +
						   255 * (255 - from[4 * x + 3])) /
						  255);
		jpeg_write_scanlines(&info, &row, 1);
	}
	free(row);
	jpeg_finish_compress(&info);
	jpeg_destroy_compress(&info);
	buf_bytes(out, bytes, len);
	free(bytes);
	return !out->full;
}
