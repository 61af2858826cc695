/* The editor: scans, counts, and says what is wrong with the paper. */
#include "editor.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "child.h"
#include "net/loop.h"
#include "store/scan.h"
#include "store/watch.h"
#include "tally.h"

enum {
	SECOND = 1000,
	FLUSH_TIME = 5 * SECOND,
	SCAN_TIME = 60 * SECOND,  /* of everything, for file systems that tell nobody of a change */
	SCAN_SHARE = 100,	  /* and no more than this part of the time */
	SETTLE_TIME = 1 * SECOND, /* at most, until files in a writer's hands are looked at again */
	RETRY_TIME = 5 * SECOND,  /* after a scan that failed: a full disk has room again, or so */
	CHANGE_TIME = 200,	  /* after a change, for those that come with it */
	START_TIME = 500, /* that readers wait at the start for what has changed meanwhile */
};

struct editor {
	const struct editor_job *job;
	int lifeline;
	struct loop *loop;
	struct desk *desk;
	struct watch *watch; /* NULL: the kernel has none to give */
	struct hook *scan_timer;
	bool is_scan_near; /* a change was seen and waits for its scan */
	int64_t all_due;   /* when everything is to be gone through again */
	int64_t begun;	   /* when the editor was */
	bool is_ready;	   /* which was said */
	struct hook *flush_timer;
	struct hook *watch_timer; /* armed while there is no watch */
	bool is_blind;		  /* which was told */
};

static void on_problem(void *context, enum problem problem, struct str path, unsigned line,
		       const char *text)
{
	enum log_level level = problem == PROBLEM_ERROR ? LOG_ERROR : LOG_WARN;

	(void)context;
	if (line)
		log_line(level, STR_FMT ":%u: %s", STR_ARG(path), line, text);
	else
		log_line(level, STR_FMT ": %s", STR_ARG(path), text);
}

static int settle_time(const struct scan_report *report)
{
	return report->settle_time && report->settle_time < SETTLE_TIME ? (int)report->settle_time
									: SETTLE_TIME;
}

static void tell(const struct editor *editor, const struct scan_report *report, bool is_ok,
		 int64_t milliseconds)
{
	struct board_scan *told = editor->job->told;

	if (is_ok) {
		count_set(&told->articles, report->articles);
		count_set(&told->files, report->files);
		count_set(&told->left_out, report->errors);
	}
	count_set(&told->is_ok, is_ok);
	count_set(&told->milliseconds, (uint64_t)milliseconds);
	count_set(&told->ended, (uint64_t)time(NULL));
}

/* When everything has been gone through in so many milliseconds, and when that is due again. */
static void plan_scan(struct editor *editor, int64_t milliseconds)
{
	bool is_told = editor->watch && !watch_is_partial(editor->watch);
	int64_t pause = is_told ? milliseconds * SCAN_SHARE : 0;

	editor->all_due = loop_now() + (pause > SCAN_TIME ? pause : SCAN_TIME);
}

/* A failed scan changes nothing in the catalogue; the next one may do better. */
static bool scan(struct editor *editor)
{
	struct scan_report report = { 0 };
	struct err err = { "" };
	int64_t begun = loop_now();
	bool is_of_all = begun >= editor->all_due;
	int64_t rest;
	bool ok;

	editor->is_scan_near = false;
	/* So that it is known who still writes. */
	if (editor->watch)
		watch_read(editor->watch);
	child_say_busy(editor->lifeline);
	ok = is_of_all ? desk_scan(editor->desk, on_problem, NULL, &report, &err)
		       : desk_scan_touched(editor->desk, on_problem, NULL, &report, &err);
	child_say_here(editor->lifeline);
	if (!ok) {
		log_error("%s", err.text);
		tell(editor, &report, false, loop_now() - begun);
		editor->all_due = 0;
		return false;
	}
	if (is_of_all)
		plan_scan(editor, loop_now() - begun);
	tell(editor, &report, true, loop_now() - begun);
	if (report.changed)
		log_info("the catalogue has %zu articles (%zu files, %zu read, %zu gone, %zu left "
			 "out, %lld ms)",
			 report.articles, report.files, report.opened, report.removed,
			 report.errors, (long long)(loop_now() - begun));
	rest = editor->all_due > loop_now() ? editor->all_due - loop_now() : 0;
	hook_arm(editor->scan_timer, report.unsettled ? settle_time(&report) : rest);
	return true;
}

static void say_ready(struct editor *editor)
{
	if (!editor->is_ready)
		child_say_ready(editor->lifeline);
	editor->is_ready = true;
}

/* A long first look at a paper that is known keeps nobody from reading it as it was. */
static void on_progress(void *context)
{
	struct editor *editor = context;

	if (!editor->is_ready && loop_now() - editor->begun >= START_TIME &&
	    desk_has_paper(editor->desk)) {
		say_ready(editor);
		child_say_busy(editor->lifeline);
	}
}

static void on_scan_time(void *context)
{
	struct editor *editor = context;

	if (!scan(editor))
		hook_arm(editor->scan_timer, RETRY_TIME);
}

