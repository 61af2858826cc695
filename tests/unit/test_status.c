/* board and status: counts that processes share, and the report that is made of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "status.h"

enum { SEATS = 3, WORKERS = 1 };

static struct board *board;
static struct buf out;

static int set_up(void **state)
{
	(void)state;
	board = board_new(SEATS, WORKERS, true, NULL);
	buf_init(&out, STATUS_BYTES_MAX);
	if (board)
		board_name_site(&board->site[0], STR("paper.example"));
	return board ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	board_free(board);
	buf_done(&out);
	return 0;
}

static void assert_has(const char *text)
{
	if (str_search(buf_view(&out), str_from(text)) == out.len)
		fail_msg("\"%s\" is not in:\n%.*s", text, (int)out.len, out.data);
}

static void reply(size_t seat, size_t protocol, int status, bool is_error)
{
	struct reply made = { .status = status, .is_error = is_error };

	board_reply(&board->seat[seat], protocol, &made);
}

static void replies_are_counted_by_the_first_digit_or_as_ok_and_error(void **state)
{
	static const int statuses[] = { 10, 20, 20, 31, 44, 51, 59, 60, 69 };
	struct board_seat total;

	(void)state;
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		reply(i % SEATS, 0, statuses[i], false);
	reply(0, 1, 0, false);
	reply(2, 1, 0, true);
	total = board_total(board);
	for (size_t i = 1; i <= 6; i++)
		assert_int_equal(total.replies[0][i], (i == 2 || i == 5 || i == 6) ? 2 : 1);
	assert_int_equal(total.replies[1][CLASS_OK], 1);
	assert_int_equal(total.replies[1][CLASS_ERROR], 1);
}

static void numbers_outside_of_the_classes_are_errors_and_unknown_protocols_nothing(void **state)
{
	(void)state;
	reply(0, 0, 9, false);
	reply(0, 0, 70, false);
	reply(0, 0, -5, false);
	reply(0, BOARD_PROTOCOLS - 1, 20, false);
	reply(0, BOARD_PROTOCOLS, 20, false);
	assert_int_equal(board_total(board).replies[0][CLASS_ERROR], 3);
	assert_int_equal(board_total(board).replies[BOARD_PROTOCOLS - 1][2], 1);
}

static void counts_of_a_child_are_seen_after_its_death(void **state)
{
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		count_up(&board->seat[1].conns.accepted);
		count_set(&board->seat[1].conns.open, 7);
		_exit(0);
	}
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(board_total(board).conns.open, 7);
	board_leave(&board->seat[1]);
	assert_int_equal(board_total(board).conns.open, 0);
	assert_int_equal(board_total(board).conns.accepted, 1);
}

static void walls_come_back_as_they_were_put(void **state)
{
	struct sandbox put = { .no_new_privileges = true, .landlock = 7, .seccomp = false };
	struct sandbox got;

	(void)state;
	board_put_walls(&board->seat[2].walls, &put);
	got = board_walls(&board->seat[2]);
	assert_true(got.no_new_privileges);
	assert_int_equal(got.landlock, 7);
	assert_false(got.seccomp);
	put = (struct sandbox){ .seccomp = true };
	board_put_walls(&board->seat[2].walls, &put);
	got = board_walls(&board->seat[2]);
	assert_false(got.no_new_privileges);
	assert_int_equal(got.landlock, 0);
	assert_true(got.seccomp);
}

static void a_seat_that_is_not_there_has_no_walls(void **state)
{
	(void)state;
	board->post[0].pid = 5;
	board->post[0].seat = SEATS;
	assert_int_equal(status_walls(board, &board->post[0]).landlock, 0);
	board->post[0].seat = UINT64_MAX;
	status_json(board, board->born, &out);
	assert_has("\"landlock\":0");
}

static void report_tells_ages_in_two_units(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} cases[] = {
		{ 0, "for 0 s\n" },	     { 59, "for 59 s\n" },
		{ 60, "for 1 min 0 s\n" },   { 3599, "for 59 min 59 s\n" },
		{ 3600, "for 1 h 0 min\n" }, { 86399, "for 23 h 59 min\n" },
		{ 90000, "for 1 d 1 h\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&out);
		status_text(board, board->born + cases[i].seconds * 1000, &out);
		assert_has(cases[i].text);
	}
}

static void report_tells_who_is_missing_and_what_was_not_scanned(void **state)
{
	(void)state;
	board->post[BOARD_SITES].restarts = 3;
	status_text(board, board->born, &out);
	assert_has("worker 1    missing, its successor is on the way; restarts 3\n");
	assert_has("not scanned yet\n");
	buf_clear(&out);
	status_json(board, board->born, &out);
	assert_has("{\"name\":\"worker 1\",\"restarts\":3}");
	assert_has("\"scanned\":null");
	assert_int_equal(str_find(buf_view(&out), '\n'), out.len - 1);
}

static void every_site_has_its_editor_and_its_figures(void **state)
{
	(void)state;
	board_name_site(&board->site[3], STR("mirror.example"));
	board->site[3].scan = (struct board_scan){ .ended = 1, .is_ok = 1, .articles = 9 };
	status_text(board, board->born, &out);
	assert_has("editor      missing");
	assert_has("editor mirror.example missing");
	assert_has("site        paper.example: 0 articles; not scanned yet\n");
	assert_has("site        mirror.example: 9 articles; last scan 1970-01-01T00:00:01Z ok");
	buf_clear(&out);
	status_json(board, board->born, &out);
	assert_has("{\"name\":\"editor mirror.example\",\"restarts\":0}");
	assert_has("{\"name\":\"mirror.example\",\"articles\":9,");

	board_name_site(&board->site[3], STR(""));
	buf_clear(&out);
	status_text(board, board->born, &out);
	assert_int_equal(str_search(buf_view(&out), STR("mirror")), out.len);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(replies_are_counted_by_the_first_digit_or_as_ok_and_error),
		TEST(numbers_outside_of_the_classes_are_errors_and_unknown_protocols_nothing),
		TEST(counts_of_a_child_are_seen_after_its_death),
		TEST(walls_come_back_as_they_were_put),
		TEST(a_seat_that_is_not_there_has_no_walls),
		TEST(report_tells_ages_in_two_units),
		TEST(report_tells_who_is_missing_and_what_was_not_scanned),
		TEST(every_site_has_its_editor_and_its_figures),
	};

	return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
