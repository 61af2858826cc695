/* The bytes of one reply on their way out. */
#include "base/reply.h"

#include <unistd.h>

void reply_init(struct reply *reply, size_t max)
{
	*reply = (struct reply){ .file = -1 };
	buf_init(&reply->head, max);
}

void reply_done(struct reply *reply)
{
	buf_done(&reply->head);
	if (reply->file != -1)
		close(reply->file);
	reply->file = -1;
}
