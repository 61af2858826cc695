/* The fetcher: a queue, turns of hosts, redirects, answers. */
#include "import/fetch.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "import/address.h"
#include "import/fetch_inside.h"

int64_t fetch_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

unsigned fetch_seconds(const struct fetcher *fetcher)
{
	return fetcher->plan.seconds ? fetcher->plan.seconds : FETCH_SECONDS;
}

unsigned fetch_connect_seconds(const struct fetcher *fetcher)
{
	return fetcher->plan.connect_seconds ? fetcher->plan.connect_seconds
					     : FETCH_CONNECT_SECONDS;
}

void fetch_free(struct fetch *fetch)
{
	transfer_end(fetch);
	buf_done(&fetch->body);
	free(fetch->url);
	free(fetch->asked);
	free(fetch->accept);
	free(fetch->etag);
	free(fetch->last_modified);
	free(fetch->moved_to);
	free(fetch);
}

/* "https://paper.example:8443" of a URL, its first path cut off. */
static struct str site_of(struct str url)
{
	size_t start = str_search(url, STR("://")) + 3;

	return start < url.len ? str_head(url, start + str_find(str_skip(url, start), '/')) : url;
}

static struct host *host_of(struct fetcher *fetcher, struct str url)
{
	struct str name = site_of(url);
	struct host *host;

	for (host = fetcher->hosts; host; host = host->next)
		if (str_eq(str_from(host->name), name))
			return host;
	host = mem_alloc(1, sizeof(*host));
	host->name = mem_copy(name.data, name.len);
	host->next = fetcher->hosts;
	fetcher->hosts = host;
	return host;
}

static void enqueue(struct fetch *fetch)
{
	struct fetch **end = &fetch->fetcher->queue;

	while (*end)
		end = &(*end)->next;
	fetch->next = NULL;
	*end = fetch;
}

/* Points a fetch to where it goes next. */
static void aim(struct fetch *fetch, struct str url)
{
	free(fetch->url);
	fetch->url = mem_copy(url.data, url.len);
	fetch->host = host_of(fetch->fetcher, str_from(fetch->url));
}

void fetcher_add(struct fetcher *fetcher, const struct fetch_ask *ask, fetch_done *done,
		 void *context)
{
	struct fetch *fetch = mem_alloc(1, sizeof(*fetch));
	struct arena *arena = arena_new(1 << 20);

	fetch->fetcher = fetcher;
	fetch->done = done;
	fetch->context = context;
	/* Line ends, blanks and other letters are made harmless. */
	aim(fetch,
	    address_resolve(arena, STR(""),
			    str_head(str_from(ask->url), str_find(str_from(ask->url), '#'))));
	fetch->asked = mem_text(fetch->url);
	fetch->accept = ask->accept ? mem_text(ask->accept) : NULL;
	fetch->etag = ask->etag ? mem_text(ask->etag) : NULL;
	fetch->last_modified = ask->last_modified ? mem_text(ask->last_modified) : NULL;
	fetch->bytes_max = ask->bytes_max;
	fetch->allows_private = ask->allows_private;
	fetch->heeds_robots = ask->heeds_robots && str_starts(str_from(fetch->url), STR("http"));
	buf_init(&fetch->body, ask->bytes_max + 1);
	fetcher->waiting++;
	enqueue(fetch);
	arena_free(arena);
	fetch_arm(fetcher->pump, 0);
}

/* Hands out the answer and forgets the fetch. */
static void answer(struct fetch *fetch, enum fetch_outcome outcome, int status,
		   const struct err *err)
{
	const struct response *response = &fetch->response;
	struct fetch_answer said = {
		.outcome = outcome,
		.status = status,
		.body = buf_view(&fetch->body),
		.type = str_from(response->type),
		.language = str_from(response->language),
		.etag = str_from(response->etag),
		.last_modified = str_from(response->last_modified),
		.url = str_from(fetch->url),
		.moved_to = fetch->moved_to ? str_from(fetch->moved_to) : STR(""),
		.retry_after = response->retry_after ? response->retry_after
						     : fetch->host->retry_after,
		.max_age = response_max_age(response),
	};

	if (err)
		said.err = *err;
	fetch->fetcher->waiting--;
	fetch->done(fetch->context, &said);
	fetch_free(fetch);
}

