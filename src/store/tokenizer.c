/* The FTS5 tokenizer `tidings`. It has no state: the same text always gives the same tokens. */
#include "store/tokenizer.h"

#include "store/tokens.h"

/* What FTS5 wants called for each token, and what that call said last. */
struct sink {
	int (*token)(void *context, int flags, const char *text, int len, int start, int end);
	void *context;
	int result;
};

/* FTS5 never looks into a tokenizer, but takes NULL for a failure. */
static char no_state;

static int create(void *context, const char **arguments, int count, Fts5Tokenizer **ret_tokenizer)
{
	(void)context;
	(void)arguments;
	if (count != 0)
		return SQLITE_ERROR;
	*ret_tokenizer = (Fts5Tokenizer *)&no_state;
	return SQLITE_OK;
}

static void destroy(Fts5Tokenizer *tokenizer)
{
	(void)tokenizer;
}

static bool on_token(void *context, const struct token *token)
{
	struct sink *sink = context;

	sink->result = sink->token(sink->context, token->colocated ? FTS5_TOKEN_COLOCATED : 0,
				   token->text.data, (int)token->text.len, (int)token->start,
				   (int)token->end);
	return sink->result == SQLITE_OK;
}

static int tokenize(Fts5Tokenizer *tokenizer, void *context, int reason, const char *text, int len,
		    int (*token)(void *, int, const char *, int, int, int))
{
	struct sink sink = { token, context, SQLITE_OK };

	(void)tokenizer;
	if (text && len > 0)
		tokens_each((struct str){ text, (size_t)len }, (reason & FTS5_TOKENIZE_QUERY) == 0,
			    on_token, &sink);
	return sink.result;
}

/* FTS5's functions, by the pointer that its SQL function fts5() hands out. */
static fts5_api *api_of(sqlite3 *db)
{
	fts5_api *api = NULL;
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, NULL) != SQLITE_OK)
		return NULL;
	sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", NULL);
	sqlite3_step(statement);
	sqlite3_finalize(statement);
	return api;
}

bool tokenizer_register(sqlite3 *db)
{
	fts5_tokenizer tokenizer = { create, destroy, tokenize };
	fts5_api *api = api_of(db);

	return api && api->xCreateTokenizer(api, "tidings", NULL, &tokenizer, NULL) == SQLITE_OK;
}
