/* Several sites in one server.ini: which settings a [site NAME] has, and what it takes from the rest. For config*.c only. */
#ifndef CONFIG_SITE_H
#define CONFIG_SITE_H

#include "config.h"
#include "setting.h"

/* The name in "site NAME"; false when section is none, or its name is not a lawful one (err says so). */
bool config_site_name(struct str section, struct str *ret_name, struct err *err);
bool config_is_site(struct str section);

/*
 * What key of a [site NAME] sets: a section and a name of the table of settings. False when a
 * site has no such key.
 */
bool config_site_key(const char *key, const char **ret_section, const char **ret_name);

/* Whether every site has a value of its own, so that none is taken from [server], [gemini], [gopher]. */
bool config_is_of_site(const struct setting *setting);

/*
 * The value of such a setting when the site does not give it; the caller frees it. NULL: it
 * has to. site has the settings that stand above this one in the table; main is the default site.
 */
char *config_site_preset(const struct setting *setting, const struct config *site,
			 const struct config *main);

/* Prints the settings that a site can have, as a commented section. */
void config_site_print(FILE *out);

/*
 * Takes the header of a [zone /path/] or [source NAME], or of one with a site's name in between, into its site, which
 * stands in the file before or behind it; other sections are left alone.
 */
bool config_site_part(struct config *config, struct str section, struct err *err);

/* Everything that must hold between settings and between sites. False with err set; name is the file's. */
bool config_check(const struct config *config, const char *name, struct err *err);

#endif
