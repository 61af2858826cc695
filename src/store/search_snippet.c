/* The passage that is shown of an article found. */
#include <string.h>

#include "base/text.h"
#include "store/search.h"

#define ELLIPSIS STR("…")

enum { BEFORE_MAX = 80 }; /* bytes shown before the first hit */

/* The start of a passage whose hit is at hit: the first word that is not too far off. */
static size_t find_start(struct str text, size_t hit)
{
	size_t start = hit - BEFORE_MAX;
	size_t blank = start + str_find((struct str){ text.data + start, BEFORE_MAX }, ' ');

	if (blank < hit)
		return blank + 1;
	/* No blanks in this script: any character will do. */
	while (start < hit && ((unsigned char)text.data[start] & 0xC0) == 0x80)
		start++;
	return start;
}

/* The longest head of line within max bytes: to a blank when one is near the end, else to a character. */
static struct str cut(struct str line, size_t max)
{
	struct str head = str_head(line, max);
	size_t blank = str_rfind(head, ' ');

	if (blank < head.len && blank > max * 3 / 4)
		return str_trim(str_head(head, blank));
	while (head.len && ((unsigned char)line.data[head.len] & 0xC0) == 0x80)
		head.len--;
	return str_trim(head);
}

/* Without marks and doubled blanks. */
static struct str tidy(struct arena *arena, struct str text)
{
	char *out = arena_alloc(arena, text.len + 1, 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == SEARCH_MARK)
			continue;
		if (text.data[i] == ' ' && (len == 0 || out[len - 1] == ' '))
			continue;
		out[len++] = text.data[i];
	}
	return text_line(arena, (struct str){ out, len });
}

struct str search_snippet(struct arena *arena, struct str marked)
{
	size_t hit = str_find(marked, SEARCH_MARK);
	size_t start = hit > BEFORE_MAX ? find_start(marked, hit) : 0;
	struct str line;

	if (hit == marked.len)
		return STR("");
	line = tidy(arena, str_skip(marked, start));
	if (start != 0)
		line = arena_join(arena, ELLIPSIS, line, STR(""));
	if (line.len <= SEARCH_SNIPPET_MAX)
		return line;
	return arena_join(arena, cut(line, SEARCH_SNIPPET_MAX - ELLIPSIS.len), ELLIPSIS, STR(""));
}
