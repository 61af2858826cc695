/* XML feeds by libxml2's push parser: one stack of open elements, one text under way. */
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "import/address.h"
#include "import/dom.h"
#include "import/feed_reader.h"

enum { PUSH_BYTES = 64 << 10 };

/* xml:base and xml:lang. */
static struct str xml_attribute(const struct attributes *attributes, const char *name)
{
	for (int i = 0; i < attributes->count; i++) {
		const xmlChar **item = &attributes->items[5 * i];

		if (strcmp((const char *)item[0], name) == 0 && item[1] &&
		    strcmp((const char *)item[1], "xml") == 0)
			return (struct str){ (const char *)item[3], (size_t)(item[4] - item[3]) };
	}
	return STR("");
}

static void note_format(struct reader *reader, enum feed_space space, struct str name)
{
	struct feed *feed = reader->draft->feed;

	if (reader->depth > 0 || reader->has_format)
		return;
	reader->has_format = reader->is_feed = true;
	if (str_eq_nocase(name, STR("rss")) || str_eq_nocase(name, STR("channel")))
		feed->format = FEED_RSS;
	else if (str_eq_nocase(name, STR("RDF")))
		feed->format = FEED_RDF;
	else if (str_eq_nocase(name, STR("opml")))
		feed->format = FEED_OPML;
	else if (str_eq_nocase(name, STR("feed")) ||
		 (space == SPACE_ATOM && str_eq(name, STR("entry"))))
		feed->format = FEED_ATOM;
	else
		reader->is_feed = false;
}

static void end_entry(struct reader *reader)
{
	if (!reader->in_entry)
		return;
	feed_finish_entry(reader->draft, &reader->entry);
	reader->in_entry = false;
	reader->media = NULL;
}

static void begin_entry(struct reader *reader, const struct attributes *attributes)
{
	/* One that begins within another one shows that the other's end is missing. */
	end_entry(reader);
	feed_part_init(&reader->entry);
	reader->in_entry = true;
	feed_put(reader->draft, &reader->entry.id, 2, reader_attribute(attributes, "about"),
		 STR(""));
	feed_put(reader->draft, &reader->entry.url, 5, reader_attribute(attributes, "about"),
		 STR(""));
	feed_put_line(reader->draft, &reader->entry.language, 0, reader_top(reader)->language,
		      false);
}

static enum text_type type_of(const struct attributes *attributes, const struct feed_name *name,
			      enum feed_space space)
{
	struct str type = reader_attribute(attributes, "type");
	bool is_prose = name->action == TAKE_TITLE || name->action == TAKE_SUMMARY ||
			name->action == TAKE_CONTENT || name->action == TAKE_LICENSE ||
			name->action == TAKE_SOURCE;
	struct str mode = reader_attribute(attributes, "mode");

	if (space == SPACE_XHTML)
		return TEXT_MARKUP;
	if (space != SPACE_ATOM || !is_prose)
		return TEXT_HTML;
	if (reader_attribute(attributes, "src").len && name->action == TAKE_CONTENT)
		return TEXT_ELSEWHERE;
	if (str_eq(mode, STR("base64")))
		return TEXT_BASE64;
	if (str_eq(mode, STR("escaped")))
		return str_eq_nocase(type, STR("text/plain")) ? TEXT_PLAIN : TEXT_HTML;
	if (str_eq(mode, STR("xml")) || str_eq_nocase(type, STR("xhtml")) ||
	    str_eq_nocase(type, STR("application/xhtml+xml")))
		return TEXT_MARKUP;
	if (str_eq_nocase(type, STR("html")) || str_eq_nocase(type, STR("text/html")))
		return TEXT_HTML;
	if (type.len == 0 || str_eq_nocase(type, STR("text")) ||
	    str_eq_nocase(str_head(type, 5), STR("text/")))
		return TEXT_PLAIN;
	if (str_ends(type, STR("+xml")) || str_ends(type, STR("/xml")))
		return TEXT_MARKUP;
	return TEXT_BASE64;
}

static void begin_capture(struct reader *reader, const struct feed_name *name,
			  enum feed_space space, const struct attributes *attributes)
{
	struct arena *arena = reader->draft->arena;

