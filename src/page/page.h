/*
 * A page: what the site builds and a protocol's writer turns into bytes. It
 * belongs to no protocol: a status, a few facts, and a flat list of blocks.
 */
#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include "base/arena.h"
#include "base/reply.h"
#include "base/str.h"

enum page_status {
	PAGE_OK,
	PAGE_INPUT,	  /* asks for words; message is the prompt */
	PAGE_MOVED,	  /* for good; target says where */
	PAGE_REDIRECT,	  /* for now */
	PAGE_UNAVAILABLE, /* trouble of ours that may pass */
	PAGE_NOT_FOUND,
	PAGE_GONE,    /* retracted: may be dropped from indexes */
	PAGE_FOREIGN, /* a host or scheme that is not served here */
	PAGE_BAD_REQUEST,
	PAGE_KEY_NEEDED,  /* for those with a client certificate only */
	PAGE_KEY_REFUSED, /* not for this one */
	PAGE_KEY_INVALID, /* for this one, but not at this moment */
};

/* In what form the page leaves. */
enum page_format {
	FORMAT_NATIVE,	/* the protocol's own: gemtext or gophermap */
	FORMAT_GEMTEXT, /* gemtext with absolute links, over any protocol */
	FORMAT_PLAIN,	/* wrapped plain text */
	FORMAT_ATOM,	/* the entries as an Atom feed */
	FORMAT_RAW,	/* raw, with mime, as it is */
	FORMAT_FILE,	/* file, with mime, as it is */
};

/* What a link leads to. Gopher's item types are made of this and of nothing else. */
enum link_form {
	LINK_MENU,   /* a page with links (Gopher 1) */
	LINK_TEXT,   /* plain text (0) */
	LINK_SEARCH, /* asks for words (7) */
	LINK_BINARY, /* any other file (9) */
	LINK_GIF,    /* (g) */
	LINK_IMAGE,  /* (I) */
	LINK_SOUND,  /* (s) */
	LINK_VIDEO,  /* (;) */
	LINK_REMOTE, /* target is an absolute URL (h with URL:, or the item itself for gopher: URLs) */
};

/* A target is a clean absolute path ("/news/") or, when form is LINK_REMOTE, an absolute URL. */
struct link {
	enum link_form form;
	struct str target;
	struct str label;
};

/*
 * An article in a list. A menu shows link with label, as
 * "YYYY-MM-DD title (kicker, size)"; a feed writes the rest.
 */
struct entry {
	struct str title;
	struct str note; /* what stands in brackets behind the title; may be empty */
	struct str summary;
	struct str snippet;  /* found text, shown below a search hit; may be empty */
	struct str author;   /* names with commas */
	struct str uid;	     /* the article's Id, stable everywhere */
	struct str edition;  /* its edition's prefix, "" or "ar", for the feed id */
	struct str language; /* when it differs from the page's; else empty */
	int64_t published;
	int64_t updated;    /* equals published when never updated */
	uint64_t size;	    /* bytes of its text */
	bool summary_shown; /* lists print the summary below the link */
	struct block *body; /* full text for Atom; NULL elsewhere */
};

enum block_kind {
	BLOCK_TEXT,    /* a paragraph */
	BLOCK_HEADING, /* level 1 to 3 */
	BLOCK_QUOTE,
	BLOCK_ITEM, /* of a bulleted list */
	BLOCK_PRE,  /* text: lines with LF between; alt: what they show */
	BLOCK_LINK,
	BLOCK_ENTRY, /* link and entry */
	BLOCK_BLANK, /* one empty line; writers never print two together nor one at an end */
};

struct block {
	enum block_kind kind;
	int level;
	struct str text; /* one printable line, except in BLOCK_PRE */
	struct str alt;
	struct link link;
	const struct entry *entry;
	struct block *next;
};

struct page {
	struct arena *arena;
	enum page_status status;
	enum page_format format;
	enum link_form form; /* what kind of thing this page is; decides Gopher's way to answer */
	struct str path;     /* its own clean path */
	struct str title;
	struct str summary;
	struct str language; /* BCP 47 */
	struct str message;  /* prompt or error sentence */
	struct str target;   /* of a redirect: a path, or a URL of another scheme */
	int64_t updated;     /* of the newest thing on it; 0 when unknown */
	struct block *first;
	struct block *last;

	struct str raw;
	struct str mime; /* of raw and file, without parameters */
	int file;	 /* -1: none. The page owns it until a writer moves it into the reply. */
	uint64_t file_size;

	struct str site_name; /* the paper's name, for feeds */
	struct str contact;   /* its address, for Gopher+ ADMIN; may be empty */
	struct str feed_self; /* path of the Atom feed itself */
	struct str rights;    /* licence line for feeds; may be empty */
	const struct link *
		views; /* the same page in other languages or forms, for Gopher+ VIEWS; label is the language */
	size_t view_count;

	enum reply_count count;
	int64_t article;
	bool is_for_robots; /* whoever asks for it is one, as far as can be told */
};

/* An empty, good, native page. */
void page_init(struct page *page, struct arena *arena);

/* Closes the file if it still has one; the rest is the arena's. */
void page_done(struct page *page);

/* Drops all blocks and turns the page into an error (or input) with this sentence. */
void page_fail(struct page *page, enum page_status status, struct str message);

/* Turns the page into a redirect. */
void page_redirect(struct page *page, enum page_status status, struct str target);

/* Append blocks. Texts are borrowed and must live as long as the arena. */
void page_text(struct page *page, struct str text);
void page_heading(struct page *page, int level, struct str text);
void page_quote(struct page *page, struct str text);
void page_item(struct page *page, struct str text);
void page_pre(struct page *page, struct str alt, struct str text);
void page_link(struct page *page, struct link link);
void page_entry(struct page *page, struct link link, const struct entry *entry);
void page_blank(struct page *page);

/* The title (for feeds and headers) and a first-level heading with it. */
void page_title(struct page *page, struct str title);

#endif