/* Answers with a sentence that begins with the host's name. */
static void fail(struct fetch *fetch, enum fetch_outcome outcome, int status, const char *what,
		 const char *detail)
{
	struct err err = { "" };
	struct str host = address_host(str_from(fetch->url));

	err_set(&err, STR_FMT ": %s%s", STR_ARG(host), what, detail);
	answer(fetch, outcome, status, &err);
}

static bool is_fetchable(const char *url)
{
	struct str text = str_from(url);

	return str_starts(text, STR("http://")) || str_starts(text, STR("https://")) ||
	       str_starts(text, STR("gopher://")) || str_starts(text, STR("gemini://"));
}

/* Gemini is spoken by somebody else; it takes its time, as it is alone with its few sources. */
static void fetch_gemini(struct fetch *fetch)
{
	struct err err = { "" };
	struct buf type;
	bool ok;

	buf_init(&type, HEADER_VALUE_MAX - 1);
	ok = fetch->fetcher->plan.gemini &&
	     fetch->fetcher->plan.gemini(fetch->url, fetch->bytes_max, fetch->allows_private,
					 &fetch->body, &type, &err);
	snprintf(fetch->response.type, sizeof(fetch->response.type), STR_FMT,
		 STR_ARG(buf_view(&type)));
	buf_done(&type);
	if (ok)
		answer(fetch, FETCH_DONE, 20, NULL);
	else
		fail(fetch, FETCH_FAILED, 0, err.text[0] ? err.text : "Gemini is not spoken here",
		     "");
}

/* The path and query of a URL, as robots.txt means them. */
static struct str path_of(struct str url)
{
	struct str path = str_skip(url, site_of(url).len);

	return path.len ? path : STR("/");
}

/* What has no chance is answered at once; true when it was. */
static bool is_hopeless(struct fetch *fetch)
{
	struct host *host = fetch->host;

	if (fetch->fetcher->is_stopping)
		fail(fetch, FETCH_FAILED, 0, "the import was stopped", "");
	else if (!is_fetchable(fetch->url))
		fail(fetch, FETCH_FAILED, 0, "no address that can be fetched: ", fetch->url);
	else if (host->retry_after)
		fail(fetch, FETCH_FAILED, 0, "asks to be left alone for a while", "");
	else if (fetch->heeds_robots && host->robots &&
		 !robots_allow(host->robots, path_of(str_from(fetch->url))))
		fail(fetch, FETCH_REFUSED, 0,
		     host->has_no_robots ? "its robots.txt cannot be had, so nothing is asked for"
					 : "its robots.txt asks to leave this page alone",
		     "");
	else
		return false;
	return true;
}

static void start(struct fetch *fetch)
{
	if (fetch->started == 0)
		fetch->started = fetch_clock();
	if (str_starts(str_from(fetch->url), STR("gemini://"))) {
		fetch_gemini(fetch);
		return;
	}
	if (!transfer_begin(fetch)) {
		fail(fetch, FETCH_FAILED, 0, "cannot be fetched: ", fetch->url);
		return;
	}
	fetch->host->active++;
	fetch->fetcher->active++;
	fetch->next = fetch->fetcher->running;
	fetch->fetcher->running = fetch;
}

/* A transfer has left its host. */
static void leave_host(struct fetch *fetch)
{
	struct host *host = fetch->host;
	struct fetch **at = &fetch->fetcher->running;
	int64_t pause = fetch->fetcher->plan.host_pause;
	int64_t delay = host->robots ? (int64_t)robots_delay(host->robots) * 1000 : 0;

	while (*at != fetch)
		at = &(*at)->next;
	*at = fetch->next;
	host->active--;
	fetch->fetcher->active--;
	host->free_at = fetch_clock() + (delay > pause ? delay : pause);
}

