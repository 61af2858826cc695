/* The site's clocks. */
#include <time.h>

#include "site/site.h"

int64_t site_wall_clock(const struct site *site)
{
	(void)site;
	return time(NULL);
}

int64_t site_fixed_clock(const struct site *site)
{
	return site->fixed_now;
}
