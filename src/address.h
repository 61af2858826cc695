/* Addresses to listen on, as server.ini writes them: "[::]:1965", "127.0.0.1:7070", "unix:/run/tidings/gemini". */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <sys/socket.h>

#include "base/err.h"

struct address {
	struct sockaddr_storage socket;
	socklen_t socket_len;
	unsigned port; /* 0: the kernel picks one, or a path has none */
};

/*
 * Takes an IPv4 literal or an IPv6 literal in brackets, a colon and a port
 * (0 to 65535) apart, or "unix:" and an absolute path. False with err set (a sentence with the text in it).
 */
bool address_parse(const char *text, struct address *ret_address, struct err *err);

#endif
