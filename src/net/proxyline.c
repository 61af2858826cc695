/* The PROXY protocol's two headers. Nothing is read past their end, nothing is guessed. */
#include "net/proxyline.h"

#include <arpa/inet.h>
#include <string.h>

#include "net/peer.h"

enum {
	V2_FIXED = 16, /* signature, version and command, family, length */
	V2_LOCAL = 0x20,
	V2_PROXY = 0x21,
	V2_UNSPECIFIED = 0x00,
	V2_TCP4 = 0x11,
	V2_TCP6 = 0x21,
	V2_UNIX = 0x31,
};

static const struct str v1_start = { "PROXY ", 6 };
static const struct str v2_start = { "\r\n\r\n\0\r\nQUIT\n", 12 };

static struct in6_addr mapped(struct in_addr address)
{
	struct sockaddr_in ipv4 = { .sin_family = AF_INET, .sin_addr = address };

	return peer_address((const struct sockaddr *)&ipv4);
}

static bool is_port(struct str text)
{
	uint64_t port;

	return str_number(text, 65535, &port) && (text.len == 1 || text.data[0] != '0');
}

static bool literal_parse(struct str text, int family, struct in6_addr *ret_address)
{
	char literal[INET6_ADDRSTRLEN] = "";
	struct in_addr ipv4;

	if (text.len >= sizeof(literal) || memchr(text.data, '\0', text.len))
		return false;
	memcpy(literal, text.data, text.len);
	if (family == AF_INET6)
		return inet_pton(AF_INET6, literal, ret_address) == 1;
	if (inet_pton(AF_INET, literal, &ipv4) != 1)
		return false;
	*ret_address = mapped(ipv4);
	return true;
}

/* "TCP4 192.0.2.1 192.0.2.2 40000 1965": one space between, none at the end. */
static bool v1_fields(struct str text, struct in6_addr *ret_source)
{
	struct str fields[5] = { 0 };
	struct in6_addr destination;
	size_t count = 0;
	int family;

	if (str_ends(text, STR(" ")))
		return false;
	while (count < 5 && str_next(&text, ' ', &fields[count]))
		count++;
	if (count < 5 || text.len > 0)
		return false;
	if (str_eq(fields[0], STR("TCP4")))
		family = AF_INET;
	else if (str_eq(fields[0], STR("TCP6")))
		family = AF_INET6;
	else
		return false;
	return literal_parse(fields[1], family, ret_source) &&
	       literal_parse(fields[2], family, &destination) && is_port(fields[3]) &&
	       is_port(fields[4]);
}

static enum proxyline_state v1_scan(struct str bytes, struct proxyline *ret_line)
{
	struct str seen = str_head(bytes, PROXYLINE_V1_MAX);
	size_t end = str_search(seen, STR("\r\n"));
	struct proxyline line = { .len = end + 2 };
	struct str text = str_skip(str_head(seen, end), v1_start.len);

	if (end == seen.len)
		return seen.len < PROXYLINE_V1_MAX ? PROXYLINE_PART : PROXYLINE_BAD;
	if (!str_eq(text, STR("UNKNOWN")) && !str_starts(text, STR("UNKNOWN "))) {
		if (!v1_fields(text, &line.address))
			return PROXYLINE_BAD;
		line.has_address = true;
	}
	*ret_line = line;
	return PROXYLINE_WHOLE;
}

/* Least bytes of a family's addresses; -1: a family that no connection to us can have. */
static int v2_least(unsigned char family)
{
	switch (family) {
	case V2_UNSPECIFIED:
		return 0;
	case V2_TCP4:
		return 12;
	case V2_TCP6:
		return 36;
	case V2_UNIX:
		return 216;
	default:
		return -1;
	}
}

static void v2_address(const unsigned char *body, unsigned char family, struct proxyline *line)
{
	struct in_addr ipv4;

	line->has_address = family == V2_TCP4 || family == V2_TCP6;
	if (family == V2_TCP6) {
		memcpy(&line->address, body, sizeof(line->address));
	} else if (family == V2_TCP4) {
		memcpy(&ipv4, body, sizeof(ipv4));
		line->address = mapped(ipv4);
	}
}

static enum proxyline_state v2_scan(struct str bytes, struct proxyline *ret_line)
{
	const unsigned char *data = (const unsigned char *)bytes.data;
	struct proxyline line = { 0 };
	size_t body;

	if (bytes.len < V2_FIXED)
		return PROXYLINE_PART;
	body = (size_t)data[14] << 8 | data[15];
	if ((data[12] != V2_LOCAL && data[12] != V2_PROXY) || body > PROXYLINE_V2_BODY)
		return PROXYLINE_BAD;
	if (data[12] == V2_PROXY && (v2_least(data[13]) == -1 || (int)body < v2_least(data[13])))
		return PROXYLINE_BAD;
	line.len = V2_FIXED + body;
	if (bytes.len < line.len)
		return PROXYLINE_PART;
	if (data[12] == V2_PROXY)
		v2_address(data + V2_FIXED, data[13], &line);
	*ret_line = line;
	return PROXYLINE_WHOLE;
}

/* Whether bytes begin with start, as far as they go. */
static bool may_be(struct str bytes, struct str start)
{
	size_t len = bytes.len < start.len ? bytes.len : start.len;

	return memcmp(bytes.data, start.data, len) == 0;
}

enum proxyline_state proxyline_scan(struct str bytes, struct proxyline *ret_line)
{
	if (bytes.len == 0)
		return PROXYLINE_PART;
	if (may_be(bytes, v1_start))
		return bytes.len < v1_start.len ? PROXYLINE_PART : v1_scan(bytes, ret_line);
	if (may_be(bytes, v2_start))
		return v2_scan(bytes, ret_line);
	return PROXYLINE_BAD;
}
