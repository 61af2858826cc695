/* meta and link elements: which of their many names means which fact. */
#include "base/text.h"
#include "import/meta_draft.h"

enum kind { KIND_FACT, KIND_DATE, KIND_AUTHOR, KIND_TAG, KIND_TAGS, KIND_LOCK };

struct row {
	const char *name; /* of property, name, itemprop or http-equiv; lower-case */
	enum kind kind;
	enum meta_fact fact;
	enum meta_place place;
};

static const struct row rows[] = {
	{ "og:title", KIND_FACT, FACT_TITLE, PLACE_OPEN_GRAPH },
	{ "og:description", KIND_FACT, FACT_SUMMARY, PLACE_OPEN_GRAPH },
	{ "og:site_name", KIND_FACT, FACT_SITE, PLACE_OPEN_GRAPH },
	{ "og:image", KIND_FACT, FACT_IMAGE, PLACE_OPEN_GRAPH },
	{ "og:image:secure_url", KIND_FACT, FACT_IMAGE, PLACE_META },
	{ "og:image:url", KIND_FACT, FACT_IMAGE, PLACE_META },
	{ "og:image:alt", KIND_FACT, FACT_IMAGE_ALT, PLACE_OPEN_GRAPH },
	{ "og:url", KIND_FACT, FACT_URL, PLACE_OPEN_GRAPH },
	{ "og:article:published_time", KIND_DATE, FACT_PUBLISHED, PLACE_OPEN_GRAPH },
	{ "og:article:author", KIND_AUTHOR, FACT_COUNT, PLACE_OPEN_GRAPH },
	{ "og:updated_time", KIND_DATE, FACT_UPDATED, PLACE_META },
	{ "og:locale", KIND_FACT, FACT_LANGUAGE, PLACE_SEEN },
	{ "article:published_time", KIND_DATE, FACT_PUBLISHED, PLACE_OPEN_GRAPH },
	{ "article:modified_time", KIND_DATE, FACT_UPDATED, PLACE_OPEN_GRAPH },
	{ "article:published", KIND_DATE, FACT_PUBLISHED, PLACE_OPEN_GRAPH },
	{ "article:modified", KIND_DATE, FACT_UPDATED, PLACE_OPEN_GRAPH },
	{ "article:author", KIND_AUTHOR, FACT_COUNT, PLACE_OPEN_GRAPH },
	{ "article:author_name", KIND_AUTHOR, FACT_COUNT, PLACE_OPEN_GRAPH },
	{ "article:tag", KIND_TAG, FACT_COUNT, PLACE_OPEN_GRAPH },
	{ "article:section", KIND_FACT, FACT_SECTION, PLACE_OPEN_GRAPH },
	{ "article:content_tier", KIND_LOCK, FACT_COUNT, PLACE_OPEN_GRAPH },
	{ "twitter:title", KIND_FACT, FACT_TITLE, PLACE_TWITTER },
	{ "twitter:description", KIND_FACT, FACT_SUMMARY, PLACE_TWITTER },
	{ "twitter:image", KIND_FACT, FACT_IMAGE, PLACE_TWITTER },
	{ "twitter:image:src", KIND_FACT, FACT_IMAGE, PLACE_TWITTER },
	{ "twitter:image:alt", KIND_FACT, FACT_IMAGE_ALT, PLACE_TWITTER },
	{ "parsely-title", KIND_FACT, FACT_TITLE, PLACE_META },
	{ "parsely-pub-date", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "parsely-author", KIND_AUTHOR, FACT_COUNT, PLACE_META },
	{ "parsely-section", KIND_FACT, FACT_SECTION, PLACE_META },
	{ "parsely-tags", KIND_TAGS, FACT_COUNT, PLACE_META },
	{ "sailthru.title", KIND_FACT, FACT_TITLE, PLACE_META },
	{ "sailthru.date", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "sailthru.author", KIND_AUTHOR, FACT_COUNT, PLACE_META },
	{ "sailthru.description", KIND_FACT, FACT_SUMMARY, PLACE_META },
	{ "sailthru.tags", KIND_TAGS, FACT_COUNT, PLACE_GENERAL },
	{ "citation_title", KIND_FACT, FACT_TITLE, PLACE_META },
	{ "citation_author", KIND_AUTHOR, FACT_COUNT, PLACE_META },
	{ "citation_publication_date", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "citation_date", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "citation_online_date", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "dc.title", KIND_FACT, FACT_TITLE, PLACE_DUBLIN },
	{ "dcterms.title", KIND_FACT, FACT_TITLE, PLACE_DUBLIN },
	{ "dc.creator", KIND_AUTHOR, FACT_COUNT, PLACE_DUBLIN },
	{ "dcterms.creator", KIND_AUTHOR, FACT_COUNT, PLACE_DUBLIN },
	{ "dc.date", KIND_DATE, FACT_PUBLISHED, PLACE_DUBLIN },
	{ "dc.date.issued", KIND_DATE, FACT_PUBLISHED, PLACE_DUBLIN },
	{ "dc.date.created", KIND_DATE, FACT_PUBLISHED, PLACE_DUBLIN },
	{ "dc.date.modified", KIND_DATE, FACT_UPDATED, PLACE_DUBLIN },
	{ "dcterms.created", KIND_DATE, FACT_PUBLISHED, PLACE_DUBLIN },
	{ "dcterms.issued", KIND_DATE, FACT_PUBLISHED, PLACE_DUBLIN },
	{ "dcterms.date", KIND_DATE, FACT_PUBLISHED, PLACE_DUBLIN },
	{ "dcterms.modified", KIND_DATE, FACT_UPDATED, PLACE_DUBLIN },
	{ "dc.language", KIND_FACT, FACT_LANGUAGE, PLACE_DUBLIN },
	{ "dc.description", KIND_FACT, FACT_SUMMARY, PLACE_DUBLIN },
	{ "dc.subject", KIND_TAGS, FACT_COUNT, PLACE_DUBLIN },
	{ "dc.rights", KIND_FACT, FACT_LICENSE, PLACE_DUBLIN },
	{ "dcterms.license", KIND_FACT, FACT_LICENSE, PLACE_DUBLIN },
	{ "author", KIND_AUTHOR, FACT_COUNT, PLACE_GENERAL },
	{ "byl", KIND_AUTHOR, FACT_COUNT, PLACE_META },
	{ "byline", KIND_AUTHOR, FACT_COUNT, PLACE_META },
	{ "creator", KIND_AUTHOR, FACT_COUNT, PLACE_GENERAL },
	{ "title", KIND_FACT, FACT_TITLE, PLACE_GENERAL },
	{ "headline", KIND_FACT, FACT_TITLE, PLACE_META },
	{ "hdl", KIND_FACT, FACT_TITLE, PLACE_META },
	{ "description", KIND_FACT, FACT_SUMMARY, PLACE_GENERAL },
	{ "keywords", KIND_TAGS, FACT_COUNT, PLACE_GENERAL },
	{ "news_keywords", KIND_TAGS, FACT_COUNT, PLACE_META },
	{ "application-name", KIND_FACT, FACT_SITE, PLACE_GENERAL },
	{ "date", KIND_DATE, FACT_PUBLISHED, PLACE_GENERAL },
	{ "pubdate", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "publishdate", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "publish-date", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "publish_date", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "publication_date", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "publicationdate", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "published", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "published_at", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "published-date", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "datepublished", KIND_DATE, FACT_PUBLISHED, PLACE_MICRODATA },
	{ "datecreated", KIND_DATE, FACT_PUBLISHED, PLACE_MARKED },
	{ "datemodified", KIND_DATE, FACT_UPDATED, PLACE_MICRODATA },
	{ "date_published", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "article_date_original", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "originalpublicationdate", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "rnews:datepublished", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "pdate", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "ptime", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "cxenseparse:recs:publishtime", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "bt:pubdate", KIND_DATE, FACT_PUBLISHED, PLACE_META },
	{ "displaydate", KIND_DATE, FACT_PUBLISHED, PLACE_GENERAL },
	{ "lastmod", KIND_DATE, FACT_UPDATED, PLACE_GENERAL },
	{ "last-modified", KIND_DATE, FACT_UPDATED, PLACE_GENERAL },
	{ "utime", KIND_DATE, FACT_UPDATED, PLACE_META },
	{ "content-language", KIND_FACT, FACT_LANGUAGE, PLACE_GENERAL },
	{ "language", KIND_FACT, FACT_LANGUAGE, PLACE_GENERAL },
	{ "inlanguage", KIND_FACT, FACT_LANGUAGE, PLACE_MICRODATA },
};

