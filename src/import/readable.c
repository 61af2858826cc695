/* The Readability algorithm: attempts, from the strictest to the most lenient one. */
#include "import/readable.h"

#include "import/readable_parts.h"

enum { ENOUGH_TEXT = 500 }; /* characters of an article; with less, the next attempt is made */

/* One attempt on a copy of the page. ret_text is the characters it gave. */
static xmlDoc *attempt(const xmlDoc *page, unsigned flags, struct str title, size_t *ret_text)
{
	xmlDoc *copy = xmlCopyDoc((xmlDoc *)page, 1);
	xmlNode *root = copy ? xmlDocGetRootElement(copy) : NULL;
	xmlNode *body = root ? dom_find(root, "body") : NULL;
	xmlNode *article;

	if (!body)
		body = root;
	if (!body) {
		xmlFreeDoc(copy);
		return NULL;
	}
	readable_prepare(body);
	article = readable_choose(body, flags);
	readable_tidy(article, flags, title);
	*ret_text = census_of(article).text;
	xmlDocSetRootElement(copy, article);
	xmlFreeNode(root);
	return copy;
}

xmlDoc *readable_article(const xmlDoc *page, struct str title)
{
	static const unsigned attempts[] = {
		READABLE_DROPS_UNLIKELY | READABLE_WEIGHS_NAMES | READABLE_CLEANS,
		READABLE_WEIGHS_NAMES | READABLE_CLEANS,
		READABLE_CLEANS,
		0,
	};
	xmlDoc *best = NULL;
	size_t most = 0;

	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		size_t text = 0;
		xmlDoc *doc = attempt(page, attempts[i], title, &text);

		if (text > most) {
			xmlFreeDoc(best);
			best = doc;
			most = text;
		} else {
			xmlFreeDoc(doc);
		}
		if (most >= ENOUGH_TEXT)
			break;
	}
	return best;
}

void readable_clean(xmlNode *top, struct str title)
{
	readable_prepare(top);
	readable_tidy(top, READABLE_WEIGHS_NAMES | READABLE_CLEANS, title);
}
