/* A request, cleaned: what a protocol makes of one line, and where it came in. */
#ifndef PAGE_REQUEST_H
#define PAGE_REQUEST_H

#include "base/str.h"
#include "page/zone.h"

struct request {
	struct str path;  /* clean, absolute, decoded ("/", "/news/politics/") */
	struct str query; /* search words, decoded, one printable line; may be empty */
	bool has_query;
	bool can_redirect; /* the protocol has redirects; without them pages are answered in place */
	const struct identity *admitted; /* who was let into the zone of the path; NULL: nobody */
};

/*
 * Who we are to the client: the names and port that this protocol is reached
 * by. The first host is canonical and stands in menus and absolute links.
 */
struct origin {
	const struct str *hosts;
	size_t host_count;
	const struct str *neighbours; /* hosts of other sites behind the same listener */
	size_t neighbour_count;
	unsigned port;
	struct str server_name;		 /* what the client named in TLS (SNI); empty: none */
	bool strict_port;		 /* a URL with another port is foreign */
	bool text_lastline;		 /* Gopher: texts end with a lone dot */
	unsigned tls_port;		 /* Gopher: for caps.txt; 0: none */
	struct str admin;		 /* contact address; may be empty */
	struct str description;		 /* name of the paper, for caps.txt */
	const struct zones *zones;	 /* that this protocol lets people into; NULL: none */
	const struct identity *identity; /* what the client's certificate says; NULL: it has none */
};

#endif
