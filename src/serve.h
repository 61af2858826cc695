/* The whole server without a socket. */
#ifndef SERVE_H
#define SERVE_H

#include "proto/proto.h"
#include "site/site.h"

/*
 * Which of count origins, the sites behind one listener, a request line asks for; 0 when it is
 * none of them, whose answer then says so. scratch is reset.
 */
size_t serve_choose(const struct proto *proto, const struct origin *origins, size_t count,
		    struct arena *scratch, struct str line);

/*
 * Answers one request line (without its line end). Never fails: trouble becomes
 * a page with a status. scratch is reset first; reply was initialised by the
 * caller and holds the answer after.
 */
enum page_status serve(const struct proto *proto, const struct origin *origin,
		       const struct site *site, struct arena *scratch, struct str line,
		       struct reply *reply);

#endif
