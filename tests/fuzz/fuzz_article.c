/* Any bytes as an article: what is accepted is clean, and every problem has its line. */
#include "base/text.h"
#include "fuzz/gazette.h"
#include "page/gemtext.h"
#include "store/article.h"
#include "store/tokens.h"

enum { ARENA_MAX = 64 << 20 };

/* What was told while one file was read. */
struct told {
	size_t lines;
	bool error;
};

static void on_problem(void *context, enum problem problem, struct str path, unsigned line,
		       const char *text)
{
	struct told *told = context;

	must(str_eq(path, STR("news/x.gmi")), "problems name the file", path);
	must(line <= told->lines, "problems are on a line of the file", str_from(text));
	must(text[0] != '\0' && is_printable(str_from(text), false), "problems are a sentence",
	     str_from(text));
	if (problem == PROBLEM_ERROR)
		told->error = true;
}

static void check_line(struct str s)
{
	must(is_printable(s, false), "one printable line", s);
	must(s.len <= ARTICLE_VALUE_MAX, "within the limit", s);
}

static void check_texts(const struct texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		check_line(texts->items[i]);
}

static void check_lists(const struct article *article)
{
	check_texts(&article->authors);
	check_texts(&article->tags);
	check_texts(&article->related);
	for (size_t i = 0; i < article->image_count; i++) {
		check_line(article->images[i].target);
		check_line(article->images[i].caption);
		check_line(article->images[i].credit);
		check_line(article->images[i].alt);
	}
	for (size_t i = 0; i < article->media_count; i++) {
		check_line(article->media[i].target);
		check_line(article->media[i].label);
	}
	for (size_t i = 0; i < article->correction_count; i++)
		check_line(article->corrections[i].text);
	for (size_t i = 0; i < article->translation_count; i++)
		check_line(article->translations[i].path);
}

static void check_article(const struct article *article, bool needs_date)
{
	must(article->title.len > 0, "a title", STR(""));
	must(!needs_date || article->published != 0 || article->status == STATUS_DRAFT, "a date",
	     article->title);
	must(article->urgency >= 1 && article->urgency <= 9, "an urgency", article->title);
	must(article->type < TYPE_COUNT, "a type", article->title);
	check_line(article->title);
	check_line(article->uid);
	check_line(article->kicker);
	check_line(article->summary);
	check_line(article->source);
	check_line(article->source_url);
	check_line(article->canonical);
	check_line(article->language);
	check_line(article->license);
	check_lists(article);
	must(is_printable(article->body, true), "a printable body", article->body);
}

static struct link link_as_written(void *context, struct str target, struct str label)
{
	(void)context;
	must(is_printable(target, false) && is_printable(label, false), "a clean link", target);
	return (struct link){ LINK_REMOTE, target, label };
}

/* Tokens stand in the text, in order. */
static bool on_token(void *context, const struct token *token)
{
	size_t *at = context;

	must(token->text.len > 0 && text_valid(token->text), "a token is text", token->text);
	must(token->start < token->end, "a token stands somewhere", token->text);
	must(token->colocated || token->start >= *at, "tokens do not overlap", token->text);
	if (!token->colocated)
		*at = token->end;
	return true;
}

static void read_body(struct arena *arena, const struct article *article)
{
	struct page page;
	size_t at = 0;

	page_init(&page, arena);
	gemtext_blocks(&page, article->body, link_as_written, NULL);
	for (const struct block *block = page.first; block; block = block->next)
		must(is_printable(block->text, block->kind == BLOCK_PRE), "a clean block",
		     block->text);
	page_done(&page);
	tokens_each(article->body, true, on_token, &at);
	must(at <= article->body.len, "tokens end with the text", article->title);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *arena;
	struct str source = { (const char *)data, size };
	size_t at = 0;

	if (!arena)
		arena = arena_new(ARENA_MAX);
	for (int needs_date = 0; needs_date < 2; needs_date++) {
		struct told told = { .lines = 1 };
		struct article article;

		arena_reset(arena);
		for (size_t i = 0; i < size; i++)
			told.lines += data[i] == '\n';
		if (article_parse(arena, source, STR("news/x.gmi"), needs_date, &article,
				  on_problem, &told)) {
			must(!told.error, "an error leaves the article out", source);
			check_article(&article, needs_date);
			read_body(arena, &article);
		} else {
			must(told.error, "what is left out is told", source);
		}
	}
	tokens_each(source, false, on_token, &at);
	return 0;
}
