/* One transfer of libcurl: what it may do, what it brings. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "import/address.h"
#include "import/fetch_inside.h"
#include "import/private_address.h"

enum { SLOW_BYTES = 10, SLOW_SECONDS = 30 };

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
	struct fetch *fetch = context;
	size_t len = size * count;

	if (fetch->body.len + len > fetch->bytes_max) {
		fetch->is_too_large = true;
		return 0;
	}
	buf_bytes(&fetch->body, data, len);
	return len;
}

static void keep(char *to, size_t size, struct str value)
{
	if (value.len < size) {
		memcpy(to, value.data, value.len);
		to[value.len] = '\0';
	}
}

static int64_t date_of(struct str value)
{
	char text[64];
	time_t seconds;

	if (value.len >= sizeof(text))
		return 0;
	keep(text, sizeof(text), value);
	seconds = curl_getdate(text, NULL);
	return seconds > 0 ? seconds : 0;
}

/* Retry-After is seconds or a date (RFC 9110 10.2.3). */
static int64_t read_retry(struct str value)
{
	uint64_t seconds;
	int64_t date;

	if (str_number(value, 366 * 24 * 3600, &seconds))
		return (int64_t)seconds;
	date = date_of(value);
	return date > time(NULL) ? date - time(NULL) : 0;
}

/* RFC 9111 5.2.2. */
static void read_cache_control(struct response *response, struct str value)
{
	struct str directive;
	uint64_t seconds;

	while (str_next(&value, ',', &directive)) {
		directive = str_trim(directive);
		if (str_eq_nocase(str_head(directive, 8), STR("max-age=")) &&
		    str_number(str_skip(directive, 8), INT32_MAX, &seconds))
			response->max_age = (int64_t)seconds;
	}
}

static void read_header(struct response *response, struct str name, struct str value)
{
	uint64_t number;

	if (str_eq_nocase(name, STR("etag")))
		keep(response->etag, sizeof(response->etag), value);
	else if (str_eq_nocase(name, STR("last-modified")))
		keep(response->last_modified, sizeof(response->last_modified), value);
	else if (str_eq_nocase(name, STR("content-type")))
		keep(response->type, sizeof(response->type), value);
	else if (str_eq_nocase(name, STR("content-language")))
		keep(response->language, sizeof(response->language), value);
	else if (str_eq_nocase(name, STR("location")))
		keep(response->location, sizeof(response->location), value);
	else if (str_eq_nocase(name, STR("retry-after")))
		response->retry_after = read_retry(value);
	else if (str_eq_nocase(name, STR("cache-control")))
		read_cache_control(response, value);
	else if (str_eq_nocase(name, STR("expires")))
		response->expires = date_of(value);
	else if (str_eq_nocase(name, STR("date")))
		response->date = date_of(value);
	else if (str_eq_nocase(name, STR("age")) && str_number(value, INT32_MAX, &number))
		response->age = (int64_t)number;
}

static size_t on_header(char *data, size_t size, size_t count, void *context)
{
	struct fetch *fetch = context;
	struct str line = { data, size * count };
	size_t colon = str_find(line, ':');

	fetch->response.bytes += line.len;
	if (fetch->response.bytes > HEADERS_MAX)
		return 0;
	if (str_starts(line, STR("HTTP/"))) {
		size_t bytes = fetch->response.bytes;

		/* After an interim response (100, 103) all begins anew. */
		fetch->response = (struct response){ .max_age = -1, .bytes = bytes };
	} else if (colon < line.len) {
		read_header(&fetch->response, str_head(line, colon),
			    str_trim(str_skip(line, colon + 1)));
	}
	return line.len;
}

