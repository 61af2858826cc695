/* `tidings check`: the configuration, the store and every page of it, without serving anything. */
#include "command/check.h"

#include <errno.h>
#include <fts.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "cert_trouble.h"
#include "command/command.h"
#include "origin.h"

enum { LINE_BYTES = 2048 };

/* Prints one finding about where and counts it. */
__attribute__((format(printf, 4, 0))) static void print(struct check *check, enum problem problem,
							const char *where, const char *format,
							va_list args)
{
	static const char *const words[] = { "warning", "error" };
	char text[LINE_BYTES];
	char line[4 * LINE_BYTES];

	vsnprintf(text, sizeof(text), format, args);
	log_escape(str_from(text), line, sizeof(line));
	printf("%s: %s: %s\n", where, words[problem], line);
	if (problem == PROBLEM_ERROR)
		check->errors++;
	else
		check->warnings++;
}

void check_tell(struct check *check, enum problem problem, struct str file, unsigned line,
		const char *format, ...)
{
	char name[LINE_BYTES];
	char number[16] = "";
	char *where;
	va_list args;

	log_escape(file, name, sizeof(name));
	if (line)
		snprintf(number, sizeof(number), ":%u", line);
	where = mem_format("%s%s%s%s", check->content, file.len ? "/" : "", name, number);
	va_start(args, format);
	print(check, problem, where, format, args);
	va_end(args);
	free(where);
}

/* A problem that the scan found. */
static void on_problem(void *context, enum problem problem, struct str path, unsigned line,
		       const char *text)
{
	check_tell(context, problem, path, line, "%s", text);
}

/* A finding that is about a page or a setting rather than a file of the store. */
__attribute__((format(printf, 4, 5))) static void tell_of(struct check *check, enum problem problem,
							  const char *where, const char *format,
							  ...)
{
	va_list args;

	va_start(args, format);
	print(check, problem, where, format, args);
	va_end(args);
}

bool check_read(const struct check *check, struct str file, struct buf *text)
{
	char *path = mem_format("%s/" STR_FMT, check->content, STR_ARG(file));
	FILE *in = fopen(path, "re");
	char block[4096];
	size_t got;

	free(path);
	if (!in)
		return false;
	while ((got = fread(block, 1, sizeof(block), in)) > 0)
		buf_bytes(text, block, got);
	fclose(in);
	return !text->full;
}

/* "bridge" and "bridge.txt" beside "bridge.gmi": two things at one path. */
static void check_double(struct check *check, struct str file)
{
	bool is_text = str_ends(file, STR(".txt"));
	struct str stem = str_head(file, file.len - (is_text ? 4 : 0));
	char *article = mem_format("%s/" STR_FMT ".gmi", check->content, STR_ARG(stem));

	if (access(article, F_OK) == 0)
		check_tell(check, PROBLEM_ERROR, file, 0, "%s has %s", article,
			   is_text ? "its plain text at this path" : "the same path");
	free(article);
}

static void check_one_file(struct check *check, struct str file)
{
	struct buf source;

	check->files++;
	if (!str_ends(file, STR(".gmi"))) {
		check_double(check, file);
		return;
	}
	buf_init(&source, ARTICLE_BYTES_MAX);
	if (check_read(check, file, &source))
		check_article(check, file, buf_view(&source));
	buf_done(&source);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Links and what is hidden are not followed, as in the scan. */
static void check_files(struct check *check)
{
	char *const roots[] = { (char *)check->content, NULL };
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	size_t prefix = strlen(check->content);
	FTSENT *entry;

	while (walk && (entry = fts_read(walk)) != NULL) {
		struct str file = str_skip(str_from(entry->fts_path), prefix);

		while (str_starts(file, STR("/")))
			file = str_skip(file, 1);
		if (entry->fts_level > 0 && entry->fts_name[0] == '.')
			fts_set(walk, entry, FTS_SKIP);
		else if (entry->fts_info == FTS_F)
			check_one_file(check, file);
	}
	if (walk)
		fts_close(walk);
}

static const char *fault_of(const struct proto *proto, enum page_status status,
			    const struct reply *reply)
{
	struct str head = buf_view(&reply->head);

	if (reply->head.full)
		return "the page is too large to be sent";
	if (status == PAGE_UNAVAILABLE)
		return "the page cannot be made at the moment";
	if (status != PAGE_OK && status != PAGE_INPUT && status != PAGE_MOVED &&
	    status != PAGE_REDIRECT && status != PAGE_GONE)
		return "the paper lists this page but does not have it";
	if (reply->file == -1 && !text_valid(head))
		return "the page is not UTF-8 text";
	return proto == &gemini_proto && paper_header(proto, reply) == 0 ? "the reply has no header"
									 : NULL;
}

static void check_page(void *context, struct str path)
{
	struct check *check = context;

	for (size_t i = 0; i < proto_count; i++) {
		const struct proto *proto = proto_list[i];
		struct reply reply;
		const char *fault;

		reply_init(&reply, REPLY_BYTES_MAX);
		fault = fault_of(proto, paper_ask(check->paper, proto, path, &reply), &reply);
		if (fault) {
			char *where = mem_format("%s:" STR_FMT, proto->name, STR_ARG(path));

			tell_of(check, PROBLEM_ERROR, where, "%s", fault);
			free(where);
		}
		check->pages++;
		reply_done(&reply);
	}
}

static void on_trouble(void *context, enum problem problem, const char *certificate,
		       const char *sentence)
{
	tell_of(context, problem, certificate, "%s", sentence);
}

static int check_site(const struct config *config)
{
	struct paper paper = { 0 };
	struct check check = {
		.paper = &paper,
		.content = config->content,
		.now = time(NULL),
	};
	struct err err = { "" };

	if (!paper_open(&paper, config, on_problem, &check, &err))
		return command_failed("%s", err.text);
	paper_set_clock(&paper, check.now);
	if (config->gemini)
		cert_trouble(config, on_trouble, &check);
	check_files(&check);
	check_editions(&check);
	site_each_path(&paper.site, check_page, &check);
	paper_close(&paper);
	printf("%zu files, %zu errors, %zu warnings, %zu pages rendered\n", check.files,
	       check.errors, check.warnings, check.pages);
	return check.errors ? EXIT_FAILED : EXIT_DONE;
}

/* Of several sites all, each with its own last line. */
static int check_sites(const struct config *config)
{
	int result = EXIT_DONE;

	if (config->site_count <= 1)
		return check_site(config);
	for (size_t i = 0; i < config->site_count; i++) {
		printf("Site " STR_FMT ":\n", STR_ARG(config_title(config->sites[i])));
		if (check_site(config->sites[i]) != EXIT_DONE)
			result = EXIT_FAILED;
	}
	return result;
}

static int check_run(const struct config *config, int argc, char **argv)
{
	if (argc == 1)
		return check_sites(config);
	if (argc > 2 || strcmp(argv[1], "--defaults") != 0)
		return command_misused(&check_command, "There is no argument %s", argv[argc - 1]);
	config_print_defaults(stdout);
	return EXIT_DONE;
}

const struct command check_command = {
	.name = "check",
	.summary = "check the configuration, every file of the store and every page",
	.usage = "[--defaults]",
	.help = "  Prints file:line: error|warning: what is wrong; exits with 1 when there are "
		"errors.\n"
		"  --defaults   print every setting with its default instead\n",
	.run = check_run,
};
