/* Any selector gets an answer, and every menu is well-formed and fits the screen. */
#include <string.h>

#include "base/text.h"
#include "fuzz/gazette.h"

enum { COLUMNS = 67 };

/* One line of a menu: type and label, selector, host, port (RFC 1436 3.8); Gopher+ adds a fifth field. */
static void check_line(struct str line, bool plus)
{
	struct str fields[5] = { { "", 0 }, { "", 0 }, { "", 0 }, { "", 0 }, { "", 0 } };
	struct str rest = line;
	size_t count = 0;
	uint64_t port;

	must(line.len > 0 && line.data[0] && strchr("01379gIhs;i", line.data[0]),
	     "a known item type", line);
	for (; count < 5; count++) {
		size_t tab = str_find(rest, '\t');

		fields[count] = str_head(rest, tab);
		if (tab == rest.len)
			break;
		rest = str_skip(rest, tab + 1);
	}
	must(count == 3 || (plus && count == 4 && str_eq(fields[4], STR("+"))), "four fields",
	     line);
	for (size_t i = 0; i < 4; i++)
		must(is_printable(fields[i], false), "fields without controls", line);
	must(text_width(str_skip(fields[0], 1)) <= COLUMNS, "labels of at most 67 columns", line);
	must(str_number(fields[3], 65535, &port), "a port", line);
	must(fields[2].len > 0, "a host", line);
}

static void check_menu(struct str menu, bool plus)
{
	struct str rest = menu;

	must(str_ends(menu, STR("\r\n.\r\n")), "a menu ends with the lastline", menu);
	rest.len -= 3;
	while (rest.len != 0) {
		size_t end = str_search(rest, STR("\r\n"));

		must(end < rest.len, "every line ends with CRLF", rest);
		check_line(str_head(rest, end), plus);
		rest = str_skip(rest, end + 2);
	}
}

/* Texts end by closing, or with a lone dot where that was asked for; no other line begins with one. */
static void check_text(struct str text, bool lastline)
{
	struct str rest = text;
	struct str line;

	if (lastline && str_ends(rest, STR("\r\n.\r\n")))
		rest.len -= 3;
	while (str_next_line(&rest, &line))
		must(!str_starts(line, STR(".")), "no line begins with a dot", text);
}

/* No text of the small paper has a TAB; every line of a menu does. */
static bool is_menu(struct str body)
{
	struct str first = str_head(body, str_find(body, '\n'));

	return str_find(first, '\t') < first.len;
}

static void check_reply(const struct reply *reply, struct str line, bool strict)
{
	struct str head = buf_view(&reply->head);
	bool plus = false;

	must(head.len > 0 || reply->file != -1, "an answer", line);
	if (head.len == 0)
		return;
	/* Gopher+: a header line of its own, such as "+-1", in front. */
	if (head.data[0] == '+' || str_starts(head, STR("--"))) {
		size_t end = str_search(head, STR("\r\n"));

		must(end < head.len, "a Gopher+ header line", head);
		head = str_skip(head, end + 2);
		plus = true;
	}
	if (str_starts(head, STR("+INFO")))
		return;
	if (is_menu(head))
		check_menu(head, plus);
	else if (!plus)
		check_text(head, strict);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str line = { (const char *)data, size };

	for (int strict = 0; strict < 2; strict++) {
		struct reply reply;

		gazette_ask(&gopher_proto, strict, line, &reply);
		check_reply(&reply, line, strict);
		reply_done(&reply);
	}
	return 0;
}
