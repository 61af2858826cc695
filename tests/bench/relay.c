/*
 * A long thin line: relay PORT RTT RATE passes TCP connections on to 127.0.0.1:PORT as a line of that
 * round trip (milliseconds) and rate (bits a second, each way) would. Prints its own port; at
 * SIGTERM what went over the line, as a JSON object.
 *
 * It models the way of each byte: a segment waits until the line is free, takes its own time
 * on it, with 40 bytes of headers for every 1,460, and arrives half a round trip later. The client's
 * first byte leaves a round trip after it has connected, as it would behind the handshake of TCP.
 * It does not model acknowledgements, loss, slow start or the kernel's own timers: what is sent in one
 * go is on the line in one go, which is right for replies within the initial window (RFC 6928).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/shared_cpu.h"
#include "bench/shared_die.h"

enum { PIECE = 1460, HEADERS = 40, QUEUE_MAX = 512, BILLION = 1000 * 1000 * 1000 };

/* One segment on its way. */
struct segment {
	int64_t arrives; /* clock_now() */
	size_t len;	 /* 0: the end */
	char bytes[PIECE];
};

/* One direction of one connection. */
struct way {
	int from, to;
	bool is_ended; /* from has ended */
	int64_t opens; /* nothing leaves before */
	struct segment queue[QUEUE_MAX];
	size_t first, count;
};

struct line {
	struct way ways[2]; /* up and down */
	struct line *next;
};

static struct line *lines;
static int64_t half_trip, nanoseconds_a_byte;
static int64_t is_free[2]; /* when each direction of the line can take the next segment */
static int64_t bytes[2], segments[2];
static volatile sig_atomic_t is_over;

static void on_signal(int number)
{
	(void)number;
	is_over = 1;
}

static int make_socket(struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*address = (struct sockaddr_in){ .sin_family = AF_INET };
	address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd == -1)
		die("socket: %s", strerror(errno));
	return fd;
}

static int listen_anywhere(void)
{
	struct sockaddr_in address;
	socklen_t len = sizeof(address);
	int fd = make_socket(&address);

	if (bind(fd, (struct sockaddr *)&address, len) == -1 || listen(fd, 64) == -1 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) == -1)
		die("listen: %s", strerror(errno));
	printf("%u\n", (unsigned)ntohs(address.sin_port));
	fflush(stdout);
	return fd;
}

static void take_connection(int listener, unsigned short port)
{
	struct line *line = must_alloc(1, sizeof(*line));
	struct sockaddr_in address;
	int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	int server = make_socket(&address);

	address.sin_port = htons(port);
	if (client == -1 || connect(server, (struct sockaddr *)&address, sizeof(address)) == -1)
		die("connect: %s", strerror(errno));
	line->ways[0] = (struct way){ .from = client, .to = server };
	line->ways[1] = (struct way){ .from = server, .to = client };
	line->ways[0].opens = clock_now() + 2 * half_trip;
	line->next = lines;
	lines = line;
}

/* Puts what the sender has on the line, as far as there is room. */
static void send_off(struct way *way, int direction)
{
	int64_t now = clock_now();

	while (!way->is_ended && way->count < QUEUE_MAX && now >= way->opens) {
		struct segment *segment = &way->queue[(way->first + way->count) % QUEUE_MAX];
		ssize_t len = recv(way->from, segment->bytes, PIECE, MSG_DONTWAIT);
		int64_t leaves = now > is_free[direction] ? now : is_free[direction];

		if (len == -1 && (errno == EAGAIN || errno == EINTR))
			return;
		segment->len = len > 0 ? (size_t)len : 0;
		way->is_ended = len <= 0;
		leaves += (int64_t)(segment->len + HEADERS) * nanoseconds_a_byte;
		is_free[direction] = leaves;
		segment->arrives = leaves + half_trip;
		bytes[direction] += (int64_t)segment->len;
		segments[direction]++;
		way->count++;
	}
}

/* Hands over what has arrived. */
static void deliver(struct way *way)
{
	while (way->count && way->queue[way->first].arrives <= clock_now()) {
		const struct segment *segment = &way->queue[way->first];

		if (segment->len == 0)
			shutdown(way->to, SHUT_WR);
		else if (send(way->to, segment->bytes, segment->len, MSG_NOSIGNAL) == -1)
			way->is_ended = true;
		way->first = (way->first + 1) % QUEUE_MAX;
		way->count--;
	}
}

static bool is_done(const struct line *line)
{
	return line->ways[0].is_ended && line->ways[1].is_ended && line->ways[0].count == 0 &&
	       line->ways[1].count == 0;
}

static void step(void)
{
	for (struct line **at = &lines; *at;) {
		struct line *line = *at;

		for (int i = 0; i < 2; i++) {
			send_off(&line->ways[i], i);
			deliver(&line->ways[i]);
		}
		if (!is_done(line)) {
			at = &line->next;
			continue;
		}
		*at = line->next;
		close(line->ways[0].from);
		close(line->ways[0].to);
		free(line);
	}
}

int main(int argc, char **argv)
{
	struct timespec tick = { .tv_nsec = 1000 * 1000 };
	unsigned short port;
	int listener;

	if (argc != 4 || atof(argv[3]) <= 0)
		die("usage: relay PORT RTT RATE");
	port = (unsigned short)atoi(argv[1]);
	half_trip = (int64_t)(atof(argv[2]) * 1e6 / 2);
	nanoseconds_a_byte = (int64_t)(8.0 * BILLION / atof(argv[3]));
	signal(SIGTERM, on_signal);
	signal(SIGPIPE, SIG_IGN);
	listener = listen_anywhere();
	while (!is_over) {
		fd_set ready;

		FD_ZERO(&ready);
		FD_SET(listener, &ready);
		/* A line of this kind is not hurried: it is looked at every millisecond. */
		if (pselect(listener + 1, &ready, NULL, NULL, &tick, NULL) == 1)
			take_connection(listener, port);
		step();
	}
	printf("{\"bytes_up\": %lld, \"bytes_down\": %lld, \"segments_up\": %lld, "
	       "\"segments_down\": %lld}\n",
	       (long long)bytes[0], (long long)bytes[1], (long long)segments[0],
	       (long long)segments[1]);
	return 0;
}
