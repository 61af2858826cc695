/* `tidings cert`: the server's certificate, shown as clients show it, made, or renewed with its key. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/date.h"
#include "command/command.h"
#include "net/cert.h"

enum { SOON = 30 * 24 * 3600 };

/* Whether host is among names, which are separated by ", ". */
static bool is_named(const struct cert_facts *facts, struct str host)
{
	struct str rest = str_from(facts->names);
	struct str name;

	while (str_next(&rest, ',', &name))
		if (str_eq_nocase(str_trim(name), host))
			return true;
	return false;
}

static void warn_of_trouble(const struct config *config, const struct cert_facts *facts)
{
	int64_t now = time(NULL);
	char day[DATE_TEXT];

	if (!cert_key_is_private(config->key))
		command_failed("Warning: %s can be read by others than its owner: chmod 600",
			       config->key);
	if (!cert_exists(config->certificate, config->key))
		command_failed("Warning: %s: the key is missing", config->key);
	if (!is_named(facts, config->gemini_hosts.items[0]))
		command_failed("Warning: the certificate does not name %s: some clients refuse it",
			       config->gemini_hosts.items[0].data);
	if (facts->not_after < now + SOON)
		command_failed("Warning: the certificate ends on %s: tidings cert renew",
			       date_day(facts->not_after, day));
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
	warn_of_trouble(config, &facts);
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
