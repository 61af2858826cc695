/* The server's figures in Prometheus's text format 0.0.4. */
#include "metrics.h"
#include "proto/proto.h"
#include "status.h"

enum { SECOND = 1000 };

static void head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_format(out, "# HELP tidings_%s %s\n# TYPE tidings_%s %s\n", name, help, name, type);
}

/* A figure without labels. */
static void figure(struct buf *out, const char *name, const char *type, const char *help,
		   uint64_t value)
{
	head(out, name, type, help);
	buf_format(out, "tidings_%s %llu\n", name, (unsigned long long)value);
}

/* What is told of the one at each post; the last four only while there is one. */
enum of_process { PROCESS_UP, PROCESS_RESTARTS, PROCESS_AGE, PROCESS_LANDLOCK, PROCESS_SECCOMP };

static const struct {
	const char *name;
	const char *type;
	const char *help;
} process_figures[] = {
	[PROCESS_UP] = { "process_up", "gauge", "1 when the process does its work." },
	[PROCESS_RESTARTS] = { "process_restarts_total", "counter",
			       "Successors of processes that died." },
	[PROCESS_AGE] = { "process_age_seconds", "gauge", "Time since the process was started." },
	[PROCESS_LANDLOCK] = { "process_landlock_abi", "gauge",
			       "ABI of Landlock in force; 0 is none." },
	[PROCESS_SECCOMP] = { "process_seccomp", "gauge", "1 when system calls are filtered." },
};

static uint64_t process_value(const struct board *board, const struct board_post *post,
			      enum of_process which, int64_t now)
{
	switch (which) {
	case PROCESS_UP:
		return count_get(&post->pid) && count_get(&post->is_ready);
	case PROCESS_RESTARTS:
		return count_get(&post->restarts);
	case PROCESS_AGE:
		return count_get(&post->pid) ? status_age(post, now) : 0;
	case PROCESS_LANDLOCK:
		return (uint64_t)status_walls(board, post).landlock;
	default:
		return status_walls(board, post).seccomp;
	}
}

static void put_processes(const struct board *board, int64_t now, struct buf *out)
{
	char name[STATUS_NAME];

	for (enum of_process which = PROCESS_UP; which <= PROCESS_SECCOMP; which++) {
		const char *figure_name = process_figures[which].name;

		head(out, figure_name, process_figures[which].type, process_figures[which].help);
		for (size_t i = 0; i < board->posts; i++) {
			if (!status_has_post(board, i))
				continue;
			buf_format(out, "tidings_%s{process=\"%s\"} %llu\n", figure_name,
				   status_name(board, i, name),
				   (unsigned long long)process_value(board, &board->post[i], which,
								     now));
		}
	}
}

static void put_replies(const struct board_seat *total, struct buf *out)
{
	head(out, "replies_total", "counter", "Replies by protocol and class.");
	for (size_t protocol = 0; protocol < proto_count; protocol++) {
		const struct proto *proto = proto_list[protocol];

		for (size_t i = 0; i < BOARD_CLASSES; i++) {
			const char *class = status_class(proto->has_status, i);

			if (class)
				buf_format(out,
					   "tidings_replies_total{protocol=\"%s\",class=\"%s\"} "
					   "%llu\n",
					   proto->name, class,
					   (unsigned long long)total->replies[protocol][i]);
		}
	}
}

static void put_connections(const struct board_seat *total, struct buf *out)
{
	const struct conn_counts *conns = &total->conns;

	figure(out, "connections", "gauge", "Open connections.", conns->open);
	figure(out, "connections_accepted_total", "counter", "Connections taken.", conns->accepted);
	head(out, "handshakes_total", "counter", "TLS handshakes that were done.");
	buf_format(out,
		   "tidings_handshakes_total{kind=\"full\"} %llu\n"
		   "tidings_handshakes_total{kind=\"resumed\"} %llu\n",
		   (unsigned long long)conns->handshakes, (unsigned long long)conns->resumed);
}

/* What is told of each site. */
static const struct {
	const char *name;
	const char *help;
	size_t offset; /* in struct board_scan */
} site_figures[] = {
	{ "articles", "Articles in the catalogue.", offsetof(struct board_scan, articles) },
	{ "files_left_out", "Files of the paper with an error.",
	  offsetof(struct board_scan, left_out) },
	{ "scan_timestamp_seconds", "When the last scan ended.",
	  offsetof(struct board_scan, ended) },
	{ "scan_ok", "1 when the last scan went well.", offsetof(struct board_scan, is_ok) },
};

static void put_sites(const struct board *board, struct buf *out)
{
	for (size_t which = 0; which < sizeof(site_figures) / sizeof(site_figures[0]); which++) {
		head(out, site_figures[which].name, "gauge", site_figures[which].help);
		for (size_t i = 0; i < BOARD_SITES; i++) {
			const struct board_site *site = &board->site[i];
			const char *value = (const char *)&site->scan + site_figures[which].offset;

			if (status_has_post(board, i))
				buf_format(out, "tidings_%s{site=\"%s\"} %llu\n",
					   site_figures[which].name, site->name,
					   (unsigned long long)count_get((const uint64_t *)value));
		}
	}
}

void metrics_write(const struct board *board, int64_t now, struct buf *out)
{
	struct board_seat total = board_total(board);

	head(out, "info", "gauge", "The version that runs.");
	buf_format(out, "tidings_info{version=\"%s\"} 1\n", TIDINGS_VERSION);
	figure(out, "uptime_seconds", "gauge", "Time since the server was started.",
	       (uint64_t)(now - board->born) / SECOND);
	put_processes(board, now, out);
	put_connections(&total, out);
	put_replies(&total, out);
	put_sites(board, out);
	figure(out, "reads_lost_total", "counter", "Reads that the editor did not take.",
	       total.reads_lost);
}
