/* News that comes over Gemini: the importer may not speak TLS itself. */
#ifndef GEMINI_SOURCE_H
#define GEMINI_SOURCE_H

#include "base/buf.h"
#include "base/err.h"

/*
 * Fetches a gemini:// URL, following up to five redirects within Gemini: the body is appended to out, its MIME type to type. The
 * server's certificate is not checked. False with err set for every status but 20.
 */
bool gemini_source_fetch(const char *url, size_t bytes_max, bool allows_private, struct buf *out,
			 struct buf *type, struct err *err);

#endif
