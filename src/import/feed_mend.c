/* Feeds that are almost XML. */
#include <libxml/HTMLparser.h>
#include <stdio.h>

#include "base/buf.h"
#include "import/feed_draft.h"

enum { REFERENCE_MAX = 32 };

static bool is_name_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9');
}

/* The length of "&name;" or "&#10;" at the start of text; 0 when that is not what stands there. */
static size_t reference_length(struct str text)
{
	size_t len = 1;

	if (len < text.len && text.data[len] == '#') {
		len++;
		if (len < text.len && (text.data[len] == 'x' || text.data[len] == 'X'))
			len++;
	}
	while (len < text.len && len < REFERENCE_MAX && is_name_byte(text.data[len]))
		len++;
	return len < text.len && text.data[len] == ';' && len > 1 &&
			       is_name_byte(text.data[len - 1])
		       ? len + 1
		       : 0;
}

/* Characters that a number may stand for in XML (1.0, 2.2). */
static bool is_xml_char(unsigned long rune)
{
	return rune == 9 || rune == 10 || rune == 13 || (rune >= 0x20 && rune < 0xD800) ||
	       (rune >= 0xE000 && rune <= 0xFFFD) || (rune >= 0x10000 && rune <= 0x10FFFF);
}

/* "&#150;" means what it means in windows-1252 (HTML Standard 13.2.5.80). */
static unsigned long fix_number(unsigned long rune)
{
	static const unsigned short high[32] = {
		0x20AC, 0x81,	0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
		0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,	0x017D, 0x8F,
		0x90,	0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
		0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,	0x017E, 0x0178,
	};

	return rune >= 0x80 && rune <= 0x9F ? high[rune - 0x80] : rune;
}

static void mend_number(struct str reference, struct buf *out)
{
	bool is_hex = reference.data[2] == 'x' || reference.data[2] == 'X';
	unsigned long rune = 0;

	for (size_t i = is_hex ? 3 : 2; i + 1 < reference.len && rune <= 0x10FFFF; i++) {
		char byte = reference.data[i];
		unsigned digit = byte <= '9' ? (unsigned)(byte - '0')
					     : ((unsigned)byte | 32) - 'a' + 10;

		if (digit >= (is_hex ? 16u : 10u)) {
			buf_str(out, STR("&amp;"));
			buf_str(out, str_skip(reference, 1));
			return;
		}
		rune = rune * (is_hex ? 16 : 10) + digit;
	}
	rune = fix_number(rune);
	if (is_xml_char(rune))
		buf_format(out, "&#%lu;", rune);
}

static void mend_name(struct str reference, struct buf *out)
{
	static const char *const known[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&apos;", NULL };
	char name[REFERENCE_MAX + 2];
	const htmlEntityDesc *entity;

	for (const char *const *each = known; *each; each++) {
		if (str_eq(reference, str_from(*each))) {
			buf_str(out, reference);
			return;
		}
	}
	snprintf(name, sizeof(name), STR_FMT,
		 STR_ARG(str_head(str_skip(reference, 1), reference.len - 2)));
	entity = htmlEntityLookup(BAD_CAST name);
	if (entity) {
		buf_format(out, "&#%u;", entity->value);
	} else {
		buf_str(out, STR("&amp;"));
		buf_str(out, str_skip(reference, 1));
	}
}

/* Takes an "&" and what belongs to it. */
static size_t mend_reference(struct str text, struct buf *out)
{
	size_t len = reference_length(text);

	if (len == 0) {
		buf_str(out, STR("&amp;"));
		return 1;
	}
	if (text.data[1] == '#')
		mend_number(str_head(text, len), out);
	else
		mend_name(str_head(text, len), out);
	return len;
}

/* The length of a DOCTYPE with all that is in it. */
static size_t doctype_length(struct str text)
{
	size_t depth = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '[')
			depth++;
		else if (text.data[i] == ']' && depth)
			depth--;
		else if (text.data[i] == '>' && depth == 0)
			return i + 1;
	}
	return text.len;
}

/* Where a construct that ends with a mark ends. */
static size_t length_to(struct str text, struct str end)
{
	size_t at = str_search(text, end);

	return at < text.len ? at + end.len : text.len;
}

static bool is_legal(char byte)
{
	return (unsigned char)byte >= ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static void add_legal(struct str text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++)
		if (is_legal(text.data[i]))
			buf_char(out, text.data[i]);
}

/* Takes a "<" and what belongs to it. */
static size_t mend_markup(struct str text, struct buf *out)
{
	size_t len = 1;
	char next = text.len > 1 ? text.data[1] : ' ';

	if (str_starts(text, STR("<![CDATA["))) {
		len = length_to(text, STR("]]>"));
		add_legal(str_head(text, len), out);
		if (!str_ends(str_head(text, len), STR("]]>")))
			buf_str(out, STR("]]>"));
	} else if (str_starts(text, STR("<!--"))) {
		len = length_to(text, STR("-->"));
	} else if (str_starts(text, STR("<?"))) {
		len = length_to(text, STR("?>"));
	} else if (str_eq_nocase(str_head(text, 9), STR("<!DOCTYPE"))) {
		len = doctype_length(text);
	} else if (is_name_byte(next) || next == '/' || next == '_') {
		buf_char(out, '<');
	} else {
		buf_str(out, STR("&lt;"));
	}
	return len;
}

struct str feed_mend_xml(struct arena *arena, struct str text)
{
	struct buf out;
	struct str mended;

	buf_init(&out, 8 * FEED_BYTES_MAX);
	while (text.len) {
		char byte = text.data[0];
		size_t len = 1;

		if (byte == '&')
			len = mend_reference(text, &out);
		else if (byte == '<')
			len = mend_markup(text, &out);
		else if (is_legal(byte))
			buf_char(&out, byte);
		text = str_skip(text, len);
	}
	mended = arena_str(arena, buf_view(&out));
	buf_done(&out);
	return mended;
}
