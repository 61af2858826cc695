/* Subcommands: one file and one entry in command_list each. */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include "config.h"

/* What the process exits with. */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/*
 * run() gets the checked configuration and the arguments behind the command's
 * name (argv[0] is the name itself, argv[argc] is NULL; -c, --help and
 * --version are taken out). It prints its own errors and returns an exit code.
 */
struct command {
	const char *name;
	const char *summary; /* one line for the overview */
	const char *usage;   /* arguments, "" when there are none */
	const char *help;    /* further lines for its --help, with line ends; "" for none */
	bool is_of_server;   /* about all sites at once: takes no --site */
	/* config is that of the site that --site names, else the default one's, which has all. */
	int (*run)(const struct config *config, int argc, char **argv);
};

extern const struct command serve_command;
extern const struct command check_command;
extern const struct command get_command;
extern const struct command new_command;
extern const struct command cert_command;
extern const struct command status_command;
extern const struct command import_command;

/* All of them, in the order of the overview; the first is run when none is named. Ends with NULL. */
extern const struct command *const command_list[];

/* The command of that name; NULL when there is none. */
const struct command *command_find(const char *name);

/* Says on stderr what is wrong with the arguments and what is right. Returns EXIT_USAGE. */
int command_misused(const struct command *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Says on stderr what went wrong, escaped. Returns EXIT_FAILED. */
int command_failed(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
