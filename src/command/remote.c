/* `tidings get URL`: what Gemini and Gopher clients do, one page at a time. */
#include "command/remote.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "base/uri.h"
#include "command/command.h"
#include "net/fetch.h"

enum {
	SECONDS = 30,
	BODY_BYTES_MAX = 64 << 20,
	ARENA_BYTES_MAX = 1 << 20,
	URL_BYTES_MAX = 1024,	 /* Gemini 0.24.1, Requests */
	HEADER_BYTES_MAX = 1029, /* "NN SP meta CRLF", meta of at most 1024 bytes */
	REDIRECTS_MAX = 5,
};

/* One URL on its way; strings live in arena. */
struct remote {
	struct arena *arena;
	const struct scheme *scheme;
	struct str url; /* without fragment */
	struct uri uri;
	const char *host;
	unsigned port;
	bool show_header;
	struct fetch_result result;
};

/* What is different between the schemes. */
struct scheme {
	const char *name;
	unsigned port;
	bool tls;
	bool (*request)(const struct remote *remote, struct str *ret_request, struct err *err);
	/* Shows result. True when it was a redirect that is to be followed: *ret_next is its target. */
	bool (*show)(const struct remote *remote, int *ret_exit, struct str *ret_next);
};

/* One line on stderr that the server cannot forge. */
static void tell(const char *what, struct str text)
{
	char escaped[4 * HEADER_BYTES_MAX];

	log_escape(text, escaped, sizeof(escaped));
	fprintf(stderr, "%s%s\n", what, escaped);
}

/* On a terminal control characters of a stranger are replaced; into files and pipes go the bytes as they are. */
static void write_body(struct str body)
{
	uint32_t rune;

	if (!isatty(STDOUT_FILENO)) {
		fwrite(body.data, 1, body.len, stdout);
		return;
	}
	for (size_t len; (len = text_rune(body, &rune)) > 0; body = str_skip(body, len)) {
		char out[4];
		bool harmless = rune == '\n' || rune == '\t' || !text_is_control(rune);

		if (harmless)
			fwrite(out, 1, text_encode(rune, out), stdout);
		else if (rune != '\r')
			putchar('?');
	}
}

static bool gemini_request(const struct remote *remote, struct str *ret_request, struct err *err)
{
	if (remote->url.len > URL_BYTES_MAX)
		return err_set(err, "the URL has %zu bytes, more than %d", remote->url.len,
			       URL_BYTES_MAX);
	*ret_request = arena_join(remote->arena, remote->url, STR("\r\n"), STR(""));
	return true;
}

/* RFC 4266: "/" item type selector, and behind %09 the search words. */
static bool gopher_request(const struct remote *remote, struct str *ret_request, struct err *err)
{
	struct str rest = str_skip(remote->uri.path, 2);
	struct str selector;
	struct str words;
	size_t tab;

	if (remote->uri.has_query)
		rest = arena_join(remote->arena, rest, STR("?"), remote->uri.query);
	tab = str_search(rest, STR("%09"));
	if (!uri_decode(remote->arena, str_head(rest, tab), &selector) ||
	    !uri_decode(remote->arena, str_skip(rest, tab + 3), &words))
		return err_set(err, "the selector in the URL cannot be decoded");
	if (tab < rest.len)
		selector = arena_join(remote->arena, selector, STR("\t"), words);
	*ret_request = arena_join(remote->arena, selector, STR("\r\n"), STR(""));
	return true;
}

/* The target of a redirect as a URL, seen from where it came (RFC 3986 5.2). */
static struct str redirect_target(const struct remote *remote, struct str target)
{
	struct arena *arena = remote->arena;
	struct str authority = remote->uri.host;
	struct str path = remote->uri.path.len ? remote->uri.path : STR("/");

