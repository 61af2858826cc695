/* A protocol: one request line in, one reply out. One file and one entry in proto_list per protocol. */
#ifndef PROTO_PROTO_H
#define PROTO_PROTO_H

#include "base/reply.h"
#include "page/page.h"
#include "page/request.h"

/* Why a connection gets no page, whatever it asks for. */
enum refusal {
	REFUSAL_SLOW_DOWN, /* this client asks too often, or has too many connections */
	REFUSAL_OVERLOAD,  /* all of them together are too many */
	REFUSAL_TIMEOUT,   /* its request line did not come in time */
};

struct proto {
	const char *name;   /* "gemini"; also its section in server.ini */
	const char *scheme; /* of its URLs */
	unsigned port;	    /* the well-known one, left out of URLs */
	size_t request_max; /* bytes of a line without its end; a longer one is passed on cut to request_max + 1 */
	bool has_status;   /* its replies carry Gemini's numbers, 10 to 69 */
	bool ends_with_lf; /* a bare LF ends a line too; otherwise only CRLF does */

	/* Whether line asks for one of origin's hosts. NULL: lines name none, so the listener tells whose they are. */
	bool (*is_for)(const struct origin *origin, struct arena *arena, struct str line);

	/*
	 * Cleans line into request. False when the line is answered without the
	 * site (bad request, redirect page, ...): page holds that answer.
	 */
	bool (*parse)(const struct origin *origin, struct str line, struct arena *arena,
		      struct request *request, struct page *page);

	/*
	 * Writes page as the reply. line is the same as before, for what the
	 * protocol wants to look at again (Gopher+). A file moves into the reply. A page
	 * that does not fit the reply becomes PAGE_UNAVAILABLE, and says so.
	 */
	void (*write)(const struct origin *origin, struct str line, struct page *page,
		      struct reply *reply);

	/* What to send when a connection is refused; with REFUSAL_SLOW_DOWN, for how many seconds. */
	void (*refuse)(const struct origin *origin, enum refusal refusal, unsigned seconds,
		       struct reply *reply);
};

extern const struct proto gemini_proto;
extern const struct proto gopher_proto;

extern const struct proto *const proto_list[];
extern const size_t proto_count;

/* The protocol of that name or scheme; NULL when there is none. */
const struct proto *proto_find(struct str name);

#endif
