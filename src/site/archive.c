/* The archive: years, months, days. A month lists its articles below its days. */
#include "base/date.h"
#include "site/visit.h"

/* How many characters of "YYYY-MM-DD" name a bucket. */
enum { YEARS = 4, MONTHS = 7, DAYS = 10 };

/* Reads the first count arguments as year, month and day. False when they are no date or not written canonically. */
static bool read_span(const struct visit *visit, int count, int64_t *ret_from, int64_t *ret_before)
{
	struct str text = visit->arguments[0];
	struct civil from = { .month = 1, .day = 1 };
	struct civil before;
	int64_t seconds;

	if (count > 1)
		text = arena_join(visit->arena, text, STR("-"), visit->arguments[1]);
	if (count > 2)
		text = arena_join(visit->arena, text, STR("-"), visit->arguments[2]);
	for (int i = count; i < 3; i++)
		text = arena_join(visit->arena, text, STR("-01"), STR(""));
	if (text.len != DAYS || !date_parse(text, &seconds))
		return false;
	from = date_civil(seconds);
	before = from;
	before.year += count == 1;
	before.month += count == 2;
	before.day += count == 3;
	*ret_from = seconds;
	*ret_before = date_seconds(before);
	return true;
}

static void add_calendar(const struct visit *visit, struct page *page, int64_t from, int64_t before,
			 int width)
{
	struct buckets buckets;

	store_calendar(visit->store, visit->edition, visit->now, from, before, width, visit->arena,
		       &buckets);
	if (buckets.count == 0)
		page_text(page, label(visit, LABEL_EMPTY));
	list_buckets(visit, page, &buckets, visit->path, true);
}

static struct str title_of(const struct visit *visit, int width)
{
	char day[DATE_TEXT];
	int64_t from = 0;
	int64_t before;

	read_span(visit, width == YEARS ? 1 : width == MONTHS ? 2 : 3, &from, &before);
	return arena_format(visit->arena, STR_FMT " %.*s", STR_ARG(label(visit, LABEL_ARCHIVE)),
			    width, date_day(from, day));
}

static void build_all(const struct visit *visit, struct page *page)
{
	furniture_breadcrumb(visit, page);
	page_title(page, label(visit, LABEL_ARCHIVE));
	page_blank(page);
	add_calendar(visit, page, 0, 0, YEARS);
	furniture_footer(visit, page);
}

static void build_year(const struct visit *visit, struct page *page)
{
	int64_t from;
	int64_t before;

	if (!read_span(visit, 1, &from, &before)) {
		furniture_fail(visit, page, PAGE_NOT_FOUND, LABEL_NOT_FOUND);
		return;
	}
	furniture_breadcrumb(visit, page);
	page_title(page, title_of(visit, YEARS));
	page_blank(page);
	add_calendar(visit, page, from, before, MONTHS);
	furniture_footer(visit, page);
}

static void add_days(const struct visit *visit, struct page *page)
{
	int64_t from;
	int64_t before;

	if (read_span(visit, 2, &from, &before))
		add_calendar(visit, page, from, before, DAYS);
}

static bool list_span(const struct visit *visit, struct list *list, int count, int width)
{
	list->query = list_query(visit, LISTING_ALL, STR(""));
	if (!read_span(visit, count, &list->query.from, &list->query.before))
		return false;
	list->title = title_of(visit, width);
	return true;
}

static bool list_month(const struct visit *visit, struct list *list)
{
	list->above = add_days;
	return list_span(visit, list, 2, MONTHS);
}

static bool list_day(const struct visit *visit, struct list *list)
{
	return list_span(visit, list, 3, DAYS);
}

const struct page_kind archive_kind = { .pattern = "archive/",
					.form = LINK_MENU,
					.build = build_all };
const struct page_kind year_kind = { .pattern = "archive/*/",
				     .form = LINK_MENU,
				     .build = build_year };
const struct page_kind month_kind = { .pattern = "archive/*/*/",
				      .form = LINK_MENU,
				      .list = list_month };
const struct page_kind day_kind = { .pattern = "archive/*/*/*/",
				    .form = LINK_MENU,
				    .list = list_day };
