/* Where news comes from, as the configuration names it. */
#ifndef IMPORT_SOURCE_H
#define IMPORT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum { SOURCES_MAX = 200, SOURCE_NAME_MAX = 32, SOURCE_MAPS_MAX = 64 };

/* What of a story is taken. */
enum source_mode { SOURCE_HEADLINE, SOURCE_EXCERPT, SOURCE_FULL };

enum source_images { IMAGES_NO, IMAGES_LINK, IMAGES_SCALED };

/* Which stories go to another section than the source's: those that the feed puts into a category. */
struct source_map {
	struct str category; /* compared without regard to case */
	struct str section;  /* "news/world" */
};

/* One [source NAME]. Times are seconds. Owns its texts. */
struct source {
	char *name;
	char *title; /* what readers see; "": the feed's own */
	char *url;
	char *section;	 /* "news/world": below the edition's folder */
	char *edition;	 /* "": the default one; else a folder, "ar" */
	unsigned mode;	 /* enum source_mode */
	unsigned images; /* enum source_images */
	unsigned image_side;
	unsigned image_bytes;
	unsigned every;
	unsigned keep_days; /* 0: for ever */
	unsigned keep_max;  /* 0: as many as there are */
	unsigned keep_min;
	bool allow_private;
	char *license;
	char *attribution;
	unsigned seen; /* which settings were given; for the configuration only */
	struct source_map *maps;
	size_t map_count;
};

struct sources {
	struct source *items;
	size_t count;
};

/* The section of a story with these categories. */
struct str source_section(const struct source *source, const struct str *categories, size_t count);

#endif
