/* Which addresses are of private, local or special networks: nothing is fetched from them unasked. */
#ifndef IMPORT_PRIVATE_ADDRESS_H
#define IMPORT_PRIVATE_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* By the registries of RFC 6890 and its successors; an address in an IPv6 one that carries IPv4 is judged as that. */
bool address_is_private(const struct sockaddr *address);

#endif
