/* Feeds of the small web: gemtext with dated links (the "gemsub" companion specification), gophermaps. */
#include "base/date.h"
#include "base/text.h"
#include "base/uri.h"
#include "import/address.h"
#include "import/dom.h"
#include "import/feed_draft.h"

static struct str skip_blanks(struct str text)
{
	while (text.len && (text.data[0] == ' ' || text.data[0] == '\t'))
		text = str_skip(text, 1);
	return text;
}

/* The date in front of a label, and what follows it and a dash or colon. */
static bool take_date(struct str *label, struct str *ret_date)
{
	int64_t seconds;

	if (label->len < 10 || !date_parse(str_head(*label, 10), &seconds))
		return false;
	*ret_date = str_head(*label, 10);
	*label = skip_blanks(str_skip(*label, 10));
	while (label->len &&
	       (label->data[0] == '-' || label->data[0] == ':' || label->data[0] == '|'))
		*label = skip_blanks(str_skip(*label, 1));
	if (str_starts(*label, STR("\xE2\x80\x93")) || str_starts(*label, STR("\xE2\x80\x94")))
		*label = skip_blanks(str_skip(*label, 3));
	return true;
}

static void add_entry(struct feed_draft *draft, struct str url, struct str label, struct str date)
{
	struct feed_part part;

	feed_part_init(&part);
	feed_put(draft, &part.url, 0, url, STR(""));
	feed_put(draft, &part.id, 0, address_resolve(draft->arena, draft->base, url), STR(""));
	feed_put_line(draft, &part.title, 0, label.len ? label : url, false);
	feed_put(draft, &part.published, 0, date, STR(""));
	feed_finish_entry(draft, &part);
}

static void take_link(struct feed_draft *draft, struct str line)
{
	struct str rest = skip_blanks(str_skip(line, 2));
	struct str url;
	struct str date;
	size_t end = 0;

	while (end < rest.len && rest.data[end] != ' ' && rest.data[end] != '\t')
		end++;
	url = str_head(rest, end);
	rest = skip_blanks(str_skip(rest, end));
	if (url.len && take_date(&rest, &date))
		add_entry(draft, url, rest, date);
}

void feed_read_gemtext(struct feed_draft *draft, struct str text)
{
	struct feed_part feed;
	struct str line;
	bool is_pre = false;

	draft->feed->format = FEED_GEMTEXT;
	feed_part_init(&feed);
	feed_put(draft, &feed.url, 0, draft->base, STR(""));
	while (str_next_line(&text, &line)) {
		if (str_starts(line, STR("```")))
			is_pre = !is_pre;
		else if (is_pre)
			continue;
		else if (str_starts(line, STR("# ")))
			feed_put_line(draft, &feed.title, 0, str_skip(line, 2), false);
		else if (str_starts(line, STR("## ")))
			feed_put_line(draft, &feed.summary, 0, str_skip(line, 3), false);
		else if (str_starts(line, STR("=>")))
			take_link(draft, line);
	}
	feed_finish(draft, &feed);
}

/* Type, label, selector, host, port (RFC 1436 3.8) as a URL (RFC 4266). */
static void take_item(struct feed_draft *draft, struct str line)
{
	char type = line.len ? line.data[0] : 'i';
	struct str fields[4] = { { NULL, 0 } };
	struct str rest = str_skip(line, 1);
	struct str label;
	struct str date = STR("");
	struct str url;

	for (size_t i = 0; i < 4; i++)
		if (!str_next(&rest, '\t', &fields[i]))
			fields[i] = STR("");
	if ((type != '0' && type != '1' && type != 'h') || fields[2].len == 0)
		return;
	label = str_trim(fields[0]);
	take_date(&label, &date);
	if (str_starts(fields[1], STR("URL:")))
		url = str_skip(fields[1], 4);
	else
		url = arena_format(
			draft->arena, "gopher://" STR_FMT "%s" STR_FMT "/%c" STR_FMT,
			STR_ARG(fields[2]),
			str_eq(str_trim(fields[3]), STR("70")) || fields[3].len == 0 ? "" : ":",
			STR_ARG(str_eq(str_trim(fields[3]), STR("70")) ? STR("")
								       : str_trim(fields[3])),
			type, STR_ARG(uri_encode(draft->arena, fields[1], "/:@!$&'()*+,;=")));
	add_entry(draft, url, label, date);
}

void feed_read_gophermap(struct feed_draft *draft, struct str text)
{
	struct feed_part feed;
	struct str line;

	draft->feed->format = FEED_GOPHERMAP;
	feed_part_init(&feed);
	feed_put(draft, &feed.url, 0, draft->base, STR(""));
	while (str_next_line(&text, &line) && !str_eq(line, STR("."))) {
		if (str_starts(line, STR("i")))
			feed_put_line(
				draft, &feed.title, 0,
				str_head(str_skip(line, 1), str_find(str_skip(line, 1), '\t')),
				false);
		else
			take_item(draft, line);
	}
	feed_finish(draft, &feed);
}
