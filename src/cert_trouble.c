/* What is wrong with a site's certificates: would the server start with them, and would clients take them? */
#include "cert_trouble.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "net/cert.h"
#include "net/tls.h"

enum { SOON = 30 * 24 * 3600, SENTENCE_BYTES = 512 };

/* A certificate that is looked at, and who is told. */
struct look {
	const char *certificate;
	cert_trouble_handler *handler;
	void *context;
};

__attribute__((format(printf, 2, 3))) static void warn(const struct look *look, const char *format,
						       ...)
{
	char text[SENTENCE_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	look->handler(look->context, PROBLEM_WARNING, look->certificate, text);
}

static bool is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

static bool is_secret(const char *path)
{
	return access(path, R_OK) == -1 && errno == EACCES;
}

static void check_facts(const struct look *look, const struct cert_facts *facts,
			const struct config_list *names)
{
	int64_t now = time(NULL);
	char day[DATE_TEXT];

	for (size_t i = 0; i < names->count; i++)
		if (!cert_is_literal(names->items[i]) &&
		    !cert_names(look->certificate, names->items[i]))
			warn(look,
			     "the certificate does not name " STR_FMT ": some clients refuse it",
			     STR_ARG(names->items[i]));
	if (now < facts->not_before)
		warn(look, "the certificate is not valid before %s: clients refuse it until then",
		     date_day(facts->not_before, day));
	if (now > facts->not_after)
		warn(look,
		     "the certificate has expired on %s and clients refuse it: tidings cert renew",
		     date_day(facts->not_after, day));
	else if (facts->not_after < now + SOON)
		warn(look, "the certificate ends on %s: tidings cert renew",
		     date_day(facts->not_after, day));
}

void cert_trouble(const struct config *site, cert_trouble_handler *handler, void *context)
{
	for (size_t i = 0; i < site->certificates.count; i++) {
		struct look look = { site->certificates.items[i].data, handler, context };
		const char *key = site->keys.items[i].data;
		struct config_list names = config_names(site, i);
		struct cert_facts facts;
		struct err err = { "" };

		if (!is_there(look.certificate) && !is_there(key))
			continue;
		if (!is_secret(key) && !tls_check(look.certificate, key, &err))
			handler(context, PROBLEM_ERROR, look.certificate, err.text);
		if (cert_facts(look.certificate, &facts, NULL))
			check_facts(&look, &facts, &names);
	}
}
