/* How much a server takes on. */
#include "capacity.h"

#include <unistd.h>

#include "base/log.h"
#include "net/socket.h"

enum { SPARE_DESCRIPTORS = 64 }; /* of a worker, for what is not a connection */

size_t capacity_workers(const struct config *config)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (config->workers)
		return config->workers;
	return cores > 0 ? (size_t)cores : 1;
}

size_t capacity_connections(const struct config *config, size_t workers)
{
	size_t descriptors = socket_raise_limit();
	size_t room = descriptors > 2 * SPARE_DESCRIPTORS ? (descriptors - SPARE_DESCRIPTORS) / 2
							  : SPARE_DESCRIPTORS / 2;
	size_t share = (config->connections + workers - 1) / workers;

	if (share <= room)
		return share;
	log_warn("a worker holds %zu connections, not %zu: it may open %zu descriptors only", room,
		 share, descriptors);
	return room;
}
