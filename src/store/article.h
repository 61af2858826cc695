/*
 * An article file and its parts: a header of fields, an empty line, gemtext (DESIGN: the
 * article store).
 */
#ifndef STORE_ARTICLE_H
#define STORE_ARTICLE_H

#include "base/arena.h"
#include "base/str.h"

enum {
	ARTICLE_BYTES_MAX = 1 << 20, /* larger files are left out */
	ARTICLE_FIELDS_MAX = 256,    /* header lines */
	ARTICLE_VALUE_MAX = 4096,    /* bytes of one value, continuation lines joined */
};

enum article_type {
	TYPE_ARTICLE,
	TYPE_OPINION,
	TYPE_ANALYSIS,
	TYPE_BLOG,
	TYPE_FEATURE,
	TYPE_VIDEO,
	TYPE_INFOGRAPHIC,
	TYPE_GALLERY,
	TYPE_LIVE,
	TYPE_COUNT
};

enum article_status { STATUS_PUBLISHED, STATUS_DRAFT, STATUS_RETRACTED };

/* A list of texts in an arena. */
struct texts {
	struct str *items;
	size_t count;
};

/* Image: path-or-url | caption | credit | alt text */
struct article_image {
	struct str target;
	struct str caption;
	struct str credit;
	struct str alt;
};

/* Media: url | label | duration | size */
struct article_media {
	struct str target;
	struct str label;
	struct str duration;
	struct str size;
};

/* Correction: date | text */
struct article_correction {
	int64_t date;
	struct str text;
};

/* Translation: lang path */
struct article_translation {
	struct str language;
	struct str path;
};

/*
 * Everything a file says. Texts are single printable lines, cleaned; body is gemtext with LF
 * line ends.
 */
struct article {
	struct str title;
	int64_t published; /* 0: no Date */
	int64_t updated;   /* 0: never */
	int64_t expires;   /* 0: never */
	struct str uid;	   /* Id; empty when the file has none */
	enum article_type type;
	enum article_status status;
	struct str kicker;
	struct str summary;
	struct texts authors;
	struct str source;
	struct str source_url;
	struct texts tags;
	struct texts
		sections; /* further ones whose lists it is in: "news/world", below the edition */
	struct article_image *images;
	size_t image_count;
	struct article_media *media;
	size_t media_count;
	struct texts related;
	struct article_translation *translations;
	size_t translation_count;
	struct article_correction *corrections;
	size_t correction_count;
	bool pick;
	int urgency; /* 1 to 9; 5 when not said */
	uint64_t shares;
	struct str canonical;
	struct str language;
	struct str license;
	struct str body;
	unsigned body_line; /* line of the file on which the body starts, from 1 */
};

/*
 * Trouble in a file; line 0 is the file as a whole. An error leaves the article out, a
 * warning does not.
 */
enum problem { PROBLEM_WARNING, PROBLEM_ERROR };
typedef void problem_handler(void *context, enum problem problem, struct str path, unsigned line,
			     const char *text);

/*
 * Parses the bytes of a file. What it returns lives in arena and shares bytes
 * with source. Problems are told one by one, called path; false after an
 * error. With needs_date an article without Date is an error.
 */
bool article_parse(struct arena *arena, struct str source, struct str path, bool needs_date,
		   struct article *ret_article, problem_handler *handler, void *context);

/* "opinion" and so on; the value of the field Type. */
struct str article_type_name(enum article_type type);
bool article_type_find(struct str name, enum article_type *ret_type);

#endif
