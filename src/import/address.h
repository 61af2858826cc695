/* Addresses of the web (URLs): resolved as browsers do, and told apart as one story's. */
#ifndef IMPORT_ADDRESS_H
#define IMPORT_ADDRESS_H

#include "base/arena.h"
#include "base/str.h"

enum { ADDRESS_BYTES_MAX = 2048 };

/*
 * A reference resolved against an absolute URL (RFC 3986 5.2), as forgiving as browsers: blanks and
 * characters beyond ASCII are percent-encoded, line ends and TABs go, backslashes are slashes,
 * scheme and host become lower-case. With an empty or unusable base only absolute ones resolve; others
 * come back encoded but relative. Empty for what is longer than ADDRESS_BYTES_MAX.
 */
struct str address_resolve(struct arena *arena, struct str base, struct str reference);

/*
 * The URL without what only tells where a reader came from: known tracking parameters and the
 * fragment. The default port, an empty query and dots in the path go too.
 */
struct str address_canonical(struct arena *arena, struct str url);

/* The same without scheme, "www." and the slash at the end: equal for two ways of writing one address. */
struct str address_alias(struct arena *arena, struct str url);

/* The host, lower-case, borrowed from url; empty when there is none. */
struct str address_host(struct str url);

#endif
