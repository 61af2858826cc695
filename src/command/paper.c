/* The paper as the server would serve it, without a socket. */
#include "command/paper.h"

#include <sys/stat.h>

#include "base/uri.h"
#include "origin.h"
#include "serve.h"

/* What the shell has to know of a protocol to ask for something. */
struct manner {
	const struct proto *proto;
	struct str (*line)(const struct origin *origin, struct arena *arena, struct str path);
	bool has_header; /* a line in front of the body */
};

/* People type paths with blanks and letters of their own: what is no URI character is encoded. */
static struct str gemini_line(const struct origin *origin, struct arena *arena, struct str path)
{
	struct str port = STR("");

	if (origin->port != gemini_proto.port)
		port = arena_format(arena, ":%u", origin->port);
	path = uri_encode(arena, path, "/%!$&'()*+,;=:@?");
	return arena_format(arena, "gemini://" STR_FMT STR_FMT "%s" STR_FMT,
			    STR_ARG(origin->hosts[0]), STR_ARG(port),
			    str_starts(path, STR("/")) ? "" : "/", STR_ARG(path));
}

static struct str gopher_line(const struct origin *origin, struct arena *arena, struct str path)
{
	size_t mark = str_find(path, '?');
	struct str words = str_skip(path, mark + 1);

	(void)origin;
	if (mark == path.len || str_starts(path, STR("URL:")))
		return path;
	uri_decode(arena, words, &words);
	return arena_join(arena, str_head(path, mark), STR("\t"), words);
}

static const struct manner manners[] = {
	{ &gemini_proto, gemini_line, true },
	{ &gopher_proto, gopher_line, false },
};

static const struct manner *manner_of(const struct proto *proto)
{
	const struct manner *manner = manners;

	while (manner->proto != proto)
		manner++;
	return manner;
}

/* A state folder that does not exist yet (nobody has served this paper) is no error. */
static const char *state_folder(const struct config *config)
{
	struct stat st;

	return stat(config->state, &st) == 0 ? config->state : NULL;
}

bool paper_open(struct paper *paper, const struct config *config, problem_handler *handler,
		void *context, struct err *err)
{
	struct store *store = store_copy(config->content, state_folder(config),
					 &config->zones.paths, handler, context, err);

	if (!store)
		return false;
	*paper = (struct paper){
		.config = config,
		.store = store,
		.texts = arena_new(SCRATCH_BYTES_MAX),
		.scratch = arena_new(SCRATCH_BYTES_MAX),
	};
	origin_site(config, NULL, store, paper->texts, &paper->site);
	return true;
}

void paper_close(struct paper *paper)
{
	store_free(paper->store);
	arena_free(paper->scratch);
	arena_free(paper->texts);
}

void paper_set_clock(struct paper *paper, int64_t now)
{
	paper->site.now = site_fixed_clock;
	paper->site.fixed_now = now;
}

void paper_set_key(struct paper *paper, const struct zone_key *key)
{
	paper->identity = (struct identity){ .key = *key, .is_valid = true };
	paper->has_identity = true;
}

enum page_status paper_ask(struct paper *paper, const struct proto *proto, struct str path,
			   struct reply *reply)
{
	struct arena *arena = arena_new(SCRATCH_BYTES_MAX);
	struct origin origin;
	struct str line;
	enum page_status status;

	origin_set(paper->config, proto, 0, paper->store, arena, &origin);
	origin.identity = paper->has_identity ? &paper->identity : NULL;
	line = manner_of(proto)->line(&origin, arena, path);
	status = serve(proto, &origin, &paper->site, paper->scratch, line, reply);
	arena_free(arena);
	return status;
}

size_t paper_header(const struct proto *proto, const struct reply *reply)
{
	struct str head = buf_view(&reply->head);
	size_t end = str_search(head, STR("\r\n"));

	if (!manner_of(proto)->has_header || end == head.len)
		return 0;
	return end + 2;
}
