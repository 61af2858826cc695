/* server.ini: the table of all settings, and how a file becomes a struct config. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/ini.h"
#include "base/mem.h"
#include "setting.h"

#define ROW(section, name, type, field, ...)                                                       \
	{                                                                                          \
		section, name, &setting_##type, offsetof(struct config, field), __VA_ARGS__        \
	}

/* In each row: section, name, type, field, least, most, words, default, help. */
static const struct setting settings[] = {
	ROW("server", "content", path, content, 1, 4096, NULL, "content",
	    "folder of the article store"),
	ROW("server", "state", path, state, 1, 4096, NULL, "state",
	    "folder for the catalogue and the counters"),
	ROW("server", "workers", number, workers, 1, 256, "auto", "auto",
	    "processes that answer requests; auto is one per core"),
	ROW("server", "user", text, user, 0, 32, NULL, "",
	    "user to become after the start as root; empty: stay"),
	ROW("server", "access_log", output, access_log, 1, 4096, "-|none", "-",
	    "- (standard output), a file, or none"),
	ROW("server", "log_addresses", choice, log_addresses, 0, 0, "no|masked|yes", "no",
	    "no, masked (/24 and /48), or yes"),
	ROW("server", "log_format", choice, log_format, 0, 0, "logfmt|json", "logfmt",
	    "of the access log: name=value pairs, or a JSON object a line"),
	ROW("server", "favicon", emoji, favicon, 0, 64, NULL, "", "one emoji for /favicon.txt"),
	ROW("server", "robots_disallow", routes, robots_disallow, 0, 0, NULL, "",
	    "further paths that robots are asked to leave alone"),

	ROW("gemini", "listen", listen, gemini_listen, 1, 0, NULL, "[::]:1965, 0.0.0.0:1965",
	    "addresses and ports"),
	ROW("gemini", "hostname", hosts, gemini_hosts, 1, 0, NULL, "localhost",
	    "names that are served; the first is canonical"),
	ROW("gemini", "certificate", path, certificate, 1, 4096, NULL, "certs/localhost.crt",
	    "made on first start when it and the key are missing"),
	ROW("gemini", "key", path, key, 1, 4096, NULL, "certs/localhost.key",
	    "private key of the certificate"),
	ROW("gemini", "strict_port", switch, strict_port, 0, 0, NULL, "no",
	    "yes refuses URLs that name another port"),
	ROW("gemini", "proxy", networks, gemini_proxy, 0, 0, NULL, "",
	    "proxies that begin with a PROXY header; nobody else may connect then"),

	ROW("gopher", "listen", listen, gopher_listen, 1, 0, NULL, "[::]:7070, 0.0.0.0:7070",
	    "addresses and ports"),
	ROW("gopher", "hostname", hosts, gopher_hosts, 1, 0, NULL, "localhost",
	    "what menus say, not what is bound"),
	ROW("gopher", "port", number, gopher_port, 0, 65535, NULL, "0",
	    "what menus say; 0 is the port of the first listen address"),
	ROW("gopher", "text_lastline", switch, text_lastline, 0, 0, NULL, "no",
	    "yes ends texts with a lone dot (RFC 1436); most clients show it"),
	ROW("gopher", "proxy", networks, gopher_proxy, 0, 0, NULL, "",
	    "proxies that begin with a PROXY header; nobody else may connect then"),

	ROW("limits", "connections", number, connections, 1, 1000000, NULL, "8192",
	    "open connections in all"),
	ROW("limits", "per_address", number, per_address, 1, 1000000, NULL, "64",
	    "open connections of one address (IPv6: of one /64)"),
	ROW("limits", "requests", number, requests, 0, 100000, NULL, "50",
	    "requests per second of one address (IPv6: of one /64); 0 is no limit"),
	ROW("limits", "burst", number, burst, 1, 1000000, NULL, "500",
	    "requests that an address may have saved up by being silent"),
	ROW("limits", "exempt", networks, exempt, 0, 0, NULL, "",
	    "networks that per_address and requests do not apply to"),
	ROW("limits", "handshake_time", number, handshake_time, 1, 3600, NULL, "10",
	    "seconds from accept to the end of the TLS handshake"),
	ROW("limits", "request_time", number, request_time, 1, 3600, NULL, "10",
	    "seconds from accept to the whole request line"),
	ROW("limits", "progress_time", number, progress_time, 1, 3600, NULL, "60",
	    "seconds that a client may take no byte of its reply"),
	ROW("limits", "total_time", number, total_time, 1, 86400, NULL, "600",
	    "seconds from accept to the end of the reply"),

	ROW("metrics", "listen", listen, metrics_listen, 1, 0, NULL, "127.0.0.1:9165",
	    "where Prometheus fetches /metrics; without the section nowhere"),
};

enum { SETTING_COUNT = sizeof(settings) / sizeof(settings[0]) };

/* A config in the making: on which line each setting was given (0: not yet), and where paths start. */
struct reading {
	struct config *config;
	char *folder; /* "" for the current one */
	unsigned lines[SETTING_COUNT];
};

static void *field_of(struct config *config, const struct setting *setting)
{
	return (char *)config + setting->offset;
}

static bool is_section(struct str name)
{
	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (str_eq(name, str_from(settings[i].section)))
			return true;
	return false;
}

static const struct setting *setting_find(const char *section, const char *key)
{
	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (strcmp(section, settings[i].section) == 0 && strcmp(key, settings[i].name) == 0)
			return &settings[i];
	return NULL;
}

