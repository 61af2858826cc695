/*
 * Preloaded into a server under test: makes one allocation of one request fail. The test arms it in a
 * file that every process has mapped since before the walls closed, so that it needs no system call.
 * The process that accepts the next connection owns the fault from then on.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What test_allocations.py writes and reads, in this order. */
struct fault {
	_Atomic uint32_t nth;	   /* which allocation from accept(2) on; 0: not armed */
	_Atomic uint32_t and_more; /* those after it fail, too */
	_Atomic int32_t owner;	   /* process; 0: nobody has accepted yet */
	_Atomic uint32_t count;	   /* allocations of the owner so far */
	_Atomic uint32_t fired;
};

static struct fault *fault;

/* glibc's own, under the names by which a replacement reaches them. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

__attribute__((constructor)) static void map(void)
{
	const char *path = getenv("TIDINGS_FAULT");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *page = MAP_FAILED;

	if (fd != -1) {
		page = mmap(NULL, sizeof(*fault), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		close(fd);
	}
	if (page == MAP_FAILED)
		abort(); /* a test without its fault would prove nothing */
	fault = page;
}

static bool is_due(void)
{
	uint32_t nth = fault ? fault->nth : 0;
	uint32_t number;

	if (!nth || !fault->owner || fault->owner != getpid())
		return false;
	number = ++fault->count;
	if (number != nth && !(fault->and_more && number > nth))
		return false;
	fault->fired = 1;
	errno = ENOMEM;
	return true;
}

int accept4(int fd, struct sockaddr *address, socklen_t *len, int flags)
{
	int accepted = (int)syscall(SYS_accept4, fd, address, len, flags);
	int32_t nobody = 0;

	if (accepted != -1 && fault->nth)
		atomic_compare_exchange_strong(&fault->owner, &nobody, getpid());
	return accepted;
}

void *malloc(size_t size)
{
	return is_due() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return is_due() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return is_due() ? NULL : __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size)
{
	return is_due() ? NULL : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

int posix_memalign(void **ret_memory, size_t alignment, size_t size)
{
	void *memory = memalign(alignment, size);

	if (!memory)
		return ENOMEM;
	*ret_memory = memory;
	return 0;
}
