/* access and tally: the line for a reply, and read counts on their way to the editor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "access.h"
#include "tally.h"

static struct peer peer;
static struct visit visit;
static int ends[2]; /* of the way between workers and editor */

static int set_up(void **state)
{
	static const unsigned char bytes[4] = { 192, 0, 2, 77 };

	(void)state;
	peer = (struct peer){ .is_tls = true };
	memset(peer.address.s6_addr + 10, 0xff, 2);
	memcpy(peer.address.s6_addr + 12, bytes, sizeof(bytes));
	visit = (struct visit){ .line = STR("gemini://example.org/news/?a%20b"),
				.bytes = 1234,
				.milliseconds = 5,
				.is_complete = true,
				.tls_version = "TLSv1.3" };
	return tally_make(ends, NULL) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	close(ends[0]);
	close(ends[1]);
	return 0;
}

static bool with_words; /* as [server] log_search = yes has it */

/* The entry of the reply that is described above. */
static struct access_entry entry_of(int status, int64_t now)
{
	return (struct access_entry){ .now = now,
				      .site = STR("paper.example"),
				      .protocol = "gemini",
				      .peer = &peer,
				      .visit = &visit,
				      .status = status };
}

static size_t make_line(enum config_addresses addresses, int status, int64_t now,
			char line[ACCESS_LINE_MAX])
{
	const struct access access = { .addresses = addresses, .has_words = with_words };
	const struct access_entry entry = entry_of(status, now);

	return access_line(&access, &entry, line);
}

static size_t make_json(enum config_addresses addresses, int status, int64_t now,
			char line[ACCESS_LINE_MAX])
{
	const struct access access = { .addresses = addresses };
	const struct access_entry entry = entry_of(status, now);

	return access_json(&access, &entry, line);
}

static void assert_line(enum config_addresses addresses, const char *want)
{
	char line[ACCESS_LINE_MAX];
	size_t len = make_line(addresses, 20, 1790000000, line);

	assert_string_equal(line, want);
	assert_int_equal(len, strlen(want));
}

static void assert_path(const char *request, const char *want)
{
	char line[ACCESS_LINE_MAX];

	visit.line = str_from(request);
	make_line(ADDRESSES_NO, 20, 0, line);
	assert_non_null(strstr(line, want));
}

static void line_tells_what_became_of_a_reply_but_not_to_whom(void **state)
{
	(void)state;
	assert_line(ADDRESSES_NO,
		    "time=2026-09-21T14:13:20Z site=paper.example proto=gemini path=\"/news/\" "
		    "status=20 bytes=1234 ms=5 complete=yes tls=TLSv1.3\n");
}

static void search_words_are_kept_when_asked_for(void **state)
{
	(void)state;
	with_words = true;
	assert_path("gemini://example.org/search?old%20ferry", "path=\"/search?old%20ferry\" ");
	assert_path("/search\told ferry", "path=\"/search\\x09old ferry\" ");
	assert_path("/search/old_ferry/page/2", "path=\"/search/old_ferry/page/2\" ");
	with_words = false;
}

static void address_is_masked_or_whole_when_asked_for(void **state)
{
	(void)state;
	visit.tls_version = NULL;
	visit.is_complete = false;
	assert_line(ADDRESSES_MASKED, "time=2026-09-21T14:13:20Z site=paper.example proto=gemini "
				      "address=192.0.2.0 path=\"/news/\" "
				      "status=20 bytes=1234 ms=5 complete=no\n");
	visit.is_resumed = true;
	assert_line(ADDRESSES_YES, "time=2026-09-21T14:13:20Z site=paper.example proto=gemini "
				   "address=192.0.2.77 path=\"/news/\" "
				   "status=20 bytes=1234 ms=5 complete=no resumed=yes\n");
}

static void search_words_never_reach_the_log(void **state)
{
	(void)state;
	assert_path("gemini://example.org/search?private", "path=\"/search\" ");
	assert_path("gemini://example.org?private", "path=\"/\" ");
	assert_path("/search\tprivate", "path=\"/search\" ");
	assert_path("/search?private", "path=\"/search\" ");
	assert_path("gemini://example.org/search/very_private/page/2", "path=\"/search/\" ");
	assert_path("1/ar/search/very_private", "path=\"1/ar/search/\" ");
	assert_path("\tprivate", "path=\"\" ");
}