static bool on_pair(void *context, const char *section, const char *key, const char *value,
		    unsigned line, struct err *err)
{
	struct reading *reading = context;
	const struct setting *setting = setting_find(section, key);
	unsigned *seen;
	struct err why = { "" };

	if (!setting && *section == '\0')
		return err_set(err, "\"%s\" stands before the first [section]", key);
	if (!setting)
		return err_set(err, "unknown key \"%s\" in [%s]", key, section);
	seen = &reading->lines[setting - settings];
	if (*seen)
		return err_set(err, "%s is already set on line %u", key, *seen);
	*seen = line;
	if (!setting->type->read(setting, value, reading->folder,
				 field_of(reading->config, setting), &why))
		return err_set(err, "%s: %s", key, why.text);
	return true;
}

/*
 * Looks at the section headers, which the ini reader tells nobody about when no key
 * follows: an unknown one is an error, and a lone "[gopher]" asks for Gopher.
 */
static bool scan_sections(struct config *config, struct str text, const char *name, struct err *err)
{
	struct str line;
	unsigned number = 0;

	while (str_next_line(&text, &line)) {
		struct str section;

		number++;
		if (!str_starts(line, STR("[")))
			continue;
		section = str_skip(str_head(line, str_find(line, ']')), 1);
		if (str_find(line, ']') == line.len || !is_section(section))
			return err_set(err, "%s:%u: unknown section " STR_FMT, name, number,
				       STR_ARG(line));
		config->gemini |= str_eq(section, STR("gemini"));
		config->gopher |= str_eq(section, STR("gopher"));
		config->metrics |= str_eq(section, STR("metrics"));
	}
	if (!config->gemini && !config->gopher)
		config->gemini = config->gopher = true;
	return true;
}

static void set_presets(struct reading *reading)
{
	struct err err = { "" };

	for (size_t i = 0; i < SETTING_COUNT; i++) {
		const struct setting *setting = &settings[i];
		void *field = field_of(reading->config, setting);

		if (!reading->lines[i] &&
		    !setting->type->read(setting, setting->preset, reading->folder, field, &err))
			abort(); /* a default that its own row refuses: a broken promise of ours */
	}
}

/* Two listeners on the same address cannot both be bound. Port 0 is another one each time. */
static bool check_listeners(const struct config *config, const char *name, struct err *err)
{
	if (!config->gemini || !config->gopher)
		return true;
	for (size_t i = 0; i < config->gemini_listen.count; i++)
		for (size_t j = 0; j < config->gopher_listen.count; j++)
			if (str_eq(config->gemini_listen.items[i],
				   config->gopher_listen.items[j]) &&
			    !str_ends(config->gemini_listen.items[i], STR(":0")))
				return err_set(err, "%s: both [gemini] and [gopher] listen on %s",
					       name, config->gemini_listen.items[i].data);
	return true;
}

/* Whether path is folder or lies in it, as far as their spelling tells. */
static bool is_within(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	while (len > 1 && folder[len - 1] == '/')
		len--;
	return strncmp(path, folder, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

static bool check_whole(const struct config *config, const char *name, struct err *err)
{
	if (strcmp(config->certificate, config->key) == 0)
		return err_set(err, "%s: certificate and key are the same file", name);
	if (is_within(config->key, config->content))
		return err_set(err, "%s: the key lies in the content folder, where readers get it",
			       name);
	if (is_within(config->state, config->content))
		return err_set(err, "%s: the state folder lies in the content folder", name);
	return check_listeners(config, name, err);
}

struct config *config_parse(struct str text, const char *path, struct err *err)
{
	struct config *config = mem_alloc(1, sizeof(*config));
	struct str folder = str_head(str_from(path), str_rfind(str_from(path), '/'));
	struct reading reading = { .config = config };

	if (str_starts(text, STR("\xEF\xBB\xBF")))
		text = str_skip(text, 3);
	config->path = mem_text(path);
	if (folder.len == strlen(path))
		folder.len = 0;
	else if (folder.len == 0)
		folder = STR("/.");
	reading.folder = mem_copy(folder.data, folder.len);
	if (!scan_sections(config, text, path, err) ||
	    !ini_read(text, path, on_pair, &reading, err))
		goto out;
	set_presets(&reading);
	if (!check_whole(config, path, err))
		goto out;
	free(reading.folder);
	return config;
out:
	free(reading.folder);
	config_free(config);
	return NULL;
}

static bool read_file(const char *path, struct buf *text, struct err *err)
{
	FILE *file = fopen(path, "re");
	char block[4096];
	size_t got;
	bool ok;

	if (!file)
		return err_set(err, "%s: %s", path, strerror(errno));
	while ((got = fread(block, 1, sizeof(block), file)) > 0)
		buf_bytes(text, block, got);
	ok = !ferror(file);
	if (!ok)
		err_set(err, "%s: %s", path, strerror(errno));
	fclose(file);
	if (ok && text->full)
		return err_set(err, "%s: larger than %d bytes", path, CONFIG_BYTES_MAX);
	return ok;
}

struct config *config_load(const char *path, struct err *err)
{
	struct config *config = NULL;
	struct buf text;

	if (!path)
		return config_parse(STR(""), "", err);
	buf_init(&text, CONFIG_BYTES_MAX);
	if (read_file(path, &text, err))
		config = config_parse(buf_view(&text), path, err);
	buf_done(&text);
	return config;
}

void config_free(struct config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < SETTING_COUNT; i++)
		settings[i].type->done(field_of(config, &settings[i]));
	free(config->path);
	free(config);
}

void config_print_defaults(FILE *out)
{
	const char *section = "";

	for (size_t i = 0; i < SETTING_COUNT; i++) {
		if (strcmp(section, settings[i].section) != 0)
			fprintf(out, "%s[%s]\n", *section ? "\n" : "", settings[i].section);
		section = settings[i].section;
		fprintf(out, "; %s\n%s = %s\n", settings[i].help, settings[i].name,
			settings[i].preset);
	}
}
