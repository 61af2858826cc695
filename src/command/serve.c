/* tidings serve: runs the server, and tells people where to find it. */
#include <stdio.h>
#include <unistd.h>

#include "base/date.h"
#include "command/command.h"
#include "net/cert.h"
#include "supervisor.h"

static void print_certificate(const char *certificate)
{
	struct cert_facts facts;
	char day[DATE_TEXT];

	if (!cert_facts(certificate, &facts, NULL))
		return;
	printf("    certificate SHA-256 %s\n", facts.certificate_sha256);
	printf("    public key SHA-256  %s\n", facts.key_sha256);
	printf("    for %s, valid until %s\n", facts.names, date_day(facts.not_after, day));
}

static void print_gemini(const struct config *site, unsigned port)
{
	struct str host = site->gemini_hosts.items[0];

	printf("gemini://" STR_FMT ":%u/\n", STR_ARG(host), port);
	printf("    lagrange gemini://" STR_FMT ":%u/\n", STR_ARG(host), port);
	printf("    amfora " STR_FMT ":%u\n", STR_ARG(host), port);
	for (size_t i = 0; i < site->certificates.count; i++)
		print_certificate(site->certificates.items[i].data);
}

static void print_gopher(const struct config *site, unsigned port)
{
	struct str host = site->gopher_hosts.items[0];

	printf("gopher://" STR_FMT ":%u/\n", STR_ARG(host), port);
	printf("    lynx gopher://" STR_FMT ":%u/\n", STR_ARG(host), port);
}

/* Flushed at once: what waits in the buffer would be printed again by every child. */
static void announce(const struct config *config, const struct outlets *outlets)
{
	const struct outlet *gemini = outlets_find(outlets, &gemini_proto, "");

	printf("\nThe paper is served. To read it:\n\n");
	for (size_t i = 0; i < config->site_count; i++) {
		const struct config *site = config->sites[i];
		const struct outlet *gopher = outlets_find(outlets, &gopher_proto, site->name);

		if (gemini)
			print_gemini(site, gemini->port);
		if (gopher)
			print_gopher(site, gopher->port);
	}
	if (isatty(STDOUT_FILENO))
		printf("\nCtrl-C ends it.\n\n");
	fflush(stdout);
}

static int run(const struct config *config, int argc, char **argv)
{
	struct err err = { "" };

	if (argc > 1)
		return command_misused(&serve_command, "serve takes no arguments, not \"%s\"",
				       argv[1]);
	if (supervisor_run(config, announce, &err))
		return EXIT_DONE;
	return *err.text ? command_failed("%s", err.text) : EXIT_FAILED;
}

const struct command serve_command = {
	.name = "serve",
	.summary = "serve the paper",
	.usage = "",
	.help = "Keeps the catalogue in line with the content folder. SIGHUP reads the "
		"configuration and\nthe certificate anew, SIGTERM or Ctrl-C ends it.\n",
	.is_of_server = true,
	.run = run,
};
