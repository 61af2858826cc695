/* A growing byte buffer with a ceiling. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BUF_FIRST = 4096 };

void buf_init(struct buf *buf, size_t max)
{
	*buf = (struct buf){ .max = max };
}

void buf_done(struct buf *buf)
{
	free(buf->data);
	buf_init(buf, buf->max);
}

void buf_clear(struct buf *buf)
{
	buf->len = 0;
	buf->full = false;
}

/* Room for len more bytes, or full. */
static bool has_room(struct buf *buf, size_t len)
{
	size_t cap = buf->cap ? buf->cap : BUF_FIRST;

	if (buf->full || len > buf->max - buf->len) {
		buf->full = true;
		return false;
	}
	if (buf->len + len <= buf->cap)
		return true;
	while (cap < buf->len + len)
		cap *= 2;
	if (cap > buf->max)
		cap = buf->max;
	buf->data = mem_grow(buf->data, cap, 1);
	buf->cap = cap;
	return true;
}

void buf_bytes(struct buf *buf, const void *data, size_t len)
{
	if (len == 0 || !has_room(buf, len))
		return;
	memcpy(buf->data + buf->len, data, len);
	buf->len += len;
}

void buf_str(struct buf *buf, struct str s)
{
	buf_bytes(buf, s.data, s.len);
}

void buf_char(struct buf *buf, char byte)
{
	buf_bytes(buf, &byte, 1);
}

void buf_repeat(struct buf *buf, char byte, size_t count)
{
	if (count == 0 || !has_room(buf, count))
		return;
	memset(buf->data + buf->len, byte, count);
	buf->len += count;
}

void buf_number(struct buf *buf, uint64_t number)
{
	char digits[20];
	size_t start = sizeof(digits);

	do
		digits[--start] = (char)('0' + number % 10);
	while (number /= 10);
	buf_bytes(buf, digits + start, sizeof(digits) - start);
}

void buf_format(struct buf *buf, const char *format, ...)
{
	char text[512];
	va_list args;
	char *large;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (len < 0)
		return;
	if ((size_t)len < sizeof(text)) {
		buf_bytes(buf, text, (size_t)len);
		return;
	}
	large = mem_alloc((size_t)len + 1, 1);
	va_start(args, format);
	vsnprintf(large, (size_t)len + 1, format, args);
	va_end(args);
	buf_bytes(buf, large, (size_t)len);
	free(large);
}

struct str buf_view(const struct buf *buf)
{
	return (struct str){ buf->data ? buf->data : "", buf->len };
}
