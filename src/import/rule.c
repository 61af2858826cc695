/* Rules of sites: files, XPath. */
#include "import/rule.h"

#include <libxml/HTMLtree.h>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "import/dom.h"

static const struct {
	const char *name;
	enum rule_kind kind;
} names[] = {
	{ "title", RULE_TITLE },
	{ "body", RULE_BODY },
	{ "author", RULE_AUTHOR },
	{ "date", RULE_DATE },
	{ "strip", RULE_STRIP },
	{ "strip_id_or_class", RULE_STRIP_ID_OR_CLASS },
	{ "strip_image_src", RULE_STRIP_IMAGE_SRC },
	{ "next_page_link", RULE_NEXT_PAGE },
	{ "single_page_link", RULE_SINGLE_PAGE },
	{ "test_url", RULE_TEST_URL },
	{ "find_string", RULE_FIND },
	{ "replace_string", RULE_REPLACE },
	{ "prune", RULE_PRUNE },
	{ "tidy", RULE_TIDY },
	{ "autodetect_on_failure", RULE_AUTODETECT },
};

static bool find_kind(struct str name, enum rule_kind *ret_kind)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!str_eq_nocase(name, str_from(names[i].name)))
			continue;
		*ret_kind = names[i].kind;
		return true;
	}
	return false;
}

/* "replace_string(find): with" says both in one line. */
static bool read_short_replace(struct str line, struct rule_line *ret_line)
{
	size_t end = str_search(line, STR("): "));

	if (!str_starts(line, STR("replace_string(")) || end == line.len)
		return false;
	ret_line->kind = RULE_REPLACE;
	ret_line->value = str_skip(str_head(line, end), 15);
	ret_line->with = str_trim(str_skip(line, end + 3));
	return true;
}

static bool read_line(struct str line, struct rule_line *ret_line)
{
	size_t colon = str_find(line, ':');

	*ret_line = (struct rule_line){ .value = STR("") };
	if (line.len == 0 || line.data[0] == '#')
		return false;
	if (read_short_replace(line, ret_line))
		return true;
	if (colon == line.len || !find_kind(str_trim(str_head(line, colon)), &ret_line->kind))
		return false;
	ret_line->value = str_trim(str_skip(line, colon + 1));
	return true;
}

void rule_parse(struct arena *arena, struct str text, struct rule *ret_rule)
{
	struct str line;

	ret_rule->count = 0;
	while (ret_rule->count < RULE_LINES_MAX && str_next_line(&text, &line)) {
		struct rule_line *read = &ret_rule->lines[ret_rule->count];
		struct rule_line *last = read - 1;

		if (!read_line(str_trim(line), read))
			continue;
		read->value = arena_str(arena, read->value);
		read->with = arena_str(arena, read->with);
		/* In the long form each "replace_string: with" belongs to the find_string before it. */
		if (read->kind == RULE_REPLACE && read->with.len == 0 && ret_rule->count &&
		    last->kind == RULE_FIND) {
			last->kind = RULE_REPLACE;
			last->with = read->value;
			continue;
		}
		ret_rule->count++;
	}
}

static bool read_file(struct arena *arena, const char *path, struct rule *ret_rule)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	char *bytes;
	ssize_t got;

	if (fd == -1)
		return false;
	bytes = ARENA_ARRAY(arena, RULE_FILE_MAX, char);
	got = read(fd, bytes, RULE_FILE_MAX);
	close(fd);
	if (got <= 0)
		return false;
	rule_parse(arena, (struct str){ bytes, (size_t)got }, ret_rule);
	return true;
}

/* A host's name as the name of a file: nothing in it may lead elsewhere. */
static bool is_host(struct str host)
{
	for (size_t i = 0; i < host.len; i++)
		if (!(host.data[i] >= 'a' && host.data[i] <= 'z') &&
		    !(host.data[i] >= '0' && host.data[i] <= '9') && host.data[i] != '-' &&
		    host.data[i] != '.')
			return false;
	return host.len > 0 && host.data[0] != '.';
}

