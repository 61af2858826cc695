/* Bytes of the web as UTF-8: which charset they are in, by the Encoding Standard's labels. */
#ifndef IMPORT_CHARSET_H
#define IMPORT_CHARSET_H

#include "base/arena.h"
#include "base/str.h"

enum charset_kind { CHARSET_XML, CHARSET_HTML, CHARSET_TEXT };

/*
 * bytes as valid UTF-8 without a BOM: what they are in is told by a BOM, else by type (a
 * Content-Type header, may be empty), else by an XML declaration or a meta element in the first
 * kilobytes, else they are UTF-8 when they are valid, else windows-1252. Labels are the web's ("latin1" and
 * "ascii" are windows-1252). What cannot be decoded becomes U+FFFD. NUL bytes are dropped. At most about
 * three times as long as bytes.
 */
struct str charset_utf8(struct arena *arena, struct str bytes, struct str type,
			enum charset_kind kind);

#endif