static void host_is_taken_off_a_url_only(void **state)
{
	(void)state;
	assert_path("gemini://example.org", "path=\"/\" ");
	assert_path("gemini://u:p@example.org:1965/a/b", "path=\"/a/b\" ");
	assert_path("/a://b/c", "path=\"/a://b/c\" ");
	assert_path("URL:https://example.org/", "path=\"URL:https://example.org/\" ");
	assert_path("", "path=\"\" ");
}

static void client_cannot_forge_a_line_or_leave_the_quotes(void **state)
{
	(void)state;
	assert_path("/a\nstatus=20", "path=\"/a\\x0astatus=20\" ");
	assert_path("/a\" status=20", "path=\"/a\\\" status=20\" ");
	assert_path("/a\\", "path=\"/a\\\\\" ");
	assert_path("/\x1b[2J\xff", "path=\"/\\x1b[2J\\xff\" ");
}

static void longest_hostile_request_still_makes_a_whole_line(void **state)
{
	char request[1026];
	char line[ACCESS_LINE_MAX];
	size_t len;

	(void)state;
	memset(request, '\xff', sizeof(request));
	visit.line = (struct str){ request, sizeof(request) };
	len = make_line(ADDRESSES_YES, 59, 0, line);
	assert_int_equal(len, strlen(line));
	assert_int_equal(line[len - 1], '\n');
	assert_non_null(strstr(line, "\\xff\" status=59 "));
}

static void assert_json(enum config_addresses addresses, const char *want)
{
	char line[ACCESS_LINE_MAX];
	size_t len = make_json(addresses, 20, 1790000000, line);

	assert_string_equal(line, want);
	assert_int_equal(len, strlen(want));
}

static void json_line_tells_the_same(void **state)
{
	(void)state;
	assert_json(ADDRESSES_NO, "{\"time\":\"2026-09-21T14:13:20Z\",\"site\":\"paper.example\","
				  "\"proto\":\"gemini\","
				  "\"path\":\"/news/\",\"status\":20,\"bytes\":1234,\"ms\":5,"
				  "\"complete\":true,\"tls\":\"TLSv1.3\"}\n");
	visit.is_complete = false;
	visit.is_resumed = true;
	assert_json(ADDRESSES_MASKED,
		    "{\"time\":\"2026-09-21T14:13:20Z\",\"site\":\"paper.example\",\"proto\":"
		    "\"gemini\","
		    "\"address\":\"192.0.2.0\",\"path\":\"/news/\",\"status\":20,"
		    "\"bytes\":1234,\"ms\":5,\"complete\":false,\"tls\":\"TLSv1.3\","
		    "\"resumed\":true}\n");
}

static void client_cannot_leave_the_string_of_json(void **state)
{
	static const char *const cases[][2] = {
		{ "/a\nb", "\"path\":\"/a\\\\x0ab\"," },
		{ "/a\",\"status\":20", "\"path\":\"/a\\\",\\\"status\\\":20\"," },
		{ "/a\\", "\"path\":\"/a\\\\\"," },
		{ "/\x1b[2J\xff", "\"path\":\"/\\\\x1b[2J\\\\xff\"," },
		{ "/é?words", "\"path\":\"/é\"," },
	};
	char line[ACCESS_LINE_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		visit.line = str_from(cases[i][0]);
		make_json(ADDRESSES_NO, 20, 0, line);
		assert_non_null(strstr(line, cases[i][1]));
	}
}

static void longest_hostile_request_still_makes_whole_json(void **state)
{
	char request[1026];
	char line[ACCESS_LINE_MAX];
	size_t len;

	(void)state;
	memset(request, '\xff', sizeof(request));
	visit.line = (struct str){ request, sizeof(request) };
	len = make_json(ADDRESSES_YES, 59, 0, line);
	assert_int_equal(len, strlen(line));
	assert_string_equal(line + len - 2, "}\n");
	assert_non_null(strstr(line, "\\\\xff\",\"status\":59,"));
}

