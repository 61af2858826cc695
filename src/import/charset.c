/* Bytes of the web as UTF-8 (Encoding Standard; HTML Standard 13.2.3.2 for where labels stand). */
#include "import/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"

enum { LABEL_MAX = 40, LOOK_BYTES = 4096 };

/* The web's labels whose meaning is not what iconv takes them for, or that it does not know. */
static const struct {
	const char *label;
	const char *charset; /* iconv's */
} labels[] = {
	{ "utf8", "UTF-8" },
	{ "unicode-1-1-utf-8", "UTF-8" },
	{ "ascii", "CP1252" },
	{ "us-ascii", "CP1252" },
	{ "ansi_x3.4-1968", "CP1252" },
	{ "iso-8859-1", "CP1252" },
	{ "iso8859-1", "CP1252" },
	{ "iso_8859-1", "CP1252" },
	{ "iso88591", "CP1252" },
	{ "latin1", "CP1252" },
	{ "latin-1", "CP1252" },
	{ "l1", "CP1252" },
	{ "cp819", "CP1252" },
	{ "x-cp1252", "CP1252" },
	{ "windows-1252", "CP1252" },
	{ "cp1252", "CP1252" },
	{ "iso-8859-9", "CP1254" },
	{ "latin5", "CP1254" },
	{ "iso-8859-11", "CP874" },
	{ "tis-620", "CP874" },
	{ "windows-874", "CP874" },
	{ "x-cp1250", "CP1250" },
	{ "x-cp1251", "CP1251" },
	{ "win-1251", "CP1251" },
	{ "windows-1250", "CP1250" },
	{ "windows-1251", "CP1251" },
	{ "windows-1253", "CP1253" },
	{ "windows-1254", "CP1254" },
	{ "windows-1255", "CP1255" },
	{ "windows-1256", "CP1256" },
	{ "windows-1257", "CP1257" },
	{ "windows-1258", "CP1258" },
	{ "iso-8859-6", "ISO-8859-6" },
	{ "arabic", "ISO-8859-6" },
	{ "iso-8859-8-i", "CP1255" },
	{ "iso-8859-8", "CP1255" },
	{ "logical", "CP1255" },
	{ "x-mac-roman", "MACINTOSH" },
	{ "macintosh", "MACINTOSH" },
	{ "x-mac-cyrillic", "MAC-CYRILLIC" },
	{ "koi8-r", "KOI8-R" },
	{ "koi8", "KOI8-R" },
	{ "koi8-u", "KOI8-U" },
	{ "gb2312", "GB18030" },
	{ "gbk", "GB18030" },
	{ "gb_2312-80", "GB18030" },
	{ "x-gbk", "GB18030" },
	{ "chinese", "GB18030" },
	{ "gb18030", "GB18030" },
	{ "big5", "BIG5-HKSCS" },
	{ "big5-hkscs", "BIG5-HKSCS" },
	{ "x-x-big5", "BIG5-HKSCS" },
	{ "shift_jis", "CP932" },
	{ "shift-jis", "CP932" },
	{ "sjis", "CP932" },
	{ "x-sjis", "CP932" },
	{ "windows-31j", "CP932" },
	{ "ms_kanji", "CP932" },
	{ "euc-jp", "EUC-JP-MS" },
	{ "x-euc-jp", "EUC-JP-MS" },
	{ "iso-2022-jp", "ISO-2022-JP-2" },
	{ "euc-kr", "CP949" },
	{ "ks_c_5601-1987", "CP949" },
	{ "ksc5601", "CP949" },
	{ "korean", "CP949" },
	{ "windows-949", "CP949" },
	{ "utf-16", "UTF-16LE" },
	{ "utf-16le", "UTF-16LE" },
	{ "utf-16be", "UTF-16BE" },
	{ "unicode", "UTF-16LE" },
	{ "ucs-2", "UTF-16LE" },
	{ "iso-10646-ucs-2", "UTF-16LE" },
	{ "utf-32", "UTF-32" },
	{ "utf-7", "" },
};

