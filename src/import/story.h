/*
 * A story on its way into the paper: an entry of a feed, with what its page adds to it, in the
 * words of the store.
 */
#ifndef IMPORT_STORY_H
#define IMPORT_STORY_H

#include "import/extract.h"
#include "import/feed.h"
#include "import/source.h"

struct story {
	struct str id;	/* as the feed names it; the page's URL for a lone page */
	struct str url; /* canonical */
	struct str title;
	struct texts authors;
	int64_t published; /* 0: nobody says */
	int64_t updated;
	struct str language;
	struct str summary;
	struct texts tags;
	struct str image; /* URL of the leading picture */
	struct str image_caption;
	struct str image_credit;
	struct str image_alt;
	struct prose prose; /* of the body */
	enum extract_by by;
	struct feed_media *media; /* sound and films */
	size_t media_count;
	struct str source; /* name and URL of the paper it is from */
	struct str source_url;
	struct str license;
	struct str section;
	enum article_type type;
	struct str gemtext; /* the body as its author wrote it, in place of prose; empty: none */
};

/* A story of what a feed alone says. */
void story_of_entry(struct arena *arena, const struct feed *feed, const struct feed_entry *entry,
		    const struct prose_plan *prose, struct story *ret_story);

/*
 * Adds what the entry's page gave. The text of the page is taken when it passes the gate: it has a good
 * share of the feed's own text, few links, and nothing of a wall in front of it.
 */
void story_add_page(struct arena *arena, const struct extract *extract, struct story *story);

/* A story of a lone page. */
void story_of_page(struct arena *arena, const struct extract *extract, struct str url,
		   struct story *ret_story);

#endif
