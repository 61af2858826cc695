/* The list of subcommands, and how they complain. */
#include <stdarg.h>
#include <string.h>

#include "base/log.h"
#include "command/command.h"

const struct command *const command_list[] = {
	&serve_command, &check_command,	 &get_command,	  &new_command,
	&cert_command,	&status_command, &import_command, NULL,
};

const struct command *command_find(const char *name)
{
	for (size_t i = 0; command_list[i]; i++)
		if (strcmp(command_list[i]->name, name) == 0)
			return command_list[i];
	return NULL;
}

/* One line on stderr that no text from outside can forge. */
__attribute__((format(printf, 1, 0))) static void complain(const char *format, va_list args)
{
	char text[1024];
	char escaped[4096];

	vsnprintf(text, sizeof(text), format, args);
	log_escape(str_from(text), escaped, sizeof(escaped));
	fprintf(stderr, "%s\n", escaped);
}

int command_misused(const struct command *command, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain(format, args);
	va_end(args);
	fprintf(stderr, "Usage: tidings %s [-c FILE]%s%s\n", command->name,
		*command->usage ? " " : "", command->usage);
	return EXIT_USAGE;
}

int command_failed(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain(format, args);
	va_end(args);
	return EXIT_FAILED;
}
