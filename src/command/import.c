/* `tidings import`: fetches what the sources of the configuration have. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "command/command.h"
#include "gemini_source.h"
#include "import/import.h"

struct options {
	bool is_dry;
	bool wants_json;
	bool is_check;
	const char *base;
	const char *section;
	const char **words; /* sources, files, URLs */
	size_t count;
};

static volatile sig_atomic_t was_interrupted;

static void on_interrupt(int signal)
{
	(void)signal;
	was_interrupted = 1;
}

static bool should_stop(void *context)
{
	(void)context;
	return was_interrupted;
}

static void say(FILE *out, const char *source, const char *text)
{
	char escaped[4096];

	log_escape(str_from(text), escaped, sizeof(escaped));
	fprintf(out, "%s%s%s\n", source, *source ? ": " : "", escaped);
	fflush(out);
}

static void tell(void *context, enum import_level level, const char *source, const char *text)
{
	(void)context;
	say(level == IMPORT_WARNS ? stderr : stdout, source, text);
}

static bool is_url(const char *word)
{
	return strstr(word, "://") != NULL;
}

static const struct source *find_source(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->sources.count; i++)
		if (strcmp(config->sources.items[i].name, name) == 0)
			return &config->sources.items[i];
	return NULL;
}

static int look_at(const struct config *config, const struct options *options)
{
	struct err err = { "" };

	for (size_t i = 0; i < options->count; i++) {
		struct import_look look = {
			.target = options->words[i],
			.base = options->base,
			.rules = config->import_rules,
			.contact = config->import_contact,
			.now = time(NULL),
			.gemini = gemini_source_fetch,
			.as_json = options->wants_json,
		};

		if (!import_look(&look, stdout, &err))
			return command_failed("%s", err.text);
	}
	return EXIT_DONE;
}

static int put_files(const struct config *config, const struct options *options)
{
	struct import_counts counts = { .sources = 0 };
	struct err err = { "" };

	for (size_t i = 0; i < options->count; i++) {
		const struct import_files files = {
			.path = options->words[i],
			.content = config->content,
			.section = options->section,
			.now = time(NULL),
			.is_dry = options->is_dry,
			.tell = tell,
		};

		if (!import_files(&files, &counts, &err))
			return command_failed("%s", err.text);
	}
	printf("%zu new, %zu changed, %zu the same, %zu not taken\n", counts.fresh, counts.changed,
	       counts.same, counts.failed);
	return counts.failed ? EXIT_FAILED : EXIT_DONE;
}

static int run_sources(const struct config *config, const struct options *options)
{
	const struct import_site site = { config->content, config->state, &config->sources };
	struct import_plan plan = {
		.sites = &site,
		.site_count = 1,
		.contact = config->import_contact,
		.pause = config->import_pause,
		.rules = config->import_rules,
		.names = options->words,
		.name_count = options->count,
		.is_forced = true,
		.is_dry = options->is_dry,
		.is_check = options->is_check,
		.gemini = gemini_source_fetch,
		.tell = tell,
		.should_stop = should_stop,
	};
	struct import_counts counts = { .sources = 0 };
	struct err err = { "" };
	int64_t next;

	if (config->sources.count == 0)
		return command_failed(
			"%s names no source: a [source NAME] with url and section does",
			*config->path ? config->path : "The configuration");
	signal(SIGINT, on_interrupt);
	signal(SIGTERM, on_interrupt);
	if (!import_run(&plan, &counts, &next, &err))
		return command_failed("%s", err.text);
	printf("%zu feeds looked at, %zu failed; %zu new, %zu changed, %zu known, %zu removed\n",
	       counts.sources, counts.failed, counts.fresh, counts.changed, counts.same,
	       counts.removed);
	return counts.failed ? EXIT_FAILED : EXIT_DONE;
}

static bool take_value(int argc, char **argv, int *i, const char **ret_value)
{
	if (*i + 1 >= argc)
		return false;
	*ret_value = argv[++*i];
	return true;
}

/* Reads the arguments; EXIT_DONE, or what is wrong with them. */
static int read_options(struct options *options, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];

		if (strcmp(word, "--dry-run") == 0)
			options->is_dry = true;
		else if (strcmp(word, "--json") == 0)
			options->wants_json = true;
		else if (strcmp(word, "--check") == 0)
			options->is_check = true;
		else if (strcmp(word, "--base") == 0 || strcmp(word, "--section") == 0) {
			if (!take_value(argc, argv, &i,
					word[2] == 'b' ? &options->base : &options->section))
				return command_misused(&import_command, "%s needs a value", word);
		} else if (word[0] == '-' && word[1])
			return command_misused(&import_command, "There is no option %s", word);
		else
			options->words[options->count++] = word;
	}
	if (options->wants_json && !options->is_dry)
		return command_misused(&import_command, "--json goes with --dry-run");
	if (options->base && !options->wants_json)
		return command_misused(&import_command, "--base goes with --dry-run --json");
	return EXIT_DONE;
}

/* What a word stands for: a source of the configuration, an address, a file or folder. */
enum kind { KIND_SOURCE, KIND_URL, KIND_PATH, KIND_NOTHING };

static enum kind kind_of(const struct config *config, const char *word)
{
	if (find_source(config, word))
		return KIND_SOURCE;
	if (is_url(word))
		return KIND_URL;
	return strcmp(word, "-") == 0 || access(word, F_OK) == 0 ? KIND_PATH : KIND_NOTHING;
}

static int act(const struct config *config, const struct options *options)
{
	enum kind kind = options->count ? kind_of(config, options->words[0]) : KIND_SOURCE;

	for (size_t i = 0; i < options->count; i++) {
		enum kind next = kind_of(config, options->words[i]);

		if (next == KIND_NOTHING)
			return command_failed(
				"%s is neither a source of the configuration nor a file",
				options->words[i]);
		if (next != kind && !options->wants_json)
			return command_misused(&import_command,
					       "Sources and files go one after the other");
	}
	if (options->wants_json && kind == KIND_SOURCE && options->count == 0)
		return command_misused(&import_command, "--json needs a URL or a file");
	if (kind == KIND_URL || (kind == KIND_PATH && options->wants_json))
		return options->is_dry
			       ? look_at(config, options)
			       : command_misused(
					 &import_command,
					 "A URL goes with --dry-run, or into a [source NAME]");
	return kind == KIND_PATH ? put_files(config, options) : run_sources(config, options);
}

static int import_command_run(const struct config *config, int argc, char **argv)
{
	struct options options = { .words = mem_alloc((size_t)argc + 1, sizeof(char *)) };
	int result = read_options(&options, argc, argv);

	if (result == EXIT_DONE)
		result = act(config, &options);
	free(options.words);
	return result;
}

const struct command import_command = {
	.name = "import",
	.summary = "fetch what the configured sources have",
	.usage = "[--dry-run [--json [--base URL]] | --check] [SOURCE... | URL | PATH...]",
	.help = "  SOURCE         look at these sources of the configuration now; none named: at "
		"all\n"
		"  PATH           take in ninjs, Markdown and HTML files, or folders of them\n"
		"  --section S    the section that they go to; default: the folders they are in\n"
		"  --dry-run      show what would come and which rule finds its text; write "
		"nothing\n"
		"  --json         as JSON, an object a line: of a URL's or a file's entries or "
		"page\n"
		"  --base URL     where the file is taken to be from\n"
		"  --check        only try every source\n",
	.run = import_command_run,
};
