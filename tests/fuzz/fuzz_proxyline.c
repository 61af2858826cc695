/* Any bytes as the begin of a proxy's connection, in one piece and growing byte by byte. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/gazette.h"
#include "net/proxyline.h"

/* A copy of exactly those bytes, so that the sanitizer sees any step past them. */
static enum proxyline_state scan(struct str bytes, struct proxyline *line)
{
	char *copy = malloc(bytes.len ? bytes.len : 1);
	enum proxyline_state state;

	memcpy(copy, bytes.data, bytes.len);
	state = proxyline_scan((struct str){ copy, bytes.len }, line);
	free(copy);
	return state;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = { (const char *)data, size };
	struct proxyline whole = { 0 };
	struct proxyline part = { 0 };
	enum proxyline_state end = scan(bytes, &whole);
	enum proxyline_state before = PROXYLINE_PART;

	must(end != PROXYLINE_PART || size < PROXYLINE_MAX, "waiting has an end", bytes);
	for (size_t len = 0; len <= size && len <= PROXYLINE_MAX; len++) {
		enum proxyline_state state = scan(str_head(bytes, len), &part);

		must(before == PROXYLINE_PART || state == before, "more bytes change no verdict",
		     bytes);
		must(state == PROXYLINE_PART || state == end, "pieces come to the same", bytes);
		must(state != PROXYLINE_WHOLE || (part.len <= len && part.len > 0),
		     "a header lies within what came", bytes);
		must(state != PROXYLINE_WHOLE || before == state || part.len == len,
		     "a header is whole with its last byte", bytes);
		before = state;
	}
	must(before == end, "the first bytes decide", bytes);
	must(end != PROXYLINE_WHOLE ||
		     (whole.len == part.len && whole.has_address == part.has_address &&
		      memcmp(&whole.address, &part.address, sizeof(part.address)) == 0),
	     "what follows a header does not change it", bytes);
	return 0;
}
