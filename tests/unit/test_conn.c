/*
 * net/conn and net/server without TLS: one end of a socket pair is served, the other is
 * the client. What needs TLS is tested over real sockets, in tests/net.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/conn.h"
#include "net/loop.h"
#include "net/server.h"
#include "net/socket.h"

enum { REQUEST_MAX = 16, BIG = 3000000 };

static struct loop *loop;
static struct conns conns;
static struct service service;

/* What the service was asked and told. */
static struct {
	size_t answers;
	size_t refusals;
	size_t dones;
	char line[64];
	bool is_complete;
	uint64_t bytes;
	size_t known;
	char address[PEER_TEXT]; /* that was last known */
	size_t gone;
	size_t gone_counted; /* of them, those that had been let in */
	unsigned seconds;    /* that a refusal told */
} seen;

static unsigned wanted_wait;	 /* what on_request says */
static enum admission admission; /* what on_known says */

static void on_stop(void *context)
{
	(void)context;
	loop_stop(loop);
}

static void run_for(int64_t milliseconds)
{
	struct hook *timer = loop_timer(loop, on_stop, NULL);

	hook_arm(timer, milliseconds);
	loop_run(loop);
	hook_free(timer);
}

/* "big" gets BIG bytes, "file" a head and BIG bytes of a file, others an echo. */
static void on_answer(void *context, const struct peer *peer, struct str line, struct reply *reply)
{
	(void)context;
	(void)peer;
	seen.answers++;
	snprintf(seen.line, sizeof(seen.line), STR_FMT, STR_ARG(line));
	if (str_eq(line, STR("big"))) {
		buf_repeat(&reply->head, 'b', BIG);
	} else if (str_starts(line, STR("file"))) {
		buf_str(&reply->head, STR("head:"));
		reply->file = memfd_create("file", MFD_CLOEXEC);
		assert_int_equal(ftruncate(reply->file, BIG), 0);
		reply->file_size = BIG;
		if (str_eq(line, STR("file, cut")))
			assert_int_equal(ftruncate(reply->file, BIG / 2), 0);
	} else if (str_eq(line, STR("overfull"))) {
		buf_repeat(&reply->head, 'o', reply->head.max);
		buf_char(&reply->head, 'o');
	} else {
		buf_format(&reply->head, "<" STR_FMT ">", STR_ARG(line));
	}
}

static void on_refuse(void *context, unsigned seconds, struct reply *reply)
{
	(void)context;
	seen.seconds = seconds;
	seen.refusals++;
	buf_str(&reply->head, STR("too many"));
}

static void on_done(void *context, const struct peer *peer, const struct visit *visit,
		    const struct reply *reply)
{
	(void)context;
	(void)peer;
	assert_non_null(reply);
	seen.dones++;
	seen.is_complete = visit->is_complete;
	seen.bytes = visit->bytes;
}

static enum admission on_known(void *context, const struct in6_addr *address)
{
	(void)context;
	seen.known++;
	peer_text(address, false, seen.address);
	return admission;
}

static unsigned on_request(void *context, const struct in6_addr *address)
{
	(void)context;
	(void)address;
	return wanted_wait;
}

static void on_gone(void *context, const struct in6_addr *address)
{
	(void)context;
	seen.gone++;
	seen.gone_counted += address != NULL;
}

static int set_up(void **state)
{
	(void)state;
	memset(&seen, 0, sizeof(seen));
	loop = loop_new();
	wanted_wait = 0;
	admission = ADMIT;
	conns = (struct conns){ .base = loop_base(loop),
				.on_known = on_known,
				.on_request = on_request,
				.on_gone = on_gone };
	service = (struct service){
		.request_max = REQUEST_MAX,
		.ends_with_lf = true,
		.reply_max = 4 << 20,
		.deadlines = { 1, 1, 1, 3 },
		.answer = on_answer,
		.refuse = on_refuse,
		.done = on_done,
	};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	conns_end(&conns);
	loop_free(loop);
	return 0;
}

/* A client's end, with what it has sent already. */
static int begin(const char *sent)
{
	struct in6_addr address = in6addr_loopback;
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends),
			 0);
	assert_int_equal(write(ends[0], sent, strlen(sent)), strlen(sent));
	conn_start(&conns, &service, ends[1], &address);
	return ends[0];
}

