/* The state of a running server, for people and as JSON. */
#include "status.h"

#include <stdio.h>

#include "base/date.h"
#include "proto/proto.h"

enum { SECOND = 1000, MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

const char *status_name(const struct board *board, size_t post, char out[STATUS_NAME])
{
	if (post >= BOARD_SITES + board->workers)
		snprintf(out, STATUS_NAME, "metrics");
	else if (post >= BOARD_SITES)
		snprintf(out, STATUS_NAME, "worker %zu", post - BOARD_SITES + 1);
	else if (post == 0)
		snprintf(out, STATUS_NAME, "editor");
	else
		snprintf(out, STATUS_NAME, "editor %s", board->site[post].name);
	return out;
}

bool status_has_post(const struct board *board, size_t post)
{
	return post >= BOARD_SITES || count_get(&board->site[post].is_served);
}

const char *status_class(bool has_status, size_t class)
{
	static const char *const classes[] = { "ok", "1x", "2x", "3x", "4x", "5x", "6x", "error" };
	bool is_number = class > CLASS_OK && class < CLASS_ERROR;

	return is_number == has_status ? classes[class] : NULL;
}

uint64_t status_age(const struct board_post *post, int64_t now)
{
	return (uint64_t)(now - (int64_t)count_get(&post->born)) / SECOND;
}

struct sandbox status_walls(const struct board *board, const struct board_post *post)
{
	uint64_t seat = count_get(&post->seat);

