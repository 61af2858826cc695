/* The head of an article: kicker, headline, byline, dates, summary, pictures, media. */
#include "base/date.h"
#include "base/text.h"
#include "base/uri.h"
#include "page/gemtext.h"
#include "site/visit.h"

/* The word that a type puts before the kicker; LABEL_COUNT: none. */
static enum label type_label(enum article_type type)
{
	static const enum label labels[TYPE_COUNT] = {
		[TYPE_ARTICLE] = LABEL_COUNT,
		[TYPE_OPINION] = LABEL_OPINION,
		[TYPE_ANALYSIS] = LABEL_ANALYSIS,
		[TYPE_BLOG] = LABEL_BLOG,
		[TYPE_FEATURE] = LABEL_FEATURE,
		[TYPE_VIDEO] = LABEL_VIDEO,
		[TYPE_INFOGRAPHIC] = LABEL_INFOGRAPHIC,
		[TYPE_GALLERY] = LABEL_GALLERY,
		[TYPE_LIVE] = LABEL_LIVE,
	};

	return labels[type];
}

/* Whether the kicker is the type's word over again, such as "Videos" after "Video". */
static bool is_echo(struct str kicker, struct str word)
{
	return str_eq_nocase(str_head(kicker, word.len), word) && kicker.len <= word.len + 2;
}

static void add_kicker(const struct visit *visit, struct page *page,
		       const struct headline *headline)
{
	enum label type = type_label(headline->type);

	if (type == LABEL_COUNT)
		page_text(page, headline->kicker);
	else if (is_echo(headline->kicker, label(visit, type)))
		page_text(page, label(visit, type));
	else
		page_text(page,
			  arena_format(visit->arena, STR_FMT " · " STR_FMT,
				       STR_ARG(label(visit, type)), STR_ARG(headline->kicker)));
}

static void add_byline(const struct visit *visit, struct page *page, const struct article *article)
{
	for (size_t i = 0; i < article->authors.count; i++) {
		struct str name = article->authors.items[i];
		struct str path = arena_join(visit->arena, path_in(visit, "authors/"),
					     text_slug(visit->arena, name), STR(""));

		page_link(page,
			  site_link(visit, path,
				    arena_format(visit->arena, STR_FMT " " STR_FMT,
						 STR_ARG(label(visit, LABEL_BY)), STR_ARG(name))));
	}
	if (article->source.len == 0 && article->source_url.len == 0)
		return;
	struct str text = arena_join(visit->arena, label(visit, LABEL_SOURCE), STR(": "),
				     article->source.len ? article->source : article->source_url);

	if (article->source_url.len && uri_has_scheme(article->source_url))
		page_link(page, site_link(visit, article->source_url, text));
	else
		page_text(page, text);
}

/* "2026-10-03 08:40 UTC · Updated … · 4 shares · 2 min read · 3.1 KB"; a draft may have no date yet. */
static void add_facts(const struct visit *visit, struct page *page, const struct headline *headline,
		      const struct article *article)
{
	uint64_t shares = article->shares + store_shares(visit->store, headline);
	struct arena *arena = visit->arena;
	char text[DATE_TEXT];
	struct str line = headline->published
				  ? arena_str(arena,
					      str_from(date_minute(headline->published, text)))
				  : label(visit, LABEL_DRAFT);

	if (headline->updated > headline->published)
		line = arena_format(arena, STR_FMT " · " STR_FMT " %s", STR_ARG(line),
				    STR_ARG(label(visit, LABEL_UPDATED)),
				    date_minute(headline->updated, text));
	if (shares)
		line = arena_format(
			arena, STR_FMT " · %llu " STR_FMT, STR_ARG(line),
			(unsigned long long)shares,
			STR_ARG(label(visit, shares == 1 ? LABEL_SHARE : LABEL_SHARES)));
	line = arena_format(arena, STR_FMT " · %u " STR_FMT " · " STR_FMT, STR_ARG(line),
			    headline->minutes, STR_ARG(label(visit, LABEL_MINUTES)),
			    STR_ARG(text_size(arena, headline->size)));
	page_text(page, line);
}

static struct str upper(struct arena *arena, struct str text)
{
	char *out = arena_alloc(arena, text.len + 1, 1);

