/* Zones: which path lies in one, and who is let in. */
#include "page/zone.h"

#include <string.h>

enum { TEXT_BYTES = ZONE_KEY_BYTES * 3 };

const struct zone *zones_find(const struct zones *zones, struct str path)
{
	for (size_t i = 0; zones && i < zones->count; i++) {
		const struct zone *zone = &zones->items[i];

		if (str_starts(path, zone->path) ||
		    str_eq(path, str_head(zone->path, zone->path.len - 1)))
			return zone;
	}
	return NULL;
}

enum zone_answer zone_judge(const struct zone *zone, const struct identity *identity)
{
	if (!identity)
		return ZONE_ASKS;
	for (size_t i = 0; i < zone->key_count; i++)
		if (memcmp(zone->keys[i].bytes, identity->key.bytes, ZONE_KEY_BYTES) == 0)
			return identity->is_valid ? ZONE_ADMITS : ZONE_FINDS_INVALID;
	return ZONE_REFUSES;
}

/* -1: no hexadecimal digit */
static int digit_of(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

bool zone_key_parse(struct str text, struct zone_key *ret_key)
{
	struct zone_key key;

	for (size_t i = 0; i < ZONE_KEY_BYTES; i++) {
		int high = text.len > 1 ? digit_of(text.data[0]) : -1;
		int low = text.len > 1 ? digit_of(text.data[1]) : -1;

		if (high == -1 || low == -1)
			return false;
		key.bytes[i] = (unsigned char)(high << 4 | low);
		text = str_skip(text, 2);
		if (i + 1 < ZONE_KEY_BYTES && str_starts(text, STR(":")))
			text = str_skip(text, 1);
	}
	if (text.len)
		return false;
	*ret_key = key;
	return true;
}

static struct str write_key(struct arena *arena, const struct zone_key *key, bool has_colons)
{
	static const char digits[] = "0123456789ABCDEF";
	char text[TEXT_BYTES];
	size_t len = 0;

	for (size_t i = 0; i < ZONE_KEY_BYTES; i++) {
		if (has_colons && i > 0)
			text[len++] = ':';
		text[len++] = digits[key->bytes[i] >> 4];
		text[len++] = digits[key->bytes[i] & 15];
	}
	return arena_str(arena, (struct str){ text, len });
}

struct str zone_key_digits(struct arena *arena, const struct zone_key *key)
{
	return write_key(arena, key, false);
}

struct str zone_key_text(struct arena *arena, const struct zone_key *key)
{
	return write_key(arena, key, true);
}
