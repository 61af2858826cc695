/* What the tests of writers and protocols share. */
#include "writing.h"

#include "base/text.h"

struct arena *arena;
struct page page;
struct request request;
struct reply reply;
struct origin origin;

static const struct str hosts[] = { { "news.example", 12 }, { "www.news.example", 16 } };

static void renew(void)
{
	page_init(&page, arena);
	page.path = STR("/news/");
	request = (struct request){ 0 };
	reply_done(&reply);
	reply_init(&reply, 1 << 20);
}

int writing_set_up(void **state)
{
	(void)state;
	arena = arena_new(16 << 20);
	origin = (struct origin){ .hosts = hosts, .host_count = 2, .port = 7070 };
	reply_init(&reply, 1 << 20);
	renew();
	return 0;
}

int writing_tear_down(void **state)
{
	(void)state;
	page_done(&page);
	reply_done(&reply);
	arena_free(arena);
	return 0;
}

const char *written(void)
{
	return arena_str(arena, buf_view(&reply.head)).data;
}

void assert_written(const char *want)
{
	assert_string_equal(written(), want);
}

void assert_has(const char *part)
{
	if (!strstr(written(), part))
		fail_msg("no \"%s\" in:\n%s", part, written());
}

void assert_lacks(const char *part)
{
	if (strstr(written(), part))
		fail_msg("\"%s\" in:\n%s", part, written());
}

struct str repeated(const char *text, size_t count)
{
	size_t len = strlen(text);
	char *out = arena_alloc(arena, len * count + 1, 1);

	for (size_t i = 0; i < count; i++)
		memcpy(out + i * len, text, len);
	return (struct str){ out, len * count };
}

struct link link_to(enum link_form form, const char *target, const char *label)
{
	return (struct link){ form, str_from(target), str_from(label) };
}

struct entry *entry_named(const char *title)
{
	struct entry *entry = ARENA_NEW(arena, struct entry);

	entry->title = str_from(title);
	entry->uid = STR("news/treaty");
	entry->published = 1791016800; /* 2026-10-03T08:40:00Z */
	entry->updated = entry->published;
	entry->size = 3072;
	return entry;
}

bool parse(const struct proto *proto, struct str line)
{
	page_init(&page, arena);
	request = (struct request){ 0 };
	return proto->parse(&origin, line, arena, &request, &page);
}

void answer(const struct proto *proto, const char *line)
{
	reply_done(&reply);
	reply_init(&reply, 1 << 20);
	proto->write(&origin, str_from(line), &page, &reply);
}

static size_t fields_of(struct str line)
{
	size_t tabs = 0;

	for (size_t i = 0; i < line.len; i++)
		tabs += line.data[i] == '\t';
	return tabs + 1;
}

size_t assert_menu(void)
{
	struct str rest = buf_view(&reply.head);
	struct str last = STR("");
	struct str line;
	size_t count = 0;

	assert_true(str_ends(rest, STR("\r\n")));
	while (str_next(&rest, '\n', &line)) {
		struct str display = str_head(line, str_find(line, '\t'));

		assert_true(str_ends(line, STR("\r")));
		line.len--;
		last = line;
		count++;
		if (rest.len == 0)
			break;
		assert_int_equal(str_find(line, '\r'), line.len);
		assert_int_equal(fields_of(line), 4);
		assert_in_range(text_width(str_skip(display, 1)), 0, RENDER_COLUMNS);
	}
	assert_true(str_eq(last, STR(".")));
	return count;
}
