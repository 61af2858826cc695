/* .ini files by inih, made strict. */
#include "base/ini.h"

#include <assert.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* inih takes lines from a stream reader and tells no numbers; ours hands out one line a call and counts. */
struct reading {
	struct str rest;
	unsigned line;
	const char *name;
	ini_pair *handler;
	void *context;
	struct err *err;
	bool failed;
};

/*
 * What inih would quietly read as something else: a section name that it cuts,
 * an indented line, which it takes for more of the value above, and controls
 * that it takes for blanks.
 */
static const char *fault_of(struct str line)
{
	struct str text = str_trim(line);
	bool indented = text.len && text.data != line.data;

	if (line.len > INI_LINE_MAX)
		return "the line is longer than 198 bytes";
	for (size_t i = 0; i < line.len; i++)
		if ((unsigned char)line.data[i] < ' ' && line.data[i] != '\t')
			return "the line has a control character";
	if (text.len == 0 || text.data[0] == ';' || text.data[0] == '#')
		return NULL;
	if (indented)
		return "the line begins with a blank";
	if (text.data[0] == '[' && text.len > INI_SECTION_MAX)
		return "the section's name is too long";
	return NULL;
}

static char *next_line(char *out, int size, void *stream)
{
	struct reading *reading = stream;
	const char *fault;
	struct str line;

	if (reading->failed || !str_next_line(&reading->rest, &line))
		return NULL;
	assert(size > INI_LINE_MAX + 1);
	reading->line++;
	fault = fault_of(line);
	if (fault) {
		reading->failed = true;
		err_set(reading->err, "%s:%u: %s", reading->name, reading->line, fault);
		return NULL;
	}
	memcpy(out, line.data, line.len);
	memcpy(out + line.len, "\n", 2);
	return out;
}

static int on_pair(void *context, const char *section, const char *key, const char *value)
{
	struct reading *reading = context;
	struct err why = { "" };

	if (reading->failed)
		return 0;
	if (reading->handler(reading->context, section, key, value, reading->line, &why))
		return 1;
	reading->failed = true;
	err_set(reading->err, "%s:%u: %s", reading->name, reading->line, why.text);
	return 0;
}

bool ini_read(struct str text, const char *name, ini_pair *handler, void *context, struct err *err)
{
	struct reading reading = {
		.rest = text,
		.name = name,
		.handler = handler,
		.context = context,
		.err = err,
	};
	int bad_line;

	if (str_starts(text, STR("\xEF\xBB\xBF")))
		reading.rest = str_skip(text, 3);
	/* A second mark would be skipped by inih behind our back. */
	if (str_find(text, '\0') != text.len || !text_valid(text) ||
	    str_starts(reading.rest, STR("\xEF\xBB\xBF")))
		return err_set(err, "%s: not UTF-8 text", name);
	bad_line = ini_parse_stream(next_line, &reading, on_pair, &reading);
	if (reading.failed)
		return false;
	if (bad_line != 0)
		return err_set(err, "%s:%d: not a \"key = value\" line", name, bad_line);
	return true;
}