bool rule_find(struct arena *arena, const struct rules *rules, struct str host,
	       struct rule *ret_rule)
{
	const char *dot = "";

	if (!rules || !rules->folder || *rules->folder == '\0' || !is_host(host))
		return false;
	if (str_starts(host, STR("www.")))
		host = str_skip(host, 4);
	while (host.len) {
		struct str path = arena_format(arena, "%s/%s" STR_FMT ".txt", rules->folder, dot,
					       STR_ARG(host));
		struct str with_www = arena_format(arena, "%s/www." STR_FMT ".txt", rules->folder,
						   STR_ARG(host));

		if (read_file(arena, path.data, ret_rule) ||
		    (*dot == '\0' && read_file(arena, with_www.data, ret_rule)))
			return true;
		if (*dot)
			host = str_skip(host, str_find(host, '.') + 1);
		dot = ".";
	}
	return false;
}

static struct str replace_all(struct arena *arena, struct str text, struct str find,
			      struct str with)
{
	struct buf out;
	struct str done;
	size_t at;

	if (find.len == 0 || str_search(text, find) == text.len)
		return text;
	buf_init(&out, 4 * DOM_BYTES_MAX);
	while ((at = str_search(text, find)) < text.len) {
		buf_str(&out, str_head(text, at));
		buf_str(&out, with);
		text = str_skip(text, at + find.len);
	}
	buf_str(&out, text);
	done = out.full || out.len > DOM_BYTES_MAX ? text : arena_str(arena, buf_view(&out));
	buf_done(&out);
	return done;
}

struct str rule_replace(struct arena *arena, const struct rule *rule, struct str html)
{
	for (size_t i = 0; i < rule->count; i++)
		if (rule->lines[i].kind == RULE_REPLACE)
			html = replace_all(arena, html, rule->lines[i].value, rule->lines[i].with);
	return html;
}

static void be_silent(void *context, const char *format, ...)
{
	(void)context;
	(void)format;
}

/* What an expression finds on a page, or NULL; the caller frees it. A wrong one finds nothing. */
static xmlXPathObject *find(const char *expression, xmlDoc *page)
{
	xmlXPathContext *context = xmlXPathNewContext(page);
	xmlXPathObject *found;

	if (!context)
		mem_out();
	context->opLimit =
		2000000; /* a rule is a stranger's file: no more steps than a page needs */
	xmlSetGenericErrorFunc(NULL, be_silent);
	found = xmlXPathEvalExpression(BAD_CAST expression, context);
	xmlSetGenericErrorFunc(NULL, NULL);
	xmlXPathFreeContext(context);
	return found;
}

static bool holds_node(const xmlXPathObject *found)
{
	return found && found->type == XPATH_NODESET && found->nodesetval &&
	       found->nodesetval->nodeNr > 0;
}

static void strip_found(const char *expression, xmlDoc *page)
{
	xmlXPathObject *found = find(expression, page);

	/* From the last to the first: one that stands in another one goes before it. */
	if (holds_node(found)) {
		for (int i = found->nodesetval->nodeNr - 1; i >= 0; i--) {
			xmlNode *node = found->nodesetval->nodeTab[i];

			if (node->type == XML_ELEMENT_NODE && node != xmlDocGetRootElement(page))
				dom_remove(node);
			found->nodesetval->nodeTab[i] = NULL;
		}
	}
	xmlXPathFreeObject(found);
}

/* The value as it may stand in an expression: without quotes around it or in it. */
static struct str bare(struct arena *arena, struct str value)
{
	struct str copy;

	while (value.len && strchr("\"'", value.data[0]))
		value = str_skip(value, 1);
	while (value.len && strchr("\"'", value.data[value.len - 1]))
		value.len--;
	copy = arena_str(arena, value);
	return str_find(copy, '"') == copy.len ? copy : STR("");
}

