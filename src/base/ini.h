/*
 * .ini files by inih, made strict: inih's Debian build cuts lines at 200 bytes,
 * goes on after errors and gives no line numbers. Here a line that is too long,
 * a NUL byte, text that is not UTF-8 and anything inih calls wrong is an error.
 */
#ifndef BASE_INI_H
#define BASE_INI_H

#include "base/err.h"
#include "base/str.h"

enum {
	INI_LINE_MAX = 198,   /* bytes of a line that inih keeps whole, its newline not counted */
	INI_SECTION_MAX = 48, /* bytes of "[name]" likewise */
};

/* One key; section is "" before the first header. False (with err set, without file and line) stops the reading. */
typedef bool ini_pair(void *context, const char *section, const char *key, const char *value,
		      unsigned line, struct err *err);

/* Reads text, called name in errors ("name:12: ..."). */
bool ini_read(struct str text, const char *name, ini_pair *handler, void *context, struct err *err);

#endif