/* Reads until the end of the reply; its length. first gets the first bytes as text. */
static size_t read_reply(int client, char *first, size_t size)
{
	static char piece[65536];
	size_t total = 0;

	if (first)
		*first = '\0';
	for (size_t idle = 0; idle < 100;) {
		ssize_t len = read(client, piece, sizeof(piece));

		if (len == 0)
			return total;
		if (len == -1) {
			assert_int_equal(errno, EAGAIN);
			run_for(5);
			idle++;
			continue;
		}
		if (first && total == 0)
			snprintf(first, size, "%.*s", (int)len, piece);
		total += (size_t)len;
		idle = 0;
	}
	fail_msg("the reply has no end");
	return total;
}

static void assert_reply(int client, const char *want)
{
	char got[64];

	assert_int_equal(read_reply(client, got, sizeof(got)), strlen(want));
	assert_string_equal(got, want);
}

static void assert_silent(int client)
{
	char byte;

	run_for(10);
	assert_int_equal(read(client, &byte, 1), -1);
	assert_int_equal(errno, EAGAIN);
}

static void request_is_answered_and_both_sides_close(void **state)
{
	int client = begin("hello\r\n");

	(void)state;
	assert_reply(client, "<hello>");
	assert_int_equal(seen.dones, 1);
	assert_true(seen.is_complete);
	assert_int_equal(seen.bytes, 7);
	assert_int_equal(conns.count, 1);
	close(client);
	run_for(10);
	assert_int_equal(conns.count, 0);
	assert_int_equal(seen.gone, 1);
}

static void request_byte_by_byte_is_answered_once(void **state)
{
	int client = begin("");

	(void)state;
	for (const char *at = "abc\r"; *at; at++) {
		assert_int_equal(write(client, at, 1), 1);
		assert_silent(client);
	}
	assert_int_equal(write(client, "\n", 1), 1);
	assert_reply(client, "<abc>");
	assert_int_equal(seen.answers, 1);
	close(client);
}

static void half_close_after_the_request_gets_the_whole_page(void **state)
{
	int client = begin("big\r\n");

	(void)state;
	shutdown(client, SHUT_WR);
	assert_int_equal(read_reply(client, NULL, 0), BIG);
	assert_true(seen.is_complete);
	run_for(10);
	assert_int_equal(conns.count, 0);
	close(client);
}

static void end_without_a_line_gets_no_answer(void **state)
{
	int client = begin("abc");

	(void)state;
	shutdown(client, SHUT_WR);
	assert_int_equal(read_reply(client, NULL, 0), 0);
	assert_int_equal(seen.answers, 0);
	assert_int_equal(seen.dones, 0);
	close(client);
}

static void second_request_is_never_answered(void **state)
{
	int client = begin("one\r\ntwo\r\nthree\r\n");

	(void)state;
	assert_reply(client, "<one>");
	assert_int_equal(seen.answers, 1);
	close(client);
}

static void line_of_the_maximum_is_answered_and_one_more_comes_cut(void **state)
{
	int client = begin("1234567890abcdef\r\n");

	(void)state;
	assert_reply(client, "<1234567890abcdef>");
	close(client);
	client = begin("1234567890abcdefgh");
	assert_reply(client, "<1234567890abcdefg>");
	close(client);
}

static void lf_alone_is_no_line_end_where_only_crlf_is(void **state)
{
	int client;

	(void)state;
	service.ends_with_lf = false;
	client = begin("abc\n");
	assert_silent(client);
	assert_int_equal(seen.answers, 0);
	close(client);
}

static void file_follows_the_head(void **state)
{
	char first[6];
	int client = begin("file\n");

	(void)state;
	assert_int_equal(read_reply(client, first, sizeof(first)), BIG + 5);
	assert_string_equal(first, "head:");
	assert_int_equal(seen.bytes, BIG + 5);
	assert_true(seen.is_complete);
	close(client);
}

static void file_that_became_shorter_is_not_complete(void **state)
{
	int client = begin("file, cut\n");

	(void)state;
	assert_true(read_reply(client, NULL, 0) < BIG);
	assert_int_equal(seen.dones, 1);
	assert_false(seen.is_complete);
	assert_int_equal(conns.count, 0);
	close(client);
}

static void reply_past_its_ceiling_is_not_sent_cut(void **state)
{
	int client = begin("overfull\n");

	(void)state;
	assert_int_equal(read_reply(client, NULL, 0), 0);
	assert_int_equal(seen.dones, 1);
	assert_false(seen.is_complete);
	close(client);
}

static void refused_client_is_told_so_whatever_it_asks(void **state)
{
	int client;

	(void)state;
	admission = ADMIT_REFUSED;
	client = begin("hello\n");
	assert_reply(client, "too many");
	assert_int_equal(seen.refusals, 1);
	assert_int_equal(seen.answers, 0);
	close(client);
}

