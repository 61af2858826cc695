/* schema.org's articles in JSON-LD, as far as publishers use it: objects, lists, @graph, @id. */
#include <jansson.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "import/meta_draft.h"

enum {
	SCRIPT_BYTES_MAX = 1 << 20,
	DEPTH_MAX = 12,
	OBJECTS_MAX = 400,
	BODY_BYTES_MAX = 1 << 20,
};

/* All objects of all scripts, in the order of the page. */
struct objects {
	json_t *items[OBJECTS_MAX];
	size_t count;
};

static void collect(struct objects *objects, json_t *value, unsigned depth)
{
	const char *key;
	json_t *part;
	size_t i;

	if (depth == DEPTH_MAX)
		return;
	if (json_is_array(value)) {
		json_array_foreach(value, i, part) collect(objects, part, depth + 1);
	} else if (json_is_object(value)) {
		if (objects->count < OBJECTS_MAX)
			objects->items[objects->count++] = value;
		json_object_foreach(value, key,
				    part) if (json_is_object(part) || json_is_array(part))
			collect(objects, part, depth + 1);
	}
}

static struct str text_of(const json_t *value)
{
	return json_is_string(value)
		       ? (struct str){ json_string_value(value), json_string_length(value) }
		       : STR("");
}

static bool has_type(const json_t *object, bool (*is)(struct str))
{
	const json_t *type = json_object_get(object, "@type");
	const json_t *part;
	size_t i;

	if (json_is_string(type))
		return is(text_of(type));
	json_array_foreach((json_t *)type, i, part) if (is(text_of(part))) return true;
	return false;
}

static bool is_article(struct str type)
{
	return str_ends(type, STR("Article")) || str_ends(type, STR("Posting")) ||
	       str_eq(type, STR("Report")) || str_ends(type, STR("NewsArticle")) ||
	       str_eq(type, STR("Recipe")) || str_eq(type, STR("Review"));
}

static bool is_film(struct str type)
{
	return str_eq(type, STR("VideoObject"));
}

static bool is_site(struct str type)
{
	return str_eq(type, STR("WebSite"));
}

static bool is_page(struct str type)
{
	return str_eq(type, STR("WebPage")) || str_ends(type, STR("Page"));
}

/* What {"@id": ...} points to, if nothing else is said there. */
static const json_t *follow(const struct objects *objects, const json_t *value)
{
	struct str id = text_of(json_object_get(value, "@id"));

	if (id.len == 0 || json_object_size(value) > 2 || json_object_get(value, "name"))
		return value;
	for (size_t i = 0; i < objects->count; i++)
		if (objects->items[i] != value && json_object_size(objects->items[i]) > 2 &&
		    str_eq(text_of(json_object_get(objects->items[i], "@id")), id))
			return objects->items[i];
	return value;
}

/* A text, or the name, URL or first part of what stands for one. */
static struct str first_text(const struct objects *objects, const json_t *value, const char *key)
{
	for (unsigned depth = 0; depth < 4; depth++) {
		if (json_is_array(value))
			value = json_array_get(value, 0);
		else if (json_is_object(value))
			value = json_object_get(follow(objects, value), key);
		else
			break;
	}
	return text_of(value);
}

static void offer(struct meta_draft *draft, enum meta_fact fact, const struct objects *objects,
		  const json_t *object, const char *name, const char *key)
{
	meta_offer(draft, fact, PLACE_JSONLD,
		   first_text(objects, json_object_get(object, name), key));
}

static void offer_date(struct meta_draft *draft, enum meta_fact fact, const json_t *object,
		       const char *name)
{
	meta_offer_date(draft, fact, PLACE_JSONLD, text_of(json_object_get(object, name)));
}

static void offer_authors(struct meta_draft *draft, const struct objects *objects,
			  const json_t *value)
{
	const json_t *part;
	size_t i;

	if (!json_is_array(value)) {
		meta_offer_author(draft, PLACE_JSONLD, first_text(objects, value, "name"));
		return;
	}
	json_array_foreach((json_t *)value, i, part)
		meta_offer_author(draft, PLACE_JSONLD, first_text(objects, part, "name"));
}

static void offer_tags(struct meta_draft *draft, const struct objects *objects, const json_t *value)
{
	const json_t *part;
	size_t i;

	if (json_is_string(value))
		meta_offer_tags(draft, PLACE_JSONLD, text_of(value));
	json_array_foreach((json_t *)value, i, part)
	{
		struct str tag = first_text(objects, part, "name");

		/* Content management systems put "tag:", "type:" and the like before some of their own. */
		if (str_find(tag, ':') == tag.len)
			meta_offer_tag(draft, PLACE_JSONLD, tag);
	}
}

static void offer_image(struct meta_draft *draft, const struct objects *objects,
			const json_t *article)
{
	const json_t *image = json_object_get(article, "image");

	if (!image)
		image = json_object_get(article, "primaryImageOfPage");
	meta_offer(draft, FACT_IMAGE, PLACE_JSONLD, first_text(objects, image, "url"));
	meta_offer(draft, FACT_IMAGE, PLACE_JSONLD, first_text(objects, image, "contentUrl"));
	if (json_is_array(image))
		image = json_array_get(image, 0);
	image = follow(objects, image);
	meta_offer(draft, FACT_IMAGE_CAPTION, PLACE_JSONLD,
		   text_of(json_object_get(image, "caption")));
	meta_offer(draft, FACT_IMAGE_CREDIT, PLACE_JSONLD,
		   text_of(json_object_get(image, "creditText")));
	meta_offer(draft, FACT_IMAGE_CREDIT, PLACE_JSONLD,
		   first_text(objects, json_object_get(image, "author"), "name"));
}