void rule_strip(const struct rule *rule, xmlDoc *page)
{
	struct arena *arena = arena_new(1 << 20);

	for (size_t i = 0; i < rule->count; i++) {
		const struct rule_line *line = &rule->lines[i];
		struct str value = bare(arena, line->value);

		if (line->kind == RULE_STRIP && line->value.len)
			strip_found(line->value.data, page);
		else if (line->kind == RULE_STRIP_ID_OR_CLASS && value.len)
			strip_found(arena_format(arena,
						 "//*[contains(@class, \"" STR_FMT
						 "\") or contains(@id, \"" STR_FMT "\")]",
						 STR_ARG(value), STR_ARG(value))
					    .data,
				    page);
		else if (line->kind == RULE_STRIP_IMAGE_SRC && value.len)
			strip_found(arena_format(arena, "//img[contains(@src, \"" STR_FMT "\")]",
						 STR_ARG(value))
					    .data,
				    page);
	}
	arena_free(arena);
}

static struct str text_of(struct arena *arena, const xmlXPathObject *found)
{
	const xmlNode *node;

	if (found && found->type == XPATH_STRING)
		return dom_clean_line(arena, str_from((const char *)found->stringval), 2000);
	if (!holds_node(found))
		return STR("");
	node = found->nodesetval->nodeTab[0];
	if (node->type == XML_ATTRIBUTE_NODE)
		return node->children
			       ? dom_clean_line(arena,
						str_from((const char *)node->children->content),
						2000)
			       : STR("");
	return dom_line(arena, node, 2000);
}

struct str rule_text(struct arena *arena, const struct rule *rule, enum rule_kind kind,
		     xmlDoc *page)
{
	struct str text = STR("");

	for (size_t i = 0; i < rule->count && text.len == 0; i++) {
		xmlXPathObject *found;

		if (rule->lines[i].kind != kind)
			continue;
		found = find(rule->lines[i].value.data, page);
		text = text_of(arena, found);
		xmlXPathFreeObject(found);
	}
	return text;
}

static bool stands_in_found(const xmlNode *node, const xmlNodeSet *set)
{
	for (const xmlNode *above = node->parent; above; above = above->parent)
		for (int i = 0; i < set->nodeNr; i++)
			if (set->nodeTab[i] == above)
				return true;
	return false;
}

static xmlDoc *copy_found(const xmlNodeSet *set)
{
	enum { BODIES_MAX = 50 };
	xmlDoc *doc = htmlNewDocNoDtD(NULL, NULL);
	xmlNode *root = xmlNewDocNode(doc, NULL, BAD_CAST "div", NULL);

	xmlDocSetRootElement(doc, root);
	for (int i = 0; i < set->nodeNr && i < BODIES_MAX; i++)
		if (set->nodeTab[i]->type == XML_ELEMENT_NODE &&
		    !stands_in_found(set->nodeTab[i], set))
			xmlAddChild(root, xmlDocCopyNode(set->nodeTab[i], doc, 1));
	return doc;
}

xmlDoc *rule_body(const struct rule *rule, xmlDoc *page)
{
	for (size_t i = 0; i < rule->count; i++) {
		xmlXPathObject *found;
		xmlDoc *doc = NULL;

		if (rule->lines[i].kind != RULE_BODY)
			continue;
		found = find(rule->lines[i].value.data, page);
		if (holds_node(found))
			doc = copy_found(found->nodesetval);
		xmlXPathFreeObject(found);
		if (doc)
			return doc;
	}
	return NULL;
}

bool rule_says(const struct rule *rule, enum rule_kind kind, bool preset)
{
	for (size_t i = 0; i < rule->count; i++)
		if (rule->lines[i].kind == kind)
			return str_eq_nocase(rule->lines[i].value, STR("yes"));
	return preset;
}
