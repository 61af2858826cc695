/* `tidings cert`: the server's certificate, shown as clients show it, made, or renewed with its key. */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "command/cert_trouble.h"
#include "command/command.h"
#include "net/cert.h"

static void on_trouble(void *context, enum problem problem, const char *sentence)
{
	(void)context;
	command_failed("%s: %s", problem == PROBLEM_ERROR ? "Error" : "Warning", sentence);
}

static int show(const struct config *config)
{
	struct err err = { "" };
	struct cert_facts facts;
	char from[DATE_TEXT];
	char until[DATE_TEXT];

	if (!cert_facts(config->certificate, &facts, &err))
		return command_failed("%s (tidings cert make makes one)", err.text);
	printf("File                        %s\n"
	       "Names                       %s\n"
	       "Valid                       %s to %s\n"
	       "Certificate SHA-256         %s\n"
	       "Public key (SPKI) SHA-256   %s\n",
	       config->certificate, facts.names, date_day(facts.not_before, from),
	       date_day(facts.not_after, until), facts.certificate_sha256, facts.key_sha256);
	cert_trouble(config, on_trouble, NULL);
	return EXIT_DONE;
}

static int make(const struct config *config, bool renew)
{
	struct err err = { "" };

	if (!cert_make(config->certificate, config->key, config->gemini_hosts.items,
		       config->gemini_hosts.count, renew, &err))
		return command_failed("%s", err.text);
	return show(config);
}

static int cert_run(const struct config *config, int argc, char **argv)
{
	if (argc == 1)
		return show(config);
	if (argc > 2)
		return command_misused(&cert_command, "\"%s\" is one argument too many", argv[2]);
	if (strcmp(argv[1], "make") == 0)
		return make(config, false);
	if (strcmp(argv[1], "renew") == 0)
		return make(config, true);
	return command_misused(&cert_command, "\"%s\" is neither make nor renew", argv[1]);
}

const struct command cert_command = {
	.name = "cert",
	.summary = "show the certificate's fingerprints, make it, renew it with the same key",
	.usage = "[make | renew]",
	.help = "  make     a new key and a self-signed certificate for the host names in "
		"server.ini\n"
		"  renew    a new certificate for the key that is there: most readers notice "
		"nothing\n",
	.run = cert_run,
};
