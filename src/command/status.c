/* tidings status: asks the running server how it is. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "command/command.h"
#include "net/talk.h"
#include "status.h"

enum { WAIT_SECONDS = 5 };

static bool receive(int fd, struct buf *report)
{
	char piece[4096];
	ssize_t len;

	while ((len = recv(fd, piece, sizeof(piece), 0)) != 0) {
		if (len == -1 && errno == EINTR)
			continue;
		if (len == -1)
			return false;
		buf_bytes(report, piece, (size_t)len);
	}
	return !report->full;
}

/* The report is a line of JSON and then the lines for people. */
static bool print(const struct buf *report, bool as_json)
{
	struct str text = buf_view(report);
	size_t end = str_find(text, '\n');

	if (end == text.len || !str_starts(text, STR("{")) || !str_ends(text, STR("\n")))
		return false;
	text = as_json ? str_head(text, end + 1) : str_skip(text, end + 1);
	fwrite(text.data, 1, text.len, stdout);
	return true;
}

static int no_server(const struct config *config, int reason)
{
	if (reason == ENOENT || reason == ECONNREFUSED)
		return command_failed("No server is running on the state folder %s", config->state);
	return command_failed("%s/%s: %s", config->state, STATUS_SOCKET, strerror(reason));
}

static int run(const struct config *config, int argc, char **argv)
{
	bool as_json = argc > 1 && strcmp(argv[1], "--json") == 0;
	struct buf report;
	bool ok;
	int fd;

	if (argc > 2 || (argc == 2 && !as_json))
		return command_misused(&status_command, "There is no argument \"%s\"",
				       argv[argc - 1]);
	fd = talk_connect(config->state, STATUS_SOCKET, WAIT_SECONDS);
	if (fd == -1)
		return no_server(config, errno);
	buf_init(&report, STATUS_BYTES_MAX);
	ok = receive(fd, &report) && print(&report, as_json);
	buf_done(&report);
	close(fd);
	return ok ? EXIT_DONE : command_failed("The server on %s does not answer", config->state);
}

const struct command status_command = {
	.name = "status",
	.summary = "ask the running server how it is",
	.usage = "[--json]",
	.help = "Processes and their walls, connections, replies, handshakes, the catalogue. Exits "
		"with 1\nwhen no server runs on the state folder.\n",
	.is_of_server = true,
	.run = run,
};
