/* Facts about an article in the making: each place offers what it has, the best place wins. For meta*.c only. */
#ifndef IMPORT_META_DRAFT_H
#define IMPORT_META_DRAFT_H

#include "import/meta.h"

/* Places in which facts stand. */
enum meta_place {
	PLACE_JSONLD,
	PLACE_OPEN_GRAPH,
	PLACE_META, /* other meta elements made for articles */
	PLACE_MICRODATA,
	PLACE_MARKED, /* elements whose names or attributes say what they are */
	PLACE_TWITTER,
	PLACE_DUBLIN,
	PLACE_GENERAL, /* description, author: of the page, often of the whole site */
	PLACE_SEEN,    /* what readers see and only guessing explains */
	PLACE_ADDRESS, /* the URL itself */
	PLACE_NOWHERE,
};

enum meta_fact {
	FACT_TITLE,
	FACT_SITE,
	FACT_PUBLISHED,
	FACT_UPDATED,
	FACT_LANGUAGE,
	FACT_SUMMARY,
	FACT_SECTION,
	FACT_IMAGE,
	FACT_IMAGE_CAPTION,
	FACT_IMAGE_CREDIT,
	FACT_IMAGE_ALT,
	FACT_URL,
	FACT_LICENSE,
	FACT_COUNT
};

struct meta_list {
	struct str items[META_TAGS_MAX];
	size_t count;
	enum meta_place place; /* all of them are from this one */
};

struct meta_draft {
	struct arena *arena;
	struct str base;
	int64_t now;
	struct str facts[FACT_COUNT];
	enum meta_place places[FACT_COUNT];
	struct meta_list authors;
	struct meta_list tags;
	struct str body;
	bool is_locked;
	bool is_film;
};

/* Takes a fact unless a better place has told it; HTML in it goes. */
void meta_offer(struct meta_draft *draft, enum meta_fact fact, enum meta_place place,
		struct str value);

/* Takes a name of an author: "By", job titles in brackets and addresses go; what is no name is left out. */
void meta_offer_author(struct meta_draft *draft, enum meta_place place, struct str name);

void meta_offer_tag(struct meta_draft *draft, enum meta_place place, struct str tag);

/* The same for a list with commas. */
void meta_offer_tags(struct meta_draft *draft, enum meta_place place, struct str tags);

/* Takes a date if it is one. */
void meta_offer_date(struct meta_draft *draft, enum meta_fact fact, enum meta_place place,
		     struct str text);

/* One place each. */
void meta_read_jsonld(struct meta_draft *draft, xmlNode *root);
void meta_read_head(struct meta_draft *draft, xmlNode *root);
void meta_read_microdata(struct meta_draft *draft, xmlNode *root);
void meta_read_seen(struct meta_draft *draft, xmlNode *root);

/* The article's title without the site's name, by what the page says of both. */
struct str meta_title(struct meta_draft *draft, xmlNode *root);

#endif