static void take(struct meta_draft *draft, const struct row *row, struct str content)
{
	switch (row->kind) {
	case KIND_FACT:
		meta_offer(draft, row->fact, row->place, content);
		break;
	case KIND_DATE:
		meta_offer_date(draft, row->fact, row->place, content);
		break;
	case KIND_AUTHOR:
		meta_offer_author(draft, row->place, content);
		break;
	case KIND_TAG:
		meta_offer_tag(draft, row->place, content);
		break;
	case KIND_TAGS:
		meta_offer_tags(draft, row->place, content);
		break;
	case KIND_LOCK:
		draft->is_locked |= str_eq_nocase(content, STR("locked"));
		break;
	}
}

/* "dc:date", "DC.Date" and "dc.date" are the same. */
static bool is_named(struct str written, const char *name)
{
	size_t len = strlen(name);

	if (written.len != len)
		return false;
	for (size_t i = 0; i < len; i++) {
		char byte = written.data[i];

		if (byte >= 'A' && byte <= 'Z')
			byte = (char)(byte + 32);
		if (byte != name[i] && !(byte == ':' && name[i] == '.'))
			return false;
	}
	return true;
}

/* property may hold several names. */
static void read_names(struct meta_draft *draft, struct str names, struct str content)
{
	struct str name;

	while (str_next(&names, ' ', &name))
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			if (is_named(name, rows[i].name))
				take(draft, &rows[i], content);
}

