/* The small client against servers that are silent, slow or too generous. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "net/fetch.h"

/* A server process for one connection. */
struct server {
	unsigned port;
	pid_t pid;
};

static void say_nothing(int fd)
{
	(void)fd;
	pause();
}

static void drip(int fd)
{
	while (write(fd, "x", 1) == 1)
		usleep(50000);
}

static void say_ten(int fd)
{
	if (write(fd, "0123456789", 10) != 10)
		_exit(1);
}

static struct server serve(void (*manner)(int fd))
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	struct server server;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	server.port = ntohs(address.sin_port);
	server.pid = fork();
	if (server.pid == 0) {
		int stream = accept(fd, NULL, NULL);
		char request[64];

		if (read(stream, request, sizeof(request)) > 0)
			manner(stream);
		_exit(0);
	}
	close(fd);
	return server;
}

static void end(struct server server)
{
	kill(server.pid, SIGKILL);
	waitpid(server.pid, NULL, 0);
}

/* Fetches with one second and room for max bytes; the answer must hold answer, or the error sentence. */
static void fetch(void (*manner)(int fd), size_t max, bool tls, const char *answer,
		  const char *sentence)
{
	struct server server = serve(manner);
	struct fetch fetch = {
		.host = "127.0.0.1",
		.port = server.port,
		.tls = tls,
		.request = STR("/\r\n"),
		.seconds = 1,
	};
	struct fetch_result result = { .closed_cleanly = false };
	struct err err = { "" };
	time_t start = time(NULL);
	bool ok;

	buf_init(&result.body, max);
	ok = fetch_run(&fetch, &result, &err);
	assert_true(time(NULL) - start <= 3);
	if (sentence && !strstr(err.text, sentence))
		print_error("%s\n", err.text);
	assert_true(ok == !sentence);
	if (sentence)
		assert_non_null(strstr(err.text, sentence));
	else
		assert_true(str_eq(buf_view(&result.body), str_from(answer)));
	buf_done(&result.body);
	end(server);
}

static void a_silent_server_costs_no_more_than_the_time_given(void **state)
{
	(void)state;
	fetch(say_nothing, 100, false, NULL, "time is up");
}

static void a_silent_server_cannot_hold_a_handshake_either(void **state)
{
	(void)state;
	fetch(say_nothing, 100, true, NULL, "time is up");
}

static void a_server_that_drips_does_not_reset_the_clock(void **state)
{
	(void)state;
	fetch(drip, 1000, false, NULL, "time is up");
}

static void an_answer_may_fill_the_buffer(void **state)
{
	(void)state;
	fetch(say_ten, 10, false, "0123456789", NULL);
}

static void an_answer_of_one_byte_more_is_refused(void **state)
{
	(void)state;
	fetch(say_ten, 9, false, NULL, "larger than 9 bytes");
}

static void a_host_without_an_address_is_named(void **state)
{
	struct fetch fetch = {
		.host = "host.invalid", .port = 70, .request = STR("\r\n"), .seconds = 5
	};
	struct fetch_result result = { .closed_cleanly = false };
	struct err err = { "" };

	(void)state;
	buf_init(&result.body, 10);
	assert_false(fetch_run(&fetch, &result, &err));
	assert_non_null(strstr(err.text, "host.invalid port 70: "));
	buf_done(&result.body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_silent_server_costs_no_more_than_the_time_given),
		cmocka_unit_test(a_silent_server_cannot_hold_a_handshake_either),
		cmocka_unit_test(a_server_that_drips_does_not_reset_the_clock),
		cmocka_unit_test(an_answer_may_fill_the_buffer),
		cmocka_unit_test(an_answer_of_one_byte_more_is_refused),
		cmocka_unit_test(a_host_without_an_address_is_named),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
