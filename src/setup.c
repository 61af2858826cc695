/* Making ready what a reload may change. */
#include "setup.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"
#include "net/cert.h"
#include "net/ticket_secret.h"
#include "net/tls.h"

/* A certificate is told about, not refused: that is for the operator to judge. */
static void check_dates(const char *certificate)
{
	struct cert_facts facts;
	int64_t now = time(NULL);
	char day[DATE_TEXT];

	if (!cert_facts(certificate, &facts, NULL))
		return;
	if (now < facts.not_before)
		log_warn("%s is not valid before %s", certificate, date_day(facts.not_before, day));
	if (now > facts.not_after)
		log_warn("%s has expired on %s; clients will refuse it", certificate,
			 date_day(facts.not_after, day));
}

bool setup_make(const struct config *config, struct err *err)
{
	if (!config->gemini)
		return true;
	if (!cert_exists(config->certificate, config->key)) {
		if (!cert_make(config->certificate, config->key, config->gemini_hosts.items,
			       config->gemini_hosts.count, false, err))
			return false;
		log_info("made the certificate %s and its key %s", config->certificate,
			 config->key);
	}
	if (*config->ticket_key && access(config->ticket_key, F_OK) == -1) {
		if (!ticket_secret_make(config->ticket_key, err))
			return false;
		log_info("made the ticket key %s; servers that share it resume each other's "
			 "sessions",
			 config->ticket_key);
	}
	return true;
}

void setup_watch(const struct config *config, struct stamps *stamps)
{
	stamps_done(stamps);
	if (!config->gemini)
		return;
	stamps_add(stamps, config->certificate);
	stamps_add(stamps, config->key);
	stamps_add(stamps, config->ticket_key);
}

static bool load_tls(const struct config *config, struct ticket_keys *keys, struct setup *setup,
		     struct err *err)
{
	check_dates(config->certificate);
	setup->tls = tls_new(config->certificate, config->key, config->gemini_hosts.items[0].data,
			     config->zones.zones.count > 0, keys, err);
	if (!setup->tls)
		return false;
	if (*config->ticket_key)
		setup->secret = ticket_secret_load(config->ticket_key, err);
	return setup->secret || !*config->ticket_key;
}

bool setup_load(const struct config *config, bool owns_config, struct ticket_keys *keys,
		struct setup *ret_setup, struct err *err)
{
	struct setup setup = { .config = config, .access.fd = -1 };

	if (owns_config)
		setup.owned = (struct config *)config;
	if (config->gemini && !load_tls(config, keys, &setup, err))
		goto fail;
	if (!access_open(config, &setup.access, err))
		goto fail;
	*ret_setup = setup;
	return true;
fail:
	setup_done(&setup);
	return false;
}

static bool same_list(const struct config_list *a, const struct config_list *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!str_eq(a->items[i], b->items[i]))
			return false;
	return true;
}

/* The editor goes on through a reload, and leaves out what lies in a zone. Keys may change. */
static bool same_zones(const struct zone_settings *a, const struct zone_settings *b)
{
	if (a->paths.count != b->paths.count)
		return false;
	for (size_t i = 0; i < a->paths.count; i++)
		if (!str_eq(a->paths.items[i], b->paths.items[i]))
			return false;
	return true;
}

bool setup_may_change(const struct config *old, const struct config *new, struct err *err)
{
	const struct {
		const char *key;
		bool is_same;
	} fixed[] = {
		{ "[server] content", strcmp(old->content, new->content) == 0 },
		{ "[server] state", strcmp(old->state, new->state) == 0 },
		{ "[server] workers", old->workers == new->workers },
		{ "[server] user", strcmp(old->user, new->user) == 0 },
		{ "[gemini]", old->gemini == new->gemini },
		{ "[gemini] listen", same_list(&old->gemini_listen, &new->gemini_listen) },
		{ "[gopher]", old->gopher == new->gopher },
		{ "[gopher] listen", same_list(&old->gopher_listen, &new->gopher_listen) },
		{ "[zone]", same_zones(&old->zones, &new->zones) },
		{ "[metrics]", old->metrics == new->metrics },
		{ "[metrics] listen", same_list(&old->metrics_listen, &new->metrics_listen) },
		{ "[limits] connections", old->connections == new->connections },
	};

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (!fixed[i].is_same)
			return err_set(err, "%s: %s cannot change without a restart", new->path,
				       fixed[i].key);
	return true;
}
