/* What processes have used of the processor. */
#ifndef BENCH_SHARED_CPU_H
#define BENCH_SHARED_CPU_H

#include <stdint.h>
#include <sys/types.h>

/*
 * Nanoseconds, in user mode and in the kernel, of a process, its threads and all processes below it.
 * Of those that have ended and been waited for to 10 ms, of the others exactly.
 */
int64_t cpu_of_tree(pid_t pid);

/* Nanoseconds of the monotonic clock. */
int64_t clock_now(void);

#endif
