/* The elements of XML feeds: which of their many names mean the same; for feed_xml*.c only. */
#ifndef IMPORT_FEED_NAMES_H
#define IMPORT_FEED_NAMES_H

#include "base/str.h"

/* Vocabularies, by their namespaces. */
enum feed_space {
	SPACE_RSS = 1, /* none, and those of RSS 0.9 to 2.0 */
	SPACE_ATOM = 2,
	SPACE_RDF = 4,
	SPACE_DC = 8,
	SPACE_TERMS = 16, /* DCMI terms */
	SPACE_CONTENT = 32,
	SPACE_MEDIA = 64,
	SPACE_ITUNES = 128,
	SPACE_XHTML = 256,
	SPACE_BURNER = 512,
	SPACE_CC = 1024,
	SPACE_OTHER = 2048,
	SPACE_PLAIN = SPACE_RSS | SPACE_ATOM,
};

/* What an element is in, besides a feed. */
enum feed_context {
	IN_FEED = 1,
	IN_ENTRY = 2,
	IN_PERSON = 4,
	IN_SOURCE = 8,
	IN_IMAGE = 16,	 /* of the feed */
	IN_GROUP = 32,	 /* media:group and media:content */
	IN_NOTHING = 64, /* whatever is in it does not count */
	IN_PART = IN_FEED | IN_ENTRY | IN_GROUP,
};

enum feed_action {
	/* Contexts of their own. */
	OPEN_FEED,
	OPEN_ENTRY,
	OPEN_PERSON,
	OPEN_SOURCE,
	OPEN_IMAGE,
	OPEN_MEDIA,
	OPEN_GROUP,
	OPEN_NOTHING,
	/* Texts. */
	TAKE_TITLE,
	TAKE_LINK,
	TAKE_ID,
	TAKE_SUMMARY,
	TAKE_CONTENT,
	TAKE_PUBLISHED,
	TAKE_UPDATED,
	TAKE_AUTHOR,
	TAKE_NAME,
	TAKE_MAIL,
	TAKE_TAG,
	TAKE_TAGS,
	TAKE_LANGUAGE,
	TAKE_LICENSE,
	TAKE_SOURCE,
	TAKE_URL,
	TAKE_MEDIA_TITLE,
	TAKE_MEDIA_CREDIT,
	TAKE_DURATION,
	/* Attributes alone. */
	NOTE_ENCLOSURE,
	NOTE_THUMBNAIL,
	NOTE_IMAGE,
	NOTE_OUTLINE,
};

struct feed_name {
	unsigned spaces; /* enum feed_space, or-ed */
	const char *name;
	unsigned contexts; /* enum feed_context, or-ed */
	enum feed_action action;
	int rank; /* of what it says; 0 is the best */
};

/* The vocabulary of a namespace; where it was not declared, that of a well-known prefix. */
enum feed_space feed_space(struct str uri, struct str prefix);

/* The row of an element within a context; NULL when it says nothing to us. */
const struct feed_name *feed_name(enum feed_space space, struct str name,
				  enum feed_context context);

#endif
