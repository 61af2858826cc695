/* What every page kind is given, and the parts that they share. Internal to site/. */
#ifndef SITE_VISIT_H
#define SITE_VISIT_H

#include "site/site.h"

/* In which view a page was asked for; told by the end of its path. */
enum view {
	VIEW_PAGE,
	VIEW_FEED,   /* ".../feed.gmi": the list as a gemsub feed */
	VIEW_ATOM,   /* ".../atom.xml" */
	VIEW_TEXT,   /* ".txt": wrapped plain text */
	VIEW_SOURCE, /* ".gmi": gemtext with absolute links */
};

enum { ARGUMENTS_MAX = 3 };

/* One request on its way through the site. */
struct visit {
	const struct site *site;
	struct store *store;
	const struct edition *edition;
	struct arena *arena;
	const struct request *request;
	int64_t now;
	struct str path; /* full, clean, without the view's suffix and page number */
	enum view view;
	unsigned page_number;		     /* from 1 */
	struct str arguments[ARGUMENTS_MAX]; /* what the pattern's stars matched */
	const struct zone *zone; /* whose preview is being made; NULL: this is for everybody */
};

/* A list: where its entries come from and what stands around them. */
struct list {
	struct str title;
	struct str description; /* may be empty */
	struct query query;	/* offset and limit are set by list_build() */
	struct str words;	/* of a search; the query is not used then */
	bool is_search;
	bool is_corrections; /* entries show what was put right, on the day it was */
	bool single;	     /* one page without pager and feeds: a search too long for a path */
	void (*above)(const struct visit *visit,
		      struct page *page); /* between title and entries; may be NULL */
};

/*
 * A kind of page: a pattern of path segments below the edition's root ("*" is
 * any one segment; a trailing slash is canonical when it is there) and one of
 * the two ways to make it. list fills in what to list, false when there is no such list.
 */
struct page_kind {
	const char *pattern;
	enum link_form form;
	bool yields;	/* a section or file of that name comes first */
	bool has_views; /* build looks at the view itself */
	bool at_root;	/* of the whole server rather than of an edition */
	bool (*list)(const struct visit *visit, struct list *list);
	void (*build)(const struct visit *visit, struct page *page);
};

/* label of the visit's edition */
struct str label(const struct visit *visit, enum label which);

/* path below the edition's root: path_in(visit, "latest") is "/ar/latest". */
struct str path_in(const struct visit *visit, const char *rest);

/* link.c: the only place that decides what form a link has. */
struct link site_link(const struct visit *visit, struct str target, struct str text);
struct link label_link(const struct visit *visit, const char *rest, enum label which);
struct link headline_link(const struct headline *headline, struct str text);

/* The headline of the article at a path that is out or, in a preview, still to come. */
bool link_headline(const struct visit *visit, struct str path, struct headline *ret_headline);

/* Whether a reader who follows path gets something; in a preview, also what is still to come. */
bool link_leads_somewhere(const struct visit *visit, struct str path);

/* The linker for bodies; context is a struct body_links. Links to what is not there (any more) become text. */
struct body_links {
	const struct visit *visit;
	struct str base; /* path of the article */
};
struct link body_link(void *context, struct str target, struct str text);

/* preview.c: what a zone shows to those whom it admits. */
void preview_build(const struct visit *visit, struct page *page);

/* route.c: the end of a path that names a view comes off it. */
enum view route_view(struct str *path);

/* Which kind answers a path of the edition, without its view and page number; NULL when none does. */
const struct page_kind *route_find(const struct edition *edition, struct str path,
				   struct str arguments[ARGUMENTS_MAX]);
const struct page_kind *route_at(size_t index); /* NULL behind the last */

/* furniture.c: what stands around the content of every page. */
void furniture_breadcrumb(const struct visit *visit, struct page *page);
void furniture_boxes(const struct visit *visit, struct page *page, struct str except_uid);
void furniture_footer(const struct visit *visit, struct page *page);
void furniture_fail(const struct visit *visit, struct page *page, enum page_status status,
		    enum label why);

/* list.c */
void list_build(const struct visit *visit, const struct list *list, struct page *page);
void list_entry(const struct visit *visit, struct page *page, const struct headline *headline,
		bool summary);
struct query list_query(const struct visit *visit, enum listing listing, struct str key);
void list_buckets(const struct visit *visit, struct page *page, const struct buckets *buckets,
		  struct str parent, bool folders);

/* Kinds that the store's own paths lead to. */
void article_build(const struct visit *visit, struct page *page);
void article_show(const struct visit *visit, struct page *page, const struct headline *headline,
		  const struct article *article);

/* Everything of an article but its head, for pages that show several: pictures, text, corrections. */
void article_whole(const struct visit *visit, struct page *page, const struct headline *headline,
		   const struct article *article);
void document_build(const struct visit *visit, struct page *page);
void document_show(const struct visit *visit, struct page *page, const struct article *document);
void file_build(const struct visit *visit, struct page *page);
bool section_list(const struct visit *visit, struct list *list);

/* Whether readers see the section: a folder whose articles are all still to come is none. */
bool section_is_shown(const struct visit *visit, const struct section *section);

/* article_head.c, article_tail.c: parts of an article page. */
/* The picture and the media that stand before the text; a gallery's pictures stand below it. */
void article_lead(const struct visit *visit, struct page *page, const struct headline *headline,
		  const struct article *article);
void article_head(const struct visit *visit, struct page *page, const struct headline *headline,
		  const struct article *article);
void article_pictures(const struct visit *visit, struct page *page, const struct headline *headline,
		      const struct article *article);
void article_corrections(const struct visit *visit, struct page *page,
			 const struct article *article);
void article_tail(const struct visit *visit, struct page *page, const struct headline *headline,
		  const struct article *article, const struct headlines *translations);

/* Kinds with patterns; listed in route.c. */
extern const struct page_kind front_kind, latest_kind, trending_kind, most_read_kind, picks_kind,
	corrections_kind, live_kind, headlines_kind, today_kind, tags_kind, tag_kind, authors_kind,
	author_kind, archive_kind, year_kind, month_kind, day_kind, search_kind, search_words_kind,
	short_kind, certificate_kind, robots_kind, favicon_kind, security_kind;

/* search.c: search words as one path segment; empty when they are too many for one. */
struct str search_segment(struct arena *arena, struct str words);

/* live.c: the tickers that are live at this moment, newest first. */
void live_now(const struct visit *visit, struct headlines *ret_list);

#endif
