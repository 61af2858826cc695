/* One look at one feed: fetching, reading, its stories, when to look again. */
#include "import/run_feed.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "import/address.h"
#include "import/charset.h"
#include "import/discover.h"

enum { WAIT_MAX = DAY, GONE_WAIT = 30 * DAY };

static const char accept[] = "application/atom+xml, application/rss+xml, application/feed+json, "
			     "application/rdf+xml;q=0.9,"
			     " application/xml;q=0.8, text/xml;q=0.8, text/html;q=0.7, */*;q=0.5";

static void on_feed(void *context, const struct fetch_answer *answer);

static void ask(struct feed_run *feed)
{
	struct str url = feed->record.found.len ? feed->record.found : feed->record.url;
	struct fetch_ask what = {
		.url = arena_str(feed->arena, url).data,
		.accept = accept,
		.etag = arena_str(feed->arena, feed->record.etag).data,
		.last_modified = arena_str(feed->arena, feed->record.last_modified).data,
		.bytes_max = FEED_BYTES_MAX,
		.allows_private = feed->source->allow_private,
	};

	fetcher_add(feed->paper->run->fetcher, &what, on_feed, feed);
}

void feed_begin(struct paper_run *paper, const struct source *source, struct str url)
{
	struct feed_run *feed = mem_alloc(1, sizeof(*feed));
	const struct import_plan *plan = paper->run->plan;
	bool asks_anew = plan->is_dry || plan->is_check;

	feed->paper = paper;
	feed->source = source;
	feed->arena = arena_new(RUN_ARENA_BYTES);
	ledger_feed(paper->ledger, str_from(source->name), arena_str(feed->arena, url), feed->arena,
		    &feed->record);
	if (!plan->is_forced && !asks_anew && feed->record.next_check > paper->run->now) {
		arena_free(feed->arena);
		free(feed);
		return;
	}
	if (asks_anew)
		feed->record.etag = feed->record.last_modified = STR("");
	feed->language = paper_language(paper, source->edition, feed->arena);
	paper->run->feeds++;
	ask(feed);
}

/* Failures in a row double the time until the next try. */
static int64_t next_check(const struct feed_run *feed, const struct fetch_answer *answer)
{
	int64_t wait = feed->source->every;

	for (int64_t i = 0; i < feed->record.failures && wait < WAIT_MAX; i++)
		wait *= 2;
	if (answer->max_age > wait)
		wait = answer->max_age;
	if (wait > WAIT_MAX && wait > feed->source->every)
		wait = feed->source->every > WAIT_MAX ? feed->source->every : WAIT_MAX;
	/* What a server asks for is not cut short. */
	if (answer->retry_after > wait)
		wait = answer->retry_after;
	if (answer->outcome == FETCH_GONE)
		wait = GONE_WAIT;
	return feed->paper->run->now + wait;
}

static void note_success(struct feed_run *feed, const struct fetch_answer *answer)
{
	struct arena *arena = feed->arena;

	feed->record.failures = 0;
	feed->record.error = STR("");
	feed->record.last_success = feed->paper->run->now;
	if (answer->moved_to.len)
		feed->record.found = arena_str(arena, answer->moved_to);
	/* 304 may leave them out, and then they still hold (RFC 9110 15.4.5). */
	if (answer->etag.len || answer->outcome == FETCH_DONE)
		feed->record.etag = arena_str(arena, answer->etag);
	if (answer->last_modified.len || answer->outcome == FETCH_DONE)
		feed->record.last_modified = arena_str(arena, answer->last_modified);
}

static void note_failure(struct feed_run *feed, const char *why)
{
	feed->record.failures++;
	feed->record.error = arena_str(feed->arena, str_from(why));
	feed->counts.failed++;
}

static void add_counts(struct import_counts *to, const struct import_counts *from)
{
	to->failed += from->failed;
	to->fresh += from->fresh;
	to->changed += from->changed;
	to->same += from->same;
	to->removed += from->removed;
}

static void tell_end(const struct feed_run *feed)
{
	const struct import_counts *counts = &feed->counts;
	struct run *run = feed->paper->run;
	const char *name = feed->source->name;

	if (feed->record.error.len)
		run_tell(run, IMPORT_WARNS, name, STR_FMT, STR_ARG(feed->record.error));
	else if (run->plan->is_check)
		run_tell(run, IMPORT_SAYS, name, "%s, %zu entries: " STR_FMT,
			 feed->format ? feed->format : "unchanged",
			 feed->feed.entry_count + feed->feed.outline_count,
			 STR_ARG(feed->feed.title));
	else
		run_tell(run, IMPORT_SAYS, name, "%zu new, %zu changed, %zu known, %zu removed",
			 counts->fresh, counts->changed, counts->same, counts->removed);
}

