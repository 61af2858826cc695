/* The elements of XML feeds. */
#include "import/feed_names.h"

enum { ALL = IN_FEED | IN_ENTRY };

static const struct feed_name rows[] = {
	{ SPACE_PLAIN, "rss", IN_NOTHING, OPEN_FEED, 0 },
	{ SPACE_PLAIN, "feed", IN_NOTHING, OPEN_FEED, 0 },
	{ SPACE_RSS, "opml", IN_NOTHING, OPEN_FEED, 0 },
	{ SPACE_RDF, "RDF", IN_NOTHING, OPEN_FEED, 0 },
	{ SPACE_PLAIN, "channel", IN_FEED | IN_NOTHING, OPEN_FEED, 0 },
	{ SPACE_PLAIN, "item", ALL | IN_NOTHING, OPEN_ENTRY, 0 },
	{ SPACE_PLAIN, "entry", ALL | IN_NOTHING, OPEN_ENTRY, 0 },
	{ SPACE_RSS, "image", IN_FEED, OPEN_IMAGE, 0 },
	{ SPACE_RSS, "textinput", IN_FEED, OPEN_NOTHING, 0 },
	{ SPACE_RSS, "textInput", IN_FEED, OPEN_NOTHING, 0 },
	{ SPACE_RSS, "cloud", IN_FEED, OPEN_NOTHING, 0 },

	{ SPACE_PLAIN, "title", ALL, TAKE_TITLE, 0 },
	{ SPACE_DC, "title", ALL, TAKE_TITLE, 1 },
	{ SPACE_TERMS, "title", ALL, TAKE_TITLE, 1 },
	{ SPACE_ITUNES, "title", ALL, TAKE_TITLE, 2 },
	{ SPACE_MEDIA, "title", IN_ENTRY, TAKE_TITLE, 3 },
	{ SPACE_MEDIA, "title", IN_GROUP, TAKE_MEDIA_TITLE, 0 },

	{ SPACE_RSS, "link", ALL, TAKE_LINK, 1 },
	{ SPACE_ATOM, "link", ALL | IN_SOURCE, TAKE_LINK, 2 },
	{ SPACE_RSS, "link", IN_IMAGE, OPEN_NOTHING, 0 },
	{ SPACE_RSS, "url", IN_IMAGE, TAKE_URL, 0 },
	{ SPACE_BURNER, "origLink", IN_ENTRY, TAKE_LINK, 0 },

	{ SPACE_RSS, "guid", IN_ENTRY, TAKE_ID, 0 },
	{ SPACE_ATOM, "id", ALL, TAKE_ID, 0 },
	{ SPACE_DC, "identifier", IN_ENTRY, TAKE_ID, 1 },

	{ SPACE_RSS, "description", ALL, TAKE_SUMMARY, 0 },
	{ SPACE_ATOM, "summary", ALL, TAKE_SUMMARY, 0 },
	{ SPACE_ATOM, "subtitle", IN_FEED, TAKE_SUMMARY, 0 },
	{ SPACE_ATOM, "tagline", IN_FEED, TAKE_SUMMARY, 0 },
	{ SPACE_RSS, "summary", IN_ENTRY, TAKE_SUMMARY, 1 },
	{ SPACE_DC, "description", ALL, TAKE_SUMMARY, 2 },
	{ SPACE_TERMS, "abstract", ALL, TAKE_SUMMARY, 2 },
	{ SPACE_ITUNES, "summary", ALL, TAKE_SUMMARY, 3 },
	{ SPACE_ITUNES, "subtitle", ALL, TAKE_SUMMARY, 4 },
	{ SPACE_MEDIA, "description", IN_ENTRY | IN_GROUP, TAKE_SUMMARY, 5 },

	{ SPACE_CONTENT, "encoded", IN_ENTRY, TAKE_CONTENT, 0 },
	{ SPACE_ATOM, "content", IN_ENTRY, TAKE_CONTENT, 0 },
	{ SPACE_XHTML, "body", IN_ENTRY, TAKE_CONTENT, 1 },
	{ SPACE_XHTML, "div", IN_ENTRY, TAKE_CONTENT, 2 },
	{ SPACE_RSS, "body", IN_ENTRY, TAKE_CONTENT, 1 },
	{ SPACE_RSS, "fullitem", IN_ENTRY, TAKE_CONTENT, 1 },
	{ SPACE_RSS, "content", IN_ENTRY, TAKE_CONTENT, 2 },
	{ SPACE_RSS, "encoded", IN_ENTRY, TAKE_CONTENT, 2 },

	{ SPACE_RSS, "pubDate", ALL, TAKE_PUBLISHED, 0 },
	{ SPACE_RSS, "pubdate", ALL, TAKE_PUBLISHED, 0 },
	{ SPACE_ATOM, "published", ALL, TAKE_PUBLISHED, 0 },
	{ SPACE_ATOM, "issued", ALL, TAKE_PUBLISHED, 0 },
	{ SPACE_ATOM, "created", ALL, TAKE_PUBLISHED, 2 },
	{ SPACE_RSS, "published", IN_ENTRY, TAKE_PUBLISHED, 1 },
	{ SPACE_DC, "date", ALL, TAKE_PUBLISHED, 1 },
	{ SPACE_TERMS, "issued", ALL, TAKE_PUBLISHED, 1 },
	{ SPACE_TERMS, "created", ALL, TAKE_PUBLISHED, 2 },
	{ SPACE_RSS, "date", IN_ENTRY, TAKE_PUBLISHED, 3 },
	{ SPACE_ATOM, "updated", ALL, TAKE_UPDATED, 0 },
	{ SPACE_ATOM, "modified", ALL, TAKE_UPDATED, 1 },
	{ SPACE_TERMS, "modified", ALL, TAKE_UPDATED, 1 },
	{ SPACE_RSS, "lastBuildDate", ALL, TAKE_UPDATED, 1 },
	{ SPACE_RSS, "updated", IN_ENTRY, TAKE_UPDATED, 2 },

	{ SPACE_RSS, "author", ALL, TAKE_AUTHOR, 1 },
	{ SPACE_RSS, "managingEditor", IN_FEED, TAKE_AUTHOR, 2 },
	{ SPACE_ATOM, "author", ALL, OPEN_PERSON, 0 },
	{ SPACE_ATOM, "contributor", ALL, OPEN_NOTHING, 0 },
	{ SPACE_DC, "creator", ALL, TAKE_AUTHOR, 0 },
	{ SPACE_TERMS, "creator", ALL, TAKE_AUTHOR, 0 },
	{ SPACE_ITUNES, "author", ALL, TAKE_AUTHOR, 3 },
	{ SPACE_ITUNES, "owner", IN_FEED, OPEN_NOTHING, 0 },
	{ SPACE_PLAIN, "name", IN_PERSON, TAKE_NAME, 0 },
	{ SPACE_PLAIN, "email", IN_PERSON, TAKE_MAIL, 4 },

	{ SPACE_PLAIN, "category", IN_ENTRY, TAKE_TAG, 0 },
	{ SPACE_DC, "subject", IN_ENTRY, TAKE_TAG, 0 },
	{ SPACE_TERMS, "subject", IN_ENTRY, TAKE_TAG, 0 },
	{ SPACE_ITUNES, "keywords", IN_ENTRY, TAKE_TAGS, 0 },
	{ SPACE_MEDIA, "keywords", IN_ENTRY | IN_GROUP, TAKE_TAGS, 0 },
	{ SPACE_RSS, "keywords", IN_ENTRY, TAKE_TAGS, 0 },

	{ SPACE_RSS, "language", ALL, TAKE_LANGUAGE, 0 },
	{ SPACE_DC, "language", ALL, TAKE_LANGUAGE, 1 },
	{ SPACE_TERMS, "language", ALL, TAKE_LANGUAGE, 1 },

	{ SPACE_ATOM, "rights", ALL, TAKE_LICENSE, 1 },
	{ SPACE_ATOM, "copyright", ALL, TAKE_LICENSE, 1 },
	{ SPACE_RSS, "copyright", ALL, TAKE_LICENSE, 1 },
	{ SPACE_DC, "rights", ALL, TAKE_LICENSE, 2 },
	{ SPACE_TERMS, "rights", ALL, TAKE_LICENSE, 2 },
	{ SPACE_CC, "license", ALL, TAKE_LICENSE, 0 },

	{ SPACE_RSS, "source", IN_ENTRY, TAKE_SOURCE, 0 },
	{ SPACE_ATOM, "source", IN_ENTRY, OPEN_SOURCE, 0 },
	{ SPACE_ATOM, "title", IN_SOURCE, TAKE_SOURCE, 0 },
	{ SPACE_ATOM, "author", IN_SOURCE, OPEN_PERSON, 3 },
	{ SPACE_DC, "source", IN_ENTRY, TAKE_SOURCE, 1 },

	{ SPACE_RSS, "enclosure", IN_ENTRY, NOTE_ENCLOSURE, 0 },
	{ SPACE_MEDIA, "group", IN_ENTRY, OPEN_GROUP, 0 },
	{ SPACE_MEDIA, "content", IN_ENTRY | IN_GROUP, OPEN_MEDIA, 0 },
	{ SPACE_MEDIA, "thumbnail", IN_ENTRY | IN_GROUP, NOTE_THUMBNAIL, 0 },
	{ SPACE_MEDIA, "credit", IN_ENTRY | IN_GROUP, TAKE_MEDIA_CREDIT, 0 },
	{ SPACE_MEDIA, "copyright", IN_ENTRY | IN_GROUP, TAKE_MEDIA_CREDIT, 1 },
	{ SPACE_MEDIA, "rating", ALL | IN_GROUP, OPEN_NOTHING, 0 },
	{ SPACE_ITUNES, "image", ALL, NOTE_IMAGE, 0 },
	{ SPACE_ITUNES, "duration", IN_ENTRY, TAKE_DURATION, 0 },
	{ SPACE_ATOM, "logo", IN_FEED, TAKE_URL, 0 },
	{ SPACE_ATOM, "icon", IN_FEED, TAKE_URL, 1 },
	{ SPACE_RSS, "image", IN_ENTRY, TAKE_URL, 0 },

	{ SPACE_RSS, "outline", IN_FEED, NOTE_OUTLINE, 0 },
};

