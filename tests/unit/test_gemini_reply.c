/* proto/gemini, proto: pages become replies. */
#include <fcntl.h>
#include <unistd.h>

#include "writing.h"

static void page_is_sent_with_charset_and_language(void **state)
{
	(void)state;
	page.language = STR("ar");
	page_text(&page, STR("a"));
	answer(&gemini_proto, "");
	assert_written("20 text/gemini; charset=utf-8; lang=ar\r\na\n");
	assert_int_equal(reply.status, 20);
	page.language = STR("ar,en");
	answer(&gemini_proto, "");
	assert_has("20 text/gemini; charset=utf-8; lang=\"ar,en\"\r\n");
	page.language = STR("");
	answer(&gemini_proto, "");
	assert_has("20 text/gemini; charset=utf-8\r\n");
	page.language = STR("en\r\nx");
	answer(&gemini_proto, "");
	assert_has("20 text/gemini; charset=utf-8\r\na\n");
}

static void every_format_has_its_media_type(void **state)
{
	(void)state;
	page_link(&page, link_to(LINK_MENU, "/a", "A"));
	page.format = FORMAT_GEMTEXT;
	answer(&gemini_proto, "");
	assert_written("20 text/gemini; charset=utf-8; lang=en\r\n"
		       "=> gemini://news.example:7070/a A\n");
	page.format = FORMAT_PLAIN;
	answer(&gemini_proto, "");
	assert_written("20 text/plain; charset=utf-8; lang=en\r\n"
		       "A\n  gemini://news.example:7070/a\n");
	page.format = FORMAT_ATOM;
	answer(&gemini_proto, "");
	assert_has("20 application/atom+xml; charset=utf-8\r\n<?xml ");
	page.format = FORMAT_RAW;
	page.raw = STR("User-agent: *\n");
	page.mime = STR("text/plain");
	answer(&gemini_proto, "");
	assert_written("20 text/plain; charset=utf-8\r\nUser-agent: *\n");
}

static void file_moves_into_the_reply(void **state)
{
	int file = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)state;
	page.format = FORMAT_FILE;
	page.file = file;
	page.file_size = 12;
	page.mime = STR("image/png");
	answer(&gemini_proto, "");
	assert_written("20 image/png\r\n");
	assert_int_equal(reply.file, file);
	assert_int_equal(reply.file_size, 12);
	assert_int_equal(page.file, -1);
}

static void media_type_cannot_break_the_header(void **state)
{
	(void)state;
	page.format = FORMAT_RAW;
	page.raw = STR("x");
	page.mime = STR("text/plain\r\nx");
	answer(&gemini_proto, "");
	assert_written("20 application/octet-stream\r\nx");
	page.mime = STR("");
	answer(&gemini_proto, "");
	assert_written("20 application/octet-stream\r\nx");
}