/* Where a connection leads is known here, whatever names, redirects and name servers have said before. */
static curl_socket_t on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct fetch *fetch = context;
	const void *ip =
		address->family == AF_INET
			? (const void *)&((struct sockaddr_in *)&address->addr)->sin_addr
			: (const void *)&((struct sockaddr_in6 *)&address->addr)->sin6_addr;

	if (purpose != CURLSOCKTYPE_IPCXN)
		return CURL_SOCKET_BAD;
	if (!fetch->allows_private && address_is_private(&address->addr)) {
		if (!inet_ntop(address->family, ip, fetch->refused, sizeof(fetch->refused)))
			strcpy(fetch->refused, "?");
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static void add_header(struct fetch *fetch, const char *name, const char *value)
{
	char *line;

	if (!value || *value == '\0' || strpbrk(value, "\r\n"))
		return;
	line = mem_format("%s: %s", name, value);
	fetch->headers = curl_slist_append(fetch->headers, line);
	free(line);
}

/* What a server knows a resource by is for that server only. */
static bool is_as_asked(const struct fetch *fetch)
{
	return strcmp(fetch->url, fetch->asked) == 0 ||
	       str_eq(address_host(str_from(fetch->url)), address_host(str_from(fetch->asked)));
}

static void set_headers(struct fetch *fetch)
{
	const char *contact = fetch->fetcher->plan.contact;
	char *agent = contact && *contact ? mem_format("Tidings/%s (+%s)", TIDINGS_VERSION, contact)
					  : mem_format("Tidings/%s", TIDINGS_VERSION);

	curl_easy_setopt(fetch->easy, CURLOPT_USERAGENT, agent);
	free(agent);
	add_header(fetch, "Accept", fetch->accept ? fetch->accept : "*/*");
	if (is_as_asked(fetch)) {
		add_header(fetch, "If-None-Match", fetch->etag);
		add_header(fetch, "If-Modified-Since", fetch->last_modified);
	}
	curl_easy_setopt(fetch->easy, CURLOPT_HTTPHEADER, fetch->headers);
}

static void set_bounds(struct fetch *fetch)
{
	CURL *easy = fetch->easy;
	int64_t left = fetch->started + (int64_t)fetch_seconds(fetch->fetcher) * 1000 -
		       fetch_clock();

	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(left > 1 ? left : 1));
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)fetch_connect_seconds(fetch->fetcher));
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)SLOW_SECONDS);
	curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)fetch->bytes_max);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https,gopher");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
}

bool transfer_begin(struct fetch *fetch)
{
	CURL *easy = curl_easy_init();

	if (!easy)
		return false;
	fetch->easy = easy;
	fetch->response = (struct response){ .max_age = -1 };
	fetch->is_too_large = false;
	fetch->refused[0] = fetch->error[0] = '\0';
	buf_clear(&fetch->body);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, fetch);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, fetch->error);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, fetch);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, fetch);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, fetch);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	set_headers(fetch);
	set_bounds(fetch);
	if (curl_easy_setopt(easy, CURLOPT_URL, fetch->url) == CURLE_OK &&
	    curl_multi_add_handle(fetch->fetcher->multi, easy) == CURLM_OK)
		return true;
	transfer_end(fetch);
	return false;
}

void transfer_end(struct fetch *fetch)
{
	if (!fetch->easy)
		return;
	curl_multi_remove_handle(fetch->fetcher->multi, fetch->easy);
	curl_easy_cleanup(fetch->easy);
	curl_slist_free_all(fetch->headers);
	fetch->easy = NULL;
	fetch->headers = NULL;
}

void transfer_explain(const struct fetch *fetch, CURLcode code, struct err *err)
{
	struct str host = address_host(str_from(fetch->url));

	if (fetch->is_too_large || code == CURLE_FILESIZE_EXCEEDED)
		err_set(err, STR_FMT ": larger than %zu bytes", STR_ARG(host), fetch->bytes_max);
	else if (fetch->refused[0])
		err_set(err, STR_FMT ": is at %s, a private network, from which nothing is fetched",
			STR_ARG(host), fetch->refused);
	else if (code == CURLE_COULDNT_RESOLVE_HOST)
		err_set(err, STR_FMT ": there is no host of this name", STR_ARG(host));
	else if (code == CURLE_OPERATION_TIMEDOUT)
		err_set(err, STR_FMT ": does not answer in time", STR_ARG(host));
	else if (code == CURLE_PEER_FAILED_VERIFICATION)
		err_set(err, STR_FMT ": its certificate is not valid: %s", STR_ARG(host),
			fetch->error);
	else if (code == CURLE_PARTIAL_FILE || code == CURLE_GOT_NOTHING)
		err_set(err, STR_FMT ": ended its answer too early", STR_ARG(host));
	else
		err_set(err, STR_FMT ": %s", STR_ARG(host),
			fetch->error[0] ? fetch->error : curl_easy_strerror(code));
}

int64_t response_max_age(const struct response *response)
{
	int64_t seconds = response->max_age;

	if (seconds < 0 && response->expires)
		seconds = response->expires - (response->date ? response->date : time(NULL));
	seconds -= response->age;
	return seconds > 0 ? seconds : 0;
}
