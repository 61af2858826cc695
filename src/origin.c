/* What the configuration makes of a store: origins and the site. */
#include "origin.h"

#include "address.h"
#include "base/buf.h"
#include "base/date.h"
#include "net/cert.h"
#include "net/tls.h"

/* The port of the first address of a listen list; all of them passed address_parse() when read. */
static unsigned listen_port(const struct config_list *listen)
{
	struct address address;

	if (listen->count == 0 || !address_parse(listen->items[0].data, &address, NULL))
		return 0;
	return address.port;
}

static unsigned first_of(unsigned a, unsigned b, unsigned c)
{
	if (a)
		return a;
	return b ? b : c;
}

static void set_gemini(const struct config *config, unsigned bound_port, struct origin *origin)
{
	origin->hosts = config->gemini_hosts.items;
	origin->host_count = config->gemini_hosts.count;
	origin->port = first_of(bound_port, listen_port(&config->gemini_listen), 0);
	origin->strict_port = config->strict_port;
	origin->zones = &config->zones.zones;
}

static void set_gopher(const struct config *config, unsigned bound_port, struct origin *origin)
{
	origin->hosts = config->gopher_hosts.items;
	origin->host_count = config->gopher_hosts.count;
	origin->port = first_of(config->gopher_port, bound_port,
				listen_port(&config->gopher_listen));
	origin->text_lastline = config->text_lastline;
	/* TLS is told from plain text by its first byte, with Gemini's certificate. */
	origin->tls_port = config->gemini ? origin->port : 0;
}

void origin_set(const struct config *config, const struct proto *proto, unsigned bound_port,
		struct store *store, struct arena *arena, struct origin *ret_origin)
{
	struct origin origin = { 0 };

	if (proto == &gopher_proto)
		set_gopher(config, bound_port, &origin);
	else
		set_gemini(config, bound_port, &origin);
	if (origin.port == 0)
		origin.port = proto->port;
	if (store && store_begin(store)) {
		size_t count;
		const struct edition *edition = store_editions(store, &count);

		origin.admin = arena_str(arena, edition->contact);
		origin.description = arena_str(arena, edition->name);
		store_end(store);
	}
	*ret_origin = origin;
}

enum { UNINDEXED_MAX = 32 << 10 };

static struct str robots_lines(const struct config *config, struct arena *arena)
{
	struct str lines = STR("");

	for (size_t i = 0; i < config->robots_disallow.count; i++)
		lines = arena_format(arena, STR_FMT "Disallow: " STR_FMT "\n", STR_ARG(lines),
				     STR_ARG(config->robots_disallow.items[i]));
	return lines;
}

static bool is_listed(const struct sources *sources, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(sources->items[j].section, sources->items[i].section) == 0 &&
		    strcmp(sources->items[j].edition, sources->items[i].edition) == 0)
			return true;
	return false;
}

/* What was written elsewhere is found there; search engines are asked not to list it twice. */
static struct str unindexed_lines(const struct config *config, struct arena *arena)
{
	const struct sources *sources = &config->sources;
	struct buf lines;
	struct str all;

	buf_init(&lines, UNINDEXED_MAX);
	for (size_t i = 0; i < sources->count; i++) {
		const struct source *source = &sources->items[i];

		if (!is_listed(sources, i))
			buf_format(&lines, "Disallow: /%s%s%s/\n", source->edition,
				   *source->edition ? "/" : "", source->section);
		for (size_t j = 0; j < source->map_count; j++)
			buf_format(&lines, "Disallow: /%s%s" STR_FMT "/\n", source->edition,
				   *source->edition ? "/" : "", STR_ARG(source->maps[j].section));
	}
	all = arena_str(arena, buf_view(&lines));
	buf_done(&lines);
	return all;
}

/* What clients are shown, which may be older than the files; without TLS, what the files have. */
static bool find_facts(const struct config *config, const struct tls *tls, size_t i,
		       struct cert_facts *ret_facts)
{
	if (tls)
		return tls_facts(tls, i, ret_facts);
	return cert_facts(config->certificates.items[i].data, ret_facts, NULL);
}

/* Gemtext, the same in every edition: the terms are what clients show beside the numbers. */
static struct str certificate_lines(const struct config *config, const struct tls *tls,
				    struct arena *arena)
{
	struct str lines = STR("");

	for (size_t i = 0; config->gemini && i < config->certificates.count; i++) {
		struct cert_facts facts;
		char from[DATE_TEXT];
		char until[DATE_TEXT];

		if (!find_facts(config, tls, i, &facts))
			continue;
		lines = arena_format(arena,
				     STR_FMT "%s* %s\n"
					     "* Certificate SHA-256: %s\n"
					     "* Public key (SPKI) SHA-256: %s\n"
					     "* %s \xE2\x80\x93 %s\n",
				     STR_ARG(lines), lines.len ? "\n" : "", facts.names,
				     facts.certificate_sha256, facts.key_sha256,
				     date_day(facts.not_before, from),
				     date_day(facts.not_after, until));
	}
	return lines;
}

void origin_site(const struct config *config, const struct tls *tls, struct store *store,
		 struct arena *arena, struct site *ret_site)
{
	const struct config_list *hosts = config->gemini ? &config->gemini_hosts
							 : &config->gopher_hosts;

	*ret_site = (struct site){
		.store = store,
		.now = site_wall_clock,
		.host = hosts->items[0],
		.favicon = str_from(config->favicon),
		.robots = robots_lines(config, arena),
		.unindexed = unindexed_lines(config, arena),
		.certificate_text = certificate_lines(config, tls, arena),
		.zones = &config->zones.zones,
		.page_size = 20,
	};
}