static void read_meta(struct meta_draft *draft, const xmlNode *node)
{
	static const char *const attributes[] = { "property", "name", "itemprop", "http-equiv" };
	struct str content = dom_attribute(node, "content");

	if (content.len == 0)
		content = dom_attribute(node, "value");
	if (str_trim(content).len == 0)
		return;
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		read_names(draft, dom_attribute(node, attributes[i]), content);
}

static void read_link(struct meta_draft *draft, const xmlNode *node)
{
	if (dom_has_word(node, "rel", "canonical"))
		meta_offer(draft, FACT_URL, PLACE_JSONLD, dom_attribute(node, "href"));
	else if (dom_has_word(node, "rel", "image_src"))
		meta_offer(draft, FACT_IMAGE, PLACE_GENERAL, dom_attribute(node, "href"));
	else if (dom_has_word(node, "rel", "license"))
		meta_offer(draft, FACT_LICENSE, PLACE_MARKED, dom_attribute(node, "href"));
}

void meta_read_head(struct meta_draft *draft, xmlNode *root)
{
	meta_offer(draft, FACT_LANGUAGE, PLACE_META, dom_attribute(root, "lang"));
	meta_offer(draft, FACT_LANGUAGE, PLACE_MICRODATA, dom_attribute(root, "xml:lang"));
	for (xmlNode *node = root; node; node = dom_next(node, root)) {
		if (dom_is(node, "meta"))
			read_meta(draft, node);
		else if (dom_is_one(node, "link a"))
			read_link(draft, node);
	}
}
