/* The state of a running server in words, for people and for programs. */
#ifndef STATUS_H
#define STATUS_H

#include "base/buf.h"
#include "board.h"

/* The socket in the state folder that answers with status_json(), then status_text(). */
#define STATUS_SOCKET "status.sock"

enum { STATUS_BYTES_MAX = 1 << 20, STATUS_NAME = 80 };

/*
 * Each appends the whole report at now, which is loop_now(): as JSON on one line with its LF, or
 * as lines for people.
 */
void status_json(const struct board *board, int64_t now, struct buf *out);
void status_text(const struct board *board, int64_t now, struct buf *out);

/* Whether a post of the board is one at the moment: there are editors' posts for more sites than are served. */
bool status_has_post(const struct board *board, size_t post);

/* Who works at a post of the board: "editor", "editor NAME" of a further site, "worker 1", "metrics". */
const char *status_name(const struct board *board, size_t post, char out[STATUS_NAME]);

/* The name of a class of replies: "2x", "ok"; NULL when such a protocol does not have it. */
const char *status_class(bool has_status, size_t class);

/* Seconds since the one at a post was started. */
uint64_t status_age(const struct board_post *post, int64_t now);

/* The walls around the one at a post. */
struct sandbox status_walls(const struct board *board, const struct board_post *post);

#endif