/* A label lower-cased into out; false when it cannot be one. */
static bool fold_label(struct str label, char out[LABEL_MAX])
{
	size_t len = 0;

	label = str_trim(label);
	if (label.len == 0 || label.len >= LABEL_MAX)
		return false;
	for (; len < label.len; len++) {
		char byte = label.data[len];

		if (byte >= 'A' && byte <= 'Z')
			byte = (char)(byte + 32);
		if (byte <= ' ' || byte > '~' || byte == '/')
			return false;
		out[len] = byte;
	}
	out[len] = '\0';
	return true;
}

/* A converter for a label; (iconv_t)-1 when nobody knows it. */
static iconv_t open_label(struct str label)
{
	char name[LABEL_MAX];

	if (!fold_label(label, name))
		return (iconv_t)-1;
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (strcmp(name, labels[i].label) == 0)
			return iconv_open("UTF-8", labels[i].charset);
	return iconv_open("UTF-8", name);
}

/* The value behind "name=" in text, in quotes or not; empty when it is not there. */
static struct str value_of(struct str text, struct str name)
{
	for (; text.len > name.len; text = str_skip(text, 1)) {
		struct str rest = str_skip(text, name.len);
		char quote;
		size_t end = 0;

		if (!str_eq_nocase(str_head(text, name.len), name))
			continue;
		rest = str_trim(rest);
		if (!str_starts(rest, STR("=")))
			continue;
		rest = str_trim(str_skip(rest, 1));
		quote = rest.len ? rest.data[0] : ' ';
		if (quote == '"' || quote == '\'')
			return str_head(str_skip(rest, 1), str_find(str_skip(rest, 1), quote));
		while (end < rest.len && !strchr(" \t\r\n;>'\"/?", rest.data[end]))
			end++;
		return str_head(rest, end);
	}
	return STR("");
}

/* The XML declaration's encoding (XML 1.0, 4.3.3). */
static struct str xml_label(struct str bytes)
{
	struct str head = str_head(bytes, 512);
	size_t start = str_search(head, STR("<?xml"));
	size_t end;

	if (start == head.len)
		return STR("");
	head = str_skip(head, start);
	end = str_search(head, STR("?>"));
	return value_of(str_head(head, end), STR("encoding"));
}

/* The first meta element with a charset, in either form. */
static struct str meta_label(struct str bytes)
{
	struct str head = str_head(bytes, LOOK_BYTES);
	struct str label = STR("");

	while (head.len && label.len == 0) {
		size_t end;

		head = str_skip(head, str_find(head, '<'));
		end = str_find(head, '>');
		if (str_eq_nocase(str_head(head, 5), STR("<meta")))
			label = value_of(str_head(head, end), STR("charset"));
		head = str_skip(head, 1);
	}
	return label;
}

static void replace_one(struct str *rest, struct buf *out)
{
	buf_str(out, STR("\xEF\xBF\xBD"));
	*rest = str_skip(*rest, 1);
}

static void convert(iconv_t converter, struct str bytes, struct buf *out)
{
	char block[16384];

	while (bytes.len) {
		char *in = (char *)bytes.data;
		size_t in_left = bytes.len;
		char *to = block;
		size_t to_left = sizeof(block);
		size_t result = iconv(converter, &in, &in_left, &to, &to_left);
		int error = errno;

		buf_bytes(out, block, (size_t)(to - block));
		bytes = (struct str){ in, in_left };
		if (result != (size_t)-1)
			break;
		if (error == EILSEQ || error == EINVAL)
			replace_one(&bytes, out);
	}
}

/* What claims to be UTF-8 and is not quite. */
static void repair(struct str bytes, struct buf *out)
{
	while (bytes.len) {
		uint32_t rune;
		size_t len = text_rune(bytes, &rune);

		if (len == 1 && (unsigned char)bytes.data[0] >= 0x80)
			buf_str(out, STR("\xEF\xBF\xBD"));
		else if (rune)
			buf_bytes(out, bytes.data, len);
		bytes = str_skip(bytes, len);
	}
}