/* All stories of the feed are written. */
static void end_feed(struct feed_run *feed)
{
	struct paper_run *paper = feed->paper;
	struct run *run = paper->run;
	bool is_real = !run->plan->is_dry && !run->plan->is_check;
	struct err err = { "" };

	if (is_real)
		ledger_begin(paper->ledger);
	if (is_real)
		paper_expire(paper, feed->source, &feed->counts);
	feed->record.stories += (int64_t)feed->counts.fresh;
	ledger_put_feed(paper->ledger, &feed->record);
	if (is_real && !ledger_commit(paper->ledger, &err))
		run_tell(run, IMPORT_WARNS, feed->source->name, "%s", err.text);
	tell_end(feed);
	run->counts.sources++;
	run->feeds--;
	add_counts(&run->counts, &feed->counts);
	arena_free(feed->arena);
	free(feed);
}

void feed_release(struct feed_run *feed)
{
	if (--feed->waiting == 0)
		end_feed(feed);
}

static const char *format_name(enum feed_format format)
{
	static const char *const names[] = { "RSS",  "RSS 1.0", "Atom",	    "JSON Feed",
					     "OPML", "gemtext", "gophermap" };

	return names[format];
}

static void begin_outlines(struct feed_run *feed)
{
	struct ledger_feed known;

	/* Those of earlier runs have begun with this one. */
	for (size_t i = 0; i < feed->feed.outline_count && i < RUN_FEEDS_MAX; i++)
		if (!str_eq(feed->feed.outlines[i].url, feed->record.url) &&
		    !ledger_feed(feed->paper->ledger, feed->record.source,
				 feed->feed.outlines[i].url, feed->arena, &known))
			feed_begin(feed->paper, feed->source, feed->feed.outlines[i].url);
}

static void begin_stories(struct feed_run *feed)
{
	struct run *run = feed->paper->run;
	bool is_real = !run->plan->is_dry && !run->plan->is_check;
	struct err err = { "" };

	if (run->plan->is_check)
		return;
	if (is_real)
		ledger_begin(feed->paper->ledger);
	for (size_t i = 0; i < feed->feed.entry_count; i++)
		story_begin(feed, &feed->feed.entries[i], i);
	if (is_real && !ledger_commit(feed->paper->ledger, &err))
		run_tell(run, IMPORT_WARNS, feed->source->name, "%s", err.text);
}

/* A web page: the feed that it names is asked for instead, now and from now on. */
static bool follow_page(struct feed_run *feed, const struct fetch_answer *answer)
{
	struct str html;
	struct str url;

	if (feed->followed_page)
		return false;
	html = charset_utf8(feed->arena, answer->body, answer->type, CHARSET_HTML);
	url = discover_feed(feed->arena, html, answer->url);
	if (url.len == 0)
		return false;
	feed->followed_page = true;
	feed->record.found = url;
	feed->record.etag = feed->record.last_modified = STR("");
	ask(feed);
	return true;
}

static void read_feed(struct feed_run *feed, const struct fetch_answer *answer)
{
	struct err err = { "" };
	struct err why = { "" };

	if (!feed_read(feed->arena, answer->body, answer->type, arena_str(feed->arena, answer->url),
		       feed->paper->run->now, &feed->feed, &err)) {
		err_set(&why, STR_FMT ": %s", STR_ARG(answer->url), err.text);
		note_failure(feed, why.text);
		return;
	}
	note_success(feed, answer);
	feed->format = format_name(feed->feed.format);
	feed->record.title = feed->feed.title;
	feed->record.site = feed->feed.url;
	begin_stories(feed);
	if (!feed->paper->run->plan->is_check)
		begin_outlines(feed);
}

static void on_feed(void *context, const struct fetch_answer *answer)
{
	struct feed_run *feed = context;
	struct err why = { "" };
	bool is_page;

	feed->record.last_try = feed->paper->run->now;
	feed->waiting++;
	if (answer->outcome == FETCH_UNCHANGED) {
		note_success(feed, answer);
	} else if (answer->outcome != FETCH_DONE) {
		note_failure(feed, answer->err.text);
	} else {
		is_page = !feed_looks_like(answer->body, answer->type);
		if (is_page && follow_page(feed, answer)) {
			feed->waiting--;
			return;
		}
		if (is_page) {
			err_set(&why, STR_FMT ": is no feed, and names none", STR_ARG(answer->url));
			note_failure(feed, why.text);
		} else {
			read_feed(feed, answer);
		}
	}
	feed->record.next_check = next_check(feed, answer);
	feed_release(feed);
}
