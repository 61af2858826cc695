/* The error log: one escaped line per event. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "base/text.h"

enum { LINE_MAX_BYTES = 2048 };

static const char *process_name = "tidings";
static enum log_level least_level = LOG_INFO;
static bool has_journal;

void log_set(enum log_level least, bool is_journal)
{
	least_level = least;
	has_journal = is_journal;
}

void log_name(const char *name)
{
	process_name = name;
}

void log_escape(struct str text, char *out, size_t size)
{
	size_t len = 0;

	while (text.len) {
		uint32_t rune;
		size_t used = text_rune(text, &rune);
		bool bad = text_is_control(rune) || (rune == 0xFFFD && used == 1);
		size_t need = bad ? 4 * used : used;

		if (len + need + 1 > size)
			break;
		for (size_t i = 0; i < used; i++) {
			if (bad)
				len += (size_t)snprintf(out + len, 5, "\\x%02x",
							(unsigned char)text.data[i]);
			else
				out[len++] = text.data[i];
		}
		text = str_skip(text, used);
	}
	out[len] = '\0';
}

void log_line(enum log_level level, const char *format, ...)
{
	static const char *const names[] = { "error", "warning", "info" };
	static const int priorities[] = { 3, 4, 6 };
	char raw[LINE_MAX_BYTES];
	char text[LINE_MAX_BYTES];
	char line[LINE_MAX_BYTES + 128];
	char when[DATE_TEXT];
	va_list args;
	int len;

	if (level > least_level)
		return;
	va_start(args, format);
	vsnprintf(raw, sizeof(raw), format, args);
	va_end(args);
	log_escape(str_from(raw), text, sizeof(text));
	if (has_journal)
		len = snprintf(line, sizeof(line), "<%d>%s: %s\n", priorities[level], process_name,
			       text);
	else
		len = snprintf(line, sizeof(line), "%s %s: %s: %s\n",
			       date_rfc3339(time(NULL), when), process_name, names[level], text);
	if (len > 0 && write(STDERR_FILENO, line, (size_t)len) < 0)
		return; /* nowhere left to say so */
}
