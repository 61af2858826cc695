/* The importer as a process of the server. */
#include "importer.h"

#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "child.h"
#include "gemini_source.h"
#include "import/import.h"

enum { RETRY_SECONDS = 60 };

static void tell(void *context, enum import_level level, const char *source, const char *text)
{
	(void)context;
	if (level == IMPORT_WARNS)
		log_warn("%s%s%s", source, *source ? ": " : "", text);
	else
		log_info("%s%s%s", source, *source ? ": " : "", text);
}

/* SIGTERM is blocked, so that it can be asked for here. */
static bool should_stop(void *context)
{
	const int *lifeline = context;
	sigset_t pending;
	int log;

	sigpending(&pending);
	if (sigismember(&pending, SIGTERM))
		return true;
	for (;;) {
		struct pollfd ready = { *lifeline, POLLIN, 0 };
		enum child_word word = poll(&ready, 1, 0) > 0 ? child_hear(*lifeline, &log)
							      : WORD_NOTHING;

		if (word == WORD_LOG)
			close(log);
		if (word == WORD_NOTHING)
			return false;
		if (word == WORD_END)
			return true;
	}
}

static size_t list_sites(const struct config *config, struct import_site sites[CONFIG_SITES_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < config->site_count; i++)
		if (config->sites[i]->sources.count)
			sites[count++] = (struct import_site){ config->sites[i]->content,
							       config->sites[i]->state,
							       &config->sites[i]->sources };
	return count;
}

bool importer_has_work(const struct config *config)
{
	struct import_site sites[CONFIG_SITES_MAX];

	return list_sites(config, sites) > 0;
}

int importer_run(const struct importer_job *job, int lifeline)
{
	struct import_site sites[CONFIG_SITES_MAX];
	struct import_plan plan = {
		.sites = sites,
		.site_count = list_sites(job->config, sites),
		.contact = job->config->import_contact,
		.pause = job->config->import_pause,
		.rules = job->config->import_rules,
		.gemini = gemini_source_fetch,
		.tell = tell,
		.should_stop = should_stop,
		.context = &lifeline,
	};
	struct import_counts counts = { .sources = 0 };
	struct err err = { "" };

	*job->next = time(NULL) + RETRY_SECONDS;
	child_say_ready(lifeline);
	if (import_run(&plan, &counts, job->next, &err))
		return 0;
	log_warn("%s", err.text);
	return 1;
}