static void every_status_has_its_number_and_a_text(void **state)
{
	static const struct {
		enum page_status status;
		int number;
	} numbers[] = {
		{ PAGE_INPUT, 10 }, { PAGE_UNAVAILABLE, 40 }, { PAGE_NOT_FOUND, 51 },
		{ PAGE_GONE, 52 },  { PAGE_FOREIGN, 53 },     { PAGE_BAD_REQUEST, 59 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		page_fail(&page, numbers[i].status, STR("Because"));
		answer(&gemini_proto, "");
		assert_written(arena_format(arena, "%d Because\r\n", numbers[i].number).data);
		assert_int_equal(reply.status, numbers[i].number);
		page.message = STR("");
		answer(&gemini_proto, "");
		assert_in_range(reply.head.len, 8, 102);
	}
}

static void sentences_cannot_break_the_header(void **state)
{
	(void)state;
	page_fail(&page, PAGE_NOT_FOUND, STR("a\r\n20 text/gemini\r\n\x1B\tb\xFF"));
	answer(&gemini_proto, "");
	assert_written("51 a  20 text/gemini    b\uFFFD\r\n");
}

static void error_of_99_bytes_is_whole_and_a_longer_one_is_cut_between_letters(void **state)
{
	(void)state;
	page_fail(&page, PAGE_GONE, repeated("a", 99));
	answer(&gemini_proto, "");
	assert_int_equal(reply.head.len, 3 + 99 + 2);
	page.message = repeated("a", 100);
	answer(&gemini_proto, "");
	assert_int_equal(reply.head.len, 3 + 99 + 2);
	assert_has("a\u2026\r\n");
	page.message = repeated("\u0645", 50);
	answer(&gemini_proto, "");
	assert_int_equal(reply.head.len, 3 + 99 + 2);
	assert_has("\u0645\u2026\r\n");
}

static void prompt_is_never_longer_than_1024_bytes(void **state)
{
	(void)state;
	page_fail(&page, PAGE_INPUT, repeated("a", 1024));
	answer(&gemini_proto, "");
	assert_int_equal(reply.head.len, 3 + 1024 + 2);
	page.message = repeated("a", 1025);
	answer(&gemini_proto, "");
	assert_int_equal(reply.head.len, 3 + 1024 + 2);
}

static void redirects_name_an_encoded_target(void **state)
{
	(void)state;
	page_redirect(&page, PAGE_MOVED, STR("/news/a b\r\n\u00E9"));
	answer(&gemini_proto, "");
	assert_written("31 /news/a%20b%0D%0A%C3%A9\r\n");
	page_redirect(&page, PAGE_REDIRECT, STR("https://e.example/?a=%20 b"));
	answer(&gemini_proto, "");
	assert_written("30 https://e.example/?a=%20%20b\r\n");
}

static void redirect_of_1024_bytes_is_sent_and_a_longer_one_is_an_error(void **state)
{
	struct str target = arena_join(arena, STR("/"), repeated("a", 1023), STR(""));

	(void)state;
	page_redirect(&page, PAGE_MOVED, target);
	answer(&gemini_proto, "");
	assert_int_equal(reply.head.len, 3 + 1024 + 2);
	page_redirect(&page, PAGE_MOVED, arena_join(arena, target, STR("a"), STR("")));
	answer(&gemini_proto, "");
	assert_int_equal(reply.status, 40);
	page_redirect(&page, PAGE_MOVED, STR(""));
	answer(&gemini_proto, "");
	assert_int_equal(reply.status, 40);
}

static void whole_page_counts_and_an_error_does_not(void **state)
{
	(void)state;
	page.count = COUNT_READ;
	page.article = 77;
	answer(&gemini_proto, "");
	assert_int_equal(reply.count, COUNT_READ);
	assert_int_equal(reply.article, 77);
	page_fail(&page, PAGE_NOT_FOUND, STR("x"));
	answer(&gemini_proto, "");
	assert_int_equal(reply.count, COUNT_NOTHING);
}

static void page_that_does_not_fit_becomes_an_error_and_does_not_count(void **state)
{
	(void)state;
	page.count = COUNT_READ;
	page_text(&page, repeated("a", 5000));
	reply.head.max = 4096;
	gemini_proto.write(&origin, STR(""), &page, &reply);
	assert_written("40 This page is too long to be sent\r\n");
	assert_false(reply.head.full);
	assert_int_equal(reply.count, COUNT_NOTHING);
	assert_int_equal(page.status, PAGE_UNAVAILABLE);
}

static void refusals_say_why(void **state)
{
	(void)state;
	gemini_proto.refuse(&origin, REFUSAL_SLOW_DOWN, 7, &reply);
	assert_written("44 7 seconds, please\r\n");
	buf_clear(&reply.head);
	gemini_proto.refuse(&origin, REFUSAL_OVERLOAD, 0, &reply);
	assert_int_equal(reply.status, 41);
	buf_clear(&reply.head);
	gemini_proto.refuse(&origin, REFUSAL_TIMEOUT, 0, &reply);
	assert_int_equal(reply.status, 59);
}

static void protocols_are_found_by_name(void **state)
{
	(void)state;
	assert_ptr_equal(proto_find(STR("gemini")), &gemini_proto);
	assert_ptr_equal(proto_find(STR("Gopher")), &gopher_proto);
	assert_null(proto_find(STR("gem")));
	assert_null(proto_find(STR("")));
	assert_int_equal(proto_count, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, writing_set_up, writing_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(page_is_sent_with_charset_and_language),
		TEST(every_format_has_its_media_type),
		TEST(file_moves_into_the_reply),
		TEST(media_type_cannot_break_the_header),
		TEST(every_status_has_its_number_and_a_text),
		TEST(sentences_cannot_break_the_header),
		TEST(error_of_99_bytes_is_whole_and_a_longer_one_is_cut_between_letters),
		TEST(prompt_is_never_longer_than_1024_bytes),
		TEST(redirects_name_an_encoded_target),
		TEST(redirect_of_1024_bytes_is_sent_and_a_longer_one_is_an_error),
		TEST(whole_page_counts_and_an_error_does_not),
		TEST(page_that_does_not_fit_becomes_an_error_and_does_not_count),
		TEST(refusals_say_why),
		TEST(protocols_are_found_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