	if (seat >= board->seats)
		return (struct sandbox){ 0 };
	return board_walls(&board->seat[seat]);
}

static const char *yes(bool is_so)
{
	return is_so ? "true" : "false";
}

static void json_process(const struct board *board, size_t i, int64_t now, struct buf *out)
{
	const struct board_post *post = &board->post[i];
	struct sandbox walls = status_walls(board, post);
	char name[STATUS_NAME];
	uint64_t pid = count_get(&post->pid);

	buf_format(out, "{\"name\":\"%s\",\"restarts\":%llu", status_name(board, i, name),
		   (unsigned long long)count_get(&post->restarts));
	if (pid)
		buf_format(out,
			   ",\"pid\":%llu,\"age\":%llu,\"ready\":%s,\"no_new_privs\":%s,"
			   "\"landlock\":%d,\"seccomp\":%s",
			   (unsigned long long)pid, (unsigned long long)status_age(post, now),
			   yes(count_get(&post->is_ready)), yes(walls.no_new_privileges),
			   walls.landlock, yes(walls.seccomp));
	buf_str(out, STR("}"));
}

static void json_replies(const struct board_seat *total, size_t protocol, struct buf *out)
{
	const struct proto *proto = proto_list[protocol];
	const char *comma = "";

	buf_format(out, "%s\"%s\":{", protocol ? "," : "", proto->name);
	for (size_t i = 0; i < BOARD_CLASSES; i++) {
		const char *class = status_class(proto->has_status, i);

		if (!class)
			continue;
		buf_format(out, "%s\"%s\":%llu", comma, class,
			   (unsigned long long)total->replies[protocol][i]);
		comma = ",";
	}
	buf_str(out, STR("}"));
}

static void json_site(const struct board_site *site, struct buf *out)
{
	const struct board_scan *scan = &site->scan;
	uint64_t ended = count_get(&scan->ended);
	char when[DATE_TEXT];

	buf_format(out,
		   "{\"name\":\"%s\",\"articles\":%llu,\"files\":%llu,\"left_out\":%llu,"
		   "\"scan_ok\":%s,\"scan_milliseconds\":%llu,\"scanned\":",
		   site->name, (unsigned long long)count_get(&scan->articles),
		   (unsigned long long)count_get(&scan->files),
		   (unsigned long long)count_get(&scan->left_out), yes(count_get(&scan->is_ok)),
		   (unsigned long long)count_get(&scan->milliseconds));
	if (ended)
		buf_format(out, "\"%s\"}", date_rfc3339((int64_t)ended, when));
	else
		buf_str(out, STR("null}"));
}

static void json_sites(const struct board *board, struct buf *out)
{
	const char *comma = "";

	buf_str(out, STR("\"sites\":["));
	for (size_t i = 0; i < BOARD_SITES; i++) {
		if (!status_has_post(board, i))
			continue;
		buf_str(out, str_from(comma));
		json_site(&board->site[i], out);
		comma = ",";
	}
	buf_str(out, STR("]"));
}

static void json_processes(const struct board *board, int64_t now, struct buf *out)
{
	const char *comma = "";

	buf_str(out, STR("\"processes\":["));
	for (size_t i = 0; i < board->posts; i++) {
		if (!status_has_post(board, i))
			continue;
		buf_str(out, str_from(comma));
		json_process(board, i, now, out);
		comma = ",";
	}
	buf_str(out, STR("]"));
}

void status_json(const struct board *board, int64_t now, struct buf *out)
{
	struct board_seat total = board_total(board);

	buf_format(out, "{\"version\":\"%s\",\"uptime\":%llu,", TIDINGS_VERSION,
		   (unsigned long long)(now - board->born) / SECOND);
	json_processes(board, now, out);
	buf_format(out, ",\"finishing\":%llu,\"connections\":{\"open\":%llu,\"accepted\":%llu}",
		   (unsigned long long)count_get(board->finishing),
		   (unsigned long long)total.conns.open, (unsigned long long)total.conns.accepted);
	buf_str(out, STR(",\"replies\":{"));
	for (size_t i = 0; i < proto_count; i++)
		json_replies(&total, i, out);
	buf_format(out, "},\"handshakes\":{\"full\":%llu,\"resumed\":%llu},",
		   (unsigned long long)total.conns.handshakes,
		   (unsigned long long)total.conns.resumed);
	json_sites(board, out);
	buf_format(out, ",\"reads_lost\":%llu}\n", (unsigned long long)total.reads_lost);
}

/* "3 d 4 h", "12 min 5 s": the two largest units. */
static const char *duration(uint64_t seconds, char out[STATUS_NAME])
{
	unsigned long long s = seconds;

	if (s >= DAY)
		snprintf(out, STATUS_NAME, "%llu d %llu h", s / DAY, s % DAY / HOUR);
	else if (s >= HOUR)
		snprintf(out, STATUS_NAME, "%llu h %llu min", s / HOUR, s % HOUR / MINUTE);
	else if (s >= MINUTE)
		snprintf(out, STATUS_NAME, "%llu min %llu s", s / MINUTE, s % MINUTE);
	else
		snprintf(out, STATUS_NAME, "%llu s", s);
	return out;
}

static void text_process(const struct board *board, size_t i, int64_t now, struct buf *out)
{
	const struct board_post *post = &board->post[i];
	struct sandbox walls = status_walls(board, post);
	char name[STATUS_NAME];
	char age[STATUS_NAME];
	char landlock[STATUS_NAME] = "none";

	buf_format(out, "%-11s ", status_name(board, i, name));
	if (count_get(&post->pid) == 0) {
		buf_format(out, "missing, its successor is on the way; restarts %llu\n",
			   (unsigned long long)count_get(&post->restarts));
		return;
	}
	if (walls.landlock)
		snprintf(landlock, sizeof(landlock), "ABI %d", walls.landlock);
	buf_format(out,
		   "pid %llu, for %s, restarts %llu, no_new_privs %s, landlock %s, seccomp %s%s\n",
		   (unsigned long long)count_get(&post->pid), duration(status_age(post, now), age),
		   (unsigned long long)count_get(&post->restarts),
		   walls.no_new_privileges ? "yes" : "no", landlock, walls.seccomp ? "yes" : "no",
		   count_get(&post->is_ready) ? "" : ", not ready yet");
}

static void text_replies(const struct board_seat *total, size_t protocol, struct buf *out)
{
	const struct proto *proto = proto_list[protocol];

	buf_format(out, "%-12sreplies", proto->name);
	for (size_t i = 0; i < BOARD_CLASSES; i++) {
		const char *class = status_class(proto->has_status, i);

		if (class)
			buf_format(out, "  %s %llu", class,
				   (unsigned long long)total->replies[protocol][i]);
	}
	buf_str(out, STR("\n"));
}

static void text_site(const struct board_site *site, struct buf *out)
{
	const struct board_scan *scan = &site->scan;
	uint64_t ended = count_get(&scan->ended);
	char when[DATE_TEXT];

	buf_format(out, "%-12s%s: %llu articles; ", "site", site->name,
		   (unsigned long long)count_get(&scan->articles));
	if (!ended)
		buf_str(out, STR("not scanned yet\n"));
	else if (!count_get(&scan->is_ok))
		buf_format(out, "last scan %s FAILED, see the log\n",
			   date_rfc3339((int64_t)ended, when));
	else
		buf_format(out, "last scan %s ok in %llu ms: %llu files, %llu left out\n",
			   date_rfc3339((int64_t)ended, when),
			   (unsigned long long)count_get(&scan->milliseconds),
			   (unsigned long long)count_get(&scan->files),
			   (unsigned long long)count_get(&scan->left_out));
}

void status_text(const struct board *board, int64_t now, struct buf *out)
{
	struct board_seat total = board_total(board);
	uint64_t finishing = count_get(board->finishing);
	char age[STATUS_NAME];

	buf_format(out, "tidings %s, running for %s\n", TIDINGS_VERSION,
		   duration((uint64_t)(now - board->born) / SECOND, age));
	for (size_t i = 0; i < board->posts; i++)
		if (status_has_post(board, i))
			text_process(board, i, now, out);
	if (finishing)
		buf_format(out, "%-12s%llu old workers\n", "finishing",
			   (unsigned long long)finishing);
	buf_format(out, "%-12s%llu open, %llu accepted\n", "connections",
		   (unsigned long long)total.conns.open, (unsigned long long)total.conns.accepted);
	for (size_t i = 0; i < proto_count; i++)
		text_replies(&total, i, out);
	buf_format(out, "%-12s%llu full handshakes, %llu resumed\n", "TLS",
		   (unsigned long long)total.conns.handshakes,
		   (unsigned long long)total.conns.resumed);
	for (size_t i = 0; i < BOARD_SITES; i++)
		if (status_has_post(board, i))
			text_site(&board->site[i], out);
	buf_format(out, "%-12s%llu lost\n", "reads", (unsigned long long)total.reads_lost);
}
