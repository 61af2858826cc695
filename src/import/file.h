/* The article file of a story: header and gemtext, as the store reads it. */
#ifndef IMPORT_FILE_H
#define IMPORT_FILE_H

#include "import/story.h"

enum {
	FILE_BYTES_MAX = 900 << 10
}; /* below what the store takes; a longer body is cut at a block */

/* What a file has besides its story. */
struct file_facts {
	const struct source *source;
	struct str uid; /* Id */
	int64_t published;
	int64_t updated;	    /* 0: never changed */
	struct str language;	    /* of the edition; for the words that are ours */
	const struct str *sections; /* further ones */
	size_t section_count;
	struct str
		image; /* file beside the article; empty: the story's URL, if the source wants links */
};

/* Appends the file. */
void file_write(struct arena *arena, const struct story *story, const struct file_facts *facts,
		struct buf *out);

/* A hash of a story's words: blanks, case, marks and links do not count, so that only a change of text is one. */
int64_t file_words_hash(const struct story *story);

/* A hash of what a feed says of an entry, to tell that there is nothing new in it. */
int64_t file_entry_hash(const struct feed_entry *entry);

/* A line in which no "|" parts fields and nothing is longer than the store takes. */
struct str file_value(struct arena *arena, struct str text);

#endif