/* Starts what may start now; sets the timer for what has to wait for a host. */
void fetch_pump(struct fetcher *fetcher)
{
	struct fetch **at = &fetcher->queue;
	int64_t wait = -1;

	while (fetcher->is_stopping && fetcher->running) {
		struct fetch *fetch = fetcher->running;

		leave_host(fetch);
		transfer_end(fetch);
		fail(fetch, FETCH_FAILED, 0, "the import was stopped", "");
	}
	while (*at) {
		struct fetch *fetch = *at;

		if (!fetcher->is_stopping && is_fetchable(fetch->url) &&
		    !fetch->host->retry_after && fetch_must_wait(fetch, fetch_clock(), &wait)) {
			at = &fetch->next;
			continue;
		}
		*at = fetch->next;
		if (!is_hopeless(fetch))
			start(fetch);
		/* Answers may have queued more, anywhere. */
		at = &fetcher->queue;
	}
	if (fetcher->waiting == 0)
		event_base_loopbreak(fetcher->base);
	else if (wait >= 0)
		fetch_arm(fetcher->pump, wait);
}

static bool is_redirect(long status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Follows a redirect: back into the queue under another URL. */
static void follow(struct fetch *fetch, long status)
{
	struct arena *arena = arena_new(1 << 20);
	struct str target = address_resolve(arena, str_from(fetch->url),
					    str_from(fetch->response.location));

	target = str_head(target, str_find(target, '#'));
	if (++fetch->hops > FETCH_REDIRECTS_MAX) {
		fail(fetch, FETCH_FAILED, (int)status,
		     "sends from one address to the next without end", "");
	} else if (!str_starts(target, STR("http://")) && !str_starts(target, STR("https://"))) {
		fail(fetch, FETCH_FAILED, (int)status, "sends to where nothing can be fetched from",
		     "");
	} else {
		fetch->has_moved_for_now |= status != 301 && status != 308;
		aim(fetch, target);
		if (!fetch->has_moved_for_now) {
			free(fetch->moved_to);
			fetch->moved_to = mem_text(fetch->url);
		}
		enqueue(fetch);
	}
	arena_free(arena);
}

static const char *status_name(long status)
{
	switch (status) {
	case 401:
		return "401 (a password is needed)";
	case 403:
		return "403 (forbidden)";
	case 404:
		return "404 (not found)";
	case 429:
		return "429 (too many requests)";
	case 500:
		return "500 (an error of the server)";
	case 503:
		return "503 (not at the moment)";
	default:
		return NULL;
	}
}

static void take_status(struct fetch *fetch, long status)
{
	char number[24];

	if (is_redirect(status) && fetch->response.location[0]) {
		follow(fetch, status);
	} else if (status == 304) {
		answer(fetch, FETCH_UNCHANGED, 304, NULL);
	} else if (status == 410) {
		fail(fetch, FETCH_GONE, 410, "answers 410: it is gone for good", "");
	} else if (status == 200 || status == 203) {
		answer(fetch, FETCH_DONE, (int)status, NULL);
	} else {
		snprintf(number, sizeof(number), "%ld", status);
		/* What a busy host asks for goes for all that was to be fetched from it. */
		if ((status == 429 || status == 503) && fetch->response.retry_after)
			fetch->host->retry_after = fetch->response.retry_after;
		fail(fetch, FETCH_FAILED, (int)status, "answers ",
		     status_name(status) ? status_name(status) : number);
	}
}

/* Gopher has no Content-Type; the type of an item stands in the URL (RFC 4266 2.1). */
static void name_gopher(struct fetch *fetch)
{
	struct str path = path_of(str_from(fetch->url));
	char type = path.len > 1 ? path.data[1] : '1';

	snprintf(fetch->response.type, sizeof(fetch->response.type), "%s",
		 type == '1'   ? "application/gopher-menu"
		 : type == 'h' ? "text/html"
			       : "text/plain");
}

/* A transfer has ended. */
void fetch_finish(struct fetch *fetch, CURLcode code)
{
	struct err err = { "" };
	long status = 0;

	curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &status);
	leave_host(fetch);
	if (code == CURLE_OK && str_starts(str_from(fetch->url), STR("gopher:"))) {
		name_gopher(fetch);
		status = 200;
	}
	if (code != CURLE_OK)
		transfer_explain(fetch, code, &err);
	transfer_end(fetch);
	if (code != CURLE_OK)
		answer(fetch, fetch->refused[0] ? FETCH_REFUSED : FETCH_FAILED, 0, &err);
	else
		take_status(fetch, status);
}
