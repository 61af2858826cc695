/* Folders that are made when they are missing. */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include "base/err.h"

/* Makes the folder that path lies in, and those above it, for everybody to read. */
bool folder_above(const char *path, struct err *err);

#endif
