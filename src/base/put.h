/* Files that are there whole or not at all. */
#ifndef BASE_PUT_H
#define BASE_PUT_H

#include <sys/types.h>

#include "base/err.h"
#include "base/str.h"

/*
 * Writes a file beside path and moves it into place: over an old one only when
 * replace says so. A reader finds the old file or the new one, never half of one.
 */
bool file_put(const char *path, mode_t mode, struct str bytes, bool replace, struct err *err);

#endif
