/* A run of the importer: which sources are due, and what came of it. */
#include "import/run_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/mem.h"
#include "import/run_feed.h"

void run_tell(struct run *run, enum import_level level, const char *source, const char *format, ...)
{
	char text[1024];
	va_list args;

	if (!run->plan->tell)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	run->plan->tell(run->plan->context, level, source, text);
}

/* One import at a time in a state folder: two would write every story twice. */
static bool lock_paper(struct paper_run *paper, struct err *err)
{
	char *path = mem_format("%s/import.lock", paper->site->state);
	bool ok = folder_above(path, err);

	if (ok) {
		paper->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
		ok = paper->lock != -1 || err_set(err, "%s: %s", path, strerror(errno));
	}
	if (ok && flock(paper->lock, LOCK_EX | LOCK_NB) != 0)
		ok = err_set(err, "%s: another import is under way", path);
	free(path);
	return ok;
}

static bool open_paper(struct run *run, size_t i, struct err *err)
{
	struct paper_run *paper = &run->papers[i];

	paper->run = run;
	paper->site = &run->plan->sites[i];
	paper->lock = -1;
	if (!run->plan->is_dry && !run->plan->is_check && !lock_paper(paper, err))
		return false;
	if (run->plan->is_dry || run->plan->is_check) {
		char *file = mem_format("%s/" LEDGER_FILE, paper->site->state);
		bool is_there = access(file, R_OK | W_OK) == 0;

		free(file);
		paper->ledger = ledger_open(is_there ? paper->site->state : NULL, err);
	} else {
		paper->ledger = ledger_open(paper->site->state, err);
	}
	return paper->ledger != NULL;
}

static bool is_wanted(const struct import_plan *plan, const struct source *source)
{
	for (size_t i = 0; i < plan->name_count; i++)
		if (strcmp(plan->names[i], source->name) == 0)
			return true;
	return plan->name_count == 0;
}

/* The source's own feed, and those that its list has named before. */
static void begin_source(struct paper_run *paper, const struct source *source)
{
	struct arena *arena = arena_new(8 << 20);
	struct texts urls = ledger_feeds(paper->ledger, str_from(source->name), arena);

	feed_begin(paper, source, str_from(source->url));
	for (size_t i = 0; i < urls.count; i++)
		if (!str_eq(urls.items[i], str_from(source->url)))
			feed_begin(paper, source, urls.items[i]);
	arena_free(arena);
}

static void begin_papers(struct run *run)
{
	for (size_t i = 0; i < run->plan->site_count; i++) {
		const struct sources *sources = run->papers[i].site->sources;

		/* What a dry run notes on the way is undone in the end. */
		if (run->plan->is_dry || run->plan->is_check)
			ledger_begin(run->papers[i].ledger);
		for (size_t j = 0; j < sources->count; j++)
			if (is_wanted(run->plan, &sources->items[j]))
				begin_source(&run->papers[i], &sources->items[j]);
	}
}

/* The earliest time at which a source is due; one that was never looked at is due now. */
static int64_t next_of(const struct run *run)
{
	int64_t next = 0;

	for (size_t i = 0; i < run->plan->site_count; i++) {
		const struct sources *sources = run->papers[i].site->sources;

		for (size_t j = 0; j < sources->count; j++) {
			int64_t due = ledger_next(run->papers[i].ledger,
						  str_from(sources->items[j].name));

			if (due == 0)
				due = run->now;
			if (next == 0 || due < next)
				next = due;
		}
	}
	return next;
}

static void end_papers(struct run *run)
{
	bool is_real = !run->plan->is_dry && !run->plan->is_check;

	for (size_t i = 0; i < run->plan->site_count; i++) {
		struct paper_run *paper = &run->papers[i];

		if (paper->ledger && !is_real)
			ledger_undo(paper->ledger);
		else if (paper->ledger && run->counts.sources)
			paper_write_sources(paper);
	}
}

static void close_papers(struct run *run)
{
	for (size_t i = 0; i < run->plan->site_count; i++) {
		ledger_close(run->papers[i].ledger);
		if (run->papers[i].lock > 0)
			close(run->papers[i].lock);
	}
	free(run->papers);
}

bool import_run(const struct import_plan *plan, struct import_counts *ret_counts, int64_t *ret_next,
		struct err *err)
{
	struct fetch_plan fetching = { .contact = plan->contact,
				       .host_pause = (int64_t)plan->pause * 1000,
				       .gemini = plan->gemini };
	struct run run = { .plan = plan, .now = time(NULL), .rules = { plan->rules } };
	bool ok = false;

	run.papers = mem_alloc(plan->site_count + 1, sizeof(struct paper_run));
	for (size_t i = 0; i < plan->site_count; i++)
		if (!open_paper(&run, i, err))
			goto out;
	run.fetcher = fetcher_new(&fetching, err);
	if (!run.fetcher)
		goto out;
	begin_papers(&run);
	fetcher_run(run.fetcher, plan->should_stop, plan->context);
	end_papers(&run);
	*ret_counts = run.counts;
	*ret_next = next_of(&run);
	ok = true;
out:
	fetcher_free(run.fetcher);
	close_papers(&run);
	return ok;
}
