/* What is wrong with the server's certificate: would the server start with it, and would clients take it? */
#include "command/cert_trouble.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "net/cert.h"
#include "net/tls.h"

enum { SOON = 30 * 24 * 3600, SENTENCE_BYTES = 512 };

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

static bool is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

static bool is_secret(const char *path)
{
	return access(path, R_OK) == -1 && errno == EACCES;
}

void cert_trouble(const struct config *config,
		  void (*tell)(void *context, enum problem problem, const char *sentence),
		  void *context)
{
	struct str host = config->gemini_hosts.items[0];
	char text[SENTENCE_BYTES];
	char day[DATE_TEXT];
	struct cert_facts facts;
	struct err err = { "" };

	if (!is_there(config->certificate) && !is_there(config->key))
		return;
	if (!is_secret(config->key) && !tls_check(config->certificate, config->key, &err))
		tell(context, PROBLEM_ERROR, err.text);
	if (!cert_facts(config->certificate, &facts, NULL))
		return;
	if (!is_named(&facts, host)) {
		snprintf(text, sizeof(text),
			 "the certificate does not name " STR_FMT ": some clients refuse it",
			 STR_ARG(host));
		tell(context, PROBLEM_WARNING, text);
	}
	if (facts.not_after < time(NULL) + SOON) {
		snprintf(text, sizeof(text), "the certificate ends on %s: tidings cert renew",
			 date_day(facts.not_after, day));
		tell(context, PROBLEM_WARNING, text);
	}
}
