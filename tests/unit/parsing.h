/* What the tests of the article parser share, on top of unit/paper.h. */
#ifndef UNIT_PARSING_H
#define UNIT_PARSING_H

#include "unit/paper.h"

/* Of the last parse; its problems are in paper_told, and what it gave is in paper_text. */
extern size_t parse_errors;
extern size_t parse_warnings;

/* Parses the bytes of a file called news/a.gmi. */
bool parse_str(struct str source, bool needs_date);

/* The same for a C string that needs a date; it must fail exactly when an error was told. */
bool parse_text(const char *source);

/* Parses a good header with one more field in it, which stands on line 3. */
bool parse_with(const char *field);

/* Text of exactly len bytes, in paper_arena. */
const char *letters(size_t len);

#endif
