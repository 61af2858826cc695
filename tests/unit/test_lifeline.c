/* lifelines: what supervisor and children tell each other, and what becomes of one that is silent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "crew_child.h"

enum { SILENT_SECONDS = 10, BUSY_SECONDS = 1800 };

static int ends[2]; /* the supervisor's, the child's */
static struct child child;

/* A process that does nothing, as a child of the crew that is ready. */
static int set_up(void **state)
{
	(void)state;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == -1)
		return -1;
	child = (struct child){ .lifeline = ends[0], .name = "worker 1", .is_ready = true };
	child.pid = fork();
	if (child.pid == 0)
		for (;;)
			pause();
	return child.pid == -1 ? -1 : 0;
}

static int tear_down(void **state)
{
	(void)state;
	kill(child.pid, SIGKILL);
	waitpid(child.pid, NULL, 0);
	close(ends[0]);
	close(ends[1]);
	return 0;
}

static void check_times(unsigned times)
{
	while (times-- > 0)
		crew_check(&child);
}

/* A killed process ends soon; one that was not is still running. */
static bool is_killed(bool expected)
{
	int status;

	if (waitpid(child.pid, &status, expected ? 0 : WNOHANG) != child.pid)
		return false;
	child.pid = fork(); /* another for tear_down() */
	if (child.pid == 0)
		for (;;)
			pause();
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static void words_of_a_child_arrive_in_order(void **state)
{
	(void)state;
	assert_int_equal(child_listen(ends[0]), ANSWER_NONE);
	child_say_ready(ends[1]);
	child_say_busy(ends[1]);
	child_say_here(ends[1]);
	assert_int_equal(child_listen(ends[0]), ANSWER_READY);
	assert_int_equal(child_listen(ends[0]), ANSWER_BUSY);
	assert_int_equal(child_listen(ends[0]), ANSWER_HERE);
	assert_int_equal(child_listen(ends[0]), ANSWER_NONE);
}

static void nonsense_of_a_child_is_no_answer(void **state)
{
	(void)state;
	assert_int_equal(send(ends[1], "\0l?\xff", 4, 0), 4);
	for (int i = 0; i < 5; i++)
		assert_int_equal(child_listen(ends[0]), ANSWER_NONE);
}

static void question_is_answered(void **state)
{
	int log;

	(void)state;
	assert_int_equal(child_hear(ends[1], &log), WORD_NOTHING);
	child_ask(ends[0]);
	assert_int_equal(child_hear(ends[1], &log), WORD_NOTHING);
	assert_int_equal(child_listen(ends[0]), ANSWER_HERE);
}

static void log_arrives_as_a_descriptor_of_the_same_file(void **state)
{
	int pipe_ends[2];
	int log;
	struct stat sent;
	struct stat got;

	(void)state;
	assert_int_equal(pipe(pipe_ends), 0);
	child_ask(ends[0]);
	assert_true(child_send_log(ends[0], pipe_ends[1]));
	assert_int_equal(child_hear(ends[1], &log), WORD_NOTHING);
	assert_int_equal(log, -1);
	assert_int_equal(child_hear(ends[1], &log), WORD_LOG);
	assert_int_not_equal(log, pipe_ends[1]);
	assert_int_equal(fstat(log, &got), 0);
	assert_int_equal(fstat(pipe_ends[1], &sent), 0);
	assert_int_equal(got.st_ino, sent.st_ino);
	close(log);
	close(pipe_ends[0]);
	close(pipe_ends[1]);
}

static void each_hears_that_the_other_is_gone(void **state)
{
	int log;

	(void)state;
	shutdown(ends[0], SHUT_RDWR);
	assert_int_equal(child_hear(ends[1], &log), WORD_END);
	assert_int_equal(child_listen(ends[0]), ANSWER_END);
}

static void silent_child_is_ended_after_ten_seconds_and_not_before(void **state)
{
	(void)state;
	check_times(SILENT_SECONDS);
	assert_false(is_killed(false));
	check_times(1);
	assert_true(is_killed(true));
}

static void busy_child_has_half_an_hour(void **state)
{
	(void)state;
	child.is_busy = true;
	check_times(BUSY_SECONDS);
	assert_false(is_killed(false));
	check_times(1);
	assert_true(is_killed(true));
}

static void child_that_starts_or_leaves_is_let_alone(void **state)
{
	(void)state;
	child.is_ready = false;
	check_times(2 * SILENT_SECONDS);
	child.is_ready = true;
	child.is_leaving = true;
	check_times(2 * SILENT_SECONDS);
	assert_false(is_killed(false));
	assert_int_equal(child.silent, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(words_of_a_child_arrive_in_order),
		TEST(nonsense_of_a_child_is_no_answer),
		TEST(question_is_answered),
		TEST(log_arrives_as_a_descriptor_of_the_same_file),
		TEST(each_hears_that_the_other_is_gone),
		TEST(silent_child_is_ended_after_ten_seconds_and_not_before),
		TEST(busy_child_has_half_an_hour),
		TEST(child_that_starts_or_leaves_is_let_alone),
	};

	return cmocka_run_group_tests_name("lifeline", tests, NULL, NULL);
}
