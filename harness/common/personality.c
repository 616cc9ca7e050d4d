/* personality - the layout of the memory map that a process gets at exec. */
#include "common/personality.h"

#include <errno.h>
#include <sys/personality.h>

#define PERSONALITY_ASK 0xffffffffUL

int personality_set_layout(bool legacy)
{
	int now = personality(PERSONALITY_ASK);
	unsigned long flags;

	/* Where it cannot even be read, the standard is all there is. */
	if (now < 0)
		return legacy ? -errno : 0;
	flags = (unsigned long)now;
	if (((flags & ADDR_COMPAT_LAYOUT) != 0) == legacy)
		return 0;
	flags ^= ADDR_COMPAT_LAYOUT;
	return personality(flags) < 0 ? -errno : 0;
}

bool personality_is_legacy(void)
{
	int now = personality(PERSONALITY_ASK);

	return now >= 0 && ((unsigned long)now & ADDR_COMPAT_LAYOUT) != 0;
}
