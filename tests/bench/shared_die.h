/* How a measuring program ends that cannot go on. */
#ifndef BENCH_SHARED_DIE_H
#define BENCH_SHARED_DIE_H

#include <stddef.h>

/* Prints a line to standard error and ends with 2, which is never the code of a measurement. */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Memory that is there: zeroed, and the program ends when there is none. */
void *must_alloc(size_t count, size_t size);

#endif
