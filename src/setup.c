/* Making ready what a reload may change. */
#include "setup.h"

#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cert_trouble.h"
#include "net/cert.h"
#include "net/ticket_secret.h"
#include "net/tls.h"

/* A certificate that clients may refuse is told about, not refused: that is for the operator to judge. */
static void on_trouble(void *context, enum problem problem, const char *certificate,
		       const char *sentence)
{
	(void)context;
	if (problem == PROBLEM_WARNING)
		log_warn("%s: %s", certificate, sentence);
}

static bool make_certificate(const struct config *site, size_t i, struct err *err)
{
	const char *certificate = site->certificates.items[i].data;
	const char *key = site->keys.items[i].data;
	struct config_list names = config_names(site, i);

	if (cert_exists(certificate, key))
		return true;
	if (!cert_make(certificate, key, names.items, names.count, false, err))
		return false;
	log_info("made the certificate %s and its key %s", certificate, key);
	return true;
}

static bool make_missing(const struct config *config, struct err *err)
{
	if (!config->gemini)
		return true;
	for (size_t i = 0; i < config->site_count; i++)
		for (size_t j = 0; j < config->sites[i]->certificates.count; j++)
			if (!make_certificate(config->sites[i], j, err))
				return false;
	if (*config->ticket_key && access(config->ticket_key, F_OK) == -1) {
		if (!ticket_secret_make(config->ticket_key, err))
			return false;
		log_info("made the ticket key %s; servers that share it resume each other's "
			 "sessions",
			 config->ticket_key);
	}
	return true;
}

/* Notes how the files are that are about to be read and that change without a word to the server. */
static void watch(const struct config *config, struct stamps *stamps)
{
	stamps_done(stamps);
	if (!config->gemini)
		return;
	for (size_t i = 0; i < config->site_count; i++) {
		const struct config *site = config->sites[i];

		for (size_t j = 0; j < site->certificates.count; j++) {
			stamps_add(stamps, site->certificates.items[j].data);
			stamps_add(stamps, site->keys.items[j].data);
		}
	}
	stamps_add(stamps, config->ticket_key);
}

static struct tls *load_site_tls(const struct config *site, bool is_alone, struct ticket_keys *keys,
				 struct err *err)
{
	struct tls_plan plan = {
		.certificates = site->certificates.items,
		.keys = site->keys.items,
		.count = site->certificates.count,
		.hosts = site->gemini_hosts.items,
		.host_count = site->gemini_hosts.count,
		.is_alone = is_alone && site->certificates.count == 1,
		.asks = site->zones.zones.count > 0,
	};

	cert_trouble(site, on_trouble, NULL);
	return tls_new(&plan, keys, err);
}

static bool load_tls(const struct config *config, struct ticket_keys *keys, struct setup *setup,
		     struct err *err)
{
	for (size_t i = 0; i < config->site_count; i++) {
		setup->tls[i] = load_site_tls(config->sites[i], config->site_count == 1, keys, err);
		if (!setup->tls[i])
			return false;
	}
	if (*config->ticket_key)
		setup->secret = ticket_secret_load(config->ticket_key, err);
	return setup->secret || !*config->ticket_key;
}

/* The slot of the site of that name; CONFIG_SITES_MAX when it has none. */
static size_t slot_of(const struct setup *setup, const char *name)
{
	for (size_t i = 0; setup && i < setup->config->site_count; i++)
		if (strcmp(setup->config->sites[i]->name, name) == 0)
			return setup->slots[i];
	return CONFIG_SITES_MAX;
}

static bool is_free(const struct setup *old, const struct setup *setup, size_t done, size_t slot)
{
	for (size_t i = 0; i < done; i++)
		if (setup->slots[i] == slot)
			return false;
	return !old || !setup_site(old, slot);
}

