/* Pictures with caption, credit and alternative text; films and sound as links. */
#include <stdlib.h>

#include "base/text.h"
#include "import/address.h"
#include "import/prose_making.h"

enum {
	CAPTION_MAX = 2000,
	LEAST_SIDE = 48,   /* pixels; smaller pictures are ornaments */
	BEST_WIDTH = 1200, /* of several sizes the largest up to this is taken */
};

/* "640", "640px"; 0 when it is not said or said in parts of the page. */
static unsigned pixels(struct str text)
{
	unsigned value = 0;
	size_t i = 0;

	for (; i < text.len && text.data[i] >= '0' && text.data[i] <= '9' && value < 100000; i++)
		value = value * 10 + (unsigned)(text.data[i] - '0');
	return i < text.len && text.data[i] == '%' ? 0 : value;
}

static bool is_usable(struct str url)
{
	return url.len && !str_starts(url, STR("data:")) && !str_starts(url, STR("about:")) &&
	       !str_starts(url, STR("#"));
}

/* Takes one candidate of a srcset (HTML Standard 4.8.4.2.1): a URL, then "640w" or "2x". */
static bool next_candidate(struct str *rest, struct str *ret_url, double *ret_size)
{
	struct str at = *rest;
	struct str descriptor;
	size_t end = 0;

	while (at.len && ((unsigned char)at.data[0] <= ' ' || at.data[0] == ','))
		at = str_skip(at, 1);
	while (end < at.len && (unsigned char)at.data[end] > ' ')
		end++;
	if (end == 0)
		return false;
	*ret_url = str_head(at, end);
	at = str_skip(at, end);
	if (str_ends(*ret_url, STR(","))) {
		descriptor = STR("");
		*ret_url = str_head(*ret_url, ret_url->len - 1);
	} else {
		descriptor = str_trim(str_head(at, str_find(at, ',')));
		at = str_skip(at, str_find(at, ',') + 1);
	}
	*ret_size = pixels(descriptor);
	if (str_ends(descriptor, STR("x")))
		*ret_size *= 600;
	*rest = at;
	return true;
}

static struct str best_candidate(struct str set)
{
	struct str best = STR("");
	double best_size = -1;
	struct str url;
	double size;

	while (next_candidate(&set, &url, &size)) {
		bool fits = size <= BEST_WIDTH;
		bool is_better = best_size < 0 ||
				 (fits && (size > best_size || best_size > BEST_WIDTH)) ||
				 (!fits && best_size > BEST_WIDTH && size < best_size);

		if (!is_usable(url) || !is_better)
			continue;
		best = url;
		best_size = size;
	}
	return best;
}

/* Where the picture is: pages that load late keep it in attributes of their own. */
static struct str picture_source(const xmlNode *img)
{
	static const char *const late[] = { "data-src",	       "data-original",
					    "data-lazy-src",   "data-full-src",
					    "data-hi-res-src", "data-url",
					    "data-img-src",    NULL };
	struct str source = dom_attribute(img, "src");
	struct str set = dom_attribute(img, "srcset");

	for (const char *const *name = late; *name; name++)
		if (is_usable(dom_attribute(img, *name)))
			return dom_attribute(img, *name);
	if (set.len == 0)
		set = dom_attribute(img, "data-srcset");
	if (set.len == 0 && dom_is(img->parent, "picture"))
		for (const xmlNode *child = img->parent->children; child && set.len == 0;
		     child = child->next)
			if (dom_is(child, "source"))
				set = dom_attribute(child, "srcset");
	if (best_candidate(set).len)
		return best_candidate(set);
	return is_usable(source) ? source : STR("");
}

static bool is_ornament(const xmlNode *img)
{
	unsigned width = pixels(dom_attribute(img, "width"));
	unsigned height = pixels(dom_attribute(img, "height"));

	return (width && width < LEAST_SIDE) || (height && height < LEAST_SIDE);
}

static struct str attribute_line(struct making *making, const xmlNode *node, const char *name)
{
	return dom_clean_line(making->arena, dom_attribute(node, name), CAPTION_MAX);
}

static struct prose_image *new_image(struct making *making, struct str url)
{
	struct prose *prose = making->prose;
	struct prose_block *block;

	if (!prose->images)
		prose->images = ARENA_ARRAY(making->arena, PROSE_IMAGES_MAX, struct prose_image);
	for (size_t i = 0; i < prose->image_count; i++)
		if (str_eq(prose->images[i].url, url))
			return &prose->images[i];
	if (prose->image_count == PROSE_IMAGES_MAX)
		return NULL;
	block = making_block(making, PROSE_IMAGE);
	if (!block)
		return NULL;
	block->image = prose->image_count;
	prose->images[prose->image_count] = (struct prose_image){ .url = url };
	return &prose->images[prose->image_count++];
}