static bool is_utf8_label(struct str label)
{
	return str_eq_nocase(label, STR("utf-8")) || str_eq_nocase(label, STR("utf8"));
}

static struct str without_nul(struct arena *arena, struct str text)
{
	char *copy;
	size_t len = 0;

	if (str_find(text, '\0') == text.len)
		return text;
	copy = ARENA_ARRAY(arena, text.len + 1, char);
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i])
			copy[len++] = text.data[i];
	return (struct str){ copy, len };
}

/* The label that a mark at the start stands for; *ret_len is its length. */
static struct str bom_label(struct str bytes, size_t *ret_len)
{
	*ret_len = 2;
	if (str_starts(bytes, STR("\xFF\xFE\0\0")) || str_starts(bytes, STR("\0\0\xFE\xFF"))) {
		*ret_len = 0; /* iconv reads that one itself */
		return STR("utf-32");
	}
	if (str_starts(bytes, STR("\xFF\xFE")))
		return STR("utf-16le");
	if (str_starts(bytes, STR("\xFE\xFF")))
		return STR("utf-16be");
	*ret_len = 3;
	if (str_starts(bytes, STR("\xEF\xBB\xBF")))
		return STR("utf-8");
	*ret_len = 0;
	/* No mark, but the first sign of XML in two bytes (XML 1.0, appendix F). */
	if (str_starts(bytes, STR("<\0?\0")))
		return STR("utf-16le");
	if (str_starts(bytes, STR("\0<\0?")))
		return STR("utf-16be");
	return STR("");
}

static struct str find_label(struct str bytes, struct str type, enum charset_kind kind)
{
	struct str label = value_of(type, STR("charset"));

	if (label.len == 0 && kind == CHARSET_XML)
		label = xml_label(bytes);
	if (label.len == 0 && kind == CHARSET_HTML)
		label = meta_label(bytes).len ? meta_label(bytes) : xml_label(bytes);
	/* That the label could be read shows that the text is not in units of two bytes. */
	if (str_eq_nocase(str_head(label, 6), STR("utf-16")) &&
	    value_of(type, STR("charset")).len == 0)
		label = STR("utf-8");
	return label;
}

/*
 * A label in the text itself is often left behind by whoever has converted the text. Text in an 8-bit charset that
 * is good UTF-8 by chance is all but impossible, unless it has no such characters at all.
 */
static bool may_be_utf8(struct str type, struct str label)
{
	if (label.len == 0 || is_utf8_label(label))
		return true;
	return value_of(type, STR("charset")).len == 0 &&
	       !str_eq_nocase(str_head(label, 3), STR("utf")) &&
	       !str_eq_nocase(str_head(label, 8), STR("iso-2022"));
}

struct str charset_utf8(struct arena *arena, struct str bytes, struct str type,
			enum charset_kind kind)
{
	size_t skip;
	struct str label = bom_label(bytes, &skip);
	iconv_t converter = (iconv_t)-1;
	struct str text;
	struct buf out;

	bytes = str_skip(bytes, skip);
	if (label.len == 0)
		label = find_label(bytes, type, kind);

	if (may_be_utf8(type, label) && text_valid(bytes))
		return without_nul(arena, bytes);
	if (label.len && !is_utf8_label(label))
		converter = open_label(label);
	else if (label.len == 0)
		converter = open_label(STR("windows-1252"));
	buf_init(&out, bytes.len * 4 + 64);
	if (converter == (iconv_t)-1) {
		repair(bytes, &out);
	} else {
		convert(converter, bytes, &out);
		iconv_close(converter);
	}
	text = arena_str(arena, buf_view(&out));
	buf_done(&out);
	if (str_starts(text, STR("\xEF\xBB\xBF")))
		text = str_skip(text, 3);
	return without_nul(arena, text);
}
