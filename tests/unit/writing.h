/* What the tests of writers and protocols share: one page, one origin, and the bytes that came of them. */
#ifndef UNIT_WRITING_H
#define UNIT_WRITING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "proto/proto.h"
#include "render/render.h"

/* Made anew for every test: an empty page at "/news/", an empty reply, and news.example at port 7070. */
extern struct arena *arena;
extern struct page page;
extern struct request request;
extern struct reply reply;
extern struct origin origin;

int writing_set_up(void **state);
int writing_tear_down(void **state);

/* The bytes written so far, as a C string. */
const char *written(void);

/* Exact bytes, a part of them, or its absence. */
void assert_written(const char *want);
void assert_has(const char *part);
void assert_lacks(const char *part);

/* text repeated count times. */
struct str repeated(const char *text, size_t count);

/* A link of ours. */
struct link link_to(enum link_form form, const char *target, const char *label);

/* An article of 2026-10-03 with that title. */
struct entry *entry_named(const char *title);

/* Runs the protocol's parser over a line into request and page, both fresh. */
bool parse(const struct proto *proto, struct str line);

/* Writes page as the answer to a line into a fresh reply. */
void answer(const struct proto *proto, const char *line);

/* Every line of a menu, but the last, has four fields and fits RENDER_COLUMNS; the last is a lone dot. Returns the lines. */
size_t assert_menu(void);

#endif