static void log_that_nobody_reads_stops_nobody(void **state)
{
	struct access access = { .addresses = ADDRESSES_NO };
	const struct access_entry entry = entry_of(20, 0);
	int pipe_ends[2];

	(void)state;
	assert_int_equal(pipe(pipe_ends), 0);
	access.fd = pipe_ends[1];
	for (size_t i = 0; i < 2000; i++) /* far more than a pipe holds */
		access_write(&access, &entry);
	close(pipe_ends[0]);
	close(pipe_ends[1]);
}

static void counts_of_one_article_travel_together(void **state)
{
	static struct tally tally;
	struct tally_entry entries[TALLY_MAX];
	size_t count;

	(void)state;
	tally_init(&tally, ends[1]);
	tally_send(&tally);
	assert_false(tally_receive(ends[0], entries, &count));
	tally_add(&tally, 5, false);
	tally_add(&tally, 6, true);
	tally_add(&tally, 5, false);
	tally_send(&tally);
	assert_true(tally_receive(ends[0], entries, &count));
	assert_int_equal(count, 2);
	assert_int_equal(entries[0].article, 5);
	assert_int_equal(entries[0].reads, 2);
	assert_int_equal(entries[0].shares, 0);
	assert_int_equal(entries[1].article, 6);
	assert_int_equal(entries[1].shares, 1);
	assert_false(tally_receive(ends[0], entries, &count));
}

static void full_tally_sends_itself_and_goes_on(void **state)
{
	static struct tally tally;
	struct tally_entry entries[TALLY_MAX];
	size_t count;

	(void)state;
	tally_init(&tally, ends[1]);
	for (int64_t article = 1; article <= TALLY_MAX + 1; article++)
		tally_add(&tally, article, false);
	assert_int_equal(tally.count, 1);
	assert_true(tally_receive(ends[0], entries, &count));
	assert_int_equal(count, TALLY_MAX);
	assert_int_equal(tally.lost, 0);
}

static void missing_editor_costs_counts_but_never_waits(void **state)
{
	static struct tally tally;

	(void)state;
	tally_init(&tally, ends[1]);
	for (int64_t article = 1; article <= 1000 * TALLY_MAX; article++)
		tally_add(&tally, article, false);
	assert_int_equal(tally.count, TALLY_MAX);
	assert_true(tally.lost > 0);
}

static void editor_believes_no_impossible_count(void **state)
{
	const struct tally_entry sent[] = {
		{ .article = 0, .reads = 1 },
		{ .article = -4, .reads = 1 },
		{ .article = 7, .reads = TALLY_COUNT_MAX + 1 },
		{ .article = 8, .shares = TALLY_COUNT_MAX + 1 },
		{ .article = 9, .reads = TALLY_COUNT_MAX },
	};
	struct tally_entry entries[TALLY_MAX];
	size_t count;

	(void)state;
	assert_int_equal(send(ends[1], sent, sizeof(sent), 0), sizeof(sent));
	assert_true(tally_receive(ends[0], entries, &count));
	assert_int_equal(count, 1);
	assert_int_equal(entries[0].article, 9);
	assert_int_equal(send(ends[1], "short", 5, 0), 5);
	assert_true(tally_receive(ends[0], entries, &count));
	assert_int_equal(count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(line_tells_what_became_of_a_reply_but_not_to_whom),
		TEST(address_is_masked_or_whole_when_asked_for),
		TEST(search_words_never_reach_the_log),
		TEST(search_words_are_kept_when_asked_for),
		TEST(host_is_taken_off_a_url_only),
		TEST(client_cannot_forge_a_line_or_leave_the_quotes),
		TEST(longest_hostile_request_still_makes_a_whole_line),
		TEST(json_line_tells_the_same),
		TEST(client_cannot_leave_the_string_of_json),
		TEST(longest_hostile_request_still_makes_whole_json),
		TEST(log_that_nobody_reads_stops_nobody),
		TEST(counts_of_one_article_travel_together),
		TEST(full_tally_sends_itself_and_goes_on),
		TEST(missing_editor_costs_counts_but_never_waits),
		TEST(editor_believes_no_impossible_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
