/* One setting of server.ini, and the kinds of values that a setting can have. */
#ifndef SETTING_H
#define SETTING_H

#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

struct setting;

/*
 * A kind of value: how it is read into a field and how the field lets go of
 * it. read() gets a field that is zeroed or was read before, and the folder
 * that relative paths start from; its sentence in err names the value only.
 */
struct setting_type {
	bool (*read)(const struct setting *setting, const char *value, const char *folder,
		     void *field, struct err *err);
	void (*done)(void *field);
};

/* A row of the table in config_table.c. */
struct setting {
	const char *section;
	const char *name;
	const struct setting_type *type;
	size_t offset; /* of the field in struct config */
	unsigned min;
	unsigned max;
	const char *
		words; /* of a choice, separated by "|"; of a number, the word that means 0; else NULL */
	const char *preset;
	const char *help;
};

extern const struct setting_type setting_text; /* char *: one printable line, at most max bytes */
extern const struct setting_type
	setting_path; /* char *: relative ones start from the file's folder; min 0: or nothing */
extern const struct setting_type
	setting_paths; /* struct config_list of paths, separated by commas */
extern const struct setting_type setting_output; /* char *: a path, or one of words as it is */
extern const struct setting_type setting_number; /* unsigned, from min to max */
extern const struct setting_type
	setting_duration; /* unsigned, seconds from min to max: "90s", "60m", "6h", "2d" */
extern const struct setting_type setting_switch; /* bool: yes or no */
extern const struct setting_type setting_choice; /* unsigned: the index in words */
extern const struct setting_type
	setting_emoji; /* char *: one character as readers see it, or nothing */
extern const struct setting_type setting_listen; /* struct config_list of addresses */
extern const struct setting_type setting_hosts;	 /* struct config_list of lower-case host names */
extern const struct setting_type
	setting_routes; /* struct config_list of paths as robots.txt has them */
extern const struct setting_type setting_networks; /* struct networks */

#endif
