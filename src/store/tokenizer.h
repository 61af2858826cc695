/* The FTS5 tokenizer `tidings`: store/tokens.h for SQLite. */
#ifndef STORE_TOKENIZER_H
#define STORE_TOKENIZER_H

#include <sqlite3.h>
#include <stdbool.h>

/*
 * Makes the tokenizer known to a connection, before any statement on a table
 * that uses it. False when SQLite lacks FTS5 or memory; sqlite3_errmsg() may
 * say more.
 */
bool tokenizer_register(sqlite3 *db);

#endif
