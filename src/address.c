/* Addresses to listen on. */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

#include "base/str.h"

static bool literal_parse(const char *literal, bool is_ipv6, struct address *address)
{
	struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)&address->socket;
	struct sockaddr_in *ipv4 = (struct sockaddr_in *)&address->socket;

	if (is_ipv6) {
		ipv6->sin6_family = AF_INET6;
		ipv6->sin6_port = htons((uint16_t)address->port);
		address->socket_len = sizeof(*ipv6);
		return inet_pton(AF_INET6, literal, &ipv6->sin6_addr) == 1;
	}
	ipv4->sin_family = AF_INET;
	ipv4->sin_port = htons((uint16_t)address->port);
	address->socket_len = sizeof(*ipv4);
	return inet_pton(AF_INET, literal, &ipv4->sin_addr) == 1;
}

static bool path_parse(const char *text, struct address *ret_address, struct err *err)
{
	struct address address = { .socket_len = sizeof(struct sockaddr_un) };
	struct sockaddr_un *local = (struct sockaddr_un *)&address.socket;
	struct str path = str_skip(str_from(text), strlen("unix:"));

	local->sun_family = AF_UNIX;
	if (!str_starts(path, STR("/")) || path.len >= sizeof(local->sun_path))
		return err_set(err, "\"%s\" is not unix: and an absolute path of at most %zu bytes",
			       text, sizeof(local->sun_path) - 1);
	memcpy(local->sun_path, path.data, path.len);
	*ret_address = address;
	return true;
}

bool address_parse(const char *text, struct address *ret_address, struct err *err)
{
	struct str whole = str_from(text);
	size_t colon = str_rfind(whole, ':');
	struct str host = str_head(whole, colon);
	bool is_ipv6 = str_starts(host, STR("[")) && str_ends(host, STR("]"));
	struct address address = { .port = 0 };
	char literal[INET6_ADDRSTRLEN];
	uint64_t port;

	if (str_starts(whole, STR("unix:")))
		return path_parse(text, ret_address, err);
	if (colon == whole.len || !str_number(str_skip(whole, colon + 1), 65535, &port))
		return err_set(err,
			       "\"%s\" is not ADDRESS:PORT with a port from 0 to 65535, such as "
			       "[::]:1965 or 0.0.0.0:1965",
			       text);
	if (is_ipv6)
		host = (struct str){ host.data + 1, host.len - 2 };
	address.port = (unsigned)port;
	if (host.len < sizeof(literal)) {
		memcpy(literal, host.data, host.len);
		literal[host.len] = '\0';
	}
	if (host.len >= sizeof(literal) || !literal_parse(literal, is_ipv6, &address))
		return err_set(
			err,
			"\"%s\" does not start with an address: write 0.0.0.0 or another IPv4 "
			"address, or an IPv6 address in brackets such as [::]",
			text);
	*ret_address = address;
	return true;
}