	reader->capture = reader->depth;
	reader->type = type_of(attributes, name, space);
	reader->relation = arena_str(arena, reader_attribute(attributes, "rel"));
	reader->attribute = STR("");
	buf_clear(&reader->text);
	if (name->action == TAKE_LINK || name->action == TAKE_URL)
		reader->attribute = reader_attribute(attributes, "href").len
					    ? reader_attribute(attributes, "href")
					    : reader_attribute(attributes, "resource");
	else if (name->action == TAKE_ID)
		reader->attribute = reader_attribute(attributes, "isPermaLink");
	else if (name->action == TAKE_TAG)
		reader->attribute = reader_attribute(attributes, "label").len
					    ? reader_attribute(attributes, "label")
					    : reader_attribute(attributes, "term");
	else if (name->action == TAKE_SOURCE)
		reader->attribute = reader_attribute(attributes, "url");
	else if (name->action == TAKE_LICENSE)
		reader->attribute = reader_attribute(attributes, "resource");
	reader->attribute = arena_str(arena, reader->attribute);
	/* The type of a link, which is not that of a text. */
	if (name->action == TAKE_LINK && space == SPACE_ATOM) {
		buf_str(&reader->text, reader_attribute(attributes, "type"));
		reader->type = TEXT_ELSEWHERE;
	}
}

static enum feed_context enter(struct reader *reader, const struct feed_name *name,
			       enum feed_space space, const struct attributes *attributes)
{
	enum feed_context context = reader_top(reader)->context;

	switch (name->action) {
	case OPEN_FEED:
		return IN_FEED;
	case OPEN_ENTRY:
		begin_entry(reader, attributes);
		return IN_ENTRY;
	case OPEN_PERSON:
		return IN_PERSON;
	case OPEN_SOURCE:
		return IN_SOURCE;
	case OPEN_IMAGE:
		return IN_IMAGE;
	case OPEN_MEDIA:
		reader->media = reader_note_media(reader, attributes, "url");
		return IN_GROUP;
	case OPEN_GROUP:
		return IN_GROUP;
	case OPEN_NOTHING:
		return IN_NOTHING;
	case NOTE_ENCLOSURE:
		reader_note_media(reader, attributes, "url");
		return IN_NOTHING;
	case NOTE_THUMBNAIL:
		reader_note_picture(reader, attributes, "url");
		return IN_NOTHING;
	case NOTE_IMAGE:
		if (reader->in_entry)
			reader_note_picture(reader, attributes, "href");
		return IN_NOTHING;
	case NOTE_OUTLINE:
		reader_note_outline(reader, attributes);
		return context;
	default:
		begin_capture(reader, name, space, attributes);
		if (name->action == TAKE_LINK && str_eq(reader->relation, STR("enclosure")))
			reader_note_media(reader, attributes, "href");
		return IN_NOTHING;
	}
}

/* An element within a captured text is a part of the text. */
static void copy_tag(struct reader *reader, struct str name, const struct attributes *attributes)
{
	struct buf *out = &reader->text;

	buf_char(out, '<');
	buf_str(out, name);
	for (int i = 0; i < attributes->count; i++) {
		const xmlChar **item = &attributes->items[5 * i];
		struct str value = { (const char *)item[3], (size_t)(item[4] - item[3]) };

		buf_format(out, " %s=\"", (const char *)item[0]);
		for (size_t j = 0; j < value.len; j++) {
			if (value.data[j] == '"')
				buf_str(out, STR("&quot;"));
			else if (value.data[j] == '&')
				buf_str(out, STR("&amp;"));
			else
				buf_char(out, value.data[j]);
		}
		buf_char(out, '"');
	}
	buf_char(out, '>');
}

