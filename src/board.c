/* What the processes tell of themselves. */
#include "board.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/mem.h"
#include "net/loop.h"

enum { WALL_PRIVILEGES = 1, WALL_CALLS = 2, WALL_FILES_SHIFT = 8 };

struct board *board_new(size_t seats, size_t workers, bool has_metrics, struct err *err)
{
	struct board *board = mem_alloc(1, sizeof(*board));
	size_t posts = BOARD_SITES + workers + has_metrics;
	char *memory;

	board->born = loop_now();
	board->seats = seats;
	board->workers = workers;
	board->posts = posts;
	board->bytes = sizeof(*board->finishing) + BOARD_SITES * sizeof(*board->site) +
		       posts * sizeof(*board->post) + seats * sizeof(*board->seat);
	memory = mmap(NULL, board->bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (memory == MAP_FAILED) {
		err_set(err, "the counters: %s", strerror(errno));
		free(board);
		return NULL;
	}
	board->finishing = (uint64_t *)memory;
	board->site = (struct board_site *)(board->finishing + 1);
	board->post = (struct board_post *)(board->site + BOARD_SITES);
	board->seat = (struct board_seat *)(board->post + posts);
	return board;
}

void board_free(struct board *board)
{
	if (!board)
		return;
	munmap(board->finishing, board->bytes);
	free(board);
}

void board_name_site(struct board_site *site, struct str name)
{
	name = str_head(name, BOARD_SITE_NAME - 1);
	if (name.len > 0)
		memcpy(site->name, name.data, name.len);
	memset(site->name + name.len, '\0', BOARD_SITE_NAME - name.len);
	count_set(&site->is_served, name.len > 0);
}

static size_t class_of(const struct reply *reply)
{
	if (reply->status == 0)
		return reply->is_error ? CLASS_ERROR : CLASS_OK;
	return reply->status >= 10 && reply->status < 70 ? (size_t)reply->status / 10 : CLASS_ERROR;
}

void board_reply(struct board_seat *seat, size_t protocol, const struct reply *reply)
{
	if (protocol < BOARD_PROTOCOLS)
		count_up(&seat->replies[protocol][class_of(reply)]);
}

void board_put_walls(uint64_t *walls, const struct sandbox *sandbox)
{
	uint64_t abi = sandbox->landlock > 0 ? (uint64_t)sandbox->landlock : 0;

	count_set(walls, (sandbox->no_new_privileges ? WALL_PRIVILEGES : 0) |
				 (sandbox->seccomp ? WALL_CALLS : 0) | abi << WALL_FILES_SHIFT);
}

struct sandbox board_walls(const struct board_seat *seat)
{
	uint64_t walls = count_get(&seat->walls);

	return (struct sandbox){
		.no_new_privileges = walls & WALL_PRIVILEGES,
		.landlock = (int)(walls >> WALL_FILES_SHIFT & 0xff),
		.seccomp = walls & WALL_CALLS,
	};
}

void board_leave(struct board_seat *seat)
{
	count_set(&seat->conns.open, 0);
	count_set(&seat->walls, 0);
}

static void add(struct board_seat *total, const struct board_seat *seat)
{
	total->conns.open += count_get(&seat->conns.open);
	total->conns.accepted += count_get(&seat->conns.accepted);
	total->conns.handshakes += count_get(&seat->conns.handshakes);
	total->conns.resumed += count_get(&seat->conns.resumed);
	total->reads_lost += count_get(&seat->reads_lost);
	for (size_t protocol = 0; protocol < BOARD_PROTOCOLS; protocol++)
		for (size_t i = 0; i < BOARD_CLASSES; i++)
			total->replies[protocol][i] += count_get(&seat->replies[protocol][i]);
}

struct board_seat board_total(const struct board *board)
{
	struct board_seat total = { .walls = 0 };

	for (size_t i = 0; i < board->seats; i++)
		add(&total, &board->seat[i]);
	return total;
}
