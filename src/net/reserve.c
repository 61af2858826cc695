/* Descriptors that are kept back: event counters, which need nothing else of the system. */
#include "net/reserve.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

void reserve_init(struct reserve *reserve)
{
	for (int i = 0; i < RESERVE_COUNT; i++)
		reserve->kept[i] = -1;
	reserve->is_whole = false;
}

bool reserve_fill(struct reserve *reserve)
{
	int more = -1;

	if (reserve->is_whole)
		return true;
	reserve->is_whole = true;
	for (int i = 0; i < RESERVE_COUNT; i++) {
		reserve->kept[i] = eventfd(0, EFD_CLOEXEC);
		if (reserve->kept[i] == -1)
			reserve->is_whole = false;
	}
	if (reserve->is_whole)
		more = eventfd(0, EFD_CLOEXEC);
	if (more != -1)
		close(more);
	else
		reserve_release(reserve);
	return reserve->is_whole;
}

bool reserve_release(struct reserve *reserve)
{
	bool had = reserve->is_whole;

	for (int i = 0; i < RESERVE_COUNT; i++) {
		if (reserve->kept[i] != -1)
			close(reserve->kept[i]);
		reserve->kept[i] = -1;
	}
	reserve->is_whole = false;
	return had;
}

bool reserve_is_needed(void)
{
	int fd = eventfd(0, EFD_CLOEXEC);

	if (fd == -1)
		return errno == EMFILE || errno == ENFILE;
	close(fd);
	return false;
}
