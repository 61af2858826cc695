/* A web page becomes an article: the ways to its text, one after the other. */
#include "import/extract.h"

#include "base/text.h"
#include "import/address.h"
#include "import/readable.h"
#include "import/when.h"

enum {
	BODY_LEAST = 600,    /* bytes of an articleBody that is believed */
	ARTICLE_LEAST = 140, /* bytes of text that are an article */
};

const char *extract_name(enum extract_by by)
{
	static const char *const names[] = { "rule",	"jsonld", "readability",
					     "article", "feed",	  NULL };

	return names[by];
}

static void read_tree(struct arena *arena, xmlDoc *doc, const struct extract_plan *plan,
		      struct prose *ret_prose)
{
	struct prose_plan prose = plan->prose;

	prose.base = plan->url;
	prose_read(arena, xmlDocGetRootElement(doc), &prose, ret_prose);
}

/* "<base href>" changes what links are relative to. */
static struct str base_of(struct arena *arena, xmlDoc *page, struct str url)
{
	const xmlNode *base = dom_find(xmlDocGetRootElement(page), "base");
	struct str href = dom_attribute(base, "href");

	return href.len ? address_resolve(arena, url, href) : url;
}

static bool by_rule(struct arena *arena, const struct rule *rule, xmlDoc *page,
		    const struct extract_plan *plan, struct extract *extract)
{
	struct str text;
	xmlDoc *body;

	text = rule_text(arena, rule, RULE_TITLE, page);
	if (text.len)
		extract->meta.title = text;
	text = rule_text(arena, rule, RULE_AUTHOR, page);
	if (text.len) {
		extract->meta.authors.items = ARENA_NEW(arena, struct str);
		extract->meta.authors.items[0] = text;
		extract->meta.authors.count = 1;
	}
	when_parse(rule_text(arena, rule, RULE_DATE, page), false, &extract->meta.published);
	text = rule_text(arena, rule, RULE_NEXT_PAGE, page);
	if (text.len)
		extract->next_page = address_resolve(arena, plan->url, text);
	rule_strip(rule, page);
	body = rule_body(rule, page);
	if (!body)
		return false;
	if (rule_says(rule, RULE_PRUNE, true))
		readable_clean(xmlDocGetRootElement(body), extract->meta.title);
	read_tree(arena, body, plan, &extract->prose);
	xmlFreeDoc(body);
	return prose_length(&extract->prose) > 0;
}

/* How many of the text's blocks stand in body, which is one long line of words. */
static bool says_words(struct str body, struct str block)
{
	enum { PROBE = 40 };
	struct str probe = text_whole(str_head(block, PROBE));

	return str_search(body, probe) < body.len;
}

/*
 * The articleBody of JSON-LD tells which blocks of the page are the article, but has often lost
 * its paragraphs. Where the page's own text covers it, that is taken, less what is not in it.
 */
static bool by_jsonld(struct arena *arena, const struct prose *readable, struct extract *extract)
{
	struct str body = extract->meta.body;
	struct prose kept = *readable;
	size_t covered = 0;

	if (body.len < BODY_LEAST)
		return false;
	kept.blocks = ARENA_ARRAY(arena, readable->count + 1, struct prose_block);
	kept.count = 0;
	for (size_t i = 0; i < readable->count; i++) {
		const struct prose_block *block = &readable->blocks[i];
		bool is_text = block->kind != PROSE_IMAGE && block->kind != PROSE_MEDIA &&
			       block->kind != PROSE_PRE;

		if (is_text && !says_words(body, block->text))
			continue;
		covered += is_text ? block->text.len : 0;
		kept.blocks[kept.count++] = *block;
	}
	if (covered * 10 >= body.len * 8) {
		extract->prose = kept;
		return true;
	}
	if (str_find(body, '\n') == body.len && prose_length(readable) * 2 > body.len)
		return false; /* all in one line: half of the text with paragraphs is read with more ease */
	prose_read_text(arena, body, &extract->prose);
	return true;
}

/* The paragraphs of the article element that has most text in them. */
static bool by_article(struct arena *arena, xmlDoc *page, const struct extract_plan *plan,
		       struct extract *extract)
{
	xmlNode *root = xmlDocGetRootElement(page);
	size_t most = 0;

	for (xmlNode *node = root; node; node = dom_next(node, root)) {
		struct prose prose;
		struct prose_plan with = plan->prose;
		xmlDoc *copy;

		if (!dom_is_one(node, "article main"))
			continue;
		copy = xmlNewDoc(NULL);
		xmlDocSetRootElement(copy, xmlDocCopyNode(node, copy, 1));
		readable_clean(xmlDocGetRootElement(copy), extract->meta.title);
		with.base = plan->url;
		prose_read(arena, xmlDocGetRootElement(copy), &with, &prose);
		xmlFreeDoc(copy);
		if (prose_length(&prose) > most) {
			most = prose_length(&prose);
			extract->prose = prose;
		}
	}
	return most > 0;
}

static bool by_page(struct arena *arena, xmlDoc *page, const struct extract_plan *plan,
		    struct extract *extract)
{
	xmlDoc *readable = readable_article(page, extract->meta.title);
	struct prose prose = { NULL, 0, NULL, 0 };

	if (readable)
		read_tree(arena, readable, plan, &prose);
	xmlFreeDoc(readable);
	extract->by = EXTRACT_JSONLD;
	if (by_jsonld(arena, &prose, extract))
		return true;
	extract->by = EXTRACT_READABILITY;
	extract->prose = prose;
	if (prose_length(&prose) >= ARTICLE_LEAST)
		return true;
	extract->by = EXTRACT_ARTICLE;
	if (by_article(arena, page, plan, extract) &&
	    prose_length(&extract->prose) > prose_length(&prose))
		return true;
	extract->by = EXTRACT_READABILITY;
	extract->prose = prose;
	return prose_length(&prose) > 0;
}

bool extract_page(struct arena *arena, struct str html, const struct extract_plan *plan,
		  struct extract *ret_extract)
{
	struct rule *rule = ARENA_NEW(arena, struct rule);
	bool has_rule = rule_find(arena, plan->rules, address_host(plan->url), rule);
	struct extract_plan with = *plan;
	xmlDoc *page;
	bool found;

	*ret_extract = (struct extract){ .by = EXTRACT_NOTHING };
	page = dom_parse(has_rule ? rule_replace(arena, rule, html) : html);
	if (!page)
		return false;
	with.url = base_of(arena, page, plan->url);
	meta_read(arena, page, plan->url, plan->now, &ret_extract->meta);
	ret_extract->by = EXTRACT_RULE;
	found = has_rule && by_rule(arena, rule, page, &with, ret_extract);
	if (!found)
		found = by_page(arena, page, &with, ret_extract);
	if (!found)
		ret_extract->by = EXTRACT_NOTHING;
	xmlFreeDoc(page);
	return found;
}
