/* Why something a person started did not work. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool err_set(struct err *err, const char *format, ...)
{
	/* The old sentence may be an argument of the new one ("server.ini: <old>"), hence the copy. */
	char text[sizeof(err->text)];
	va_list args;

	if (!err)
		return false;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(err->text, sizeof(err->text), "%s", text);
	return false;
}
