/* Counts, latencies, bytes and segments of many requests. */
#include "bench/shared_tally.h"

#include <linux/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "bench/shared_die.h"

void tally_init(struct tally *tally, size_t max)
{
	*tally = (struct tally){ 0 };
	tally->nanoseconds = must_alloc(max, sizeof(*tally->nanoseconds));
}

static void add_traffic(struct tally *tally, int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (fd == -1 || getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == -1)
		return;
	tally->bytes_in += (int64_t)info.tcpi_bytes_received;
	tally->bytes_out += (int64_t)info.tcpi_bytes_sent;
	tally->segments_in += info.tcpi_segs_in;
	tally->segments_out += info.tcpi_segs_out;
	tally->data_segments_in += info.tcpi_data_segs_in;
	tally->data_segments_out += info.tcpi_data_segs_out;
	/* The kernel counts the server's FIN, which every complete reply has, as a byte. */
	if (info.tcpi_state == 8 /* CLOSE_WAIT */)
		tally->bytes_in--;
}

void tally_add(struct tally *tally, int fd, enum outcome outcome, int64_t nanoseconds)
{
	if (outcome == OUTCOME_RIGHT)
		tally->nanoseconds[tally->count[OUTCOME_RIGHT]] = nanoseconds;
	tally->count[outcome]++;
	tally->done++;
	add_traffic(tally, fd);
}

static int compare(const void *a, const void *b)
{
	int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;

	return (one > other) - (one < other);
}

static double microseconds(const struct tally *tally, double share)
{
	size_t count = tally->count[OUTCOME_RIGHT];

	return count == 0 ? 0
			  : (double)tally->nanoseconds[(size_t)(share * (double)(count - 1))] / 1e3;
}

void tally_print(struct tally *tally, int64_t cpu_ns, double seconds)
{
	double each = tally->done ? (double)tally->done : 1;

	qsort(tally->nanoseconds, tally->count[OUTCOME_RIGHT], sizeof(*tally->nanoseconds),
	      compare);
	printf("{\"requests\": %zu, \"wrong\": %zu, \"broken\": %zu, \"not_resumed\": %zu, "
	       "\"late\": %zu",
	       tally->done, tally->count[OUTCOME_WRONG], tally->count[OUTCOME_BROKEN],
	       tally->count[OUTCOME_NOT_RESUMED], tally->count[OUTCOME_LATE]);
	printf(", \"seconds\": %.4f, \"per_second\": %.1f, \"cpu_us\": %.3f", seconds,
	       (double)tally->done / seconds, (double)cpu_ns / 1e3 / each);
	printf(", \"bytes_in\": %.2f, \"bytes_out\": %.2f", (double)tally->bytes_in / each,
	       (double)tally->bytes_out / each);
	printf(", \"segments_in\": %.3f, \"empty_in\": %.3f", (double)tally->segments_in / each,
	       (double)(tally->segments_in - tally->data_segments_in) / each);
	printf(", \"segments_out\": %.3f, \"empty_out\": %.3f", (double)tally->segments_out / each,
	       (double)(tally->segments_out - tally->data_segments_out) / each);
	printf(", \"p50_us\": %.1f, \"p99_us\": %.1f, \"max_us\": %.1f}\n",
	       microseconds(tally, 0.5), microseconds(tally, 0.99), microseconds(tally, 1));
}

size_t tally_failures(const struct tally *tally)
{
	return tally->done - tally->count[OUTCOME_RIGHT];
}
