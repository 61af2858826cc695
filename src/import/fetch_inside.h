/* Inside the fetcher: fetches, hosts, transfers; for fetch*.c only. */
#ifndef IMPORT_FETCH_INSIDE_H
#define IMPORT_FETCH_INSIDE_H

#include <curl/curl.h>
#include <event2/event.h>

#include "import/fetch.h"
#include "import/robots.h"

enum { HEADER_VALUE_MAX = 2048, HEADERS_MAX = 256 << 10, ERROR_TEXT = CURL_ERROR_SIZE };

/* A scheme, name and port that requests go to. */
struct host {
	struct host *next;
	char *name;	       /* "https://paper.example:8443" */
	struct robots *robots; /* NULL: not asked yet */
	bool asks_robots;
	bool has_no_robots; /* it could not be asked */
	unsigned active;
	int64_t free_at;     /* milliseconds, monotonic: not before */
	int64_t retry_after; /* seconds that it wants to be left alone; 0: it does not */
};

/* Headers of the last response. */
struct response {
	char etag[HEADER_VALUE_MAX];
	char last_modified[HEADER_VALUE_MAX];
	char type[HEADER_VALUE_MAX];
	char language[64];
	char location[HEADER_VALUE_MAX];
	int64_t retry_after;
	int64_t max_age; /* -1: not said */
	int64_t expires;
	int64_t date;
	int64_t age;
	size_t bytes; /* of headers */
};

/* One fetch from being queued to being answered. */
struct fetch {
	struct fetch *next;
	struct fetcher *fetcher;
	fetch_done *done;
	void *context;
	char *url;   /* to ask now */
	char *asked; /* at first */
	char *accept;
	char *etag;
	char *last_modified;
	size_t bytes_max;
	bool allows_private;
	bool heeds_robots;
	char *moved_to; /* where permanent moves alone have led; NULL */
	bool has_moved_for_now;
	unsigned hops;
	int64_t started; /* milliseconds; 0: not yet */
	struct host *host;
	CURL *easy; /* while a transfer is under way */
	struct curl_slist *headers;
	struct response response;
	struct buf body;
	char error[ERROR_TEXT];
	char refused[128]; /* the private address that was to be connected to */
	bool is_too_large;
};

struct fetcher {
	struct fetch_plan plan;
	struct event_base *base;
	struct event *timer; /* libcurl's */
	struct event *pump;  /* ours: hosts become free */
	CURLM *multi;
	struct fetch *queue;
	struct fetch *running;
	struct host *hosts;
	unsigned active;
	size_t waiting; /* fetches that have not been answered */
	bool is_stopping;
	bool (*should_stop)(void *context);
	void *stop_context;
};

/* Begins the transfer of a fetch whose turn it is. False with its error set when it cannot begin. */
bool transfer_begin(struct fetch *fetch);

/* Ends it: the easy handle goes. */
void transfer_end(struct fetch *fetch);

/* The sentence for a transfer that failed. */
void transfer_explain(const struct fetch *fetch, CURLcode code, struct err *err);

/* Seconds that the response may be kept; 0: not said. */
int64_t response_max_age(const struct response *response);

/* Starts what may start now; sets the timer for what has to wait for a host. */
void fetch_pump(struct fetcher *fetcher);

/*
 * Whether a fetch has to wait: for its host, or for what the host lets robots have, which is asked for then. wait
 * becomes the least milliseconds until a host is free; -1: nobody waits for one.
 */
bool fetch_must_wait(struct fetch *fetch, int64_t now, int64_t *wait);

/* Takes what a transfer has ended with. */
void fetch_finish(struct fetch *fetch, CURLcode code);

/* Frees one that has been answered. */
void fetch_free(struct fetch *fetch);

/* Sets one of the two timers. */
void fetch_arm(struct event *event, int64_t milliseconds);

/* Milliseconds of a clock that only goes forward. */
int64_t fetch_clock(void);

/* The bounds in force. */
unsigned fetch_seconds(const struct fetcher *fetcher);
unsigned fetch_connect_seconds(const struct fetcher *fetcher);

#endif