static void client_that_asks_too_often_is_told_for_how_long(void **state)
{
	int client;

	(void)state;
	wanted_wait = 3;
	client = begin("hello\n");
	assert_reply(client, "too many");
	assert_int_equal(seen.seconds, 3);
	assert_int_equal(seen.answers, 0);
	close(client);
}

/* From now on a PROXY header has to come first. */
static void want_header(void)
{
	static struct network loopback = { .bits = 128 };
	static const struct networks proxies = { &loopback, 1 };

	loopback.address = in6addr_loopback;
	service.proxies = &proxies;
}

static const char header[] = "PROXY TCP4 192.0.2.7 127.0.0.1 40000 70\r\n";

static void header_of_a_proxy_is_taken_off_and_names_the_client(void **state)
{
	char bytes[128];
	int client;

	(void)state;
	want_header();
	snprintf(bytes, sizeof(bytes), "%shello\r\nPROXY", header);
	client = begin(bytes);
	assert_reply(client, "<hello>");
	assert_string_equal(seen.address, "192.0.2.7");
	assert_int_equal(seen.known, 1);
	close(client);
	run_for(10);
	assert_int_equal(seen.gone_counted, 1);
}

static void header_in_any_two_pieces_and_byte_by_byte_is_taken_off(void **state)
{
	char bytes[128];
	size_t len;

	(void)state;
	want_header();
	len = (size_t)snprintf(bytes, sizeof(bytes), "%shello\r\n", header);
	for (size_t cut = 1; cut <= len; cut++) {
		size_t step = cut == len ? 1 : len;
		char first[128] = "";
		int client;

		memcpy(first, bytes, cut == len ? 1 : cut);
		client = begin(first);
		for (size_t at = strlen(first); at < len; at += step) {
			run_for(0);
			assert_true(write(client, bytes + at, at + step > len ? len - at : step) >
				    0);
		}
		assert_reply(client, "<hello>");
		assert_int_equal(seen.answers, cut);
		close(client);
	}
}

static void connection_without_the_header_is_closed_unheard(void **state)
{
	int client;

	(void)state;
	want_header();
	client = begin("hello\r\n");
	assert_int_equal(conns.count, 0);
	close(client);
	client = begin("PROXY TCP4 192.0.2.7\r\nhello\r\n");
	assert_int_equal(conns.count, 0);
	close(client);
	client = begin("PROXY TCP4 192");
	assert_silent(client);
	conns_check(&conns, loop_now() + 1100);
	assert_int_equal(conns.count, 0);
	close(client);
	assert_int_equal(seen.known, 0);
	assert_int_equal(seen.answers, 0);
	assert_int_equal(seen.gone, 3);
	assert_int_equal(seen.gone_counted, 0);
}

static void connection_from_elsewhere_is_closed_even_with_a_header(void **state)
{
	static struct network elsewhere = { .bits = 128 };
	static const struct networks proxies = { &elsewhere, 1 };
	char bytes[128];
	int client;

	(void)state;
	service.proxies = &proxies;
	snprintf(bytes, sizeof(bytes), "%shello\r\n", header);
	client = begin(bytes);
	assert_int_equal(conns.count, 0);
	assert_int_equal(seen.known, 0);
	close(client);
}

static void client_behind_a_proxy_that_is_not_let_in_is_closed(void **state)
{
	char bytes[128];
	int client;

	(void)state;
	want_header();
	admission = ADMIT_NOT;
	snprintf(bytes, sizeof(bytes), "%shello\r\n", header);
	client = begin(bytes);
	assert_int_equal(conns.count, 0);
	assert_int_equal(seen.known, 1);
	assert_int_equal(seen.gone_counted, 0);
	assert_int_equal(seen.answers, 0);
	close(client);
}

static void proxy_that_speaks_for_itself_keeps_its_address(void **state)
{
	int client;

	(void)state;
	want_header();
	client = begin("PROXY UNKNOWN\r\nhello\r\n");
	assert_reply(client, "<hello>");
	assert_string_equal(seen.address, "::1");
	close(client);
}

static void vanished_client_does_not_count_as_complete(void **state)
{
	int client = begin("big\n");

	(void)state;
	close(client);
	run_for(10);
	assert_int_equal(seen.dones, 1);
	assert_false(seen.is_complete);
	assert_int_equal(conns.count, 0);
}

