/* A request line in the making. */
#include "net/line.h"

#include <string.h>

/* Index of the LF that ends the line, or bytes.len. */
static size_t find_end(struct str bytes, bool ends_with_lf)
{
	size_t at = 0;

	for (;;) {
		const char *lf = memchr(bytes.data + at, '\n', bytes.len - at);

		if (!lf)
			return bytes.len;
		at = (size_t)(lf - bytes.data);
		if (ends_with_lf || (at > 0 && lf[-1] == '\r'))
			return at;
		at++;
	}
}

/* Whether what follows may still be a line end for a line of max bytes. */
static bool may_end(struct str bytes, size_t max)
{
	return bytes.len <= max || (bytes.len == max + 1 && bytes.data[max] == '\r');
}

enum line_state line_scan(struct str bytes, size_t max, bool ends_with_lf, struct str *ret_line)
{
	size_t end;

	if (bytes.len == 0)
		return LINE_PART;
	end = find_end(bytes, ends_with_lf);
	if (end == bytes.len && may_end(bytes, max))
		return LINE_PART;
	if (end < bytes.len && end > 0 && bytes.data[end - 1] == '\r')
		end--;
	if (end > max) {
		*ret_line = str_head(bytes, max + 1);
		return LINE_LONG;
	}
	*ret_line = str_head(bytes, end);
	return LINE_WHOLE;
}
