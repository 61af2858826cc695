/* A request line in the making: when it is whole, and when it has become too long. */
#ifndef NET_LINE_H
#define NET_LINE_H

#include "base/str.h"

enum line_state {
	LINE_PART, /* more must come */
	LINE_WHOLE,
	LINE_LONG, /* whatever comes, it is longer than max bytes */
};

/*
 * Looks for the end of the first line in bytes: CR LF or, with ends_with_lf, also a
 * bare LF. ret_line (left alone by LINE_PART) borrows from bytes and has no line
 * end; a long line is cut to max + 1 bytes.
 */
enum line_state line_scan(struct str bytes, size_t max, bool ends_with_lf, struct str *ret_line);

#endif
