/* The [source NAME] sections of server.ini: where a site's news comes from. */
#ifndef SOURCE_SETTING_H
#define SOURCE_SETTING_H

#include <stdio.h>

#include "base/err.h"
#include "import/source.h"

/*
 * Whether a section's name is that of a source. ret_site is the site that it names,
 * "source paper.example harbour"; empty is the default one.
 */
bool source_is_section(struct str section, struct str *ret_site, struct str *ret_name);

/* Takes a section. False with err set when its name cannot be one. */
bool source_settings_add(struct sources *sources, struct str name, struct err *err);

/* Takes a pair of a section that was added. map may stand there several times. */
bool source_settings_pair(struct sources *sources, struct str name, const char *key,
			  const char *value, struct err *err);

/* Sets what was not said, and checks what must have been. */
bool source_settings_finish(struct sources *sources, struct err *err);

void source_settings_done(struct sources *sources);

/* Prints the settings of a source with their defaults, commented out. */
void source_settings_print(FILE *out);

#endif
