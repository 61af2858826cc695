/* Whose turn it is: few at a time, pauses for each host, robots.txt before pages. */
#include <stdlib.h>

#include "base/mem.h"
#include "import/fetch_inside.h"

static const char agent[] = "tidings";

/* robots.txt has come, or cannot be had (RFC 9309 2.3.1). */
static void on_robots(void *context, const struct fetch_answer *said)
{
	struct host *host = context;
	bool is_missing = said->status >= 400 && said->status < 500 && said->status != 429;

	host->asks_robots = false;
	if (said->outcome == FETCH_DONE)
		host->robots = robots_parse(said->body, str_from(agent));
	else
		host->robots = robots_all(is_missing);
	host->has_no_robots = said->outcome != FETCH_DONE && !is_missing;
}

static void ask_robots(struct fetch *fetch)
{
	char *url = mem_format("%s/robots.txt", fetch->host->name);
	struct fetch_ask ask = { .url = url,
				 .bytes_max = ROBOTS_BYTES_MAX,
				 .allows_private = fetch->allows_private };

	fetch->host->asks_robots = true;
	fetcher_add(fetch->fetcher, &ask, on_robots, fetch->host);
	free(url);
}

bool fetch_must_wait(struct fetch *fetch, int64_t now, int64_t *wait)
{
	struct host *host = fetch->host;

	if (fetch->fetcher->active >= FETCH_AT_ONCE || host->active >= FETCH_AT_ONCE_HOST)
		return true;
	if (host->free_at > now) {
		if (*wait < 0 || host->free_at - now < *wait)
			*wait = host->free_at - now;
		return true;
	}
	if (fetch->heeds_robots && !host->robots) {
		if (!host->asks_robots)
			ask_robots(fetch);
		return !host->robots;
	}
	return false;
}
