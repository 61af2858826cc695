/* News that comes over Gemini. */
#include "gemini_source.h"

#include <signal.h>

#include "base/arena.h"
#include "base/uri.h"
#include "import/address.h"
#include "import/private_address.h"
#include "net/fetch.h"

enum {
	REDIRECTS_MAX = 5,
	SECONDS = 30,
	HEADER_BYTES_MAX = 1029,
	GEMINI_PORT = 1965,
	ARENA_BYTES = 1 << 20
};

/* Asks once; the whole answer is in result. */
static bool ask(struct arena *arena, struct str url, bool allows_private,
		struct fetch_result *result, struct err *err)
{
	struct fetch fetch = { .tls = true, .port = GEMINI_PORT, .seconds = SECONDS };
	struct str host;
	struct uri uri;
	uint64_t port;

	if (!uri_split(url, &uri) || uri.host.len == 0)
		return err_set(err, "\"" STR_FMT "\" is no address", STR_ARG(str_head(url, 200)));
	host = uri.host;
	if (str_starts(host, STR("[")))
		host = str_head(str_skip(host, 1), host.len - 2);
	if (uri.has_port && str_number(uri.port, 65535, &port))
		fetch.port = (unsigned)port;
	fetch.host = arena_str(arena, host).data;
	fetch.request = arena_join(arena, url, STR("\r\n"), STR(""));
	fetch.refuses = allows_private ? NULL : address_is_private;
	return fetch_run(&fetch, result, err);
}

/* Takes the header off the answer. */
static bool take_header(struct str *body, struct str *ret_header)
{
	size_t end = str_search(str_head(*body, HEADER_BYTES_MAX), STR("\r\n"));

	if (end < 2 || end >= body->len || end == HEADER_BYTES_MAX)
		return false;
	*ret_header = str_head(*body, end);
	*body = str_skip(*body, end + 2);
	return true;
}

/* One answer: 1 when it is the last one, 0 when *url is where to ask next, -1 with err set. */
static int take(struct arena *arena, struct str *url, const struct fetch_result *result,
		struct buf *out, struct buf *type, struct err *err)
{
	struct str body = buf_view(&result->body);
	struct str header;

	if (!take_header(&body, &header)) {
		err_set(err, "does not answer as a Gemini server does");
		return -1;
	}
	if (header.data[0] == '3') {
		*url = address_resolve(arena, *url, str_trim(str_skip(header, 2)));
		return str_starts(*url, STR("gemini://"))
			       ? 0
			       : (err_set(err, "sends to where it cannot be followed"), -1);
	}
	if (header.data[0] != '2') {
		err_set(err, "answers " STR_FMT, STR_ARG(str_head(header, 200)));
		return -1;
	}
	buf_str(out, body);
	buf_str(type, str_trim(str_skip(header, 2)).len ? str_trim(str_skip(header, 2))
							: STR("text/gemini"));
	return 1;
}

bool gemini_source_fetch(const char *url, size_t bytes_max, bool allows_private, struct buf *out,
			 struct buf *type, struct err *err)
{
	struct arena *arena = arena_new(ARENA_BYTES);
	struct str next = str_from(url);
	int done = 0;

	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i <= REDIRECTS_MAX && done == 0; i++) {
		struct fetch_result result = { .closed_cleanly = false };

		buf_init(&result.body, bytes_max);
		done = ask(arena, next, allows_private, &result, err)
			       ? take(arena, &next, &result, out, type, err)
			       : -1;
		buf_done(&result.body);
	}
	arena_free(arena);
	return done == 1 ||
	       (done == 0 && err_set(err, "sends from one address to the next without end"));
}
