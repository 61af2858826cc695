/* Answering `tidings status`. */
#include "status_desk.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/talk.h"
#include "status.h"

struct status_desk {
	struct crew *crew;
	int listener;
	struct hook *hook;  /* NULL: paused */
	struct hook *pause; /* after descriptors ran out, or the like */
};

enum { PAUSE_TIME = 1000 };

static void on_question(void *context)
{
	struct status_desk *desk = context;
	const struct board *board = desk->crew->board;
	struct buf out;

	crew_tell(desk->crew);
	buf_init(&out, STATUS_BYTES_MAX);
	status_json(board, loop_now(), &out);
	status_text(board, loop_now(), &out);
	if (!talk_tell(desk->listener, buf_view(&out))) {
		hook_free(desk->hook);
		desk->hook = NULL;
		hook_arm(desk->pause, PAUSE_TIME);
	}
	buf_done(&out);
}

static void listen_again(void *context)
{
	struct status_desk *desk = context;

	desk->hook = loop_try_readable(desk->crew->loop, desk->listener, on_question, desk);
	if (!desk->hook)
		hook_arm(desk->pause, PAUSE_TIME);
}

struct status_desk *status_desk_open(struct crew *crew, const char *folder, struct err *err)
{
	int listener = talk_listen(folder, STATUS_SOCKET, err);
	struct status_desk *desk;

	if (listener == -1)
		return NULL;
	desk = mem_alloc(1, sizeof(*desk));
	*desk = (struct status_desk){ .crew = crew, .listener = listener };
	desk->pause = loop_timer(crew->loop, listen_again, desk);
	listen_again(desk);
	return desk;
}

void status_desk_close(struct status_desk *desk)
{
	if (!desk)
		return;
	hook_free(desk->hook);
	hook_free(desk->pause);
	close(desk->listener);
	free(desk);
}
