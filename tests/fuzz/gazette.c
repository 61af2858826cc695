/* The small paper that the fuzz targets ask. */
#include "fuzz/gazette.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "net/line.h"
#include "serve.h"

enum { SCRATCH_MAX = 64 << 20, REPLY_MAX = 16 << 20 };

enum {
	NOON = 1791633600
}; /* 2026-10-10T12:00:00Z: between what is out, what is over and what is to come */

static const struct str hosts[] = { { "gazette.example", 15 }, { "other.example", 13 } };

/* Zones for those who come with this key, and for nobody. */
static const struct zone_key keys[] = { { "a key of 32 bytes, as SHA-256 is" } };
static const struct zone zone_items[] = { { { "/preview/", 9 }, keys, 1 },
					  { { "/closed/", 8 }, NULL, 0 } };
static const struct zones zones = { zone_items, 2 };
static const struct identity reader = { { "a key of 32 bytes, as SHA-256 is" }, true };

void must(bool ok, const char *what, struct str bytes)
{
	if (ok)
		return;
	fprintf(stderr, "broken promise: %s\n", what);
	fwrite(bytes.data, 1, bytes.len, stderr);
	fputc('\n', stderr);
	abort();
}

bool is_printable(struct str s, bool lf_too)
{
	uint32_t rune;
	size_t used;

	if (!text_valid(s))
		return false;
	for (; (used = text_rune(s, &rune)) != 0; s = str_skip(s, used))
		if (text_is_control(rune) && !(lf_too && rune == '\n'))
			return false;
	return true;
}

const struct site *gazette_site(void)
{
	static struct site site;
	const char *folder = getenv("TIDINGS_FUZZ_STORE");
	struct err err = { "" };

	if (site.store)
		return &site;
	site = (struct site){
		.store = store_open(folder ? folder : "tests/fuzz/store", NULL, STORE_COPY, NULL,
				    NULL, &err),
		.now = site_fixed_clock,
		.fixed_now = NOON,
		.host = hosts[0],
		.favicon = STR("🍐"),
		.robots = STR("Disallow: /private\n"),
		.certificate_text = STR("* SHA-256: AB:CD\n"),
		.zones = &zones,
		.page_size = 3,
	};
	must(site.store != NULL, err.text, STR(""));
	return &site;
}

struct origin gazette_origin(bool strict)
{
	struct origin origin = {
		.hosts = hosts,
		.host_count = 2,
		.port = 7070,
		.admin = STR("desk@gazette.example"),
		.description = STR("The Mill Lane Gazette"),
		.zones = &zones,
		.identity = &reader,
	};

	if (!strict)
		return origin;
	origin.server_name = hosts[1];
	origin.strict_port = true;
	origin.text_lastline = true;
	origin.tls_port = 7443;
	return origin;
}

/* As behind a listener with another site: whom a line asks for is told before it is taken apart. */
static void choose(const struct proto *proto, const struct origin *origin, struct arena *scratch,
		   struct str line)
{
	static const struct str elsewhere = { "elsewhere.example", 17 };
	struct origin sites[] = { *origin, *origin };

	sites[0].hosts = &elsewhere;
	sites[0].host_count = 1;
	must(!proto->is_for || serve_choose(proto, sites, 2, scratch, line) < 2,
	     "one of the two sites", line);
}

void gazette_ask(const struct proto *proto, bool strict, struct str bytes, struct reply *reply)
{
	static struct arena *scratch;
	struct origin origin = gazette_origin(strict);
	struct str line = bytes;

	if (!scratch)
		scratch = arena_new(SCRATCH_MAX);
	/* Bytes without a line end are a line all the same: libFuzzer need not find it first. */
	if (line_scan(bytes, proto->request_max, proto->ends_with_lf, &line) == LINE_PART)
		line = str_head(bytes, proto->request_max + 1);
	reply_init(reply, REPLY_MAX);
	choose(proto, &origin, scratch, line);
	serve(proto, &origin, gazette_site(), scratch, line, reply);
	must(!reply->head.full, "no page of this paper is too large", line);
	must(reply->file_size == 0 || reply->file != -1, "announced bytes have a file", line);
}
