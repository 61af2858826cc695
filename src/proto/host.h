/* Host names as they stand in URLs, against the names that are ours. Internal to proto/. */
#ifndef PROTO_HOST_H
#define PROTO_HOST_H

#include "base/arena.h"
#include "page/request.h"

/*
 * Which of origin's hosts this is; host_count when it is none of them. Case does
 * not matter, nor does one dot at the end, nor whether a name in another script is
 * written in its xn-- form (RFC 5891) or percent-encoded (RFC 3986 3.2.2).
 */
size_t host_index(const struct origin *origin, struct arena *arena, struct str host);

/* Whether it is a name of another site behind the same listener. */
bool host_is_neighbour(const struct origin *origin, struct arena *arena, struct str host);

#endif
