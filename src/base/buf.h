/* A growing byte buffer with a ceiling; what every writer writes into. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

/*
 * An append that would pass max sets full and adds nothing; so does every
 * append after it. Writers therefore append without checking; their caller
 * looks at full once, at the end.
 */
struct buf {
	char *data;
	size_t len;
	size_t cap;
	size_t max;
	bool full;
};

/* An empty buffer that may hold at most max bytes. Nothing is allocated yet. */
void buf_init(struct buf *buf, size_t max);

/* Frees the bytes; the buffer is empty and usable again with the same max. */
void buf_done(struct buf *buf);

/* Forgets the bytes but keeps the memory. */
void buf_clear(struct buf *buf);

void buf_bytes(struct buf *buf, const void *data, size_t len);
void buf_str(struct buf *buf, struct str s);
void buf_char(struct buf *buf, char byte);
void buf_repeat(struct buf *buf, char byte, size_t count);
void buf_number(struct buf *buf, uint64_t number); /* decimal */
void buf_format(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What is in the buffer, borrowed until the next append. */
struct str buf_view(const struct buf *buf);

#endif
