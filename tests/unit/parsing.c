/* Article files for the tests of their parser. */
#include "unit/parsing.h"

#include <stdio.h>

size_t parse_errors;
size_t parse_warnings;

static void on_problem(void *context, enum problem problem, struct str path, unsigned line,
		       const char *text)
{
	size_t len = strlen(paper_told);

	(void)context;
	snprintf(paper_told + len, sizeof(paper_told) - len, "%s " STR_FMT ":%u: %s\n",
		 problem == PROBLEM_ERROR ? "error" : "warning", STR_ARG(path), line, text);
	*(problem == PROBLEM_ERROR ? &parse_errors : &parse_warnings) += 1;
}

bool parse_str(struct str source, bool needs_date)
{
	paper_told[0] = '\0';
	parse_errors = 0;
	parse_warnings = 0;
	paper_text = (struct article){ 0 };
	return article_parse(paper_arena, source, STR("news/a.gmi"), needs_date, &paper_text,
			     on_problem, NULL);
}

bool parse_text(const char *source)
{
	bool ok = parse_str(str_from(source), true);

	assert_int_equal(ok, parse_errors == 0);
	return ok;
}

bool parse_with(const char *field)
{
	return parse_str(arena_format(paper_arena,
				      "Title: T\nDate: 2026-10-03T08:40:00Z\n%s\n\nText.\n", field),
			 true);
}

const char *letters(size_t len)
{
	char *text = arena_alloc(paper_arena, len + 1, 1);

	memset(text, 'a', len);
	return text;
}