static bool is_false(const json_t *value)
{
	return json_is_false(value) || str_eq_nocase(text_of(value), STR("false"));
}

/* Paragraphs stay apart; markup, where there is any, goes. */
static struct str clean_body(struct arena *arena, struct str body)
{
	struct buf out;
	struct str line;
	struct str all;

	if (body.len > BODY_BYTES_MAX)
		return STR("");
	buf_init(&out, 2 * BODY_BYTES_MAX);
	while (str_next_line(&body, &line)) {
		line = dom_plain(arena, line, BODY_BYTES_MAX);
		if (line.len)
			buf_format(&out, "%s", out.len ? "\n" : "");
		buf_str(&out, line);
	}
	all = arena_str(arena, buf_view(&out));
	buf_done(&out);
	return all;
}

static void read_article(struct meta_draft *draft, const struct objects *objects,
			 const json_t *article)
{
	offer(draft, FACT_TITLE, objects, article, "headline", "@value");
	offer(draft, FACT_TITLE, objects, article, "name", "@value");
	offer_date(draft, FACT_PUBLISHED, article, "datePublished");
	offer_date(draft, FACT_PUBLISHED, article, "uploadDate");
	offer_date(draft, FACT_PUBLISHED, article, "dateCreated");
	offer_date(draft, FACT_UPDATED, article, "dateModified");
	offer(draft, FACT_SUMMARY, objects, article, "description", "@value");
	offer(draft, FACT_LANGUAGE, objects, article, "inLanguage", "alternateName");
	offer(draft, FACT_SECTION, objects, article, "articleSection", "name");
	offer(draft, FACT_SITE, objects, article, "publisher", "name");
	offer(draft, FACT_LICENSE, objects, article, "license", "url");
	offer_authors(draft, objects, json_object_get(article, "author"));
	offer_authors(draft, objects, json_object_get(article, "creator"));
	offer_tags(draft, objects, json_object_get(article, "keywords"));
	offer_image(draft, objects, article);
	draft->is_locked |= is_false(json_object_get(article, "isAccessibleForFree"));
	if (draft->body.len == 0)
		draft->body = clean_body(draft->arena,
					 text_of(json_object_get(article, "articleBody")));
}

/* Of several articles on a page the one of its own address, else the first with a headline. */
static const json_t *choose(const struct objects *objects, struct str base, bool (*is)(struct str))
{
	const json_t *first = NULL;

	for (size_t i = 0; i < objects->count; i++) {
		const json_t *object = objects->items[i];
		struct str url = text_of(json_object_get(object, "url"));
		struct str page = first_text(objects, json_object_get(object, "mainEntityOfPage"),
					     "@id");

		if (!has_type(object, is))
			continue;
		if (base.len && (str_eq(url, base) || str_eq(page, base)))
			return object;
		if (!first ||
		    (!json_object_get(first, "headline") && json_object_get(object, "headline")))
			first = object;
	}
	return first;
}

/* What publishers write around and into their JSON: comments, CDATA marks, bare control characters. */
static json_t *parse(struct str script)
{
	char *text;
	json_t *value;
	size_t start = 0;
	size_t end = script.len;

	while (start < end && script.data[start] != '{' && script.data[start] != '[')
		start++;
	while (end > start && script.data[end - 1] != '}' && script.data[end - 1] != ']')
		end--;
	if (end == start || end - start > SCRIPT_BYTES_MAX)
		return NULL;
	text = mem_alloc(end - start, 1);
	for (size_t i = start; i < end; i++)
		text[i - start] = (unsigned char)script.data[i] < ' ' ? ' ' : script.data[i];
	value = json_loadb(text, end - start, JSON_DISABLE_EOF_CHECK, NULL);
	free(text);
	return value;
}

void meta_read_jsonld(struct meta_draft *draft, xmlNode *root)
{
	struct objects *objects = ARENA_NEW(draft->arena, struct objects);
	json_t *all = json_array();
	const json_t *found;

	for (xmlNode *node = root; node; node = dom_next(node, root)) {
		xmlChar *script;
		json_t *value;

		if (!dom_is(node, "script") ||
		    !str_eq_nocase(str_head(dom_attribute(node, "type"), 19),
				   STR("application/ld+json")))
			continue;
		script = xmlNodeGetContent(node);
		value = parse(str_from((const char *)script));
		xmlFree(script);
		if (value)
			json_array_append_new(all, value);
	}
	collect(objects, all, 0);
	found = choose(objects, draft->base, is_article);
	if (found)
		read_article(draft, objects, found);
	found = choose(objects, draft->base, is_film);
	draft->is_film = found && !choose(objects, draft->base, is_article);
	if (draft->is_film)
		read_article(draft, objects, found);
	found = choose(objects, draft->base, is_page);
	if (found && !draft->is_film) {
		offer_date(draft, FACT_PUBLISHED, found, "datePublished");
		offer_date(draft, FACT_UPDATED, found, "dateModified");
		offer(draft, FACT_LANGUAGE, objects, found, "inLanguage", "alternateName");
	}
	found = choose(objects, draft->base, is_site);
	if (found)
		offer(draft, FACT_SITE, objects, found, "name", "@value");
	json_decref(all);
}
