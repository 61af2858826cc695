/* The whole server without a socket. */
#ifndef SERVE_H
#define SERVE_H

#include "proto/proto.h"
#include "site/site.h"

/*
 * Answers one request line (without its line end). Never fails: trouble becomes
 * a page with a status. scratch is reset first; reply was initialised by the
 * caller and holds the answer after.
 */
enum page_status serve(const struct proto *proto, const struct origin *origin,
		       const struct site *site, struct arena *scratch, struct str line,
		       struct reply *reply);

#endif
