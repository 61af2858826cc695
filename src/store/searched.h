/*
 * What of an article is searched. The index keeps no copy of the text: SQLite asks for it again
 * where it needs it, for a snippet or to take an article out. Internal to store/.
 */
#ifndef STORE_SEARCHED_H
#define STORE_SEARCHED_H

#include <sqlite3.h>

#include "base/arena.h"
#include "store/article.h"

/* The columns of the table search, in its order: two bytes less for each word of the first one. */
enum searched {
	SEARCHED_BODY, /* without marks and URLs, on one line */
	SEARCHED_TITLE,
	SEARCHED_KICKER,
	SEARCHED_SUMMARY,
	SEARCHED_TAGS,
	SEARCHED_AUTHORS,
	SEARCHED_COUNT,
};

/*
 * The texts of an article. What was put in the index is taken out by asking this again, so a
 * change of what it gives goes with a new CATALOGUE_VERSION, as one of the tokens does. They
 * borrow from it and the arena.
 */
void searched_texts(struct arena *arena, const struct article *article,
		    struct str ret_texts[SEARCHED_COUNT]);

/* Makes the SQL function searched_text(bytes of the file, column) known. */
bool searched_register(sqlite3 *db);

#endif
