/* net/proxyline: the two headers of the PROXY protocol, whole, in pieces, and malformed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "net/peer.h"
#include "net/proxyline.h"

#define SIGNATURE      "\r\n\r\n\0\r\nQUIT\n"
#define TCP4_ADDRESSES "\xC0\x00\x02\x07\x7F\x00\x00\x01\x9C\x40\x07\xAD"
#define TCP6_ADDRESSES                                                                             \
	"\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\x07"                                               \
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x9C\x40\x07\xAD"

/* Scans a copy of exactly those bytes, so that a sanitizer sees any step past them. */
static enum proxyline_state scan(struct str bytes, struct proxyline *line)
{
	char *copy = malloc(bytes.len ? bytes.len : 1);
	enum proxyline_state state;

	memcpy(copy, bytes.data, bytes.len);
	state = proxyline_scan((struct str){ copy, bytes.len }, line);
	free(copy);
	return state;
}

/* header is taken whole, by itself and with a request behind it, and every beginning of it waits for more. */
static void assert_taken(struct str header, const char *want)
{
	char bytes[PROXYLINE_MAX + 16];
	char text[PEER_TEXT];

	memcpy(bytes, header.data, header.len);
	memcpy(bytes + header.len, "\x16\x03\x01 /\r\n", 7);
	for (size_t len = 0; len < header.len; len++) {
		struct proxyline line = { .len = 4711 };

		assert_int_equal(scan((struct str){ bytes, len }, &line), PROXYLINE_PART);
		assert_int_equal(line.len, 4711);
	}
	for (size_t extra = 0; extra <= 7; extra++) {
		struct proxyline line = { 0 };

		assert_int_equal(scan((struct str){ bytes, header.len + extra }, &line),
				 PROXYLINE_WHOLE);
		assert_int_equal(line.len, header.len);
		assert_int_equal(line.has_address, want != NULL);
		if (want)
			assert_string_equal(peer_text(&line.address, false, text), want);
	}
}

static void assert_bad(struct str bytes)
{
	struct proxyline line = { .len = 4711 };

	assert_int_equal(scan(bytes, &line), PROXYLINE_BAD);
	assert_int_equal(line.len, 4711);
}