static void on_hangup(void *context)
{
	struct editor *editor = context;

	log_info("scanning");
	editor->all_due = 0;
	on_scan_time(editor);
}

/* The first change of a burst sets the time: a paper that changes all the time is scanned all the same. */
static void on_change(void *context)
{
	struct editor *editor = context;

	if (!watch_read(editor->watch) || editor->is_scan_near)
		return;
	editor->is_scan_near = true;
	hook_arm(editor->scan_timer, CHANGE_TIME);
}

/* Without a watch a change shows with the next periodic scan; what the kernel lacks it may have later. */
static void watch_content(struct editor *editor)
{
	struct err err = { "" };

	editor->watch = watch_new(editor->job->config->content, &err);
	if (!editor->watch) {
		if (!editor->is_blind)
			log_warn("changes show within a minute only: %s", err.text);
		editor->is_blind = true;
		hook_arm(editor->watch_timer, RETRY_TIME);
		return;
	}
	if (watch_is_partial(editor->watch))
		log_warn("the kernel watches only a part of %s; changes elsewhere show within a "
			 "minute",
			 editor->job->config->content);
	loop_on_readable(editor->loop, watch_descriptor(editor->watch), on_change, editor);
}

static void on_watch_time(void *context)
{
	struct editor *editor = context;

	watch_content(editor);
	if (!editor->watch)
		return;
	log_info("changes show at once again");
	editor->is_blind = false;
	desk_watch(editor->desk, editor->watch);
	editor->all_due = 0;
	on_scan_time(editor);
}

static void on_tally(void *context)
{
	const struct editor *editor = context;
	struct tally_entry entries[TALLY_MAX];
	int64_t now = time(NULL);
	size_t count;

	while (tally_receive(editor->job->tally, entries, &count)) {
		for (size_t i = 0; i < count; i++) {
			for (uint32_t n = 0; n < entries[i].reads; n++)
				desk_count(editor->desk, entries[i].article, false, now);
			for (uint32_t n = 0; n < entries[i].shares; n++)
				desk_count(editor->desk, entries[i].article, true, now);
		}
	}
}

static void flush(const struct editor *editor)
{
	struct err err = { "" };

	if (!desk_flush(editor->desk, time(NULL), &err))
		log_error("reads are not written down yet: %s", err.text);
}

static void on_flush_time(void *context)
{
	struct editor *editor = context;

	if (!desk_is_whole(editor->desk)) {
		editor->all_due = 0;
		on_scan_time(editor);
	}
	flush(editor);
	hook_arm(editor->flush_timer, FLUSH_TIME);
}

static void on_end(void *context)
{
	struct editor *editor = context;

	loop_stop(editor->loop);
}

static void on_lifeline(void *context)
{
	struct editor *editor = context;
	int log;
	enum child_word word = child_hear(editor->lifeline, &log);

	if (word == WORD_LOG)
		close(log); /* not ours to write */
	else if (word == WORD_END)
		loop_stop(editor->loop);
}

static void set_up(struct editor *editor, int lifeline)
{
	editor->loop = loop_new();
	editor->scan_timer = loop_timer(editor->loop, on_scan_time, editor);
	editor->flush_timer = loop_timer(editor->loop, on_flush_time, editor);
	editor->watch_timer = loop_timer(editor->loop, on_watch_time, editor);
	hook_arm(editor->flush_timer, FLUSH_TIME);
	loop_on_signal(editor->loop, SIGTERM, on_end, editor);
	loop_on_signal(editor->loop, SIGHUP, on_hangup, editor);
	loop_on_readable(editor->loop, lifeline, on_lifeline, editor);
	loop_on_readable(editor->loop, editor->job->tally, on_tally, editor);
}

int editor_run(const struct editor_job *job, int lifeline)
{
	struct editor editor = { .job = job, .lifeline = lifeline, .begun = loop_now() };
	struct err rebuilt = { "" };
	struct err err = { "" };

	editor.desk = desk_open(job->config->content, job->config->state, &rebuilt, &err);
	if (!editor.desk) {
		log_error("%s", err.text);
		return 1;
	}
	desk_zones(editor.desk, &job->config->zones.paths);
	if (*rebuilt.text)
		log_info("the catalogue is made anew: %s", rebuilt.text);
	set_up(&editor, lifeline);
	watch_content(&editor); /* before the scan, so that nothing falls between them */
	desk_watch(editor.desk, editor.watch);
	desk_progress(editor.desk, on_progress, &editor);
	if (scan(&editor))
		say_ready(&editor);
	else if (editor.is_ready)
		hook_arm(editor.scan_timer, RETRY_TIME);
	if (editor.is_ready) {
		loop_run(editor.loop);
		on_tally(&editor);
		flush(&editor);
	}
	loop_free(editor.loop);
	desk_watch(editor.desk, NULL);
	watch_free(editor.watch);
	desk_free(editor.desk);
	return editor.is_ready ? 0 : 1;
}
