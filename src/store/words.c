/* Gemtext without its marks. */
#include <string.h>

#include "store/desk.h"

static struct str skip_blanks(struct str s)
{
	while (s.len && (s.data[0] == ' ' || s.data[0] == '\t'))
		s = str_skip(s, 1);
	return s;
}

/* What a reader reads of a line. */
static struct str line_words(struct str line, bool *preformatted)
{
	if (str_starts(line, STR("```"))) {
		*preformatted = !*preformatted;
		return str_trim(str_skip(line, 3));
	}
	if (*preformatted)
		return line;
	if (str_starts(line, STR("=>"))) {
		line = skip_blanks(str_skip(line, 2));
		while (line.len && line.data[0] != ' ' && line.data[0] != '\t')
			line = str_skip(line, 1);
	} else if (str_starts(line, STR("* ")) || str_starts(line, STR(">"))) {
		line = str_skip(line, 1);
	} else {
		while (str_starts(line, STR("#")))
			line = str_skip(line, 1);
	}
	return str_trim(line);
}

struct str body_words(struct arena *arena, struct str body)
{
	/* Each line is as long as before at most, its LF became a blank. */
	char *out = arena_alloc(arena, body.len + 2, 1);
	bool preformatted = false;
	size_t len = 0;
	struct str line;

	while (str_next_line(&body, &line)) {
		struct str words = line_words(line, &preformatted);

		if (words.len == 0)
			continue;
		memcpy(out + len, words.data, words.len);
		len += words.len;
		out[len++] = ' ';
	}
	return str_trim((struct str){ out, len });
}
