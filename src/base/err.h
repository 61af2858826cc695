/* Why an operation that a person started did not work, as one sentence. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

struct err {
	char text[512]; /* empty: no error was set */
};

/* Sets the sentence and returns false, so that `return err_set(err, ...)` reads well. err may be NULL. */
bool err_set(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
