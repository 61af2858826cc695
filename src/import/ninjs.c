/* ninjs: what its names mean to us. */
#include "import/ninjs.h"

#include <jansson.h>

#include "base/text.h"
#include "import/dom.h"
#include "import/feed_draft.h"

static struct str text_of(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_string(value)
		       ? (struct str){ json_string_value(value), json_string_length(value) }
		       : STR("");
}

/*
 * The value of the first object of a list that has a role, or of any: headlines, bodies and descriptions are lists of
 * {"role", "contenttype", "value"} since version 2.
 */
static struct str from_list(const json_t *item, const char *key, const char *field,
			    const char *wanted)
{
	const json_t *list = json_object_get(item, key);
	const json_t *part;
	struct str first = STR("");
	size_t i;

	json_array_foreach((json_t *)list, i, part)
	{
		struct str value = text_of(part, "value");

		if (str_search(text_of(part, field), str_from(wanted)) < text_of(part, field).len)
			return value;
		if (first.len == 0)
			first = value;
	}
	return first;
}

static void take_headline(struct feed_draft *draft, struct feed_part *part, const json_t *item)
{
	feed_put_line(draft, &part->title, 0, from_list(item, "headlines", "role", "main"), true);
	feed_put_line(draft, &part->title, 1, text_of(item, "headline"), true);
	feed_put_line(draft, &part->title, 2, text_of(item, "title"), true);
	feed_put_line(draft, &part->title, 3, text_of(item, "name"), true);
}

/* HTML where there is some; plain text is made HTML. */
static void take_body(struct feed_draft *draft, struct feed_part *part, const json_t *item)
{
	const json_t *bodies = json_object_get(item, "bodies");
	const json_t *body;
	size_t i;

	json_array_foreach((json_t *)bodies, i, body)
	{
		bool is_html = str_search(text_of(body, "contentType"), STR("html")) <
				       text_of(body, "contentType").len ||
			       str_search(text_of(body, "contenttype"), STR("html")) <
				       text_of(body, "contenttype").len ||
			       str_starts(str_trim(text_of(body, "value")), STR("<"));
		struct str value = text_of(body, "value");

		feed_put(draft, &part->content, is_html ? 0 : 1,
			 is_html ? value : feed_escape(draft->arena, value), STR(""));
	}
	feed_put(draft, &part->content, 2, text_of(item, "body_html"), STR(""));
	feed_put(draft, &part->content, 2, text_of(item, "body_xhtml"), STR(""));
	feed_put(draft, &part->content, 3, feed_escape(draft->arena, text_of(item, "body_text")),
		 STR(""));
}

static void take_summary(struct feed_draft *draft, struct feed_part *part, const json_t *item)
{
	feed_put(draft, &part->summary, 0, from_list(item, "descriptions", "role", "summary"),
		 STR(""));
	feed_put(draft, &part->summary, 1, text_of(item, "description_text"), STR(""));
	feed_put(draft, &part->summary, 2, text_of(item, "description_html"), STR(""));
}

static void take_people(struct feed_draft *draft, struct feed_part *part, const json_t *item)
{
	const json_t *creators = json_object_get(item, "infosources");
	const json_t *each;
	size_t i;

	feed_put_author(draft, part, 0, text_of(item, "by"));
	feed_put_author(draft, part, 0, text_of(item, "byline"));
	feed_put_author(draft, part, 0, from_list(item, "bylines", "role", "main"));
	json_array_foreach((json_t *)creators, i,
			   each) if (str_eq(text_of(each, "role"), STR("author")))
		feed_put_author(draft, part, 1, text_of(each, "name"));
}

static void take_names(struct feed_draft *draft, struct feed_part *part, const json_t *item,
		       const char *key)
{
	const json_t *list = json_object_get(item, key);
	const json_t *each;
	size_t i;

	json_array_foreach((json_t *)list, i, each)
	{
		if (json_is_string(each))
			feed_put_tag(
				draft, part,
				(struct str){ json_string_value(each), json_string_length(each) });
		else
			feed_put_tag(draft, part, text_of(each, "name"));
	}
}

/* The largest of a picture's renditions. */
static struct str best_rendition(const json_t *picture)
{
	const json_t *renditions = json_object_get(picture, "renditions");
	const json_t *each;
	const char *key;
	struct str best = STR("");
	json_int_t most = -1;
	size_t i;

