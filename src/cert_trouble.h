/* What is wrong with a site's certificates: for the log when they are loaded, for `tidings cert` and `tidings check`. */
#ifndef CERT_TROUBLE_H
#define CERT_TROUBLE_H

#include "config.h"
#include "store/article.h"

/* Gets one trouble as a sentence about the file certificate. */
typedef void cert_trouble_handler(void *context, enum problem problem, const char *certificate,
				  const char *sentence);

/*
 * Hands each trouble on: an error when the server would not start with the certificate or its
 * key, a warning when clients may refuse it. None when neither file is there yet (the
 * start makes them), nor about a key that only the server's user may read.
 */
void cert_trouble(const struct config *site, cert_trouble_handler *handler, void *context);

#endif
