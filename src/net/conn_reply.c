/* A reply on its way from memory and file into the stream, piece by piece. */
#include <string.h>
#include <unistd.h>

#include "net/conn_state.h"

bool conn_is_gathered(const struct conn *conn)
{
	return conn->gathered == conn->reply.head.len + conn->reply.file_size;
}

/*
 * The next piece of the reply: what is left of the head, then the file; in room, or where it is
 * already. 0 bytes at the end; -1 when the file has become shorter or cannot be read.
 */
static ssize_t next_piece(struct conn *conn, char room[STREAM_PIECE], const char **ret_piece)
{
	const struct reply *reply = &conn->reply;
	size_t len = 0;

	*ret_piece = room;
	if (conn->gathered < reply->head.len && reply->file_size == 0) {
		*ret_piece = reply->head.data + conn->gathered;
		return (ssize_t)str_head(str_skip(buf_view(&reply->head), (size_t)conn->gathered),
					 STREAM_PIECE)
			.len;
	}

	if (conn->gathered < reply->head.len) {
		struct str rest = str_skip(buf_view(&reply->head), (size_t)conn->gathered);

		len = str_head(rest, STREAM_PIECE).len;
		memcpy(room, rest.data, len);
	}
	if (len < STREAM_PIECE && conn->gathered + len >= reply->head.len) {
		uint64_t at = conn->gathered + len - reply->head.len;
		size_t want = STREAM_PIECE - len;
		ssize_t got = 0;

		if (want > reply->file_size - at)
			want = (size_t)(reply->file_size - at);
		if (want > 0)
			got = pread(reply->file, room + len, want, (off_t)at);
		if (got < 0 || (got == 0 && want > 0))
			return -1;
		len += (size_t)got;
	}
	return (ssize_t)len;
}

bool conn_gather(struct conn *conn)
{
	char room[STREAM_PIECE];

	if (conn->reply.head.full)
		return false;
	while (!conn_is_gathered(conn) && stream_has_room(&conn->stream)) {
		const char *piece;
		ssize_t len = next_piece(conn, room, &piece);

		if (len <= 0 || !stream_put(&conn->stream, piece, (size_t)len))
			return false;
		conn->gathered += (uint64_t)len;
	}
	return !conn_is_gathered(conn) || stream_say_end(&conn->stream);
}
