/* `tidings import`: fetches what the sources of the configuration have. */
#include <string.h>
#include <time.h>

#include "command/command.h"
#include "import/import.h"

struct options {
	bool is_dry;
	bool wants_json;
	const char *base;
};

static int import_run(const struct config *config, int argc, char **argv)
{
	struct options options = { false, false, NULL };
	struct import_look look = { .now = time(NULL) };
	struct err err = { "" };

	(void)config;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--dry-run") == 0)
			options.is_dry = true;
		else if (strcmp(argv[i], "--json") == 0)
			options.wants_json = true;
		else if (strcmp(argv[i], "--base") == 0 && i + 1 < argc)
			options.base = argv[++i];
		else
			look.target = argv[i];
	}
	look.base = options.base;
	if (!import_look(&look, stdout, &err))
		return command_failed("%s", err.text);
	return EXIT_DONE;
}

const struct command import_command = {
	.name = "import",
	.summary = "fetch what the configured sources have",
	.usage = "[--dry-run [--json [--base URL]]] [SOURCE...]",
	.help = "",
	.run = import_run,
};
