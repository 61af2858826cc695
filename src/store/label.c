/* The words that Tidings writes itself, in English, Spanish and Arabic. */
#include "store/label.h"

enum language { ENGLISH, SPANISH, ARABIC, LANGUAGE_COUNT };

static const struct {
	const char *key;
	const char *text[LANGUAGE_COUNT];
} labels[LABEL_COUNT] = {
#define LABEL(name, key, en, es, ar) { key, { en, es, ar } },
#include "store/label.def"
#undef LABEL
};

/* By the primary subtag only: "es-MX" is Spanish (RFC 4647 3.4). */
static enum language language_find(struct str tag)
{
	struct str primary = str_head(tag, str_find(tag, '-'));

	if (str_eq_nocase(primary, STR("es")))
		return SPANISH;
	if (str_eq_nocase(primary, STR("ar")))
		return ARABIC;
	return ENGLISH;
}

struct str label_text(enum label label, struct str language)
{
	return str_from(labels[label].text[language_find(language)]);
}

bool label_find(struct str key, enum label *ret_label)
{
	for (int i = 0; i < LABEL_COUNT; i++) {
		if (!str_eq_nocase(key, str_from(labels[i].key)))
			continue;
		*ret_label = (enum label)i;
		return true;
	}
	return false;
}
