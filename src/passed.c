/* What LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES say. */
#include "passed.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/str.h"

static bool is_for_us(const char *pid)
{
	uint64_t number;

	return str_number(str_from(pid), INT32_MAX, &number) && number == (uint64_t)getpid();
}

static bool take_names(const char *names, struct passed *passed, struct err *err)
{
	struct str rest = str_from(names);
	struct str name;
	size_t named = 0;

	while (named < passed->count && str_next(&rest, ':', &name) && name.len > 0 &&
	       name.len < sizeof(passed->names[0])) {
		snprintf(passed->names[named], sizeof(passed->names[0]), STR_FMT, STR_ARG(name));
		named++;
	}
	if (named == passed->count && rest.len == 0)
		return true;
	return err_set(err,
		       "LISTEN_FDNAMES: \"%s\" does not name each of the %zu sockets that were "
		       "passed; give each socket unit FileDescriptorName=gemini or =gopher",
		       names ? names : "", passed->count);
}

static bool take(struct passed *passed, struct err *err)
{
	const char *pid = getenv("LISTEN_PID");
	const char *count = getenv("LISTEN_FDS");
	uint64_t number;

	if (!pid || !count || !is_for_us(pid))
		return true;
	if (!str_number(str_from(count), PASSED_MAX, &number))
		return err_set(err, "LISTEN_FDS: \"%s\" is not a number from 0 to %d", count,
			       PASSED_MAX);
	passed->count = (size_t)number;
	return take_names(getenv("LISTEN_FDNAMES"), passed, err);
}

bool passed_take(struct passed *ret_passed, struct err *err)
{
	struct passed passed = { .count = 0 };
	bool ok = take(&passed, err);

	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	if (ok)
		*ret_passed = passed;
	return ok;
}
