/*
 * Connections that cost a server memory:
 * hold gopher|gemini HOST PORT COUNT [-l LIST] [-b BYTES]
 * Opens COUNT connections (with the handshake) and keeps them until standard input ends. With -l they ask for the first
 * line of LIST (shared_pages.h) and read BYTES a second of the reply, each; 0 is the
 * beginning only. Prints "held" when all stand, and at the end a JSON object; ends with 1
 * when one was refused, was closed early, or got a wrong byte.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/shared_dial.h"
#include "bench/shared_die.h"
#include "bench/shared_pages.h"

enum {
	TICK_MILLISECONDS = 20,
	TICKS = 1000 / TICK_MILLISECONDS,
	RECEIVE_BUFFER = 16 * 1024, /* what the reader's kernel takes ahead of a slow reader */
	PIECE = 64 * 1024,
};

struct held {
	int fd;
	SSL *ssl;
	size_t got;
	bool is_done;
};

static struct pages pages;
static size_t wrong, broken, complete;

static void dial(struct held *held, const struct sockaddr_in *address, SSL_CTX *context)
{
	int size = RECEIVE_BUFFER;

	held->fd = dial_socket(address, false);
	if (held->fd == -1)
		die("connect: %s", strerror(errno));
	if (pages.count > 0)
		setsockopt(held->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (!context)
		return;
	held->ssl = dial_tls(context, held->fd, NULL);
	if (SSL_do_handshake(held->ssl) != 1)
		die("the handshake failed");
}

static void ask(struct held *held)
{
	const struct page *page = &pages.items[0];
	bool ok = held->ssl ? SSL_write(held->ssl, page->line, (int)page->line_len) > 0
			    : send(held->fd, page->line, page->line_len, MSG_NOSIGNAL) ==
				      (ssize_t)page->line_len;

	if (!ok)
		die("the request could not be sent");
	fcntl(held->fd, F_SETFL, O_NONBLOCK);
}

/* Bytes, 0 at the end, -1 when there is none now, -2 broken. */
static ssize_t receive(struct held *held, char *piece, size_t size)
{
	ssize_t len;
	int result;

	if (!held->ssl) {
		len = recv(held->fd, piece, size, 0);
		return len == -1 && errno != EAGAIN ? -2 : len;
	}
	result = SSL_read(held->ssl, piece, (int)size);
	if (result > 0)
		return result;
	switch (SSL_get_error(held->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		return -1;
	case SSL_ERROR_ZERO_RETURN:
		return 0;
	default:
		return -2;
	}
}

/* Reads up to so many bytes of the reply. */
static void take(struct held *held, size_t budget)
{
	const struct page *page = &pages.items[0];
	static char piece[PIECE];

	while (budget > 0 && !held->is_done) {
		ssize_t len = receive(held, piece, budget < PIECE ? budget : PIECE);

		if (len == -1)
			return;
		held->is_done = len <= 0;
		if (len == -2 || (len == 0 && held->got < page->reply_len)) {
			broken++;
		} else if (len == 0) {
			complete++;
		} else if ((size_t)len > page->reply_len - held->got ||
			   memcmp(page->reply + held->got, piece, (size_t)len) != 0) {
			held->is_done = true;
			wrong++;
		} else {
			held->got += (size_t)len;
			budget -= (size_t)len;
		}
	}
}

/* Whether the server has closed it. */
static bool is_cut(int fd)
{
	struct pollfd socket = { .fd = fd, .events = POLLRDHUP };

	return poll(&socket, 1, 0) == 1;
}

/* Until standard input ends; then every connection that is not complete must still stand. */
static void keep(struct held *held, size_t count, size_t bytes_per_second)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	size_t budget = bytes_per_second / TICKS;
	char byte;

	while (poll(&input, 1, budget ? TICK_MILLISECONDS : -1) == 0 ||
	       read(STDIN_FILENO, &byte, 1) > 0)
		for (size_t i = 0; i < count; i++)
			take(&held[i], budget);
	for (size_t i = 0; i < count; i++)
		if (!held[i].is_done && is_cut(held[i].fd))
			broken++;
}

static void allow_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
}

/* Opens all of them, and with a list asks and reads a first byte, so that the server is at it. */
static void open_all(struct held *held, size_t count, const struct sockaddr_in *address,
		     SSL_CTX *context)
{
	for (size_t i = 0; i < count; i++) {
		dial(&held[i], address, context);
		if (pages.count > 0)
			ask(&held[i]);
	}
	for (size_t i = 0; i < count && pages.count > 0; i++) {
		struct pollfd input = { .fd = held[i].fd, .events = POLLIN };

		while (held[i].got == 0 && !held[i].is_done && poll(&input, 1, 10000) == 1)
			take(&held[i], 1);
	}
}

int main(int argc, char **argv)
{
	size_t count, bytes_per_second = 0, got = 0;
	struct sockaddr_in address;
	struct held *held;
	int option;

	while ((option = getopt(argc, argv, "l:b:")) != -1) {
		if (option == 'l')
			pages = pages_load(optarg);
		else if (option == 'b')
			bytes_per_second = strtoul(optarg, NULL, 10);
		else
			exit(2);
	}
	if (argc - optind != 4)
		die("usage: hold gopher|gemini HOST PORT COUNT [-l LIST] [-b BYTES]");
	address = dial_address(argv[optind + 1], argv[optind + 2]);
	count = strtoul(argv[optind + 3], NULL, 10);
	held = must_alloc(count + 1, sizeof(*held));
	signal(SIGPIPE, SIG_IGN);
	allow_files();
	open_all(held, count, &address,
		 strcmp(argv[optind], "gopher") == 0 ? NULL : dial_context());
	puts("held");
	fflush(stdout);
	keep(held, count, bytes_per_second);
	for (size_t i = 0; i < count; i++)
		got += held[i].got;
	printf("{\"held\": %zu, \"wrong\": %zu, \"broken\": %zu, \"complete\": %zu, \"bytes\": "
	       "%zu}\n",
	       count, wrong, broken, complete, got);
	return wrong + broken > 0;
}