	if (uri_has_scheme(target))
		return target;
	if (str_starts(target, STR("//")))
		return arena_join(arena, STR("gemini:"), target, STR(""));
	if (remote->uri.has_port)
		authority = arena_join(arena, authority, STR(":"), remote->uri.port);
	return arena_join(arena, STR("gemini://"), authority, uri_resolve(arena, path, target));
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Takes the header line off *body. False when it is none (Gemini 0.24.1, Responses). */
static bool take_header(struct str *body, struct str *ret_header)
{
	struct str start = str_head(*body, HEADER_BYTES_MAX);
	size_t end = str_search(start, STR("\r\n"));

	if (end == start.len || end < 2 || !is_digit(body->data[0]) || !is_digit(body->data[1]) ||
	    (end > 2 && body->data[2] != ' '))
		return false;
	*ret_header = str_head(*body, end);
	*body = str_skip(*body, end + 2);
	return true;
}

static bool gemini_show(const struct remote *remote, int *ret_exit, struct str *ret_next)
{
	struct str body = buf_view(&remote->result.body);
	struct str whole = body;
	struct str header;

	*ret_exit = EXIT_FAILED;
	if (!take_header(&body, &header)) {
		command_failed("The answer is not Gemini: it has no header line");
		return false;
	}
	tell("", header);
	if (header.data[0] == '3') {
		*ret_next = redirect_target(remote, str_trim(str_skip(header, 3)));
		return true;
	}
	if (header.data[0] == '2')
		*ret_exit = EXIT_DONE;
	write_body(remote->show_header ? whole : body);
	return false;
}

/* Gopher has no status; a menu whose first item is of type 3 is what it says instead. */
static bool gopher_show(const struct remote *remote, int *ret_exit, struct str *ret_next)
{
	struct str body = buf_view(&remote->result.body);
	struct str line = str_head(body, str_find(body, '\n'));
	bool is_error = str_starts(line, STR("3")) && str_find(line, '\t') < line.len;

	(void)ret_next;
	*ret_exit = is_error ? EXIT_FAILED : EXIT_DONE;
	write_body(body);
	return false;
}

static const struct scheme schemes[] = {
	{ "gemini", 1965, true, gemini_request, gemini_show },
	{ "gopher", 70, false, gopher_request, gopher_show },
	{ "gophers", 70, true, gopher_request, gopher_show },
};

static const struct scheme *scheme_find(struct str name)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (str_eq_nocase(name, str_from(schemes[i].name)))
			return &schemes[i];
	return NULL;
}

bool remote_is_url(struct str text)
{
	size_t colon = str_find(text, ':');

	return str_starts(str_skip(text, colon), STR("://")) &&
	       scheme_find(str_head(text, colon)) != NULL;
}

static bool take_apart(struct remote *remote, struct err *err)
{
	struct uri *uri = &remote->uri;
	uint64_t port;

	remote->url = str_head(remote->url, str_find(remote->url, '#'));
	if (!uri_split(remote->url, uri) || !(remote->scheme = scheme_find(uri->scheme)) ||
	    uri->host.len == 0 || uri->has_userinfo)
		return err_set(err, "\"" STR_FMT "\" is not a gemini, gopher or gophers URL",
			       STR_ARG(remote->url));
	remote->port = remote->scheme->port;
	if (uri->port.len && str_number(uri->port, 65535, &port))
		remote->port = (unsigned)port;
	if (str_starts(uri->host, STR("[")))
		remote->host = arena_str(remote->arena,
					 str_head(str_skip(uri->host, 1), uri->host.len - 2))
				       .data;
	else
		remote->host = arena_str(remote->arena, uri->host).data;
	return true;
}

static bool fetch_once(struct remote *remote, struct err *err)
{
	struct fetch fetch = { .seconds = SECONDS };
	struct fetch_result *result = &remote->result;
	bool ok;

	if (!take_apart(remote, err) || !remote->scheme->request(remote, &fetch.request, err))
		return false;
	fetch.host = remote->host;
	fetch.port = remote->port;
	fetch.tls = remote->scheme->tls;
	buf_clear(&result->body);
	result->certificate_sha256[0] = '\0';
	ok = fetch_run(&fetch, result, err);
	if (*result->certificate_sha256)
		fprintf(stderr, "TOFU sha256 certificate %s\nTOFU sha256 public key  %s\n",
			result->certificate_sha256, result->key_sha256);
	if (ok && !result->closed_cleanly)
		fprintf(stderr, "Closed without close_notify: the end may be missing\n");
	return ok;
}

static int get_following(struct remote *remote)
{
	const struct scheme *first = scheme_find(str_head(remote->url, str_find(remote->url, ':')));
	struct err err = { "" };
	int result = EXIT_FAILED;

	for (int redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
		struct str next;

		if (!fetch_once(remote, &err))
			return command_failed("%s", err.text);
		if (!remote->scheme->show(remote, &result, &next))
			return result;
		tell("Redirected to ", next);
		if (scheme_find(str_head(next, str_find(next, ':'))) != first)
			return command_failed(
				"The redirect leads to another protocol: not followed");
		remote->url = arena_str(remote->arena, next);
	}
	return command_failed("More than %d redirects: not followed", REDIRECTS_MAX);
}

int remote_get(struct str url, bool show_header)
{
	struct remote remote = {
		.arena = arena_new(ARENA_BYTES_MAX),
		.url = url,
		.show_header = show_header,
	};
	int result;

	signal(SIGPIPE, SIG_IGN);
	buf_init(&remote.result.body, BODY_BYTES_MAX);
	result = get_following(&remote);
	buf_done(&remote.result.body);
	arena_free(remote.arena);
	return result;
}
