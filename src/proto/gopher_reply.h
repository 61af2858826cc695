/* Gopher replies. Internal to proto/. */
#ifndef PROTO_GOPHER_REPLY_H
#define PROTO_GOPHER_REPLY_H

#include "proto/proto.h"

/* proto.write of Gopher. */
void gopher_write(const struct origin *origin, struct str text, struct page *page,
		  struct reply *reply);

/* proto.refuse of Gopher. */
void gopher_refuse(const struct origin *origin, enum refusal refusal, unsigned seconds,
		   struct reply *reply);

#endif
