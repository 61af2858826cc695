/* What is wrong with the server's certificate, for `tidings cert` and `tidings check`. */
#ifndef COMMAND_CERT_TROUBLE_H
#define COMMAND_CERT_TROUBLE_H

#include "config.h"
#include "store/article.h"

/*
 * Hands each trouble on as a sentence: an error when the server would not start with the
 * certificate or its key, a warning when clients may refuse it. None when neither file is
 * there yet (the start makes them), nor about a key that only the server's user may read.
 */
void cert_trouble(const struct config *config,
		  void (*tell)(void *context, enum problem problem, const char *sentence),
		  void *context);

#endif
