/* Rows of the catalogue become headlines. */
#include "store/catalogue.h"

enum { SHORT_LETTERS = 8, BITS_A_LETTER = 5 };

/* Without letters that look like digits; a person may have to type it. */
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

static struct str short_id_text(struct arena *arena, int64_t key)
{
	char text[SHORT_LETTERS];

	for (int i = SHORT_LETTERS - 1; i >= 0; i--) {
		text[i] = alphabet[key & 31];
		key >>= BITS_A_LETTER;
	}
	return arena_str(arena, (struct str){ text, SHORT_LETTERS });
}

bool short_id_parse(struct str text, int64_t *ret_key)
{
	struct str letters = str_from(alphabet);
	int64_t key = 0;

	if (text.len != SHORT_LETTERS)
		return false;
	for (size_t i = 0; i < SHORT_LETTERS; i++) {
		size_t letter = str_find(letters, text.data[i]);

		if (letter == letters.len)
			return false;
		key = key << BITS_A_LETTER | (int64_t)letter;
	}
	*ret_key = key;
	return true;
}

static const struct edition *edition_by_id(const struct store *store, int64_t id)
{
	for (size_t i = 0; i < store->edition_count; i++)
		if (store->editions[i].id == id)
			return &store->editions[i];
	return &store->editions[0];
}

/* The label above a title, when the article has none: where it stands. */
static struct str default_kicker(const struct headline *headline)
{
	const struct section *section = edition_section(headline->edition, headline->section);

	return section ? section->name : headline->edition->name;
}

void headline_read(struct store *store, sqlite3_stmt *row, struct arena *arena,
		   struct headline *ret_headline)
{
	struct headline headline = {
		.id = sqlite3_column_int64(row, 0),
		.short_id = short_id_text(arena, sqlite3_column_int64(row, 1)),
		.edition = edition_by_id(store, sqlite3_column_int64(row, 2)),
		.path = column_copy(row, 3, arena),
		.section = column_copy(row, 4, arena),
		.uid = column_copy(row, 5, arena),
		.title = column_copy(row, 6, arena),
		.kicker = column_copy(row, 7, arena),
		.summary = column_copy(row, 8, arena),
		.author = column_copy(row, 9, arena),
		.type = (enum article_type)sqlite3_column_int(row, 10),
		.urgency = sqlite3_column_int(row, 11),
		.updated = sqlite3_column_int64(row, 12),
		.size = (uint64_t)sqlite3_column_int64(row, 13),
		.minutes = (unsigned)sqlite3_column_int(row, 14),
		.snippet = STR(""),
	};

	headline.published = headline.id >> TIE_BITS;
	if (headline.kicker.len == 0)
		headline.kicker = default_kicker(&headline);
	*ret_headline = headline;
}

struct headline headline_copy(const struct headline *headline, struct arena *arena)
{
	struct headline copy = *headline;
	struct str *const texts[] = { &copy.path,     &copy.section, &copy.uid,
				      &copy.short_id, &copy.title,   &copy.kicker,
				      &copy.summary,  &copy.author,  &copy.snippet };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = arena_str(arena, *texts[i]);
	return copy;
}

bool headline_one(struct store *store, sqlite3_stmt *statement, struct arena *arena,
		  struct headline *ret_headline)
{
	if (!catalogue_row(&store->catalogue, statement))
		return false;
	headline_read(store, statement, arena, ret_headline);
	sqlite3_reset(statement);
	return true;
}

void headlines_read(struct store *store, sqlite3_stmt *statement, size_t limit, struct arena *arena,
		    struct headlines *ret_list)
{
	size_t end = ret_list->count + limit;

	while (catalogue_row(&store->catalogue, statement)) {
		if (ret_list->count == end) {
			ret_list->has_more = true;
			break;
		}
		headline_read(store, statement, arena, &ret_list->items[ret_list->count++]);
	}
	sqlite3_reset(statement);
}
