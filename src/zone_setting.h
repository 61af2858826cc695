/* The [zone /path/] sections of server.ini: which parts of a site are for whom. */
#ifndef ZONE_SETTING_H
#define ZONE_SETTING_H

#include "base/err.h"
#include "page/zone.h"
#include "store/article.h"

enum { ZONES_MAX = 16, ZONE_KEYS_MAX = 1000 };

/* The zones of one site; owns their paths and keys. Zeroed it is empty. */
struct zone_settings {
	struct zones zones; /* what site and protocols look at */
	struct texts paths; /* the same paths for the scan */
};

/*
 * Whether a section's name is that of a zone. ret_site is the site that it names,
 * "zone paper.example /preview/"; empty is the default one.
 */
bool zone_section(struct str section, struct str *ret_site, struct str *ret_path);

/* Takes a section. False with err set when its path cannot be a zone, or is taken by another one. */
bool zone_settings_add(struct zone_settings *settings, struct str path, struct err *err);

/*
 * Takes a pair of a section that was added. keys may stand there several times: a
 * line has room for one key with colons.
 */
bool zone_settings_pair(struct zone_settings *settings, struct str path, const char *key,
			const char *value, struct err *err);

/* Whether both have zones at the same paths, in any order and whatever their keys. */
bool zone_settings_same_paths(const struct zone_settings *a, const struct zone_settings *b);

void zone_settings_done(struct zone_settings *settings);

#endif
