/* Where a Gopher menu line leads. Internal to render/. */
#ifndef RENDER_GOPHER_TARGET_H
#define RENDER_GOPHER_TARGET_H

#include "page/page.h"
#include "page/request.h"

enum { GOPHER_PORT = 70 };

struct gopher_target {
	char type;
	bool is_url;  /* selector is a URL and goes out as "URL:..." */
	bool is_ours; /* this server answers it */
	struct str selector;
	struct str host;
	unsigned port;
};

/* Our own pages lead to us, gopher: URLs to their own host, other URLs to us as a redirect page. */
void gopher_target_set(struct arena *arena, const struct origin *origin, const struct link *link,
		       struct gopher_target *ret_target);

#endif
