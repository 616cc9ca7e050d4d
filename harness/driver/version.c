/* version - which regrow this is. */
#include "driver/version.h"
#include "git-version.h"

const char *version_text(void)
{
	return REGROW_VERSION;
}
