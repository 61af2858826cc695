/* What must hold between the settings of server.ini, and between its sites. */
#include <string.h>

#include "config_site.h"

static const char *in_site(const struct config *site)
{
	return *site->name ? site->name : "the default site";
}

/* Whether path is folder or lies in it, as far as their spelling tells. */
static bool is_within(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	while (len > 1 && folder[len - 1] == '/')
		len--;
	return strncmp(path, folder, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

/* An address that both listen on; NULL: none. Port 0 is another one each time. */
static const char *shared_address(const struct config_list *a, const struct config_list *b)
{
	for (size_t i = 0; i < a->count; i++)
		for (size_t j = 0; j < b->count; j++)
			if (str_eq(a->items[i], b->items[j]) && !str_ends(a->items[i], STR(":0")))
				return a->items[i].data;
	return NULL;
}

static const char *shared_host(const struct config *a, const struct config *b)
{
	for (size_t i = 0; i < a->gemini_hosts.count; i++)
		for (size_t j = 0; j < b->gemini_hosts.count; j++)
			if (str_eq(a->gemini_hosts.items[i], b->gemini_hosts.items[j]))
				return a->gemini_hosts.items[i].data;
	return NULL;
}

/* Two listeners on the same address cannot both be bound. */
static bool check_gopher(const struct config *main, const struct config *site, const char *name,
			 struct err *err)
{
	const char *address;

	if (!site->gopher)
		return true;
	address = main->gemini ? shared_address(&main->gemini_listen, &site->gopher_listen) : NULL;
	if (address && *site->name)
		return err_set(err, "%s: both [gemini] and [site %s] listen on %s", name,
			       site->name, address);
	if (address)
		return err_set(err, "%s: both [gemini] and [gopher] listen on %s", name, address);
	return true;
}

static bool have_in_common(const struct config_list *a, const struct config_list *b)
{
	for (size_t i = 0; i < a->count; i++)
		for (size_t j = 0; j < b->count; j++)
			if (str_eq(a->items[i], b->items[j]))
				return true;
	return false;
}

static bool has(const struct config_list *list, const char *path)
{
	for (size_t i = 0; i < list->count; i++)
		if (str_eq(list->items[i], str_from(path)))
			return true;
	return false;
}

/* The paths of one site. */
static bool check_paths(const struct config *site, const char *name, struct err *err)
{
	size_t count = site->certificates.count;

	if (site->keys.count != count)
		return err_set(err,
			       "%s: there are %zu certificates and %zu keys; each needs its own",
			       name, count, site->keys.count);
	if (count > site->gemini_hosts.count)
		return err_set(err, "%s: there are more certificates than host names", name);
	if (have_in_common(&site->certificates, &site->keys))
		return err_set(err, "%s: certificate and key are the same file", name);
	if (has(&site->keys, site->ticket_key) || has(&site->certificates, site->ticket_key))
		return err_set(err, "%s: the ticket key needs a file of its own", name);
	if (is_within(site->state, site->content))
		return err_set(err, "%s: the state folder lies in the content folder", name);
	return true;
}

/* Readers get whatever lies in a content folder, of the owner's site and of any other. */
static bool check_keys(const struct config *owner, const struct config *site, const char *name,
		       struct err *err)
{
	for (size_t i = 0; i < owner->keys.count; i++)
		if (is_within(owner->keys.items[i].data, site->content))
			return err_set(err,
				       "%s: the key lies in the content folder, where readers get "
				       "it",
				       name);
	if (is_within(owner->ticket_key, site->content))
		return err_set(err, "%s: the ticket key lies in the content folder", name);
	return true;
}

static bool check_pair(const struct config *a, const struct config *b, const char *name,
		       struct err *err)
{
	const char *shared;

	if (strcmp(a->state, b->state) == 0)
		return err_set(err, "%s: %s and %s have the same state folder", name, in_site(a),
			       in_site(b));
	if ((shared = shared_host(a, b)) != NULL)
		return err_set(err, "%s: %s and %s have the same hostname %s", name, in_site(a),
			       in_site(b), shared);
	if (a->gopher && b->gopher &&
	    (shared = shared_address(&a->gopher_listen, &b->gopher_listen)) != NULL)
		return err_set(err, "%s: Gopher of %s and of %s listen on %s", name, in_site(a),
			       in_site(b), shared);
	return true;
}

bool config_check(const struct config *config, const char *name, struct err *err)
{
	for (size_t i = 0; i < config->site_count; i++) {
		const struct config *site = config->sites[i];

		if (!check_paths(site, name, err) || !check_gopher(config, site, name, err))
			return false;
		if (!config->gemini && !site->gopher)
			return err_set(err,
				       "%s: [site %s] is served nowhere: it needs "
				       "gopher_listen, or the file a [gemini]",
				       name, site->name);
		if (!config->gemini && site->zones.zones.count)
			return err_set(err,
				       "%s: a [zone] needs [gemini], whose clients have "
				       "certificates",
				       name);
		for (size_t j = 0; j < config->site_count; j++)
			if (!check_keys(site, config->sites[j], name, err))
				return false;
		for (size_t j = 0; j < i; j++)
			if (!check_pair(config->sites[j], site, name, err))
				return false;
	}
	return true;
}
