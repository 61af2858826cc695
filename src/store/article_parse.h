/* Inside the article parser: what article.c hands to the fields and the body. */
#ifndef STORE_ARTICLE_PARSE_H
#define STORE_ARTICLE_PARSE_H

#include "store/article.h"

/* A file being parsed. Problems are told as they are found; errors counts the fatal ones. */
struct parse {
	struct arena *arena;
	struct str path;
	problem_handler *handler;
	void *context;
	struct article *article;
	unsigned line; /* of the field or text at hand, from 1 */
	unsigned errors;
	uint64_t seen; /* bit i: field i of the table was set */
};

void parse_error(struct parse *parse, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void parse_warning(struct parse *parse, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Takes one "Name: value", its continuation lines joined already. */
void parse_field(struct parse *parse, struct str name, struct str value);

/* What can only be said once all fields are known: what is missing, what contradicts. */
void parse_fields_end(struct parse *parse, bool needs_date);

/*
 * The text behind the header: LF line ends, no control characters, no empty
 * lines at either end. Shares text's bytes when there is nothing to mend.
 * Moves parse->line to its first line.
 */
struct str parse_body(struct parse *parse, struct str text);

#endif
