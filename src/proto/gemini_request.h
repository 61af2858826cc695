/* Gemini requests (0.24.1, Requests). Internal to proto/. */
#ifndef PROTO_GEMINI_REQUEST_H
#define PROTO_GEMINI_REQUEST_H

#include "page/page.h"
#include "page/request.h"

enum {
	GEMINI_URL_MAX = 1024,	/* bytes of a request without its CRLF */
	GEMINI_WORDS_MAX = 512, /* bytes of a query when decoded */
	GEMINI_PORT_STANDARD = 1965,
};

/* proto.parse of Gemini. */
bool gemini_parse(const struct origin *origin, struct str line, struct arena *arena,
		  struct request *request, struct page *page);

/* proto.is_for of Gemini. */
bool gemini_is_for(const struct origin *origin, struct arena *arena, struct str line);

#endif
