/* The command line: options that every command has, the configuration, and the choice of a command. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/command.h"

static const char local_config[] = "server.ini";
static const char system_config[] = "/etc/tidings/server.ini";

/* What the command line says. argv is the old one, closed up to what is left for the command, its name first. */
struct line {
	const char *config; /* -c; NULL: not given */
	const char *site;   /* --site; NULL: not given */
	bool help;
	bool version;
	const struct command *command;
	int argc;
	char **argv;
};

static int misused(const char *what, const char *argument)
{
	command_failed("%s%s", what, argument);
	fprintf(stderr, "Usage: tidings [-c FILE] [COMMAND [ARGUMENT...]]; see tidings --help\n");
	return EXIT_USAGE;
}

/* -c FILE, -cFILE. Moves *i to the last argument that belongs to it; false when FILE is missing. */
static bool take_config(struct line *line, int argc, char **argv, int *i)
{
	line->config = argv[*i] + 2;
	if (*line->config != '\0')
		return true;
	if (*i + 1 >= argc)
		return false;
	line->config = argv[++*i];
	return true;
}

/*
 * Takes the common options out, wherever they stand before a "--", which goes
 * too. The first other word is the command; unknown options behind it are its own.
 */
static int read_line(struct line *line, int argc, char **argv)
{
	bool options = true;

	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];

		if (options && strncmp(word, "-c", 2) == 0) {
			if (!take_config(line, argc, argv, &i))
				return misused("-c needs a file", "");
		} else if (options && strcmp(word, "--site") == 0) {
			if (++i == argc)
				return misused("--site needs a name", "");
			line->site = argv[i];
		} else if (options && (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)) {
			line->help = true;
		} else if (options && strcmp(word, "--version") == 0) {
			line->version = true;
		} else if (options && strcmp(word, "--") == 0) {
			options = false;
		} else if (line->command) {
			line->argv[line->argc++] = argv[i];
		} else if (*word == '-') {
			return misused("There is no option ", word);
		} else if (!(line->command = command_find(word))) {
			return misused("There is no command ", word);
		} else {
			line->argv[line->argc++] = argv[i];
		}
	}
	return EXIT_DONE;
}

static void print_overview(void)
{
	printf("Usage: tidings [-c FILE] [COMMAND [ARGUMENT...]]\n\n"
	       "Serves a folder of plain article files over Gemini and Gopher.\n\n");
	for (size_t i = 0; command_list[i]; i++)
		printf("  %-8s%s%s\n", command_list[i]->name, command_list[i]->summary,
		       i == 0 ? " (when no command is given)" : "");
	printf("\n  -c FILE      configuration; default: ./%s if it is there, else %s\n"
	       "  --site NAME  of several sites the one that a command is about\n"
	       "  --help       of a command, when one is named\n"
	       "  --version\n",
	       local_config, system_config);
}

static void print_help(const struct command *command)
{
	if (!command) {
		print_overview();
		return;
	}
	printf("Usage: tidings %s [-c FILE]%s%s\n\n%s\n%s%s", command->name,
	       *command->usage ? " " : "", command->usage, command->summary,
	       *command->help ? "\n" : "", command->help);
}

/* The file to read when none is named; NULL: built-in defaults. */
static const char *default_config(void)
{
	if (access(local_config, F_OK) == 0)
		return local_config;
	return access(system_config, F_OK) == 0 ? system_config : NULL;
}

static int run(const struct line *line)
{
	const struct command *command = line->command;
	struct err err = { "" };
	struct config *config = config_load(line->config ? line->config : default_config(), &err);
	const struct config *site = config;
	int result;

	if (!config)
		return command_failed("%s", err.text);
	if (line->site)
		site = config_site(config, str_from(line->site));
	result = site ? command->run(site, line->argc, line->argv)
		      : command_failed("%s has no [site %s]", config->path, line->site);
	config_free(config);
	return result;
}

int main(int argc, char **argv)
{
	struct line line = { .argv = argv };
	int result = read_line(&line, argc, argv);

	if (result != EXIT_DONE)
		return result;
	if (line.version) {
		printf("tidings %s\n", TIDINGS_VERSION);
	} else if (line.help) {
		print_help(line.command);
	} else {
		if (!line.command) {
			line.command = command_list[0];
			argv[line.argc++] = (char *)line.command->name;
		}
		if (line.site && line.command->is_of_server)
			return misused("--site is not for ", line.command->name);
		argv[line.argc] = NULL;
		result = run(&line);
	}
	if (fflush(stdout) != 0 && result == EXIT_DONE)
		return command_failed("Standard output: the disk is full or nobody reads");
	return result;
}