static void silent_client_is_closed_at_the_request_deadline(void **state)
{
	int client = begin("abc");
	int64_t now = loop_now();

	(void)state;
	conns_check(&conns, now + 900);
	assert_silent(client);
	conns_check(&conns, now + 1100);
	assert_int_equal(read_reply(client, NULL, 0), 0);
	conns_check(&conns, loop_now() + 3100);
	assert_int_equal(conns.count, 0);
	assert_int_equal(seen.answers, 0);
	close(client);
}

static void reader_that_takes_nothing_is_dropped_and_not_complete(void **state)
{
	int client = begin("big\n");
	int64_t now = loop_now();

	(void)state;
	conns_check(&conns, now + 500);
	assert_int_equal(conns.count, 1);
	conns_check(&conns, now + 1600);
	assert_int_equal(conns.count, 0);
	assert_int_equal(seen.dones, 1);
	assert_false(seen.is_complete);
	close(client);
}

static void long_pages_that_nobody_takes_are_not_kept_past_their_ceiling(void **state)
{
	enum { READERS = 25, KEPT = 16 }; /* of 4 MB each, 64 MB in all */
	int clients[READERS];
	int64_t before = loop_now();
	int file;

	(void)state;
	service.deadlines = (struct deadlines){ 100, 100, 60, 100 };
	file = begin("file\n");
	for (size_t i = 0; i < READERS; i++)
		clients[i] = begin("big\n");
	assert_int_equal(conns.in_memory, READERS * (4u << 20) + 4096);
	conns_check(&conns, before + 4900);
	assert_int_equal(conns.count, READERS + 1);
	conns_check(&conns, loop_now() + 5100);
	assert_int_equal(conns.count, KEPT);
	assert_true(conns.in_memory <= 64u << 20);
	assert_int_equal(read_reply(file, NULL, 0), BIG + 5);
	close(file);
	for (size_t i = 0; i < READERS; i++)
		close(clients[i]);
	run_for(10);
	conns_end(&conns);
	assert_int_equal(conns.in_memory, 0);
}

static void reader_that_goes_on_for_ever_meets_the_total_deadline(void **state)
{
	static char piece[100000];
	int client = begin("big\n");
	int64_t now = loop_now();

	(void)state;
	for (int64_t at = 500; at < 3000; at += 500) {
		assert_true(read(client, piece, sizeof(piece)) > 0);
		run_for(5);
		conns_check(&conns, now + at);
		assert_int_equal(conns.count, 1);
	}
	conns_check(&conns, now + 3100);
	assert_int_equal(conns.count, 0);
	close(client);
}

static void client_that_never_closes_is_left_after_two_seconds(void **state)
{
	int client = begin("hello\n");
	int64_t now = loop_now();

	(void)state;
	assert_reply(client, "<hello>");
	conns_check(&conns, now + 500); /* sees that all has been taken */
	conns_check(&conns, now + 2400);
	assert_int_equal(conns.count, 1);
	conns_check(&conns, now + 2600);
	assert_int_equal(conns.count, 0);
	close(client);
}

static void client_that_never_stops_sending_is_left(void **state)
{
	static char noise[40000];
	int client = begin("hello\n");

	(void)state;
	for (size_t i = 0; i < 4 && conns.count; i++) {
		send(client, noise, sizeof(noise), MSG_NOSIGNAL);
		run_for(10);
	}
	assert_int_equal(conns.count, 0);
	close(client);
}

/* A server on a real port, and its clients. */

static struct limit *limit;
static struct server *server;
static struct sockaddr_in where;
static int listener;
static char trouble[64];
static bool is_idle;

static void on_trouble(void *context, const char *text)
{
	(void)context;
	snprintf(trouble, sizeof(trouble), "%s", text);
}

static void on_idle(void *context)
{
	(void)context;
	is_idle = true;
}

static void start_server(size_t connections, unsigned per_address)
{
	struct server_limits limits = { .connections = connections, .per_address = per_address };
	unsigned port;

	*trouble = '\0';
	is_idle = false;
	limit = limit_new(1, connections, NULL);
	limits.limit = limit;
	where = (struct sockaddr_in){ .sin_family = AF_INET };
	where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(
		socket_listen((struct sockaddr *)&where, sizeof(where), 1, &listener, &port, NULL));
	assert_true(port > 0);
	where.sin_port = htons((uint16_t)port);
	server = server_new(loop, &limits, on_trouble, NULL);
	server_listen(server, listener, &service);
}

static void stop_server(void)
{
	server_free(server);
	limit_free(limit);
	close(listener);
}

static int connect_client(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&where, sizeof(where)), 0);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

