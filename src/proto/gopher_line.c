/* Gopher request lines. */
#include "proto/gopher_line.h"

#include <string.h>

#include "base/uri.h"

static bool read_ask(struct str field, struct gopher_line *line)
{
	struct str detail = str_skip(field, 1);
	enum gopher_ask ask;

	if (field.len == 0)
		return false;
	if (field.data[0] == '+' && (detail.len == 0 || str_find(detail, '/') < detail.len))
		ask = ASK_FETCH;
	else if (field.data[0] == '!' && (detail.len == 0 || detail.data[0] == '+'))
		ask = ASK_ITEM;
	else if (field.data[0] == '$' && (detail.len == 0 || detail.data[0] == '+'))
		ask = ASK_MENU;
	else
		return false;
	line->ask = ask;
	line->detail = detail;
	return true;
}

void gopher_line_split(struct str text, struct gopher_line *ret_line)
{
	struct gopher_line line = { 0 };
	size_t tab = str_find(text, '\t');
	bool has_more = tab < text.len;
	struct str rest = str_skip(text, tab + 1);
	struct str field = STR("");

	line.selector = str_head(text, tab);
	str_next(&rest, '\t', &field);
	if (!read_ask(field, &line)) {
		line.words = field;
		line.has_words = has_more;
		field = STR("");
		str_next(&rest, '\t', &field);
		read_ask(field, &line);
	}
	field = STR("");
	str_next(&rest, '\t', &field);
	line.has_data = line.ask != ASK_PLAIN && str_eq(field, STR("1"));
	*ret_line = line;
}

/*
 * "0/robots.txt", "1/": a type that a client repeats. "s/" is where short links
 * live, too; a sound has an extension, and a short link has none.
 */
static struct str without_type(struct str selector)
{
	struct str rest = str_skip(selector, 1);
	bool has_dot = str_find(rest, '.') < rest.len;

	if (!str_starts(rest, STR("/")) || !strchr("0179gIhs;", selector.data[0]))
		return selector;
	return selector.data[0] == 's' && !has_dot ? selector : rest;
}

bool gopher_path(struct arena *arena, struct str selector, struct str *ret_path)
{
	return uri_path(arena, uri_encode(arena, without_type(selector), "/"), ret_path);
}

bool gopher_is_http(struct str line)
{
	static const char *const methods[] = { "GET",	 "HEAD",     "POST",	"PUT",
					       "DELETE", "TRACE",    "OPTIONS", "CONNECT",
					       "PATCH",	 "PROPFIND", "PRI" };
	struct str method = str_head(line, str_find(line, ' '));

	if (method.len == line.len)
		return false;
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (str_eq(method, str_from(methods[i])))
			return true;
	return false;
}
