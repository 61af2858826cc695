/* What Gopher answers by itself, without asking the site. Internal to proto/. */
#ifndef PROTO_GOPHER_OWN_H
#define PROTO_GOPHER_OWN_H

#include "page/page.h"
#include "page/request.h"

enum { GOPHER_URL_MAX = 1000 }; /* bytes behind "URL:" */

/* The MIME type of an answer that is no Gopher at all. */
#define GOPHER_HTTP_MIME "message/http"

/* A browser gets an HTTP/1.0 reply that tells where it is. */
void gopher_own_http(const struct origin *origin, struct str line, struct page *page);

/* caps.txt: what a client may take for granted here. */
void gopher_own_caps(const struct origin *origin, struct page *page);

/* Whether selector is "URL:..."; ret_url is what follows. */
bool gopher_own_is_url(struct str selector, struct str *ret_url);

/*
 * The small page that sends clients without hURL on to url: for http, https,
 * gemini and mailto; an error for the others, which might be used to make us point anywhere.
 */
void gopher_own_url(struct str url, struct page *page);

#endif