static bool contains(struct str text, const char *part)
{
	return str_search(text, str_from(part)) < text.len;
}

static enum feed_space space_of_prefix(struct str prefix)
{
	static const struct {
		const char *prefix;
		enum feed_space space;
	} prefixes[] = {
		{ "dc", SPACE_DC },	      { "dcterms", SPACE_TERMS },
		{ "content", SPACE_CONTENT }, { "media", SPACE_MEDIA },
		{ "itunes", SPACE_ITUNES },   { "atom", SPACE_ATOM },
		{ "atom10", SPACE_ATOM },     { "a10", SPACE_ATOM },
		{ "xhtml", SPACE_XHTML },     { "feedburner", SPACE_BURNER },
		{ "cc", SPACE_CC },	      { "creativeCommons", SPACE_CC },
		{ "rdf", SPACE_RDF },	      { "rss", SPACE_RSS },
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (str_eq(prefix, str_from(prefixes[i].prefix)))
			return prefixes[i].space;
	return prefix.len ? SPACE_OTHER : SPACE_RSS;
}

enum feed_space feed_space(struct str uri, struct str prefix)
{
	static const struct {
		const char *part; /* that no other namespace has */
		enum feed_space space;
	} parts[] = {
		{ "w3.org/2005/Atom", SPACE_ATOM },
		{ "purl.org/atom/", SPACE_ATOM },
		{ "purl.org/dc/elements", SPACE_DC },
		{ "purl.org/dc/1.", SPACE_DC },
		{ "purl.org/dc/terms", SPACE_TERMS },
		{ "modules/content", SPACE_CONTENT },
		{ "search.yahoo.com/mrss", SPACE_MEDIA },
		{ "itunes.com", SPACE_ITUNES },
		{ "w3.org/1999/xhtml", SPACE_XHTML },
		{ "feedburner", SPACE_BURNER },
		{ "reativecommons", SPACE_CC },
		{ "reativeCommons", SPACE_CC },
		{ "web.resource.org/cc", SPACE_CC },
		{ "22-rdf-syntax-ns", SPACE_RDF },
		{ "my.netscape.com", SPACE_RSS },
		{ "channel.netscape.com", SPACE_RSS },
		{ "purl.org/rss/1.0/modules", SPACE_OTHER },
		{ "purl.org/rss/", SPACE_RSS },
		{ "backend.userland.com", SPACE_RSS },
		{ "blogs.law.harvard.edu/tech/rss", SPACE_RSS },
		{ "purl.org/net/rss", SPACE_RSS },
		{ "cyber.law.harvard.edu", SPACE_RSS },
		{ "my.theinfo.org", SPACE_RSS },
	};

	if (uri.len == 0)
		return space_of_prefix(prefix);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (contains(uri, parts[i].part))
			return parts[i].space;
	/* A namespace that nobody knows, without a prefix, is somebody's own idea of RSS. */
	return prefix.len ? space_of_prefix(prefix) : SPACE_RSS;
}

const struct feed_name *feed_name(enum feed_space space, struct str name, enum feed_context context)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((rows[i].spaces & (unsigned)space) && (rows[i].contexts & (unsigned)context) &&
		    str_eq_nocase(name, str_from(rows[i].name)))
			return &rows[i];
	return NULL;
}
