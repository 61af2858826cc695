/* `tidings cert`: the server's certificate, shown as clients show it, made, or renewed with its key. */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "cert_trouble.h"
#include "command/command.h"
#include "net/cert.h"

static void on_trouble(void *context, enum problem problem, const char *certificate,
		       const char *sentence)
{
	(void)context;
	command_failed("%s: %s: %s", problem == PROBLEM_ERROR ? "Error" : "Warning", certificate,
		       sentence);
}

static bool show_one(const char *certificate)
{
	struct err err = { "" };
	struct cert_facts facts;
	char from[DATE_TEXT];
	char until[DATE_TEXT];

	if (!cert_facts(certificate, &facts, &err)) {
		command_failed("%s (tidings cert make makes one)", err.text);
		return false;
	}
	printf("File                        %s\n"
	       "Names                       %s\n"
	       "Valid                       %s to %s\n"
	       "Certificate SHA-256         %s\n"
	       "Public key (SPKI) SHA-256   %s\n",
	       certificate, facts.names, date_day(facts.not_before, from),
	       date_day(facts.not_after, until), facts.certificate_sha256, facts.key_sha256);
	return true;
}

static int show_site(const struct config *site)
{
	bool ok = true;

	for (size_t i = 0; i < site->certificates.count; i++)
		ok = show_one(site->certificates.items[i].data) && ok;
	if (ok)
		cert_trouble(site, on_trouble, NULL);
	return ok ? EXIT_DONE : EXIT_FAILED;
}

static int show(const struct config *config)
{
	int result = EXIT_DONE;

	if (config->site_count <= 1)
		return show_site(config);
	for (size_t i = 0; i < config->site_count; i++) {
		printf("%sSite " STR_FMT ":\n", i ? "\n" : "",
		       STR_ARG(config_title(config->sites[i])));
		if (show_site(config->sites[i]) != EXIT_DONE)
			result = EXIT_FAILED;
	}
	return result;
}

/* Of a site with several certificates those are made that are missing. */
static int make(const struct config *site, bool renew)
{
	bool is_single = site->certificates.count == 1;

	for (size_t i = 0; i < site->certificates.count; i++) {
		const char *certificate = site->certificates.items[i].data;
		const char *key = site->keys.items[i].data;
		struct config_list names = config_names(site, i);
		struct err err = { "" };

		if (!is_single && !renew && cert_exists(certificate, key))
			continue;
		if (!cert_make(certificate, key, names.items, names.count, renew, &err))
			return command_failed("%s", err.text);
	}
	return show_site(site);
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
