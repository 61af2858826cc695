/* Any bytes as each of the .ini files: read or refused with a sentence, never something in between. */
#include <string.h>

#include "base/ini.h"
#include "base/text.h"
#include "config.h"
#include "fuzz/gazette.h"
#include "store/edition_ini.h"

enum { ARENA_MAX = 16 << 20 };

static bool on_pair(void *context, const char *section, const char *key, const char *value,
		    unsigned line, struct err *err)
{
	unsigned *last = context;

	(void)err;
	must(line >= *last && line > 0, "lines are counted", str_from(key));
	must(strlen(section) <= INI_SECTION_MAX && strlen(key) <= INI_LINE_MAX &&
		     strlen(value) <= INI_LINE_MAX,
	     "nothing longer than a line", str_from(key));
	must(text_valid(str_from(section)) && text_valid(str_from(key)) &&
		     text_valid(str_from(value)),
	     "good UTF-8", str_from(value));
	*last = line;
	return true;
}

/* What a sentence quotes is escaped where it is printed. */
static void check_told(bool ok, const struct err *err, struct str text)
{
	must(ok == (err->text[0] == '\0'), "an error has a sentence, and only an error", text);
}

static void read_pairs(struct str text)
{
	struct err err = { "" };
	unsigned last = 0;

	check_told(ini_read(text, "x.ini", on_pair, &last, &err), &err, text);
}

static void read_config(struct str text)
{
	struct err err = { "" };
	struct config *config = config_parse(text, "etc/server.ini", &err);

	check_told(config != NULL, &err, text);
	config_free(config);
}

static void read_edition(struct str text, struct arena *arena)
{
	struct err err = { "" };
	struct edition edition;
	struct texts order;
	bool ok = edition_ini_read(arena, text, "ar/edition.ini", STR("ar"), &edition, &order,
				   &err);

	check_told(ok, &err, text);
	if (!ok)
		return;
	must(edition.name.len > 0 && is_printable(edition.name, false), "a name", text);
	must(is_printable(edition.slogan, false), "a clean slogan", text);
	must(edition.language.len > 0 && is_printable(edition.language, false), "a language", text);
	for (size_t i = 0; i < LABEL_COUNT; i++)
		must(edition.labels[i].len > 0 && is_printable(edition.labels[i], false),
		     "every label is there", text);
}

static void read_section(struct str text, struct arena *arena)
{
	struct err err = { "" };
	struct section section = { .name = STR("x"), .description = STR("") };
	struct texts order;
	bool ok = section_ini_read(arena, text, "news/section.ini", &section, &order, &err);

	check_told(ok, &err, text);
	must(!ok || is_printable(section.name, false), "a clean name", text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *arena;
	struct str text = { (const char *)data, size };

	if (!arena)
		arena = arena_new(ARENA_MAX);
	arena_reset(arena);
	read_pairs(text);
	read_config(text);
	read_edition(text, arena);
	read_section(text, arena);
	return 0;
}
