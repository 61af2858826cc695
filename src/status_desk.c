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
	struct hook *hook;
};

static void on_question(void *context)
{
	const struct status_desk *desk = context;
	const struct board *board = desk->crew->board;
	struct buf out;

	crew_tell(desk->crew);
	buf_init(&out, STATUS_BYTES_MAX);
	status_json(board, loop_now(), &out);
	status_text(board, loop_now(), &out);
	talk_tell(desk->listener, buf_view(&out));
	buf_done(&out);
}

struct status_desk *status_desk_open(struct crew *crew, const char *folder, struct err *err)
{
	int listener = talk_listen(folder, STATUS_SOCKET, err);
	struct status_desk *desk;

	if (listener == -1)
		return NULL;
	desk = mem_alloc(1, sizeof(*desk));
	*desk = (struct status_desk){ .crew = crew, .listener = listener };
	desk->hook = loop_on_readable(crew->loop, listener, on_question, desk);
	return desk;
}

void status_desk_close(struct status_desk *desk)
{
	if (!desk)
		return;
	hook_free(desk->hook);
	close(desk->listener);
	free(desk);
}