/* Sites keep their slots; new ones get those that neither old nor setup uses. */
static bool place_sites(const struct setup *old, struct setup *setup, struct err *err)
{
	for (size_t i = 0; i < setup->config->site_count; i++) {
		const char *name = setup->config->sites[i]->name;
		size_t slot = slot_of(old, name);

		if (slot == CONFIG_SITES_MAX)
			for (slot = 0; slot < CONFIG_SITES_MAX; slot++)
				if (is_free(old, setup, i, slot))
					break;
		if (slot == CONFIG_SITES_MAX)
			return err_set(err,
				       "%s: there is no room for [site %s] beside the old sites; "
				       "reload without those that are to go first",
				       setup->config->path, name);
		setup->slots[i] = slot;
	}
	return true;
}

bool setup_load(const struct config *config, bool owns_config, const struct setup_ground *ground,
		struct setup *ret_setup, struct err *err)
{
	const struct outlets *open = ground->old ? &ground->old->outlets : NULL;
	struct setup setup = { .config = config, .access.fd = -1 };

	if (owns_config)
		setup.owned = (struct config *)config;
	if (!place_sites(ground->old, &setup, err) ||
	    !outlets_open(config, ground->workers, ground->passed, open, &setup.outlets, err))
		goto fail;
	if (ground->makes && !make_missing(config, err))
		goto fail;
	watch(config, ground->files);
	if (config->gemini && !load_tls(config, ground->keys, &setup, err))
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

struct fixed {
	const char *key;
	bool is_same;
};

static bool are_same(const struct fixed *fixed, size_t count, const struct config *new,
		     struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (fixed[i].is_same)
			continue;
		if (*new->name)
			return err_set(err, "%s: [site %s] %s cannot change without a restart",
				       new->path, new->name, fixed[i].key);
		return err_set(err, "%s: %s cannot change without a restart", new->path,
			       fixed[i].key);
	}
	return true;
}

/* What the editor and the Gopher sockets of a site that stays were made from. */
static bool site_may_change(const struct config *old, const struct config *new, struct err *err)
{
	bool is_named = *new->name != '\0';
	const struct fixed fixed[] = {
		{ is_named ? "content" : "[server] content",
		  strcmp(old->content, new->content) == 0 },
		{ is_named ? "state" : "[server] state", strcmp(old->state, new->state) == 0 },
		{ is_named ? "gopher_listen" : "[gopher]", old->gopher == new->gopher },
		{ is_named ? "gopher_listen" : "[gopher] listen",
		  same_list(&old->gopher_listen, &new->gopher_listen) },
	};

	return are_same(fixed, sizeof(fixed) / sizeof(fixed[0]), new, err);
}

/* The editor of a site that goes has its state folder until the reload is done. */
static bool has_free_state(const struct config *old, const struct config *site, struct err *err)
{
	for (size_t i = 0; i < old->site_count; i++)
		if (strcmp(old->sites[i]->state, site->state) == 0)
			return err_set(err,
				       "%s: [site %s] state: the site " STR_FMT
				       " has this folder; reload without that one first",
				       site->path, site->name,
				       STR_ARG(config_title(old->sites[i])));
	return true;
}

bool setup_may_change(const struct config *old, const struct config *new, struct err *err)
{
	const struct fixed fixed[] = {
		{ "[server] workers", old->workers == new->workers },
		{ "[server] user", strcmp(old->user, new->user) == 0 },
		{ "[server] error_log", strcmp(old->error_log, new->error_log) == 0 },
		{ "[server] log_level", old->log_level == new->log_level },
		{ "[gemini]", old->gemini == new->gemini },
		{ "[gemini] listen", same_list(&old->gemini_listen, &new->gemini_listen) },
		{ "[metrics]", old->metrics == new->metrics },
		{ "[metrics] listen", same_list(&old->metrics_listen, &new->metrics_listen) },
		{ "[limits] connections", old->connections == new->connections },
	};

	for (size_t i = 0; i < new->site_count; i++) {
		const struct config *site = new->sites[i];
		const struct config *before = config_site(old, str_from(site->name));

		if (before ? !site_may_change(before, site, err) : !has_free_state(old, site, err))
			return false;
	}
	return are_same(fixed, sizeof(fixed) / sizeof(fixed[0]), new, err);
}
