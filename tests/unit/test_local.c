/* net/local and address: listening on paths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "address.h"
#include "net/local.h"

static char folder[64];
static struct sockaddr_un address;

static int set_up(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/tidings-local-XXXXXX");
	address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (!mkdtemp(folder))
		return -1;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(address.sun_path);
	return rmdir(folder);
}

static bool can_connect(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool done = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;

	close(fd);
	return done;
}

static bool is_there(void)
{
	struct stat st;

	return lstat(address.sun_path, &st) == 0;
}

static void close_all(const int *sockets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		close(sockets[i]);
}

static void all_workers_take_from_one_queue(void **state)
{
	int sockets[3];
	int client;

	(void)state;
	assert_true(local_listen(&address, 3, sockets, NULL));
	assert_true(can_connect());
	for (size_t i = 0; i < 3; i++)
		assert_true(fcntl(sockets[i], F_GETFD) & FD_CLOEXEC);
	client = accept4(sockets[2], NULL, NULL, SOCK_CLOEXEC);
	assert_true(client >= 0);
	assert_int_equal(accept4(sockets[0], NULL, NULL, SOCK_CLOEXEC), -1); /* and does not wait */
	close(client);
	local_remove(sockets[0]);
	assert_false(is_there());
	close_all(sockets, 3);
}

static void what_a_dead_server_left_is_replaced(void **state)
{
	int sockets[1];

	(void)state;
	assert_true(local_listen(&address, 1, sockets, NULL));
	close_all(sockets, 1);
	assert_true(is_there());
	assert_false(can_connect());
	assert_true(local_listen(&address, 1, sockets, NULL));
	assert_true(can_connect());
	close_all(sockets, 1);
}

static void path_of_a_living_server_is_refused_and_stays(void **state)
{
	struct err err = { "" };
	int sockets[1];
	int second[1] = { -2 };

	(void)state;
	assert_true(local_listen(&address, 1, sockets, NULL));
	assert_false(local_listen(&address, 1, second, &err));
	assert_string_equal(err.text, "another program listens there");
	assert_int_equal(second[0], -2);
	assert_true(can_connect());
	close_all(sockets, 1);
}

static void file_in_the_way_is_refused_and_stays(void **state)
{
	struct err err = { "" };
	int sockets[1];
	int fd = open(address.sun_path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	(void)state;
	close(fd);
	assert_false(local_listen(&address, 1, sockets, &err));
	assert_non_null(strstr(err.text, "no socket"));
	assert_true(is_there());
}

static void missing_folder_is_told(void **state)
{
	struct err err = { "" };
	struct sockaddr_un nowhere = address;
	int sockets[1];

	(void)state;
	strcat(nowhere.sun_path, "/below/it");
	assert_false(local_listen(&nowhere, 1, sockets, &err));
	assert_string_not_equal(err.text, "");
}

static void sockets_with_addresses_lose_no_path(void **state)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	local_remove(fd);
	local_remove(-1);
	close(fd);
}

static void path_of_107_bytes_is_taken_and_one_more_is_not(void **state)
{
	char text[128] = "unix:/";
	struct address parsed;
	struct err err = { "" };

	(void)state;
	memset(text + 6, 'a', 106);
	assert_true(address_parse(text, &parsed, &err));
	assert_int_equal(parsed.socket.ss_family, AF_UNIX);
	assert_int_equal(parsed.port, 0);
	assert_string_equal(((struct sockaddr_un *)&parsed.socket)->sun_path, text + 5);
	text[6 + 106] = 'a';
	assert_false(address_parse(text, &parsed, &err));
	assert_non_null(strstr(err.text, "107 bytes"));
	assert_false(address_parse("unix:relative", &parsed, &err));
	assert_false(address_parse("unix:", &parsed, &err));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_workers_take_from_one_queue),
		TEST(what_a_dead_server_left_is_replaced),
		TEST(path_of_a_living_server_is_refused_and_stays),
		TEST(file_in_the_way_is_refused_and_stays),
		TEST(missing_folder_is_told),
		TEST(sockets_with_addresses_lose_no_path),
		TEST(path_of_107_bytes_is_taken_and_one_more_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
