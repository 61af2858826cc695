/*
 * Zones: parts of a site that only those are let into whose client certificate has a
 * key that is listed. What a zone shows is the site's business.
 */
#ifndef PAGE_ZONE_H
#define PAGE_ZONE_H

#include "base/arena.h"
#include "base/str.h"

enum { ZONE_KEY_BYTES = 32 }; /* SHA-256 */

/* SHA-256 of a public key (SPKI), as clients and `openssl x509` tell it. */
struct zone_key {
	unsigned char bytes[ZONE_KEY_BYTES];
};

struct zone {
	struct str path; /* "/preview/" */
	const struct zone_key *keys;
	size_t key_count;
};

/* All of a site. */
struct zones {
	const struct zone *items;
	size_t count;
};

/* What a client has proved of itself: that it holds a key, and that its certificate is valid at this moment. */
struct identity {
	struct zone_key key;
	bool is_valid; /* within the dates of its certificate */
};

enum zone_answer { ZONE_ADMITS, ZONE_ASKS, ZONE_REFUSES, ZONE_FINDS_INVALID };

/* The zone that a clean path lies in, with or without its last slash; NULL: none. zones may be NULL. */
const struct zone *zones_find(const struct zones *zones, struct str path);

/* Whether the zone lets the client in; identity is NULL when it showed no certificate. */
enum zone_answer zone_judge(const struct zone *zone, const struct identity *identity);

/* Reads 64 hexadecimal digits of any case, with or without a colon behind each pair. */
bool zone_key_parse(struct str text, struct zone_key *ret_key);

/* "12AB..." without colons, and with them: as short as a header line needs it, and as clients show it. */
struct str zone_key_digits(struct arena *arena, const struct zone_key *key);
struct str zone_key_text(struct arena *arena, const struct zone_key *key);

#endif
