/* Atom feeds (RFC 4287). The entries' texts are in atom_body.c. */
#include "base/date.h"
#include "base/text.h"
#include "render/atom_body.h"
#include "render/escape.h"
#include "render/render.h"

/* The year in which the papers' hosts were theirs (RFC 4151); must never change, or every reader sees every entry anew. */
#define TAG_YEAR "2026"

struct feed {
	struct buf *out;
	struct arena *arena;
	const struct origin *origin;
	absolute_link *absolute;
};

static void put_element(struct feed *feed, const char *name, struct str text)
{
	buf_format(feed->out, "<%s>", name);
	escape_markup(feed->out, text_line(feed->arena, text));
	buf_format(feed->out, "</%s>\n", name);
}

static void put_date(struct feed *feed, const char *name, int64_t seconds)
{
	char text[DATE_TEXT];

	put_element(feed, name, str_from(date_rfc3339(seconds, text)));
}

static void put_link(struct feed *feed, const char *attributes, const struct link *link)
{
	struct buf url;

	buf_init(&url, feed->out->max);
	feed->absolute(&url, feed->origin, link);
	buf_format(feed->out, "<link %s href=\"", attributes);
	escape_markup(feed->out, buf_view(&url));
	buf_str(feed->out, STR("\"/>\n"));
	buf_done(&url);
}

/* Names joined by commas, one element each. */
static void put_authors(struct feed *feed, struct str names)
{
	struct str name;

	while (str_next(&names, ',', &name)) {
		name = text_line(feed->arena, name);
		if (name.len == 0)
			continue;
		buf_str(feed->out, STR("<author>"));
		put_element(feed, "name", name);
		buf_str(feed->out, STR("</author>\n"));
	}
}

/* tag:host,2026:rest (RFC 4151): says nothing of protocol or port, so an entry is the same one wherever it is read. */
static void put_id(struct feed *feed, struct str first, struct str second)
{
	buf_str(feed->out, STR("<id>tag:"));
	escape_path(feed->out, feed->origin->hosts[0]);
	buf_str(feed->out, STR("," TAG_YEAR ":"));
	escape_path(feed->out, first);
	escape_path(feed->out, second);
	buf_str(feed->out, STR("</id>\n"));
}

static void put_language(struct feed *feed, struct str language)
{
	buf_str(feed->out, STR(" xml:lang=\""));
	escape_markup(feed->out, text_line(feed->arena, language));
	buf_char(feed->out, '"');
}

static void put_entry(struct feed *feed, const struct block *block)
{
	const struct entry *entry = block->entry;
	struct str edition = entry->edition.len ? entry->edition : STR("-");

	buf_str(feed->out, STR("<entry"));
	if (entry->language.len)
		put_language(feed, entry->language);
	buf_str(feed->out, STR(">\n"));
	put_id(feed, arena_join(feed->arena, STR("/"), edition, STR("/")),
	       entry->uid.len ? entry->uid : block->link.target);
	put_element(feed, "title", entry->title);
	put_date(feed, "published", entry->published);
	put_date(feed, "updated", entry->updated);
	put_authors(feed, entry->author);
	put_link(feed, "rel=\"alternate\"", &block->link);
	if (entry->summary.len)
		put_element(feed, "summary", entry->summary);
	if (entry->body) {
		buf_str(feed->out, STR("<content type=\"html\">"));
		atom_body(feed->out, feed->arena, feed->origin, entry->body, feed->absolute);
		buf_str(feed->out, STR("</content>\n"));
	}
	buf_str(feed->out, STR("</entry>\n"));
}

static int64_t newest(const struct page *page)
{
	int64_t updated = page->updated;

	for (const struct block *block = page->first; block; block = block->next)
		if (block->kind == BLOCK_ENTRY && block->entry->updated > updated)
			updated = block->entry->updated;
	return updated;
}

/* Title, id and author are never missing: 4.1.1 wants the first two, and the third stands in for entries without one. */
static void put_head(struct feed *feed, const struct page *page)
{
	struct str self = page->feed_self.len ? page->feed_self : page->path;
	struct str paper = page->site_name.len ? page->site_name : feed->origin->hosts[0];

	put_id(feed, self, STR(""));
	put_element(feed, "title", page->title.len ? page->title : paper);
	if (page->summary.len)
		put_element(feed, "subtitle", page->summary);
	put_date(feed, "updated", newest(page));
	buf_str(feed->out, STR("<author>"));
	put_element(feed, "name", paper);
	buf_str(feed->out, STR("</author>\n"));
	put_link(feed, "rel=\"self\" type=\"application/atom+xml\"",
		 &(struct link){ .form = LINK_TEXT, .target = self });
	put_link(feed, "rel=\"alternate\"",
		 &(struct link){ .form = LINK_MENU, .target = page->path });
	if (page->rights.len)
		put_element(feed, "rights", page->rights);
}

void atom_write(struct buf *out, const struct origin *origin, const struct page *page,
		absolute_link *absolute)
{
	struct feed feed = { out, page->arena, origin, absolute };

	buf_str(out, STR("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
			 "<feed xmlns=\"http://www.w3.org/2005/Atom\""));
	if (page->language.len)
		put_language(&feed, page->language);
	buf_str(out, STR(">\n"));
	put_head(&feed, page);
	for (const struct block *block = page->first; block; block = block->next)
		if (block->kind == BLOCK_ENTRY)
			put_entry(&feed, block);
	buf_str(out, STR("</feed>\n"));
}