static void on_start(void *context, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
		     int namespaces, const xmlChar **declared, int count, int defaulted,
		     const xmlChar **items)
{
	struct reader *reader = context;
	struct attributes attributes = { items, count };
	enum feed_space space = feed_space(str_from((const char *)uri),
					   str_from((const char *)prefix));
	struct str name = str_from((const char *)local);
	const struct feed_name *row;
	struct level level;
	struct str base = xml_attribute(&attributes, "base");
	struct str language = xml_attribute(&attributes, "lang");

	(void)namespaces;
	(void)declared;
	(void)defaulted;
	row = space == SPACE_OTHER ? NULL : feed_name(space, name, reader_top(reader)->context);
	if (reader->capture && (!row || row->action != OPEN_ENTRY || reader->type == TEXT_MARKUP)) {
		copy_tag(reader, name, &attributes);
		reader->depth++;
		return;
	}
	reader->capture = 0;
	note_format(reader, space, name);
	level = *reader_top(reader);
	level.name = row;
	if (base.len)
		level.base = address_resolve(reader->draft->arena, level.base, base);
	if (language.len)
		level.language = arena_str(reader->draft->arena, language);
	reader->depth++;
	*reader_top(reader) = level;
	/* Elements that say nothing may still hold some that do, as "items" and OPML's "body" do. */
	if (row && reader->depth < DEPTH_MAX) {
		struct level *at = reader_top(reader);

		at->context = reader->levels[reader->depth - 1].context;
		at->context = enter(reader, row, space, &attributes);
	} else if (space == SPACE_OTHER) {
		reader_top(reader)->context = IN_NOTHING;
	}
}

static void leave(struct reader *reader)
{
	const struct level *level = reader_top(reader);

	if (reader->capture == reader->depth && level->name) {
		reader_take(reader, level);
		reader->capture = 0;
	}
	if (level->name && level->name->action == OPEN_ENTRY)
		end_entry(reader);
	if (level->name && level->name->action == OPEN_GROUP)
		reader->media = NULL;
}

static void on_end(void *context, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	struct reader *reader = context;

	(void)prefix;
	(void)uri;
	if (reader->depth == 0)
		return;
	if (reader->capture && reader->depth > reader->capture)
		buf_format(&reader->text, "</%s>", (const char *)local);
	else if (reader->depth < DEPTH_MAX)
		leave(reader);
	reader->depth--;
}

/* Text that may have markup beside it is escaped anew; what is not of Atom is HTML already. */
static void on_text(void *context, const xmlChar *text, int len)
{
	struct reader *reader = context;
	bool escapes;

	if (!reader->capture || (reader->type == TEXT_ELSEWHERE))
		return;
	if (reader->text.len + (size_t)len * 5 > FEED_TEXT_BYTES_MAX)
		return;
	escapes = reader->type == TEXT_MARKUP || reader->type == TEXT_PLAIN;
	for (int i = 0; i < len; i++) {
		if (escapes && text[i] == '&')
			buf_str(&reader->text, STR("&amp;"));
		else if (escapes && text[i] == '<')
			buf_str(&reader->text, STR("&lt;"));
		else
			buf_char(&reader->text, (char)text[i]);
	}
}

static void be_silent(void *context, const char *format, ...)
{
	(void)context;
	(void)format;
}

static void parse(struct reader *reader, struct str text)
{
	xmlSAXHandler handler = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.cdataBlock = on_text,
		.ignorableWhitespace = on_text,
		.warning = be_silent,
		.error = be_silent,
	};
	xmlParserCtxt *parser = xmlCreatePushParserCtxt(&handler, reader, NULL, 0, NULL);

	if (!parser)
		mem_out();
	xmlCtxtUseOptions(parser, XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR |
					  XML_PARSE_NOWARNING | XML_PARSE_HUGE);
	xmlSwitchEncoding(parser, XML_CHAR_ENCODING_UTF8);
	while (text.len) {
		struct str block = str_head(text, PUSH_BYTES);

		xmlParseChunk(parser, block.data, (int)block.len, 0);
		text = str_skip(text, block.len);
	}
	xmlParseChunk(parser, "", 0, 1);
	xmlFreeParserCtxt(parser);
}

bool feed_read_xml(struct feed_draft *draft, struct str text, struct err *err)
{
	struct reader *reader = mem_alloc(1, sizeof(*reader));
	bool is_feed;

	reader->draft = draft;
	reader->levels[0] =
		(struct level){ .context = IN_NOTHING, .base = draft->base, .language = STR("") };
	buf_init(&reader->text, FEED_TEXT_BYTES_MAX);
	feed_part_init(&reader->feed);
	parse(reader, feed_mend_xml(draft->arena, text));
	end_entry(reader);
	feed_finish(draft, &reader->feed);
	is_feed = reader->is_feed || draft->feed->entry_count > 0;
	buf_done(&reader->text);
	free(reader);
	return is_feed || err_set(err, "is XML, but no feed");
}
