/* The settings of a [site NAME]. */
#include "config_site.h"

#include "source_setting.h"

#include <string.h>

#include "base/mem.h"

static const struct {
	const char *key;
	const char *section;
	const char *name;
	const char *
		preset; /* with the site's name for %s; NULL: there is none, see config_site_preset() */
} site_keys[] = {
	{ "content", "server", "content", NULL },
	{ "state", "server", "state", NULL },
	{ "hostname", "gemini", "hostname", "%s" },
	{ "certificate", "gemini", "certificate", "certs/%s.crt" },
	{ "key", "gemini", "key", "certs/%s.key" },
	{ "gopher_listen", "gopher", "listen", "" },
	{ "gopher_hostname", "gopher", "hostname", NULL },
	{ "gopher_port", "gopher", "port", "0" },
	{ "favicon", "server", "favicon", "" },
	{ "robots_disallow", "server", "robots_disallow", "" },
};

enum { KEY_COUNT = sizeof(site_keys) / sizeof(site_keys[0]) };

bool config_is_site(struct str section)
{
	return str_starts(section, STR("site ")) || str_eq(section, STR("site"));
}

bool config_site_name(struct str section, struct str *ret_name, struct err *err)
{
	struct str name = str_trim(str_skip(section, 4));

	for (size_t i = 0; i < name.len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789.-", name.data[i]))
			goto bad;
	if (name.len == 0 || name.data[0] == '.' || name.data[0] == '-')
		goto bad;
	*ret_name = name;
	return true;
bad:
	return err_set(err,
		       "[" STR_FMT "]: a site has a name of a-z, 0-9, \".\" and \"-\", such as "
		       "[site paper.example]",
		       STR_ARG(section));
}

bool config_site_key(const char *key, const char **ret_section, const char **ret_name)
{
	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (strcmp(site_keys[i].key, key) != 0)
			continue;
		*ret_section = site_keys[i].section;
		*ret_name = site_keys[i].name;
		return true;
	}
	return false;
}

static size_t find(const struct setting *setting)
{
	size_t i = 0;

	while (i < KEY_COUNT && (strcmp(site_keys[i].section, setting->section) != 0 ||
				 strcmp(site_keys[i].name, setting->name) != 0))
		i++;
	return i;
}

bool config_is_of_site(const struct setting *setting)
{
	return find(setting) < KEY_COUNT;
}

char *config_site_preset(const struct setting *setting, const struct config *site,
			 const struct config *main)
{
	size_t i = find(setting);
	const char *preset = site_keys[i].preset;
	const char *mark = preset ? strstr(preset, "%s") : NULL;

	if (setting->offset == offsetof(struct config, state))
		return mem_format("%s/%s", main->state, site->name);
	if (setting->offset == offsetof(struct config, gopher_hosts))
		return mem_text(site->gemini_hosts.items[0].data);
	if (!preset)
		return NULL;
	if (!mark)
		return mem_text(preset);
	return mem_format("%.*s%s%s", (int)(mark - preset), preset, site->name, mark + 2);
}

void config_site_print(FILE *out)
{
	fprintf(out,
		"\n; One more paper; what it does not set comes from its name and from above.\n"
		"; [site NAME]\n");
	for (size_t i = 0; i < KEY_COUNT; i++) {
		const char *preset = site_keys[i].preset;
		const char *mark = preset ? strstr(preset, "%s") : NULL;

		if (mark)
			fprintf(out, "; %s = %.*sNAME%s\n", site_keys[i].key, (int)(mark - preset),
				preset, mark + 2);
		else
			fprintf(out, "; %s = %s\n", site_keys[i].key, preset ? preset : "");
	}
}

bool config_site_part(struct config *config, struct str section, struct err *err)
{
	struct str site;
	struct str name;
	bool is_zone = zone_section(section, &site, &name);

	if (!is_zone && !source_is_section(section, &site, &name))
		return true;
	for (size_t i = 0; i < config->site_count; i++)
		if (str_eq(site, str_from(config->sites[i]->name)))
			return is_zone ? zone_settings_add(&config->sites[i]->zones, name, err)
				       : source_settings_add(&config->sites[i]->sources, name, err);
	return err_set(err, "there is no site " STR_FMT, STR_ARG(site));
}

const struct config *config_site(const struct config *config, struct str name)
{
	for (size_t i = 0; i < config->site_count; i++)
		if (str_eq(name, str_from(config->sites[i]->name)))
			return config->sites[i];
	for (size_t i = 0; i < config->gemini_hosts.count; i++)
		if (str_eq(name, config->gemini_hosts.items[i]))
			return config;
	return NULL;
}

struct config_list config_names(const struct config *site, size_t certificate)
{
	struct config_list names = site->gemini_hosts;

	names.items += certificate;
	names.count -= certificate;
	if (certificate + 1 < site->certificates.count)
		names.count = 1;
	return names;
}

struct str config_title(const struct config *site)
{
	return *site->name ? str_from(site->name) : site->gemini_hosts.items[0];
}