static void clients_past_the_limit_are_refused_and_twice_as_many_closed(void **state)
{
	int clients[6];

	(void)state;
	start_server(100, 2);
	for (size_t i = 0; i < 6; i++)
		clients[i] = connect_client();
	run_for(20);
	assert_int_equal(server_count(server), 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(write(clients[i], "x\n", 2), 2);
	for (size_t i = 0; i < 4; i++)
		assert_reply(clients[i], i < 2 ? "<x>" : "too many");
	assert_int_equal(read_reply(clients[5], NULL, 0), 0);
	for (size_t i = 0; i < 6; i++)
		close(clients[i]);
	run_for(20);
	assert_int_equal(server_count(server), 0);
	stop_server();
}

static void full_server_lets_clients_wait_and_takes_them_later(void **state)
{
	int first;
	int second;

	(void)state;
	start_server(1, 10);
	first = connect_client();
	second = connect_client();
	assert_int_equal(write(second, "y\n", 2), 2);
	run_for(20);
	assert_int_equal(server_count(server), 1);
	assert_string_not_equal(trouble, "");
	assert_silent(second);
	close(first);
	assert_reply(second, "<y>");
	close(second);
	run_for(20);
	stop_server();
}

static void draining_server_finishes_what_is_queued_and_then_is_idle(void **state)
{
	int client;

	(void)state;
	start_server(10, 10);
	client = connect_client();
	assert_int_equal(write(client, "z\n", 2), 2);
	server_drain(server, on_idle, NULL);
	assert_reply(client, "<z>");
	assert_false(is_idle);
	close(client);
	run_for(20);
	assert_true(is_idle);
	stop_server();
}

static void port_that_another_socket_holds_is_refused(void **state)
{
	struct err err = { "" };
	unsigned port;
	int fd = -2;

	(void)state;
	start_server(10, 10);
	assert_false(socket_listen((struct sockaddr *)&where, sizeof(where), 1, &fd, &port, &err));
	assert_non_null(strstr(err.text, "in use"));
	assert_int_equal(fd, -2);
	stop_server();
}

static void sockets_of_all_workers_share_the_port_that_the_kernel_picked(void **state)
{
	struct sockaddr_in any = { .sin_family = AF_INET };
	int sockets[3];
	unsigned port;

	(void)state;
	any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(socket_listen((struct sockaddr *)&any, sizeof(any), 3, sockets, &port, NULL));
	for (size_t i = 0; i < 3; i++) {
		struct sockaddr_in bound;
		socklen_t len = sizeof(bound);

		assert_int_equal(getsockname(sockets[i], (struct sockaddr *)&bound, &len), 0);
		assert_int_equal(ntohs(bound.sin_port), port);
		close(sockets[i]);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(request_is_answered_and_both_sides_close),
		TEST(request_byte_by_byte_is_answered_once),
		TEST(half_close_after_the_request_gets_the_whole_page),
		TEST(end_without_a_line_gets_no_answer),
		TEST(second_request_is_never_answered),
		TEST(line_of_the_maximum_is_answered_and_one_more_comes_cut),
		TEST(lf_alone_is_no_line_end_where_only_crlf_is),
		TEST(file_follows_the_head),
		TEST(file_that_became_shorter_is_not_complete),
		TEST(reply_past_its_ceiling_is_not_sent_cut),
		TEST(refused_client_is_told_so_whatever_it_asks),
		TEST(client_that_asks_too_often_is_told_for_how_long),
		TEST(header_of_a_proxy_is_taken_off_and_names_the_client),
		TEST(header_in_any_two_pieces_and_byte_by_byte_is_taken_off),
		TEST(connection_without_the_header_is_closed_unheard),
		TEST(connection_from_elsewhere_is_closed_even_with_a_header),
		TEST(client_behind_a_proxy_that_is_not_let_in_is_closed),
		TEST(proxy_that_speaks_for_itself_keeps_its_address),
		TEST(vanished_client_does_not_count_as_complete),
		TEST(silent_client_is_closed_at_the_request_deadline),
		TEST(reader_that_takes_nothing_is_dropped_and_not_complete),
		TEST(long_pages_that_nobody_takes_are_not_kept_past_their_ceiling),
		TEST(reader_that_goes_on_for_ever_meets_the_total_deadline),
		TEST(client_that_never_closes_is_left_after_two_seconds),
		TEST(client_that_never_stops_sending_is_left),
		TEST(clients_past_the_limit_are_refused_and_twice_as_many_closed),
		TEST(full_server_lets_clients_wait_and_takes_them_later),
		TEST(draining_server_finishes_what_is_queued_and_then_is_idle),
		TEST(port_that_another_socket_holds_is_refused),
		TEST(sockets_of_all_workers_share_the_port_that_the_kernel_picked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
