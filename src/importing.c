/* When the importer is started. */
#include "importing.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "child.h"
#include "importer.h"

enum { LOOK_TIME = 2000, PATHS_MAX = 2 * CONFIG_SITES_MAX + 16, SYSTEM_PATHS = 12 };

/* What a name service and the check of certificates read, wherever they look. */
static const char *const system_paths[SYSTEM_PATHS] = {
	"/etc/resolv.conf",
	"/etc/hosts",
	"/etc/nsswitch.conf",
	"/etc/gai.conf",
	"/etc/host.conf",
	"/etc/ssl",
	"/etc/ca-certificates",
	"/usr/share/ca-certificates",
	"/usr/lib",
	"/lib",
	"/usr/local/share/ca-certificates",
	"/run/systemd/resolve",
};

static size_t list_paths(const struct config *config, struct sandbox_path paths[PATHS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < config->site_count; i++) {
		if (config->sites[i]->sources.count == 0)
			continue;
		paths[count++] = (struct sandbox_path){ config->sites[i]->content, SANDBOX_BUILD };
		paths[count++] = (struct sandbox_path){ config->sites[i]->state, SANDBOX_MAKE };
	}
	if (*config->import_rules)
		paths[count++] = (struct sandbox_path){ config->import_rules, SANDBOX_READ };
	for (size_t i = 0; i < SYSTEM_PATHS; i++)
		paths[count++] = (struct sandbox_path){ system_paths[i], SANDBOX_READ };
	return count;
}

static int run(const void *job, int lifeline)
{
	return importer_run(job, lifeline);
}

static void begin(struct importing *importing)
{
	struct importer_job job = { importing->config, importing->next };
	struct sandbox_path paths[PATHS_MAX];
	struct child_plan plan = {
		.name = "import",
		.death_signal = SIGTERM, /* it may be writing */
		.privilege = importing->privilege,
		.paths = paths,
		.path_count = list_paths(importing->config, paths),
		.has_network = true,
		.run = run,
		.job = &job,
	};
	struct err err = { "" };
	pid_t pid = child_fork(&plan, &importing->lifeline, &err);

	if (pid == -1)
		log_error("%s", err.text);
	else
		importing->pid = pid;
}

/* Whoever collects ended children may have collected it already. */
static void forget(struct importing *importing)
{
	close(importing->lifeline);
	waitpid(importing->pid, NULL, WNOHANG);
	importing->pid = 0;
}

static void on_look(void *context)
{
	struct importing *importing = context;

	hook_arm(importing->timer, LOOK_TIME);
	while (importing->pid) {
		enum child_answer answer = child_listen(importing->lifeline);

		if (answer == ANSWER_NONE)
			return;
		if (answer == ANSWER_END)
			forget(importing);
	}
	if (importer_has_work(importing->config) && time(NULL) >= *importing->next)
		begin(importing);
}

void importing_start(struct importing *importing, struct loop *loop, const struct config *config,
		     const struct privilege *privilege)
{
	void *shared = mmap(NULL, sizeof(int64_t), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	*importing = (struct importing){ .privilege = privilege, .config = config, .lifeline = -1 };
	if (shared == MAP_FAILED) {
		log_error("nothing is imported: there is no shared memory");
		return;
	}
	importing->next = shared;
	importing->timer = loop_timer(loop, on_look, importing);
	hook_arm(importing->timer, LOOK_TIME);
}

void importing_follow(struct importing *importing, const struct config *config)
{
	importing->config = config;
	if (importing->next)
		*importing->next = 0;
}

void importing_stop(struct importing *importing)
{
	if (importing->timer)
		hook_free(importing->timer);
	if (importing->pid) {
		kill(importing->pid, SIGTERM);
		forget(importing);
	}
	if (importing->next)
		munmap(importing->next, sizeof(int64_t));
	*importing = (struct importing){ .lifeline = -1 };
}
