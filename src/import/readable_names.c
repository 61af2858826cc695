/* What the names that designers give to elements tell of them. */
#include <string.h>

#include "base/text.h"
#include "import/readable_parts.h"

/* Of furniture, anywhere in a name. */
static const char *const unlikely[] = {
	"-ad-",	   "ad-break",	  "agegate",	"ai2html", "banner",	 "breadcrumb",
	"combx",   "comment",	  "community",	"cookie",  "cover-wrap", "disqus",
	"extra",   "footer",	  "gdpr",	"header",  "legends",	 "masthead",
	"menu",	   "newsletter",  "outbrain",	"pager",   "pagination", "popup",
	"promo",   "related",	  "remark",	"replies", "rss",	 "shoutbox",
	"sidebar", "skyscraper",  "social",	"sponsor", "subscribe",	 "supplemental",
	"taboola", "teaser-list", "yom-remote", NULL,
};

/* Which redeem them. */
static const char *const maybe[] = {
	"and", "article", "body", "column", "content", "main", "mathjax", "shadow", NULL,
};

static const char *const positive[] = {
	"article", "blog", "body",	 "content", "entry", "hentry", "h-entry",
	"main",	   "page", "pagination", "post",    "story", "text",   NULL,
};

static const char *const negative[] = {
	"-ad-",	   "banner", "com-",	 "combx",    "comment",	 "contact",  "footer",
	"gdpr",	   "hidden", "masthead", "media",    "meta",	 "outbrain", "promo",
	"related", "scroll", "share",	 "shopping", "shoutbox", "sidebar",  "skyscraper",
	"sponsor", "tags",   "tool",	 "widget",   NULL,
};

static const char *const roles[] = {
	"alert", "alertdialog", "complementary", "dialog", "menu", "menubar", "navigation", NULL,
};

/* A box of other stories or offers within an article; whole words of a name, see has_word(). */
static const char *const asides[] = {
	"adslot",
	"advert",
	"advertisement",
	"also-read",
	"author-bio",
	"author-box",
	"comments",
	"cookie-banner",
	"donate",
	"follow-us",
	"inline-related",
	"most-popular",
	"most-read",
	"more-stories",
	"newsletter",
	"newsletter-signup",
	"outbrain",
	"paywall",
	"print-only",
	"read-more",
	"read-next",
	"readmore",
	"recirc",
	"recirculation",
	"recommended",
	"related",
	"related-articles",
	"related-links",
	"related-posts",
	"related-stories",
	"see-also",
	"share",
	"sharing",
	"signup",
	"sociable",
	"social",
	"subscribe",
	"subscription",
	"taboola",
	"tags",
	"trending",
	"you-may-like",
	NULL,
};

static char lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte;
}

static bool starts_nocase(struct str text, const char *word)
{
	size_t i = 0;

	for (; word[i]; i++)
		if (i == text.len || lower(text.data[i]) != word[i])
			return false;
	return true;
}

static bool contains_one(struct str text, const char *const *words)
{
	for (; text.len; text = str_skip(text, 1))
		for (const char *const *word = words; *word; word++)
			if (starts_nocase(text, *word))
				return true;
	return false;
}

/* Class and id, apart from each other. */
static bool names_contain(const xmlNode *node, const char *const *words)
{
	return contains_one(dom_attribute(node, "class"), words) ||
	       contains_one(dom_attribute(node, "id"), words);
}

static int weight_of(struct str name)
{
	int weight = 0;

	if (name.len == 0)
		return 0;
	if (contains_one(name, negative) || str_eq_nocase(name, STR("hid")))
		weight -= 25;
	if (contains_one(name, positive))
		weight += 25;
	return weight;
}

int names_weight(const xmlNode *node)
{
	return weight_of(dom_attribute(node, "class")) + weight_of(dom_attribute(node, "id"));
}

bool names_are_unlikely(const xmlNode *node)
{
	struct str role = dom_attribute(node, "role");

	for (const char *const *word = roles; *word; word++)
		if (str_eq_nocase(role, str_from(*word)))
			return true;
	return names_contain(node, unlikely) && !names_contain(node, maybe);
}

/* A word of a name ends at what is neither letter nor digit, or, for "-" and "_" between words, matches them. */
static bool is_word_byte(char byte)
{
	byte = lower(byte);
	return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

static bool has_word(struct str name, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= name.len; i++) {
		size_t j = 0;

		if (i > 0 && is_word_byte(name.data[i - 1]))
			continue;
		while (j < len && (lower(name.data[i + j]) == word[j] ||
				   (word[j] == '-' && name.data[i + j] == '_')))
			j++;
		if (j == len && (i + len == name.len || !is_word_byte(name.data[i + len])))
			return true;
	}
	return false;
}

static bool has_words(const xmlNode *node, const char *const *words)
{
	for (const char *const *word = words; *word; word++)
		if (has_word(dom_attribute(node, "class"), *word) ||
		    has_word(dom_attribute(node, "id"), *word))
			return true;
	return false;
}

bool names_are_sharing(const xmlNode *node)
{
	static const char *const words[] = { "share",	    "sharedaddy", "sharing", "social",
					     "share-tools", "addthis",	  "shares",  NULL };

	return has_words(node, words);
}

bool names_are_aside(const xmlNode *node)
{
	return has_words(node, asides);
}

/* "display:none" and the like, blanks left aside. */
static bool style_hides(struct str style)
{
	char flat[256];
	size_t len = 0;

	for (size_t i = 0; i < style.len && len < sizeof(flat) - 1; i++)
		if ((unsigned char)style.data[i] > ' ')
			flat[len++] = lower(style.data[i]);
	flat[len] = '\0';
	return strstr(flat, "display:none") || strstr(flat, "visibility:hidden");
}

static bool has_attribute(const xmlNode *node, const char *name)
{
	for (const xmlAttr *attr = node->properties; attr; attr = attr->next)
		if (strcmp((const char *)attr->name, name) == 0)
			return true;
	return false;
}

bool is_out_of_sight(const xmlNode *node)
{
	if (node->type != XML_ELEMENT_NODE || dom_is(node, "body") || dom_is(node, "html"))
		return false;
	if (has_attribute(node, "hidden") || style_hides(dom_attribute(node, "style")))
		return true;
	/* Pictures for eyes only are still pictures. */
	return str_eq_nocase(dom_attribute(node, "aria-hidden"), STR("true")) &&
	       !dom_is_one(node, "img figure picture video") &&
	       !contains_one(dom_attribute(node, "class"),
			     (const char *const[]){ "fallback-image", NULL });
}

bool is_film(const xmlNode *node)
{
	static const char *const places[] = {
		"youtube.com",
		"youtube-nocookie.com",
		"youtu.be",
		"vimeo.com",
		"dailymotion.com",
		"player.twitch.tv",
		"archive.org/embed",
		"upload.wikimedia.org",
		"live.bilibili.com",
		"v.qq.com",
		NULL,
	};

	for (const xmlAttr *attr = node->properties; attr; attr = attr->next)
		if (attr->children &&
		    contains_one(str_from((const char *)attr->children->content), places))
			return true;
	return false;
}
