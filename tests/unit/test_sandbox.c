/* sandbox: each wall is proven by running into it from the inside, in a child process. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sandbox.h"

static char folder[] = "/tmp/tidings-sandbox-XXXXXX";
static char inside[64];
static char outside[64];

static void make_file(char *path, const char *name)
{
	int fd;

	snprintf(path, 64, "%s/%s", folder, name);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(fd != -1);
	close(fd);
}

static int set_up(void **state)
{
	char room[64];

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(room, sizeof(room), "%s/room", folder);
	assert_int_equal(mkdir(room, 0700), 0);
	make_file(inside, "room/inside");
	make_file(outside, "outside");
	return 0;
}

static int tear_down(void **state)
{
	char room[64];

	(void)state;
	snprintf(room, sizeof(room), "%s/room", folder);
	unlink(inside);
	unlink(outside);
	rmdir(room);
	return rmdir(folder);
}

/* Runs attempt in a child inside the sandbox; what it returns: 0, or the errno it met. */
static int attempt_inside(int (*attempt)(void), enum sandbox_access access)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		char room[64];
		struct sandbox_path paths[] = { { room, access } };
		struct sandbox sandbox;
		struct err err;

		snprintf(room, sizeof(room), "%s/room", folder);
		if (!sandbox_close(paths, 1, true, &sandbox, &err))
			_exit(255);
		if (sandbox.landlock == 0 || !sandbox.seccomp || !sandbox.no_new_privileges)
			_exit(254);
		_exit(attempt());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 254)
		skip(); /* a kernel without these walls */
	return WEXITSTATUS(status);
}

static int try_open(const char *path, int flags)
{
	return open(path, flags | O_CLOEXEC, 0600) == -1 ? errno : 0;
}

static int read_inside(void)
{
	return try_open(inside, O_RDONLY);
}

static int make_folder_inside(void)
{
	char path[80];

	snprintf(path, sizeof(path), "%s/room/more", folder);
	if (mkdir(path, 0700) != 0)
		return errno;
	return rmdir(path) == 0 || errno == EACCES ? 0 : errno;
}

static int read_outside(void)
{
	return try_open(outside, O_RDONLY);
}

static int write_inside(void)
{
	return try_open(inside, O_RDWR);
}

static int make_inside(void)
{
	char path[80];

	snprintf(path, sizeof(path), "%s.new", inside);
	if (try_open(path, O_CREAT | O_WRONLY) != 0)
		return errno;
	return unlink(path) == 0 ? 0 : errno;
}

static int execute(void)
{
	execl("/bin/true", "true", NULL);
	return errno;
}

static int make_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) == -1 ? errno : 0;
}

static int trace(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1 ? errno : 0;
}

static int mount_something(void)
{
	return mount("none", "/mnt", "tmpfs", 0, NULL) == -1 ? errno : 0;
}

static void files_inside_can_be_read_and_files_outside_cannot(void **state)
{
	(void)state;
	assert_int_equal(attempt_inside(read_inside, SANDBOX_READ), 0);
	assert_int_equal(attempt_inside(read_outside, SANDBOX_READ), EACCES);
	assert_int_equal(attempt_inside(read_outside, SANDBOX_MAKE), EACCES);
}

static void writing_and_making_need_the_right_to_make(void **state)
{
	(void)state;
	assert_int_equal(attempt_inside(write_inside, SANDBOX_READ), EACCES);
	assert_int_equal(attempt_inside(write_inside, SANDBOX_MAKE), 0);
	assert_int_equal(attempt_inside(make_inside, SANDBOX_READ), EACCES);
	assert_int_equal(attempt_inside(make_inside, SANDBOX_MAKE), 0);
}

static void nothing_can_be_executed_traced_mounted_or_connected(void **state)
{
	(void)state;
	assert_int_equal(attempt_inside(execute, SANDBOX_MAKE), EPERM);
	assert_int_equal(attempt_inside(trace, SANDBOX_MAKE), EPERM);
	assert_int_equal(attempt_inside(mount_something, SANDBOX_MAKE), EPERM);
	assert_int_equal(attempt_inside(make_socket, SANDBOX_MAKE), EPERM);
}

static void folders_are_made_only_where_that_is_allowed(void **state)
{
	char path[80];

	(void)state;
	assert_int_equal(attempt_inside(make_folder_inside, SANDBOX_MAKE), EACCES);
	assert_int_equal(attempt_inside(make_folder_inside, SANDBOX_BUILD), 0);
	snprintf(path, sizeof(path), "%s/room/more", folder);
	rmdir(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folders_are_made_only_where_that_is_allowed),
		cmocka_unit_test(files_inside_can_be_read_and_files_outside_cannot),
		cmocka_unit_test(writing_and_making_need_the_right_to_make),
		cmocka_unit_test(nothing_can_be_executed_traced_mounted_or_connected),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
