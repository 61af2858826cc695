/* Long-lived memory; out of memory ends the process. */
#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

void mem_out(void)
{
	log_error("out of memory");
	exit(1);
}

static void *held(void *memory)
{
	if (!memory)
		mem_out();
	return memory;
}

void *mem_alloc(size_t count, size_t size)
{
	return held(calloc(count ? count : 1, size ? size : 1));
}

void *mem_grow(void *old, size_t count, size_t size)
{
	return held(reallocarray(old, count ? count : 1, size ? size : 1));
}

char *mem_text(const char *text)
{
	return held(strdup(text));
}

char *mem_copy(const char *data, size_t len)
{
	char *copy = mem_alloc(len + 1, 1);

	if (len)
		memcpy(copy, data, len);
	return copy;
}

char *mem_format(const char *format, ...)
{
	va_list args;
	char *text = NULL;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	return held(len < 0 ? NULL : text);
}
