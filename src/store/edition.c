/* Questions about an edition. */
#include "store/edition.h"

bool edition_is_rtl(const struct edition *edition)
{
	static const char *const tags[] = { "ar",  "arc", "ckb", "dv",	"fa", "he", "ks",
					    "nqo", "ps",  "sd",	 "syr", "ug", "ur", "yi" };
	struct str rest = edition->language;
	struct str primary = STR("");
	struct str script = STR("");

	str_next(&rest, '-', &primary);
	str_next(&rest, '-', &script);
	/* A script, where it is named, has the last word (RFC 5646 2.2.3). */
	if (script.len == 4)
		return str_eq_nocase(script, STR("Arab")) || str_eq_nocase(script, STR("Hebr"));
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (str_eq_nocase(primary, str_from(tags[i])))
			return true;
	return false;
}

const struct section *edition_section(const struct edition *edition, struct str path)
{
	for (size_t i = 0; i < edition->section_count; i++)
		if (str_eq(edition->sections[i].path, path))
			return &edition->sections[i];
	return NULL;
}
