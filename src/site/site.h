/* The newspaper: paths become pages. Knows news, but neither bytes nor protocols. */
#ifndef SITE_SITE_H
#define SITE_SITE_H

#include "page/page.h"
#include "page/request.h"
#include "store/store.h"

/* A paper that can be asked for pages. */
struct site {
	struct store *store;
	int64_t (*now)(const struct site *site); /* seconds; fixed in tests and by `get --at` */
	int64_t fixed_now;			 /* what site_fixed_clock gives */

	/* From the configuration; all borrowed. */
	struct str host;	     /* canonical name, for tag: URIs and security.txt */
	struct str favicon;	     /* one emoji, or empty */
	struct str robots;	     /* further lines of robots.txt, or empty */
	struct str unindexed;	     /* lines of robots.txt for those who build search indexes */
	struct str certificate_text; /* gemtext lines with the fingerprints; empty: no TLS */
	const struct zones *zones;   /* where previews are; NULL: nowhere */
	size_t page_size;	     /* entries of a list page; 20 */
};

/* Clocks for site.now: the machine's, and site.fixed_now. */
int64_t site_wall_clock(const struct site *site);
int64_t site_fixed_clock(const struct site *site);

/* Builds the page for a request. Never fails: trouble becomes the page's status. */
void site_build(const struct site *site, const struct request *request, struct page *page);

/* Whether pages of ours have that name at the root of an edition, "search", or below it. */
bool site_has_name(struct str name);

/*
 * Calls visit for every path that the site answers with a page of its own at
 * this moment (fronts, sections, articles, lists, first pages only).
 * `check` renders them all.
 */
void site_each_path(const struct site *site, void (*visit)(void *context, struct str path),
		    void *context);

#endif
