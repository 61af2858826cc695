/* Article files: the header's lines become fields, the rest is the body. */
#include "store/article.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"
#include "store/article_parse.h"

__attribute__((format(printf, 3, 0))) static void tell(struct parse *parse, enum problem problem,
						       const char *format, va_list arguments)
{
	char text[256];

	if (problem == PROBLEM_ERROR)
		parse->errors++;
	if (!parse->handler)
		return;
	vsnprintf(text, sizeof(text), format, arguments);
	text[text_whole(str_from(text)).len] = '\0';
	parse->handler(parse->context, problem, parse->path, parse->line, text);
}

void parse_error(struct parse *parse, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	tell(parse, PROBLEM_ERROR, format, arguments);
	va_end(arguments);
}

void parse_warning(struct parse *parse, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	tell(parse, PROBLEM_WARNING, format, arguments);
	va_end(arguments);
}

/* The header on its way: what is left of it, and the field that is being put together. */
struct header {
	struct str rest;
	unsigned lines; /* of the file, taken so far */
	unsigned count; /* of them, those that make fields */
	bool fenced;
	bool ended;
	bool broken; /* not a header at all: what follows would only be noise */
	bool open;   /* name and value hold a field that may go on */
	unsigned line;
	struct str name;
	struct str value;
};

/* Hands the field that is complete now to the table. */
static void flush_field(struct parse *parse, struct header *header)
{
	if (!header->open)
		return;
	header->open = false;
	parse->line = header->line;
	if (header->value.len > ARTICLE_VALUE_MAX)
		parse_error(parse, STR_FMT ": the value has more than %d bytes",
			    STR_ARG(text_whole(str_head(header->name, 40))), ARTICLE_VALUE_MAX);
	else
		parse_field(parse, header->name, header->value);
}

static void continue_field(struct parse *parse, struct header *header, struct str line)
{
	if (!header->open) {
		parse_error(parse, "a continuation line without a field before it");
		header->broken = true;
	} else if (header->value.len <= ARTICLE_VALUE_MAX) {
		header->value = arena_join(parse->arena, header->value,
					   header->value.len ? STR(" ") : STR(""), str_trim(line));
	}
}

static bool is_field_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char byte = name.data[i];

		if (!(byte >= 'a' && byte <= 'z') && !(byte >= 'A' && byte <= 'Z') &&
		    !(byte >= '0' && byte <= '9') && byte != '-')
			return false;
	}
	return name.len > 0;
}

static void start_field(struct parse *parse, struct header *header, struct str line)
{
	size_t colon = str_find(line, ':');
	struct str name = str_trim(str_head(line, colon));

	flush_field(parse, header);
	parse->line = header->lines;
	if (colon == line.len || !is_field_name(name)) {
		parse_error(parse,
			    "not a \"Name: value\" line (is the %s before the text missing?)",
			    header->fenced ? "closing ---" : "empty line");
		header->broken = true;
		return;
	}
	header->open = true;
	header->line = header->lines;
	header->name = name;
	header->value = str_trim(str_skip(line, colon + 1));
}

/* Takes one line of the header. */
static void header_line(struct parse *parse, struct header *header, struct str line)
{
	bool is_fence = str_eq(str_trim(line), STR("---"));

	parse->line = ++header->lines;
	if (is_fence && header->lines == 1) {
		header->fenced = true;
	} else if (str_trim(line).len == 0 || (is_fence && header->fenced)) {
		flush_field(parse, header);
		header->ended = is_fence || !header->fenced;
	} else if (++header->count > ARTICLE_FIELDS_MAX) {
		parse_error(parse, "the header has more than %d lines", ARTICLE_FIELDS_MAX);
		header->broken = true;
	} else if (line.data[0] == ' ' || line.data[0] == '\t') {
		continue_field(parse, header, line);
	} else {
		start_field(parse, header, line);
	}
}

/* Parses the header; *rest is what is behind it then. False when it makes no sense to go on. */
static bool parse_header(struct parse *parse, struct str *rest)
{
	struct header header = { .rest = *rest };
	struct str line;

	while (!header.ended && !header.broken && str_next_line(&header.rest, &line))
		header_line(parse, &header, line);
	if (header.broken)
		return false;
	flush_field(parse, &header);
	parse->line = header.lines;
	if (header.fenced && !header.ended) {
		parse_error(parse, "the header's closing --- is missing");
		return false;
	}
	parse->line++;
	*rest = header.rest;
	return true;
}

/* Bytes that are no text at all are not looked at any further. */
static bool is_text(struct parse *parse, struct str source)
{
	struct str line;

	if (source.len > ARTICLE_BYTES_MAX) {
		parse_error(parse, "the file has %zu bytes, more than %d", source.len,
			    ARTICLE_BYTES_MAX);
		return false;
	}
	if (text_valid(source) && str_find(source, '\0') == source.len)
		return true;
	while (str_next_line(&source, &line)) {
		parse->line++;
		if (!text_valid(line) || str_find(line, '\0') != line.len)
			break;
	}
	parse_error(parse, "not UTF-8 text");
	return false;
}

bool article_parse(struct arena *arena, struct str source, struct str path, bool needs_date,
		   struct article *ret_article, problem_handler *handler, void *context)
{
	struct article article = { .urgency = 5 };
	struct parse parse = {
		.arena = arena,
		.path = path,
		.handler = handler,
		.context = context,
		.article = &article,
	};

	if (!is_text(&parse, source))
		return false;
	if (str_starts(source, STR("\xEF\xBB\xBF")))
		source = str_skip(source, 3);
	if (!parse_header(&parse, &source))
		return false;
	article.body = parse_body(&parse, source);
	article.body_line = parse.line;
	parse.line = 0;
	parse_fields_end(&parse, needs_date);
	if (parse.errors)
		return false;
	*ret_article = article;
	return true;
}
