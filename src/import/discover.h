/* Feeds that web pages name. */
#ifndef IMPORT_DISCOVER_H
#define IMPORT_DISCOVER_H

#include "base/arena.h"
#include "base/str.h"

/*
 * The address of the first feed in the page's head (the "autodiscovery" of link elements), else of a link that looks like
 * one; comments' feeds come last. Empty when there is none. url is the page's.
 */
struct str discover_feed(struct arena *arena, struct str html, struct str url);

#endif
