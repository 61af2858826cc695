/* The gate between extraction and the paper. */
#include "import/gate.h"

#include "base/text.h"

enum {
	NOTICE_TEXT = 1500, /* bytes; a longer text may well speak of cookies */
	PROBE = 24,	    /* bytes of a run of the feed's words that is looked for */
	PROBES_MAX = 60,
	LEAST_SHARE = 40, /* percent of them that the page must have */
	LINKS_SHARE = 50, /* percent of its text that may be links */
};

static const char *const phrases[] = {
	"enable javascript",
	"javascript is disabled",
	"accept cookies",
	"accept all cookies",
	"we use cookies",
	"cookie policy",
	"your consent",
	"manage your privacy",
	"privacy settings",
	"subscribe to continue",
	"subscribers only",
	"already a subscriber",
	"to continue reading",
	"log in to read",
	"sign in to read",
	"create a free account",
	"this content is only available",
	"are you a robot",
	"unusual traffic",
	"verify you are human",
	"checking your browser",
	"access denied",
	"enable cookies",
	"ad blocker",
	"adblocker",
	"abonnenten",
	"cookies akzeptieren",
	"article r\xC3\xA9serv\xC3\xA9 aux abonn\xC3\xA9s",
	"contenido exclusivo para suscriptores",
	"aceptar cookies",
	NULL,
};

static struct str all_text(const struct prose *prose, struct buf *out)
{
	buf_init(out, 1 << 20);
	prose_text(prose, out);
	for (size_t i = 0; i < out->len; i++) {
		if (out->data[i] >= 'A' && out->data[i] <= 'Z')
			out->data[i] = (char)(out->data[i] + 32);
		else if (out->data[i] == '\n')
			out->data[i] = ' ';
	}
	return buf_view(out);
}

bool gate_is_notice(const struct prose *prose)
{
	struct buf out;
	struct str text = all_text(prose, &out);
	bool found = false;

	for (const char *const *phrase = phrases; *phrase && text.len < NOTICE_TEXT; phrase++)
		found |= str_search(text, str_from(*phrase)) < text.len;
	buf_done(&out);
	return found;
}

/* How many percent of runs of the feed's text, taken all over it, stand in the page's. */
static size_t share_of(struct str feed, struct str page)
{
	size_t step = feed.len / PROBES_MAX > PROBE ? feed.len / PROBES_MAX : PROBE;
	size_t found = 0;
	size_t count = 0;

	for (size_t at = 0; at + PROBE <= feed.len; at += step) {
		count++;
		found += str_search(page, (struct str){ feed.data + at, PROBE }) < page.len;
	}
	return count ? found * 100 / count : 100;
}

static size_t links_share(const struct prose *prose)
{
	size_t links = 0;
	size_t all = prose_length(prose);

	for (size_t i = 0; i < prose->count; i++)
		for (size_t j = 0;
		     j < prose->blocks[i].link_count && prose->blocks[i].kind != PROSE_MEDIA; j++)
			links += prose->blocks[i].links[j].label.len;
	return all ? links * 100 / all : 0;
}

bool gate_passes(const struct prose *text, const struct meta *meta, const struct prose *feed)
{
	struct buf feed_text;
	struct buf page_text;
	struct str ours = all_text(feed, &feed_text);
	struct str theirs = all_text(text, &page_text);
	bool is_shorter = theirs.len <= ours.len;
	bool passes;

	/* The ends of feeds' excerpts are often not the page's: "Read on", "The post X appeared first on Y". */
	if (ours.len > 400)
		ours.len = ours.len * 3 / 4;
	passes = !is_shorter && share_of(ours, theirs) >= LEAST_SHARE &&
		 links_share(text) <= LINKS_SHARE && !gate_is_notice(text) &&
		 !(meta->is_locked && theirs.len < 2 * ours.len);
	buf_done(&feed_text);
	buf_done(&page_text);
	return passes;
}