static void lines_of_version_1_name_the_client(void **state)
{
	(void)state;
	assert_taken(STR("PROXY TCP4 192.0.2.7 127.0.0.1 40000 1965\r\n"), "192.0.2.7");
	assert_taken(STR("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n"),
		     "255.255.255.255");
	assert_taken(STR("PROXY TCP4 192.0.2.7 127.0.0.1 0 0\r\n"), "192.0.2.7");
	assert_taken(STR("PROXY TCP6 2001:db8::7 ::1 40000 1965\r\n"), "2001:db8::7");
	assert_taken(STR("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
			 "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n"),
		     "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
}

static void unknown_of_version_1_has_no_address_whatever_follows(void **state)
{
	(void)state;
	assert_taken(STR("PROXY UNKNOWN\r\n"), NULL);
	assert_taken(STR("PROXY UNKNOWN ffff::1 ::1 1 2\r\n"), NULL);
	assert_taken(STR("PROXY UNKNOWN \0\xFF\x1b[2J\r\r\r\n"), NULL);
}

static void mapped_addresses_become_those_of_ipv4(void **state)
{
	(void)state;
	assert_taken(STR("PROXY TCP6 ::ffff:192.0.2.7 ::ffff:127.0.0.1 40000 1965\r\n"),
		     "192.0.2.7");
	assert_taken(STR(SIGNATURE "\x21\x21\0\x24"
				   "\0\0\0\0\0\0\0\0\0\0\xFF\xFF\xC0\x00\x02\x07"
				   "\0\0\0\0\0\0\0\0\0\0\xFF\xFF\x7F\0\0\x01\0\x01\0\x02"),
		     "192.0.2.7");
}

static void line_of_107_bytes_is_taken_and_one_more_is_not(void **state)
{
	char line[PROXYLINE_V1_MAX + 2];

	(void)state;
	memset(line, 'x', sizeof(line));
	memcpy(line, "PROXY UNKNOWN ", 14);
	memcpy(line + PROXYLINE_V1_MAX - 2, "\r\n", 2);
	assert_taken((struct str){ line, PROXYLINE_V1_MAX }, NULL);
	memcpy(line + PROXYLINE_V1_MAX - 2, "x\r\n", 3);
	assert_bad((struct str){ line, PROXYLINE_V1_MAX + 1 });
	assert_bad((struct str){ line, PROXYLINE_V1_MAX });
}

static void malformed_lines_of_version_1_are_refused(void **state)
{
	static const char *const bad[] = {
		"GET / HTTP/1.1\r\n",
		"gemini://localhost/\r\n",
		"\r\n/\r\n",
		"/\r\n",
		"\x16\x03\x01\x02",
		"proxy TCP4 192.0.2.7 127.0.0.1 1 2\r\n",
		"PROXY\r\n",
		"PROXY \r\n",
		"PROXY  TCP4 192.0.2.7 127.0.0.1 1 2\r\n",
		"PROXY TCP4\r\n",
		"PROXY TCP5 192.0.2.7 127.0.0.1 1 2\r\n",
		"PROXY TCP4 192.0.2.7 127.0.0.1 1\r\n",
		"PROXY TCP4 192.0.2.7 127.0.0.1 1 2 \r\n",
		"PROXY TCP4 192.0.2.7 127.0.0.1 1 2 3\r\n",
		"PROXY TCP4 192.0.2.7  127.0.0.1 1 2\r\n",
		"PROXY TCP4 192.0.2.7\t127.0.0.1 1 2\r\n",
		"PROXY TCP4 192.0.2.256 127.0.0.1 1 2\r\n",
		"PROXY TCP4 192.0.2.7 127.0.0.256 1 2\r\n",
		"PROXY TCP4 192.0.2 127.0.0.1 1 2\r\n",
		"PROXY TCP4 192.0.02.7 127.0.0.1 1 2\r\n",
		"PROXY TCP4 2001:db8::7 ::1 1 2\r\n",
		"PROXY TCP6 192.0.2.7 127.0.0.1 1 2\r\n",
		"PROXY TCP6 2001:db8::7%lo ::1 1 2\r\n",
		"PROXY TCP4 192.0.2.7 127.0.0.1 65536 2\r\n",
		"PROXY TCP4 192.0.2.7 127.0.0.1 1 65536\r\n",
		"PROXY TCP4 192.0.2.7 127.0.0.1 01 2\r\n",
		"PROXY TCP4 192.0.2.7 127.0.0.1 -1 2\r\n",
		"PROXY TCP4 192.0.2.7 127.0.0.1 1 2x\r\n",
		"PROXY TCP4 192.0.2.7 127.0.0.1 1 2\n\r\n",
		"PROXY UNKNOWNX\r\n",
		"PROXY UDP4 192.0.2.7 127.0.0.1 1 2\r\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_bad(str_from(bad[i]));
	assert_bad(STR("PROXY TCP4 192.0.2.7\0 127.0.0.1 1 2\r\n"));
}

static void headers_of_version_2_name_the_client(void **state)
{
	(void)state;
	assert_taken(STR(SIGNATURE "\x21\x11\0\x0C" TCP4_ADDRESSES), "192.0.2.7");
	assert_taken(STR(SIGNATURE "\x21\x21\0\x24" TCP6_ADDRESSES), "2001:db8::7");
	assert_taken(STR(SIGNATURE "\x21\x11\0\x12" TCP4_ADDRESSES "\x04\0\x03xyz"), "192.0.2.7");
}

static void headers_of_version_2_without_an_address_of_ours_have_none(void **state)
{
	char local_socket[16 + 216] = SIGNATURE "\x21\x31\0\xD8";

	(void)state;
	assert_taken(STR(SIGNATURE "\x20\0\0\0"), NULL);
	assert_taken(STR(SIGNATURE "\x20\x11\0\x0C" TCP4_ADDRESSES), NULL);
	assert_taken(STR(SIGNATURE "\x20\xFF\0\x03xyz"),
		     NULL); /* LOCAL: the rest is not looked at */
	assert_taken(STR(SIGNATURE "\x21\0\0\0"), NULL);
	assert_taken(STR(SIGNATURE "\x21\0\0\x03xyz"), NULL);
	assert_taken((struct str){ local_socket, sizeof(local_socket) }, NULL);
}

static void body_of_version_2_at_its_ceiling_is_taken_and_one_more_byte_is_not(void **state)
{
	char header[PROXYLINE_MAX] = SIGNATURE "\x21\x11\x04\0" TCP4_ADDRESSES;

	(void)state;
	assert_int_equal(PROXYLINE_V2_BODY, 0x400);
	assert_taken((struct str){ header, PROXYLINE_MAX }, "192.0.2.7");
	header[15] = 1;
	assert_bad((struct str){ header, 16 });
	header[14] = header[15] = '\xFF';
	assert_bad((struct str){ header, 16 });
}

static void malformed_headers_of_version_2_are_refused(void **state)
{
	char local_socket[16 + 216] = SIGNATURE "\x21\x31\0\xD7";

	(void)state;
	assert_bad(STR(SIGNATURE "\x11\x11\0\x0C" TCP4_ADDRESSES)); /* version 1 */
	assert_bad(STR(SIGNATURE "\x31\x11\0\x0C" TCP4_ADDRESSES)); /* version 3 */
	assert_bad(STR(SIGNATURE "\x22\x11\0\x0C" TCP4_ADDRESSES)); /* no such command */
	assert_bad(STR(SIGNATURE "\x21\x12\0\x0C" TCP4_ADDRESSES)); /* UDP */
	assert_bad(STR(SIGNATURE "\x21\x22\0\x24" TCP6_ADDRESSES));
	assert_bad(STR(SIGNATURE "\x21\x10\0\x0C" TCP4_ADDRESSES));
	assert_bad(STR(SIGNATURE "\x21\x41\0\x0C" TCP4_ADDRESSES));
	assert_bad(STR(SIGNATURE "\x21\x11\0\x0B" TCP4_ADDRESSES)); /* too short for its family */
	assert_bad(STR(SIGNATURE "\x21\x21\0\x23" TCP6_ADDRESSES));
	assert_bad((struct str){ local_socket, sizeof(local_socket) });
	assert_bad(STR("\r\n\r\n\0\r\nQUIT\r\x21\x11\0\x0C" TCP4_ADDRESSES));
	assert_bad(STR("\r\n\r\nQ"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_version_1_name_the_client),
		cmocka_unit_test(unknown_of_version_1_has_no_address_whatever_follows),
		cmocka_unit_test(mapped_addresses_become_those_of_ipv4),
		cmocka_unit_test(line_of_107_bytes_is_taken_and_one_more_is_not),
		cmocka_unit_test(malformed_lines_of_version_1_are_refused),
		cmocka_unit_test(headers_of_version_2_name_the_client),
		cmocka_unit_test(headers_of_version_2_without_an_address_of_ours_have_none),
		cmocka_unit_test(
			body_of_version_2_at_its_ceiling_is_taken_and_one_more_byte_is_not),
		cmocka_unit_test(malformed_headers_of_version_2_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