	for (size_t i = 0; i < text.len; i++)
		out[i] = text.data[i] >= 'a' && text.data[i] <= 'z' ? (char)(text.data[i] - 32)
								    : text.data[i];
	return (struct str){ out, text.len };
}

/* "PNG, 12 KB" as far as it is known. */
static struct str kind_and_size(const struct visit *visit, struct str target)
{
	struct str mime = store_mime(target);
	struct str kind = str_skip(mime, str_find(mime, '/') + 1);
	struct str path;
	uint64_t size;

	kind = upper(visit->arena, str_head(kind, str_find(kind, '+')));
	if (uri_has_scheme(target) || !uri_path(visit->arena, target, &path) ||
	    !store_file_size(visit->store, path, &size))
		return kind;
	return arena_join(visit->arena, kind, STR(", "), text_size(visit->arena, size));
}

static void add_picture(const struct visit *visit, struct page *page,
			const struct headline *headline, const struct article_image *image)
{
	struct body_links links = { visit, headline->path };
	struct str text = image->caption.len ? image->caption : image->alt;
	struct link link = body_link(&links, image->target, STR(""));

	if (image->credit.len)
		text = arena_format(visit->arena, STR_FMT " (" STR_FMT ")", STR_ARG(text),
				    STR_ARG(image->credit));
	if (link.target.len) {
		link.label = arena_format(visit->arena, STR_FMT ": " STR_FMT " [" STR_FMT "]",
					  STR_ARG(label(visit, LABEL_IMAGE)), STR_ARG(text),
					  STR_ARG(kind_and_size(visit, link.target)));
		page_link(page, link);
	} else { /* the file is missing; its words are not */
		page_text(page,
			  arena_join(visit->arena, label(visit, LABEL_IMAGE), STR(": "), text));
	}
	if (image->alt.len)
		page_text(page,
			  arena_join(visit->arena, label(visit, LABEL_ALT), STR(": "), image->alt));
}

static void add_media(const struct visit *visit, struct page *page, const struct headline *headline,
		      const struct article_media *media)
{
	struct body_links links = { visit, headline->path };
	bool is_sound = str_starts(store_mime(media->target), STR("audio/"));
	struct link link = body_link(&links, media->target, media->label);
	struct str facts = media->duration;

	if (media->size.len)
		facts = facts.len ? arena_join(visit->arena, facts, STR(", "), media->size)
				  : media->size;
	link.label = arena_format(visit->arena, STR_FMT ": " STR_FMT,
				  STR_ARG(label(visit, is_sound ? LABEL_AUDIO : LABEL_VIDEO)),
				  STR_ARG(link.label));
	if (facts.len)
		link.label = arena_format(visit->arena, STR_FMT " [" STR_FMT "]",
					  STR_ARG(link.label), STR_ARG(facts));
	if (link.target.len)
		page_link(page, link);
	else
		page_text(page, link.label);
}

/* A gallery shows its pictures one by one, numbered; other types show the first here and the rest below the text. */
void article_pictures(const struct visit *visit, struct page *page, const struct headline *headline,
		      const struct article *article)
{
	size_t first = headline->type == TYPE_GALLERY ? 0 : 1;

	for (size_t i = first; i < article->image_count; i++) {
		page_blank(page);
		if (headline->type == TYPE_GALLERY)
			page_heading(
				page, 3,
				arena_format(visit->arena, "%zu/%zu", i + 1, article->image_count));
		add_picture(visit, page, headline, &article->images[i]);
	}
	page_blank(page);
}

void article_lead(const struct visit *visit, struct page *page, const struct headline *headline,
		  const struct article *article)
{
	if (headline->type != TYPE_GALLERY && article->image_count)
		add_picture(visit, page, headline, &article->images[0]);
	for (size_t i = 0; i < article->media_count; i++)
		add_media(visit, page, headline, &article->media[i]);
	page_blank(page);
}

void article_head(const struct visit *visit, struct page *page, const struct headline *headline,
		  const struct article *article)
{
	add_kicker(visit, page, headline);
	page_title(page, headline->title);
	page_blank(page);
	add_byline(visit, page, article);
	add_facts(visit, page, headline, article);
	if (headline->type == TYPE_OPINION)
		page_text(page, label(visit, LABEL_OPINION_NOTE));
	if (headline->summary.len) {
		page_blank(page);
		page_quote(page, headline->summary);
	}
	page_blank(page);
	article_lead(visit, page, headline, article);
}
