/* .ini files by inih, made strict. */
#include "base/ini.h"

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

static char *next_line(char *out, int size, void *stream)
{
	struct reading *reading = stream;
	struct str line;

	if (reading->failed || !str_next_line(&reading->rest, &line))
		return NULL;
	reading->line++;
	if (line.len > INI_LINE_MAX || line.len + 2 > (size_t)size) {
		reading->failed = true;
		err_set(reading->err, "%s:%u: the line has %zu bytes, more than %d", reading->name,
			reading->line, line.len, INI_LINE_MAX);
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
	if (str_find(text, '\0') != text.len || !text_valid(text))
		return err_set(err, "%s: not UTF-8 text", name);
	bad_line = ini_parse_stream(next_line, &reading, on_pair, &reading);
	if (reading.failed)
		return false;
	if (bad_line != 0)
		return err_set(err, "%s:%d: not a \"key = value\" line", name, bad_line);
	return true;
}
