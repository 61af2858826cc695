/* Escapes for paths, URLs, markup and lines. */
#include "render/escape.h"

#include <string.h>

#include "base/text.h"

enum { TAB_COLUMNS = 8 };

static bool is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static void put_byte(struct buf *out, char c, const char *keep)
{
	static const char digits[] = "0123456789ABCDEF";
	char escape[3] = { '%', digits[(unsigned char)c >> 4], digits[(unsigned char)c & 15] };

	if (is_alphanumeric(c) || (c && strchr(keep, c)))
		buf_char(out, c);
	else
		buf_bytes(out, escape, sizeof(escape));
}

void escape_path(struct buf *out, struct str path)
{
	for (size_t i = 0; i < path.len; i++)
		put_byte(out, path.data[i], "-._~!$&'()*+,;=:@/");
}

void escape_url(struct buf *out, struct str url)
{
	for (size_t i = 0; i < url.len; i++) {
		bool is_escape = url.data[i] == '%' && i + 2 < url.len && is_hex(url.data[i + 1]) &&
				 is_hex(url.data[i + 2]);

		put_byte(out, url.data[i], is_escape ? "%" : "-._~:/?#[]@!$&'()*+,;=");
	}
}

static bool is_xml(uint32_t rune)
{
	if (rune < 0x20)
		return rune == '\t' || rune == '\n' || rune == '\r';
	return rune != 0xFFFE && rune != 0xFFFF;
}

static void put_rune(struct buf *out, uint32_t rune)
{
	char bytes[4];

	buf_bytes(out, bytes, text_encode(rune, bytes));
}

void escape_markup(struct buf *out, struct str text)
{
	uint32_t rune;
	size_t used;

	for (; (used = text_rune(text, &rune)) != 0; text = str_skip(text, used)) {
		switch (rune) {
		case '&':
			buf_str(out, STR("&amp;"));
			break;
		case '<':
			buf_str(out, STR("&lt;"));
			break;
		case '>':
			buf_str(out, STR("&gt;"));
			break;
		case '"':
			buf_str(out, STR("&quot;"));
			break;
		case '\'':
			buf_str(out, STR("&#39;"));
			break;
		default:
			if (is_xml(rune))
				put_rune(out, rune);
		}
	}
}

/* The line as it may be printed; a control is a blank, or nothing when it only steers direction. Returns columns. */
static size_t put_printable(struct buf *out, uint32_t rune, size_t column)
{
	struct str s;
	char bytes[4];
	bool is_blank = rune < 0xA0 || rune == 0x2028 || rune == 0x2029;

	if (text_is_control(rune) && !is_blank)
		return 0;
	if (rune == '\t') {
		size_t blanks = TAB_COLUMNS - column % TAB_COLUMNS;

		buf_repeat(out, ' ', blanks);
		return blanks;
	}
	if (text_is_control(rune))
		rune = ' ';
	s = (struct str){ bytes, text_encode(rune, bytes) };
	buf_str(out, s);
	return text_width(s);
}

/* Takes the printable ASCII at the start of *line, which needs nothing done to it; returns its columns. */
static size_t put_plain(struct buf *out, struct str *line)
{
	size_t plain = text_plain(*line);

	buf_bytes(out, line->data, plain);
	*line = str_skip(*line, plain);
	return plain;
}

void escape_line(struct buf *out, struct str line)
{
	uint32_t rune;
	size_t used;

	for (;;) {
		put_plain(out, &line);
		used = text_rune(line, &rune);
		if (used == 0)
			return;
		put_printable(out, rune == '\t' ? ' ' : rune, 0);
		line = str_skip(line, used);
	}
}

void escape_pre(struct buf *out, struct str line)
{
	size_t column = 0;
	uint32_t rune;
	size_t used;

	while (line.len && strchr(" \t\r", line.data[line.len - 1]))
		line.len--;
	for (;;) {
		column += put_plain(out, &line);
		used = text_rune(line, &rune);
		if (used == 0)
			return;
		column += put_printable(out, rune, column);
		line = str_skip(line, used);
	}
}
