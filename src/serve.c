/* The whole server without a socket: bytes, request, page, bytes. */
#include "serve.h"

size_t serve_choose(const struct proto *proto, const struct origin *origins, size_t count,
		    struct arena *scratch, struct str line)
{
	arena_reset(scratch);
	for (size_t i = 0; count > 1 && i < count; i++)
		if (proto->is_for(&origins[i], scratch, line))
			return i;
	return 0;
}

enum page_status serve(const struct proto *proto, const struct origin *origin,
		       const struct site *site, struct arena *scratch, struct str line,
		       struct reply *reply)
{
	struct request request = { 0 };
	struct page page;

	arena_reset(scratch);
	page_init(&page, scratch);
	if (proto->parse(origin, line, scratch, &request, &page))
		site_build(site, &request, &page);
	proto->write(origin, line, &page, reply);
	page_done(&page);
	return page.status;
}
