/* server.ini: the table of all settings. */
#include "config_table.h"

#include "config_site.h"
#include "source_setting.h"

#include <string.h>

#define ROW(section, name, type, field, ...)                                                       \
	{                                                                                          \
		section, name, &setting_##type, offsetof(struct config, field), __VA_ARGS__        \
	}

/* In each row: section, name, type, field, least, most, words, default, help. */
const struct setting config_settings[] = {
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
	ROW("server", "error_log", output, error_log, 1, 4096, "-", "-",
	    "- (standard error, or the journal behind it), or a file"),
	ROW("server", "log_level", choice, log_level, 0, 0, "error|warning|info", "info",
	    "the least that the error log tells"),
	ROW("server", "log_addresses", choice, log_addresses, 0, 0, "no|masked|yes", "no",
	    "no, masked (/24 and /48), or yes"),
	ROW("server", "log_format", choice, log_format, 0, 0, "logfmt|json", "logfmt",
	    "of the access log: name=value pairs, or a JSON object a line"),
	ROW("server", "log_search", switch, log_search, 0, 0, NULL, "no",
	    "yes keeps the words that readers search for in the access log"),
	ROW("server", "favicon", emoji, favicon, 0, 64, NULL, "", "one emoji for /favicon.txt"),
	ROW("server", "robots_disallow", routes, robots_disallow, 0, 0, NULL, "",
	    "further paths that robots are asked to leave alone"),

	ROW("gemini", "listen", listen, gemini_listen, 1, 0, NULL, "[::]:1965, 0.0.0.0:1965",
	    "addresses and ports"),
	ROW("gemini", "hostname", hosts, gemini_hosts, 1, 0, NULL, "localhost",
	    "names that are served; the first is canonical"),
	ROW("gemini", "certificate", paths, certificates, 1, 4096, NULL, "certs/localhost.crt",
	    "made on first start when it and the key are missing"),
	ROW("gemini", "key", paths, keys, 1, 4096, NULL, "certs/localhost.key",
	    "private key of the certificate"),
	ROW("gemini", "ticket_key", path, ticket_key, 0, 4096, NULL, "",
	    "file that servers share to resume each other's sessions; made when missing"),
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
	ROW("limits", "robot_requests", number, robot_requests, 0, 100000, NULL, "0",
	    "requests per second of an address that read robots.txt within an hour; 0: as readers"),
	ROW("limits", "robot_burst", number, robot_burst, 1, 1000000, NULL, "20",
	    "burst of such an address"),
	ROW("limits", "exempt", networks, exempt, 0, 0, NULL, "",
	    "networks that per_address and requests do not apply to"),
	ROW("limits", "handshake_time", number, handshake_time, 1, 3600, NULL, "20",
	    "seconds from accept to the end of the TLS handshake"),
	ROW("limits", "request_time", number, request_time, 1, 3600, NULL, "25",
	    "seconds from accept to the whole request line"),
	ROW("limits", "progress_time", number, progress_time, 1, 3600, NULL, "60",
	    "seconds that a client may take no byte of its reply"),
	ROW("limits", "total_time", number, total_time, 1, 86400, NULL, "600",
	    "seconds from accept to the end of the reply"),

	ROW("import", "contact", text, import_contact, 0, 120, NULL, "",
	    "mail address or URL of the operator, told to whoever news is fetched from"),
	ROW("import", "pause", number, import_pause, 0, 60, NULL, "1",
	    "seconds between two requests to one host; robots.txt may ask for more"),
	ROW("import", "rules", path, import_rules, 0, 4096, NULL, "",
	    "folder of rules that find the text on pages of sites (the ftr-site-config format)"),

	ROW("metrics", "listen", listen, metrics_listen, 1, 0, NULL, "127.0.0.1:9165",
	    "where Prometheus fetches /metrics; without the section nowhere"),
};

const size_t config_setting_count = sizeof(config_settings) / sizeof(config_settings[0]);

_Static_assert(sizeof(config_settings) / sizeof(config_settings[0]) <= CONFIG_SETTINGS_MAX,
	       "CONFIG_SETTINGS_MAX is too small");

void config_print_defaults(FILE *out)
{
	const char *section = "";

	for (size_t i = 0; i < config_setting_count; i++) {
		if (strcmp(section, config_settings[i].section) != 0)
			fprintf(out, "%s[%s]\n", *section ? "\n" : "", config_settings[i].section);
		section = config_settings[i].section;
		fprintf(out, "; %s\n%s = %s\n", config_settings[i].help, config_settings[i].name,
			config_settings[i].preset);
	}
	config_site_print(out);
	source_settings_print(out);
}