static struct prose_image *take_picture(struct making *making, const xmlNode *img)
{
	struct str source = picture_source(img);
	struct prose_image *image;

	if (source.len == 0 || is_ornament(img))
		return NULL;
	source = address_resolve(making->arena, making->plan->base, source);
	if (!str_starts(source, STR("http:")) && !str_starts(source, STR("https:")) &&
	    !str_starts(source, STR("gemini:")) && !str_starts(source, STR("gopher:")))
		return NULL;
	image = new_image(making, source);
	if (image && image->alt.len == 0)
		image->alt = attribute_line(making, img, "alt");
	return image;
}

void making_picture(struct making *making, const xmlNode *img)
{
	take_picture(making, img);
}

static bool names_credit(const xmlNode *node)
{
	static const char *const words[] = { "credit", "credits", "copyright", "photographer",
					     "source", "byline",  NULL };
	struct str names[] = { dom_attribute(node, "class"), dom_attribute(node, "itemprop") };

	for (size_t n = 0; n < 2; n++)
		for (const char *const *word = words; *word; word++)
			for (struct str name = names[n]; name.len; name = str_skip(name, 1))
				if (str_eq_nocase(str_head(name, strlen(*word)), str_from(*word)))
					return true;
	return false;
}

/* The caption without the credit in it, which goes to ret_credit. */
static struct str read_caption(struct making *making, const xmlNode *caption,
			       struct str *ret_credit)
{
	struct str all = dom_line(making->arena, caption, CAPTION_MAX);
	struct str credit = STR("");
	size_t at;

	for (const xmlNode *node = dom_next(caption, caption); node && credit.len == 0;
	     node = dom_next(node, caption))
		if (node->type == XML_ELEMENT_NODE && names_credit(node))
			credit = dom_line(making->arena, node, CAPTION_MAX);
	if (credit.len == 0 || credit.len == all.len)
		return all;
	*ret_credit = credit;
	at = str_search(all, credit);
	if (at == all.len)
		return all;
	return dom_clean_line(making->arena,
			      arena_join(making->arena, str_head(all, at), STR(" "),
					 str_skip(all, at + credit.len)),
			      CAPTION_MAX);
}

/* A figure's own texts: its figcaption, else what is named a caption or a credit. */
static void read_captions(struct making *making, const xmlNode *figure, struct prose_image *image)
{
	const xmlNode *caption = dom_find((xmlNode *)figure, "figcaption");

	if (caption)
		image->caption = read_caption(making, caption, &image->credit);
	for (const xmlNode *node = dom_next(figure, figure); node && image->credit.len == 0;
	     node = dom_next(node, figure))
		if (node->type == XML_ELEMENT_NODE && !dom_is(node, "figcaption") &&
		    names_credit(node))
			image->credit = dom_line(making->arena, node, 300);
	if (str_eq(image->caption, image->credit))
		image->caption = STR("");
}

/* Whether a figure holds what is read as text: a table, a quotation, code. */
static bool holds_text(const xmlNode *figure)
{
	for (const xmlNode *node = dom_next(figure, figure); node; node = dom_next(node, figure))
		if (dom_is_one(node, "table pre blockquote ul ol"))
			return true;
	return false;
}

bool making_figure(struct making *making, const xmlNode *figure)
{
	struct prose_image *first = NULL;
	bool has_any = false;

	if (holds_text(figure))
		return false;
	making_flush(making);
	for (const xmlNode *node = dom_next(figure, figure); node; node = dom_next(node, figure)) {
		struct prose_image *image = NULL;

		if (dom_is(node, "img")) {
			has_any = true;
			image = take_picture(making, node);
		} else if (dom_is_one(node, "video audio iframe")) {
			has_any = true;
			making_media(making, node);
		}
		if (!first)
			first = image;
	}
	if (first)
		read_captions(making, figure, first);
	return has_any;
}

static struct str media_url(const xmlNode *node)
{
	struct str url = dom_attribute(node, dom_is(node, "object") ? "data" : "src");

	if (url.len == 0)
		url = dom_attribute(node, "data-src");
	for (const xmlNode *child = node->children; child && url.len == 0; child = child->next)
		if (dom_is(child, "source"))
			url = dom_attribute(child, "src");
	return url;
}

void making_media(struct making *making, const xmlNode *node)
{
	struct str url = making_url(making, media_url(node));
	struct str label = attribute_line(making, node, "title");
	struct prose_block *block;

	if (url.len == 0)
		return;
	making_flush(making);
	block = making_block(making, PROSE_MEDIA);
	if (!block)
		return;
	if (label.len == 0)
		label = attribute_line(making, node, "aria-label");
	if (label.len == 0)
		label = dom_is(node, "audio") ? STR("Audio") : STR("Video");
	block->text = label;
	block->links = ARENA_NEW(making->arena, struct prose_link);
	block->links[0] = (struct prose_link){ url, label };
	block->link_count = 1;
}
