/*
 * Long-lived memory. Out of memory ends the process: a worker is restarted by
 * the supervisor and nothing is lost, so no caller checks for NULL.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* Zeroed memory for count things of size bytes; free() it. */
void *mem_alloc(size_t count, size_t size);

/* realloc() for count things of size bytes; new bytes are not zeroed. */
void *mem_grow(void *old, size_t count, size_t size);

/* A copy of a C string; free() it. */
char *mem_text(const char *text);

/* A NUL-terminated copy of len bytes; free() it. */
char *mem_copy(const char *data, size_t len);

/* A formatted C string; free() it. */
char *mem_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Ends the process as the others do, for memory that a library could not get. */
void mem_out(void) __attribute__((noreturn));

#endif
