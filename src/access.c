/* The access log. */
#include "access.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"
#include "base/text.h"

bool access_open(const struct config *config, struct access *ret_access, struct err *err)
{
	int fd = -1;

	if (strcmp(config->access_log, "-") == 0) {
		fd = STDOUT_FILENO;
	} else if (strcmp(config->access_log, "none") != 0) {
		fd = open(config->access_log,
			  O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640);
		if (fd == -1)
			return err_set(err, "[server] access_log: %s: %s", config->access_log,
				       strerror(errno));
	}
	*ret_access = (struct access){ fd, (enum config_addresses)config->log_addresses,
				       (enum config_log_format)config->log_format,
				       config->log_search };
	return true;
}

void access_close(struct access *access)
{
	if (access->fd > STDERR_FILENO)
		close(access->fd);
	access->fd = -1;
}

void access_replace(const struct access *access, int fd)
{
	if (access->fd > STDERR_FILENO)
		dup3(fd, access->fd, O_CLOEXEC);
	close(fd);
}

bool access_reopen(const struct config *config, struct access *access, struct err *err)
{
	struct access fresh;

	if (access->fd <= STDERR_FILENO)
		return true;
	if (!access_open(config, &fresh, err))
		return false;
	access_replace(access, fresh.fd);
	return true;
}

/* Whether line starts with a scheme and an authority ("gemini://example.org/x"): ret_path is what follows those. */
static bool strip_authority(struct str line, struct str *ret_path)
{
	size_t mark = str_search(line, STR("://"));

	if (mark == line.len)
		return false;
	for (size_t i = 0; i < mark; i++) {
		char c = (char)(line.data[i] | 0x20);

		if ((c < 'a' || c > 'z') && !strchr("0123456789+-.", line.data[i]))
			return false;
	}
	line = str_skip(line, mark + 3);
	*ret_path = str_skip(line, str_find(line, '/'));
	return true;
}

/* Further pages of a search have its words in their path: what follows "/search/" is left out, too. */
static struct str without_words(struct str path)
{
	static const struct str search = { "/search/", 8 };

	path = str_head(path, str_find(path, '\t'));
	path = str_head(path, str_find(path, '?'));
	return str_head(path, str_search(path, search) + search.len);
}

/* What was asked for, without host, and without search words (behind "?" in a URL, behind TAB in Gopher) unless asked. */
static struct str path_of(struct str line, bool has_words)
{
	struct str path = has_words ? line : without_words(line);

	if (strip_authority(path, &path) && path.len == 0)
		return STR("/");
	return path;
}

/* How one character stands between the quotes of logfmt. */
static void quote_logfmt(struct str one, uint32_t rune, char *out, size_t size)
{
	if (rune == '"' || rune == '\\')
		snprintf(out, size, "\\%c", (char)rune);
	else
		log_escape(one, out, size);
}

/* The same for JSON, which knows no \xNN: that backslash is itself escaped. */
static void quote_json(struct str one, uint32_t rune, char *out, size_t size)
{
	char escaped[20];
	size_t len = 0;

	(void)rune;
	log_escape(one, escaped, sizeof(escaped));
	for (const char *c = escaped; *c && len + 2 < size; c++) {
		if (*c == '"' || *c == '\\')
			out[len++] = '\\';
		out[len++] = *c;
	}
	out[len] = '\0';
}

typedef void quoter(struct str one, uint32_t rune, char *out, size_t size);

/* Escapes text for the quotes around it; cut before a character that does not fit. */
static void quote(struct str text, quoter *quote_one, char *out, size_t size)
{
	size_t len = 0;

	while (text.len) {
		uint32_t rune;
		struct str one = str_head(text, text_rune(text, &rune));
		char escaped[40];
		size_t escaped_len;

		quote_one(one, rune, escaped, sizeof(escaped));
		escaped_len = strlen(escaped);
		if (len + escaped_len >= size)
			break;
		memcpy(out + len, escaped, escaped_len);
		len += escaped_len;
		text = str_skip(text, one.len);
	}
	out[len] = '\0';
}

/* What both formats tell in their own way. */
struct words {
	char when[DATE_TEXT];
	char address[PEER_TEXT]; /* "": not told */
	char path[ACCESS_LINE_MAX - 768];
};

static void find_words(const struct access *access, const struct access_entry *entry,
		       quoter *quote_one, struct words *words)
{
	bool is_masked = access->addresses == ADDRESSES_MASKED;

	date_rfc3339(entry->now, words->when);
	words->address[0] = '\0';
	if (access->addresses != ADDRESSES_NO)
		peer_text(&entry->peer->address, is_masked, words->address);
	quote(path_of(entry->visit->line, access->has_words), quote_one, words->path,
	      sizeof(words->path));
}

size_t access_line(const struct access *access, const struct access_entry *entry,
		   char out[ACCESS_LINE_MAX])
{
	const struct visit *visit = entry->visit;
	struct words words;
	int len;

	find_words(access, entry, quote_logfmt, &words);
	len = snprintf(out, ACCESS_LINE_MAX,
		       "time=%s site=" STR_FMT " proto=%s%s%s path=\"%s\" status=%d bytes=%llu "
		       "ms=%lld complete=%s%s%s%s\n",
		       words.when, STR_ARG(entry->site), entry->protocol,
		       *words.address ? " address=" : "", words.address, words.path, entry->status,
		       (unsigned long long)visit->bytes, (long long)visit->milliseconds,
		       visit->is_complete ? "yes" : "no", visit->tls_version ? " tls=" : "",
		       visit->tls_version ? visit->tls_version : "",
		       visit->is_resumed ? " resumed=yes" : "");
	return len < 0 ? 0 : (size_t)len;
}

size_t access_json(const struct access *access, const struct access_entry *entry,
		   char out[ACCESS_LINE_MAX])
{
	const struct visit *visit = entry->visit;
	struct words words;
	int len;

	find_words(access, entry, quote_json, &words);
	len = snprintf(out, ACCESS_LINE_MAX,
		       "{\"time\":\"%s\",\"site\":\"" STR_FMT
		       "\",\"proto\":\"%s\"%s%s%s,\"path\":\"%s\",\"status\":%d,"
		       "\"bytes\":%llu,\"ms\":%lld,\"complete\":%s%s%s%s%s}\n",
		       words.when, STR_ARG(entry->site), entry->protocol,
		       *words.address ? ",\"address\":\"" : "", words.address,
		       *words.address ? "\"" : "", words.path, entry->status,
		       (unsigned long long)visit->bytes, (long long)visit->milliseconds,
		       visit->is_complete ? "true" : "false",
		       visit->tls_version ? ",\"tls\":\"" : "",
		       visit->tls_version ? visit->tls_version : "", visit->tls_version ? "\"" : "",
		       visit->is_resumed ? ",\"resumed\":true" : "");
	return len < 0 ? 0 : (size_t)len;
}

/* A file always takes a line; a pipe or terminal may make us wait for whoever reads it. */
static bool takes_line(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLOUT };

	return poll(&wait, 1, 0) == 1 && (wait.revents & POLLOUT);
}

void access_write(const struct access *access, const struct access_entry *entry)
{
	char line[ACCESS_LINE_MAX];
	size_t len;

	if (access->fd == -1 || !takes_line(access->fd))
		return;
	len = (access->format == LOG_FORMAT_JSON ? access_json : access_line)(access, entry, line);
	if (write(access->fd, line, len) < 0)
		return; /* a full disk must not stop the paper */
}
