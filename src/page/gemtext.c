/* Gemtext as input: one pass over the lines, one state bit (Gemtext 0.24.1). */
#include "page/gemtext.h"

#include "base/text.h"

static struct str skip_blanks(struct str s)
{
	while (s.len && (s.data[0] == ' ' || s.data[0] == '\t'))
		s = str_skip(s, 1);
	return s;
}

static void add_link(struct page *page, struct str line, gemtext_linker *linker, void *context)
{
	struct str rest = skip_blanks(str_skip(line, 2));
	struct link link;
	size_t end = 0;

	while (end < rest.len && rest.data[end] != ' ' && rest.data[end] != '\t')
		end++;
	if (end == 0)
		return;
	link = linker(context, str_head(rest, end), text_line(page->arena, str_skip(rest, end)));
	if (link.target.len)
		page_link(page, link);
	else
		page_text(page, link.label);
}

static void add_heading(struct page *page, struct str line)
{
	int level = 0;

	while (level < 3 && str_starts(line, STR("#"))) {
		line = str_skip(line, 1);
		level++;
	}
	page_heading(page, level, str_trim(line));
}

static void add_line(struct page *page, struct str line, gemtext_linker *linker, void *context)
{
	struct str clean = text_line(page->arena, line);

	if (clean.len == 0)
		page_blank(page);
	else if (str_starts(line, STR("=>")))
		add_link(page, line, linker, context);
	else if (str_starts(line, STR("#")))
		add_heading(page, clean);
	else if (str_starts(line, STR("* ")))
		page_item(page, str_trim(str_skip(clean, 1)));
	else if (str_starts(line, STR(">")))
		page_quote(page, str_trim(str_skip(clean, 1)));
	else
		page_text(page, clean);
}

/* The lines up to the closing fence, which is skipped. Cleaned one by one by the writers. */
static struct str take_pre(struct str *text)
{
	const char *start = text->data;
	const char *end = start;
	struct str line;

	while (str_next_line(text, &line)) {
		if (str_starts(line, STR("```")))
			break;
		end = line.data + line.len;
	}
	return (struct str){ start, (size_t)(end - start) };
}

void gemtext_blocks(struct page *page, struct str text, gemtext_linker *linker, void *context)
{
	struct str line;

	while (str_next_line(&text, &line)) {
		if (str_starts(line, STR("```"))) {
			struct str alt = text_line(page->arena, str_skip(line, 3));

			page_pre(page, alt, take_pre(&text));
		} else {
			add_line(page, line, linker, context);
		}
	}
}