	json_array_foreach((json_t *)renditions, i, each)
	{
		if (json_integer_value(json_object_get(each, "width")) > most &&
		    text_of(each, "href").len) {
			most = json_integer_value(json_object_get(each, "width"));
			best = text_of(each, "href");
		}
	}
	json_object_foreach((json_t *)renditions, key, each)
	{
		if (json_integer_value(json_object_get(each, "width")) > most &&
		    text_of(each, "href").len) {
			most = json_integer_value(json_object_get(each, "width"));
			best = text_of(each, "href");
		}
	}
	return best;
}

static void take_association(struct feed_draft *draft, struct feed_part *part,
			     const json_t *picture)
{
	struct str url = best_rendition(picture);
	struct feed_media *media;

	if (!str_eq(text_of(picture, "type"), STR("picture")) || url.len == 0)
		return;
	media = feed_put_media(draft, part, url, draft->base);
	if (!media)
		return;
	media->type = STR("image");
	media->title = dom_plain(
		draft->arena, from_list(picture, "descriptions", "role", "caption"), FEED_LINE_MAX);
	if (media->title.len == 0)
		media->title = dom_plain(draft->arena, text_of(picture, "description_text"),
					 FEED_LINE_MAX);
	media->credit = dom_plain(draft->arena,
				  text_of(picture, "by").len ? text_of(picture, "by")
							     : text_of(picture, "byline"),
				  FEED_LINE_MAX);
}

static void take_associations(struct feed_draft *draft, struct feed_part *part, const json_t *item)
{
	const json_t *all = json_object_get(item, "associations");
	const json_t *each;
	const char *key;
	size_t i;

	json_array_foreach((json_t *)all, i, each) take_association(draft, part, each);
	json_object_foreach((json_t *)all, key, each) take_association(draft, part, each);
}

static void take_item(struct feed_draft *draft, const json_t *item)
{
	struct feed_part part;
	struct str status = text_of(item, "pubStatus").len ? text_of(item, "pubStatus")
							   : text_of(item, "pubstatus");

	if (str_eq(status, STR("canceled")) || str_eq(status, STR("withheld")))
		return;
	feed_part_init(&part);
	feed_put(draft, &part.id, 0, text_of(item, "uri"), STR(""));
	if (str_starts(text_of(item, "uri"), STR("http")))
		feed_put(draft, &part.url, 1, text_of(item, "uri"), STR(""));
	feed_put(draft, &part.published, 0, text_of(item, "firstCreated"), STR(""));
	feed_put(draft, &part.published, 1, text_of(item, "firstcreated"), STR(""));
	feed_put(draft, &part.published, 2, text_of(item, "contentCreated"), STR(""));
	feed_put(draft, &part.published, 3, text_of(item, "versionCreated"), STR(""));
	feed_put(draft, &part.published, 3, text_of(item, "versioncreated"), STR(""));
	feed_put(draft, &part.updated, 0, text_of(item, "versionCreated"), STR(""));
	feed_put(draft, &part.updated, 1, text_of(item, "versioncreated"), STR(""));
	feed_put_line(draft, &part.language, 0, text_of(item, "language"), false);
	feed_put_line(draft, &part.license, 0, text_of(item, "usageTerms"), true);
	feed_put_line(draft, &part.license, 1, text_of(item, "usageterms"), true);
	feed_put_line(draft, &part.source, 0, text_of(item, "copyrightHolder"), true);
	feed_put_line(draft, &part.source, 1, text_of(item, "copyrightholder"), true);
	take_headline(draft, &part, item);
	take_body(draft, &part, item);
	take_summary(draft, &part, item);
	take_people(draft, &part, item);
	take_names(draft, &part, item, "subjects");
	take_names(draft, &part, item, "subject");
	take_names(draft, &part, item, "places");
	take_names(draft, &part, item, "place");
	take_names(draft, &part, item, "keywords");
	take_associations(draft, &part, item);
	feed_finish_entry(draft, &part);
}

bool ninjs_read(struct arena *arena, struct str text, int64_t now, struct feed *ret_feed,
		struct err *err)
{
	struct feed_draft draft = { .arena = arena, .feed = ret_feed, .base = STR(""), .now = now };
	json_error_t error;
	json_t *root = json_loadb(text.data, text.len, 0, &error);
	struct feed_part part;
	const json_t *item;
	size_t i;

	*ret_feed = (struct feed){ .format = FEED_JSON };
	if (!root)
		return err_set(err, "is no JSON: %s in line %d", error.text, error.line);
	if (json_is_object(root) && text_of(root, "uri").len == 0) {
		json_decref(root);
		return err_set(err, "is JSON, but no ninjs: it has no uri");
	}
	if (json_is_object(root))
		take_item(&draft, root);
	json_array_foreach(root, i, item) take_item(&draft, item);
	feed_part_init(&part);
	feed_finish(&draft, &part);
	json_decref(root);
	return true;
}
