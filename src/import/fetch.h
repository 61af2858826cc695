/*
 * Fetches over HTTP(S) and Gopher, politely: conditional, bounded in time and bytes, few at a time
 * for each host, never from a private network unless allowed.
 */
#ifndef IMPORT_FETCH_H
#define IMPORT_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct fetcher;

enum {
	FETCH_REDIRECTS_MAX = 5,
	FETCH_AT_ONCE = 8,	/* in all */
	FETCH_AT_ONCE_HOST = 1, /* for each host */
	FETCH_SECONDS = 60,	/* from begin to end, redirects counted */
	FETCH_CONNECT_SECONDS = 15,
};

/* How all fetches of a run are made. Borrowed until fetcher_free(). */
struct fetch_plan {
	const char
		*contact; /* mail address or URL of the operator for the User-Agent; "" for none */
	int64_t host_pause; /* milliseconds between two requests to one host */
	/* Fetches a gemini:// URL, which libcurl cannot: the body goes to out. NULL: such URLs fail. */
	bool (*gemini)(const char *url, size_t bytes_max, bool allows_private, struct buf *out,
		       struct buf *type, struct err *err);
	unsigned seconds; /* in place of FETCH_SECONDS and FETCH_CONNECT_SECONDS; 0: these */
	unsigned connect_seconds;
};

/* What to fetch. Texts are borrowed until the answer. */
struct fetch_ask {
	const char *url;
	const char *accept;	   /* the Accept header; NULL: anything */
	const char *etag;	   /* sent back byte for byte; NULL or "": none */
	const char *last_modified; /* likewise */
	size_t bytes_max;	   /* of the body, decompressed */
	bool allows_private;	   /* private and loopback networks may be fetched from */
	bool heeds_robots;	   /* robots.txt of the host is asked first (RFC 9309) */
};

enum fetch_outcome {
	FETCH_DONE,	 /* 200, with a body */
	FETCH_UNCHANGED, /* 304 */
	FETCH_GONE,	 /* 410 */
	FETCH_REFUSED,	 /* by robots.txt or by the rule about networks: not asked */
	FETCH_FAILED,	 /* everything else; err says what */
};

/* What came. Lives until the callback returns. */
struct fetch_answer {
	enum fetch_outcome outcome;
	int status;	     /* HTTP's, 0 without an answer */
	struct str body;     /* decompressed */
	struct str type;     /* Content-Type as sent */
	struct str language; /* Content-Language */
	struct str etag;     /* byte for byte, empty when not sent */
	struct str last_modified;
	struct str url; /* where it was found at last */
	struct str
		moved_to; /* where 301s and 308s alone have led; empty when nothing moved for good */
	int64_t retry_after; /* seconds from now that the server asks to be left alone; 0: not said */
	int64_t max_age;     /* seconds of Cache-Control or Expires; 0: not said */
	struct err err;
};

typedef void fetch_done(void *context, const struct fetch_answer *answer);

/* A fetcher for one run of the importer. NULL with err set when libcurl or the event loop cannot start. */
struct fetcher *fetcher_new(const struct fetch_plan *plan, struct err *err);
void fetcher_free(struct fetcher *fetcher);

/* Queues a fetch; done is called from fetcher_run() exactly once, also for what is malformed. May be called from done. */
void fetcher_add(struct fetcher *fetcher, const struct fetch_ask *ask, fetch_done *done,
		 void *context);

/* Runs until every queued fetch has been answered. should_stop (may be NULL) is asked every second; true is as fetcher_stop(). */
void fetcher_run(struct fetcher *fetcher, bool (*should_stop)(void *context), void *context);

/* Ends what is under way: each is answered with FETCH_FAILED. May be called from done. */
void fetcher_stop(struct fetcher *fetcher);

#endif
